"""Turns made by hand over the six invented books of `tiny`."""

from __future__ import annotations

from dataclasses import replace

from assistant.state import Card, Opinion, Preference, Question, Session, Turn, UserProfile
from catalog import Catalog, Constraint, Item, Relaxation
from ranking.scoring import Term

HOSTILE = '<img src=x onerror=alert(1)> & "Sons" \'</script>'


def profile() -> UserProfile:
    """Return someone who likes Ash, refused Cedar, has read Fir: cheap books, no horror."""
    return UserProfile(
        likes=(Opinion("a", "Ash", 1, "I loved Ash"),),
        dislikes=(Opinion("c", "Cedar", 2, "dislike"),),
        seen=(Opinion("f", "Fir", 2, "seen"),),
        constraints=(
            Constraint("price", "<=", 45.0, 1, "under $45"),
            Constraint("genre", "!=", "Horror", 1, "no horror"),
        ),
        preferences=(Preference("genre", "Crime", 1.0, 1, "crime"),),
        topics=("a slow start",),
    )


def turn() -> Turn:
    """Return a turn that shows Birch and Fir to that person."""
    terms = (Term("collaborative", 0.8, ("a",)), Term("preferences", 0.4, ("genre:Crime",)))
    held = tuple(str(constraint) for constraint in profile().constraints)
    return Turn(
        number=1,
        user="I loved Ash, under $45, no horror",
        acts=("like", "constrain"),
        reply="Birch comes closest.\nIt shares its genre with Ash.",
        question=Question("Which genre?", "genre", ("Crime", "Comedy")),
        profile=profile(),
        cards=(
            Card("b", "Birch", 1995, 1.2, terms, ("Readers of Ash also like it",), held),
            Card("f", "Fir", 2015, -0.2, (Term("text", -0.2),), (), held[:1]),
        ),
        relaxations=(Relaxation(profile().constraints, 3),),
    )


def session(*turns: Turn) -> Session:
    """Return a session of `turns`."""
    return Session("s3cret", None, turns)


def hostile(catalog: Catalog) -> tuple[Catalog, Turn]:
    """Return a catalogue and a turn in which every word from outside is markup."""
    book = Item(
        "x", HOSTILE, {"genre": (HOSTILE,), "author": (HOSTILE,)}, {"year": 1999.0, "price": 9.0},
        {}, {"blurb": HOSTILE}, "javascript:alert(1)", "javascript:alert(1)",
    )  # fmt: skip
    schema = replace(catalog.schema, openers=(HOSTILE,), noun=HOSTILE, plural=HOSTILE)
    opinion = Opinion("x", HOSTILE, 1, HOSTILE)
    person = UserProfile(
        likes=(opinion,),
        constraints=(Constraint("genre", "=", HOSTILE, 1, HOSTILE),),
        topics=(HOSTILE,),
    )
    shown = replace(
        turn(),
        user=HOSTILE,
        reply=HOSTILE,
        question=Question(HOSTILE, "genre", (HOSTILE,)),
        profile=person,
        cards=(
            Card(
                "x", HOSTILE, 1999, 1.0, (Term(HOSTILE, 1.0, (HOSTILE,)),), (HOSTILE,),
                tuple(str(constraint) for constraint in person.constraints),
            ),
        ),
        relaxations=(Relaxation(person.constraints, 1),),
        warnings=(HOSTILE,),
    )  # fmt: skip
    return Catalog.build(schema, [*catalog.items, book]), shown
