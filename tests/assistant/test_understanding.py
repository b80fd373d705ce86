"""Understanding on a small catalogue of invented books, whose right answers are known by heart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.state import Context, Preference, UserProfile
from assistant.understanding import Understander
from catalog import Catalog, Constraint, Facet, Item, Schema

_SCHEMA = Schema(
    name="books",
    noun="book",
    plural="books",
    item_id="id",
    title="title",
    texts=("blurb",),
    consumed="read",
    facets=(
        Facet("year", "number", "year", "year", role="year", integer=True,
              higher=("newer",), lower=("older",)),
        Facet("pages", "number", "length", "pages", integer=True,
              units={"pages": 1.0, "page": 1.0}, higher=("longer",), lower=("shorter",)),
        Facet("genre", "category", "genre", "genre", synonyms={"Crime": ("whodunit",)}),
        Facet("author", "people", "author", "author", cues=("by",)),
        Facet("narrator", "people", "narrator", "narrator", cues=("narrated by", "with")),
        Facet("language", "category", "language", "language", stance="require", cues=("in",)),
        Facet("mood", "category", "mood", "mood", synonyms={"violent": ("violence",)}),
        Facet("in_print", "flag", "in print", "in_print", stance="require"),
    ),
)  # fmt: skip

_ROWS = (
    ("a", "The Glass Harbour", 1990, 200, "Crime", "Ann Leeward", "French", "tense"),
    ("b", "Up", 1995, 150, "Comedy", "Bo Raymond", "English", "funny"),
    ("c", "Ember", 2000, 320, "Crime", "Ann Leeward", "English", "violent"),
    ("d", "Ember", 2015, 300, "Horror", "Dinah Foxglove", "English", "scary"),
    ("e", "Harbour Lights: The Long Night", 2010, 90, "Horror", "Bo Raymond", "Korean", "sad"),
)


@pytest.fixture(scope="module")
def understander() -> Understander:
    items = [
        Item(
            key,
            title,
            {
                "genre": (genre,),
                "author": (author,),
                "narrator": ("Bo Raymond",) if key in "cd" else (),
                "language": (language,),
                "mood": (mood,),
            },
            {"year": year, "pages": pages},
            {"in_print": key != "a"},
            {"blurb": "Somebody looks up at the lights of a harbour as an ember dies."},
        )
        for key, title, year, pages, genre, author, language, mood in _ROWS
    ]
    return Understander(Catalog.build(_SCHEMA, items))


def _context(slate: tuple[str, ...] = (), profile: UserProfile | None = None) -> Context:
    return Context(turn=3, profile=profile or UserProfile(), slate=slate)


@pytest.mark.parametrize(
    ("message", "likes", "dislikes", "seen"),
    [
        ("I loved The Glass Harbour", "a", "", ""),
        ("loved glass harbour but hated Ember (2000)", "a", "c", ""),
        ("something like the glas harbour", "a", "", ""),
        ("I loved Up", "b", "", ""),
        ("time to get up and read", "", "", ""),
        ("Ember (2015)", "d", "", ""),
        ('I\'ve already read "up"', "", "", "b"),
        ("The Glass Harbour was boring", "", "a", ""),
        ("I think the Long Night is brilliant", "e", "", ""),
        ("not like The Glass Harbour", "", "a", ""),
    ],
)
def test_titles(
    understander: Understander, message: str, likes: str, dislikes: str, seen: str
) -> None:
    found = understander.understand(message, _context())

    assert [opinion.item_id for opinion in found.likes] == list(likes)
    assert [opinion.item_id for opinion in found.dislikes] == list(dislikes)
    assert [opinion.item_id for opinion in found.seen] == list(seen)


@pytest.mark.parametrize(
    ("message", "constraints"),
    [
        ("no horror", ["genre != Horror"]),
        ("only whodunits", ["genre = Crime"]),
        ("something in French", ["language = French"]),
        ("a Korean chef with a secret", []),
        ("nothing by Ann Leeward", ["author != Ann Leeward"]),
        ("nothing narrated by Bo Raymond", ["narrator != Bo Raymond"]),
        ("under 200 pages, after 1995", ["pages <= 199", "year >= 1996"]),
        ("between 100 and 200 pages", ["pages >= 100", "pages <= 200"]),
        ("newer than Ember (2000)", ["year >= 2001"]),
        ("in print please", ["in_print = True"]),
        ("I have 3 kids and 200 friends", []),
    ],
)
def test_constraints(understander: Understander, message: str, constraints: list[str]) -> None:
    found = understander.understand(message, _context())

    assert sorted(map(str, found.constraints)) == sorted(constraints)


def test_bounds_carry_turn_and_words(understander: Understander) -> None:
    [constraint] = understander.understand("please, after 1995!", _context()).constraints

    assert (constraint.turn, constraint.text) == (3, "after 1995")


def test_soft_wishes_and_their_negation(understander: Understander) -> None:
    found = understander.understand("funny, not too violent, with Bo Raymond", _context())

    assert {(p.facet, p.value, p.weight) for p in found.preferences} == {
        ("mood", "funny", 1.0),
        ("mood", "violent", -1.0),
        ("narrator", "Bo Raymond", 1.0),
    }


def test_references_follow_the_slate(understander: Understander) -> None:
    found = understander.understand(
        "I've read the second one and I hated the last", _context(("a", "b", "c"))
    )

    assert [opinion.item_id for opinion in found.seen] == ["b"]
    assert [opinion.item_id for opinion in found.dislikes] == ["c"]


def test_a_reference_without_a_slate_is_nothing(understander: Understander) -> None:
    assert not understander.understand("the second one is great", _context()).likes


def test_pointing_at_several_cards_is_no_liking(understander: Understander) -> None:
    assert not understander.understand("the first two", _context(("a", "b", "c"))).likes


def test_relative_wish_is_beyond_the_median_of_the_slate(understander: Understander) -> None:
    found = understander.understand("something shorter", _context(("a", "c", "d")))

    assert [str(constraint) for constraint in found.constraints] == ["pages <= 299"]
    assert "critique" in found.acts


def test_unknown_titles_and_people(understander: Understander) -> None:
    found = understander.understand("I loved Zorblax Rising, written by Jane Qwerty", _context())

    assert found.missing_titles == ("Zorblax Rising",)
    assert not found.likes
    assert "person Jane Qwerty" in {finding.means for finding in found.findings}


def test_is_fine_lifts_only_what_is_held(understander: Understander) -> None:
    profile = UserProfile(
        constraints=(Constraint("genre", "!=", "Horror", 1),),
        preferences=(Preference("mood", "sad", -1.0, 1),),
    )

    found = understander.understand("horror is ok after all, sad is fine", _context((), profile))
    nothing = understander.understand("horror is fine", _context())

    assert [(r.facet, r.value, r.ops) for r in found.retractions] == [
        ("genre", "Horror", ("!=",)),
        ("mood", "sad", ()),
    ]
    assert nothing.retractions == ()
    assert nothing.preferences == ()


def test_older_is_fine_takes_back_lower_bounds(understander: Understander) -> None:
    [retraction] = understander.understand("older is fine", _context()).retractions

    assert (retraction.facet, retraction.ops) == ("year", (">=", "="))


def test_topic_keeps_what_is_wanted_only(understander: Understander) -> None:
    found = understander.understand(
        "can you recommend me a book about lonely lighthouse keepers, no dragons please", _context()
    )

    assert found.topic == "lonely lighthouse keepers"


_PIECES = """
    no not never Ember Up the second one like loved hate but and or , . ! " ' ( ) 1990 between
    under two hours pages French violent newer than it seen fine by with I \u202e 😀 \x00 Zorblax
    """
_HOSTILE = st.one_of(
    st.text(max_size=300),
    st.lists(st.sampled_from(_PIECES.split()), max_size=60).map(" ".join),
)


@given(message=_HOSTILE, slate=st.sampled_from([(), ("a",), ("a", "b", "c")]))
def test_any_message_is_understood(
    understander: Understander, message: str, slate: tuple[str, ...]
) -> None:
    found = understander.understand(message, _context(slate))

    assert found.acts
    for finding in found.findings:
        assert message[finding.start : finding.end] == finding.text
    opinions = {opinion.item_id for opinion in found.likes}
    assert not opinions & {opinion.item_id for opinion in found.dislikes}
    for constraint in found.constraints:
        assert _SCHEMA.has(constraint.facet)


@pytest.mark.parametrize(
    "message",
    ["", "   ", "\x00\u202e\u200f", "😀" * 5000, "a" * 10_000, "Ember " * 1700, '("' * 5000,
     "'; DROP TABLE items; --", "<script>alert(1)</script>", "שלום " * 2000],
)  # fmt: skip
def test_hostile_messages(understander: Understander, message: str) -> None:
    found = understander.understand(message, _context(("a",)))

    assert found.constraints == ()
    assert found.acts
