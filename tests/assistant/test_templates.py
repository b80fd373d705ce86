"""Replies without a model: what was understood, what changed, and nothing that is not so."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.phrasebook import phrasebook
from assistant.state import (
    Act,
    Card,
    Evidence,
    Opinion,
    Preference,
    Question,
    Understanding,
    UserProfile,
)
from assistant.templates import Outcome, lead, sentence
from catalog import Catalog, Constraint, Relaxation
from tests.assistant import small_films

CATALOG = small_films.catalog()
BOOK = phrasebook("en", CATALOG.schema)
HEAT, INSIDER = Opinion("6", "Heat", 1), Opinion("2", "The Insider", 1)
SHORT = Constraint("runtime_minutes", "<=", 119, 1, "under two hours")
NO_HORROR = Constraint("genres", "!=", "Horror", 1, "no horror")
FIVE = tuple(Card(str(n), f"Film {n}", None, 1.0, (), (), ()) for n in range(5))


def _lead(
    *acts: Act,
    before: UserProfile = UserProfile(),
    after: UserProfile | None = None,
    cards: tuple[Card, ...] = FIVE,
    understood: Understanding | None = None,
    relaxations: tuple[Relaxation, ...] = (),
    question: Question | None = None,
) -> str:
    read = understood or Understanding(acts or ("request",))
    outcome = Outcome(
        1, read, before, before if after is None else after, cards, relaxations, question
    )
    return lead(outcome, BOOK)


def test_announces_the_slate_by_what_was_said() -> None:
    after = UserProfile(
        likes=(HEAT, INSIDER),
        constraints=(SHORT, NO_HORROR),
        preferences=(Preference("mood", "violent", -1.0, 1), Preference("mood", "tense", 1.0, 1)),
    )
    assert _lead("like", after=after) == (
        "Five films like Heat and The Insider, tense in mood, under two hours, no Horror, "
        "keeping away from what is violent."
    )


def test_says_what_is_new_since_the_last_turn() -> None:
    before = UserProfile(likes=(HEAT,))
    after = replace(before, constraints=(SHORT,))
    assert _lead("constrain", before=before, after=after) == "Now five films: under two hours."


def test_more_of_the_same() -> None:
    before = UserProfile(likes=(HEAT,))
    assert _lead("more_like", before=before) == "Five films that fit what you have told me."


def test_a_topic_is_quoted() -> None:
    read = Understanding(("request",), topic="a heist gone wrong")
    after = UserProfile(topics=("a heist gone wrong",))
    assert _lead(after=after, understood=read) == "Five films for “a heist gone wrong”."


def test_a_title_that_the_catalogue_lacks_is_named() -> None:
    read = Understanding(("missing",), missing_titles=("Blorptown Nights",))
    said = _lead(understood=read, after=UserProfile(constraints=(SHORT,)))
    assert said.startswith("I don't have “Blorptown Nights”; the closest to the rest")
    assert _lead(understood=read, cards=()).startswith("I don't have “Blorptown Nights”.")


def test_seen_and_refused_are_acknowledged() -> None:
    after = UserProfile(seen=(HEAT,), dislikes=(INSIDER,))
    assert _lead("seen", after=after).startswith(
        "Noted: you have seen Heat; it won't come back. Noted: The Insider is out."
    )


def test_corrections_are_acknowledged() -> None:
    before = UserProfile(
        likes=(HEAT,), constraints=(SHORT,), preferences=(Preference("mood", "tense", 1.0, 1),)
    )
    said = _lead("correct", before=before, after=UserProfile(likes=(HEAT,)))
    assert said.startswith("“under two hours” is lifted. Dropped “tense in mood”.")


def test_a_stand_that_is_turned_around_is_said_with_both() -> None:
    before = UserProfile(constraints=(NO_HORROR,))
    after = UserProfile(constraints=(Constraint("genres", "=", "Horror", 2),))
    assert _lead("constrain", before=before, after=after).startswith(
        "You said “no Horror” before, now “in the Horror genre”: the latest counts. Now"
    )
    wished = UserProfile(preferences=(Preference("genres", "Horror", 1.0, 2),))
    assert _lead("prefer", before=before, after=wished).startswith(
        "You said “no Horror” before, now “in the Horror genre”: the latest counts."
    )
    assert _lead("avoid", before=wished, after=before).startswith(
        "You said “in the Horror genre” before, now “no Horror”: the latest counts."
    )


def test_several_turns_around_are_one_sentence() -> None:
    before = UserProfile(
        constraints=(NO_HORROR,), preferences=(Preference("mood", "tense", 1.0, 1),)
    )
    after = UserProfile(
        constraints=(Constraint("genres", "=", "Horror", 2),),
        preferences=(Preference("mood", "tense", -1.0, 2),),
    )
    assert _lead("constrain", before=before, after=after).startswith(
        "You said “no Horror” and “tense in mood” before, "
        "now “in the Horror genre” and “less tense”: the latest counts. Now"
    )


def test_a_changed_bound_is_said_with_old_and_new() -> None:
    tighter = Constraint("runtime_minutes", "<=", 90, 2, "90 minutes at most")
    before = UserProfile(constraints=(SHORT, NO_HORROR))
    said = _lead(before=before, after=UserProfile(constraints=(NO_HORROR, tighter)))
    assert said.startswith("“under two hours” is now “90 minutes at most”. Now five films")
    assert "Dropped" not in said


def test_a_span_of_years_is_replaced_as_one() -> None:
    old = tuple(Constraint("year", "=", year, 1, "from the 90s") for year in range(1990, 2000))
    new = Constraint("year", ">=", 2001, 2, "after 2000")
    said = _lead(before=UserProfile(constraints=old), after=UserProfile(constraints=(new,)))
    assert said.startswith("“from the 90s” is now “after 2000”. Now five films: after 2000.")


def test_a_pressed_chip_is_dropped_and_not_lifted() -> None:
    said = _lead("button", before=UserProfile(constraints=(SHORT,)), after=UserProfile())
    assert said.startswith("Dropped “under two hours”. Five")


def test_an_opinion_that_is_turned_around_is_said() -> None:
    likes, refuses = UserProfile(likes=(HEAT, INSIDER)), UserProfile(dislikes=(HEAT, INSIDER))
    assert _lead("dislike", before=likes, after=refuses).startswith(
        "You liked Heat and The Insider before, now they are out: the latest counts."
    )
    assert _lead(
        "like", before=UserProfile(dislikes=(HEAT,)), after=UserProfile(likes=(HEAT,))
    ) == ("You had refused Heat before, now you like it: the latest counts. Five films like Heat.")


def test_what_is_put_off_is_acknowledged() -> None:
    assert _lead("later", after=UserProfile(later=(HEAT,))).startswith(
        "Put off for now: Heat. Five films"
    )


def test_reset_and_undo_are_acknowledged() -> None:
    before = UserProfile(likes=(HEAT,))
    reset = Understanding(("reset",), reset=True)
    assert _lead(before=before, after=UserProfile(), understood=reset).startswith(
        "We start afresh: everything you told me is cleared."
    )
    undo = Understanding(("undo",), undo=True)
    assert _lead(before=before, after=UserProfile(), understood=undo).startswith(
        "Taken back: “Heat” no longer counts."
    )


def test_nothing_fits_comes_with_what_would_help() -> None:
    after = UserProfile(constraints=(SHORT, NO_HORROR))
    offers = (Relaxation((SHORT,), 12), Relaxation((NO_HORROR,), 1))
    assert _lead("constrain", after=after, cards=(), relaxations=offers) == (
        "Nothing fits all of that. Without “under two hours” there are 12 films; "
        "without “no Horror” there is 1 film."
    )
    assert "would not help" in _lead("constrain", after=after, cards=())
    assert _lead(cards=()) == "I have no more films to show for this; change or drop something."


@pytest.mark.parametrize(
    ("act", "words"),
    [
        ("greeting", "Hello!"),
        ("thanks", "You're welcome."),
        ("goodbye", "Goodbye."),
        ("help", "Tell me films you liked"),
        ("off_topic", "I can only help you choose films."),
    ],
)
def test_small_talk_claims_nothing(act: Act, words: str) -> None:
    assert words in _lead(act, cards=())


def test_a_greeting_with_a_question_does_not_ask_another() -> None:
    assert _lead("greeting", cards=(), question=Question("Mood?", "mood", ("a", "b"))) == "Hello!"


def test_one_sentence_on_a_pick_from_its_strongest_facts() -> None:
    (evidence,) = small_films.slate()
    facts = "people who liked Heat and The Insider also liked it; with Robert De Niro, like Heat"
    assert sentence(evidence, CATALOG, BOOK) == f"Ronin (1998): {facts}."
    assert sentence(evidence, CATALOG, BOOK, turn=3) == f"Start with Ronin (1998): {facts}."
    assert sentence(Evidence(1, "1", ()), CATALOG, BOOK) == "Ronin (1998)."


def test_a_shop_speaks_its_own_words(tiny: Catalog) -> None:
    after = UserProfile(constraints=(Constraint("price", "<=", 25.0, 1),))
    outcome = Outcome(1, Understanding(("constrain",)), UserProfile(), after, FIVE[:1])
    assert lead(outcome, phrasebook("en", tiny.schema)) == "One book: price at most $25."
    flag = UserProfile(constraints=(Constraint("in_print", "=", True, 1, "in print"),))
    outcome = Outcome(1, Understanding(("constrain",)), UserProfile(), flag, FIVE)
    assert lead(outcome, phrasebook("en", tiny.schema)) == "Five books: in print."
