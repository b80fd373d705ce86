"""Answers over the invented books of `tiny`, whose right answers are known by construction."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from assistant.answer_grounds import Grounds
from assistant.answers import answer
from assistant.engine import Assistant
from assistant.explanation import Explainer
from assistant.phrasebook import phrasebook
from assistant.query import build_request
from assistant.state import (
    Answer,
    Ask,
    AskKind,
    Card,
    Opinion,
    Preference,
    Session,
    Turn,
    UserProfile,
)
from catalog import Catalog, Constraint, Item
from ranking.rank import open_ranker
from retrieval.query import Rows
from tests.assistant.driving import say
from tests.scripted_model import ScriptedChatModel
from tests.ui.values import HOSTILE
from ui.rendering import Renderer

CHEAP = Constraint("price", "<=", 25.0, 1, "under $26")
NO_HORROR = Constraint("genre", "!=", "Horror", 2, "no horror")
CRIME = Preference("genre", "Crime", 1.0, 1, "crime")


def test_a_fact_names_its_field(tiny: Catalog) -> None:
    found = _fact(tiny, "author", "b")
    assert found.text == "Birch (1995): by Bo Ray (from: author)."
    assert found.sources == ("author",)
    assert found.items == ("b",)


@pytest.mark.parametrize(
    ("facet", "item", "told"),
    [
        ("price", "b", "$20"),
        ("year", "c", "2000"),
        ("genre", "e", "Horror and Crime"),
        ("in_print", "a", "Yes. Ash (1990): in print"),
        ("in_print", "c", "No. Cedar (2000): not in print"),
    ],
)
def test_every_kind_of_facet(tiny: Catalog, facet: str, item: str, told: str) -> None:
    assert told in _fact(tiny, facet, item).text


def test_what_is_unknown_is_said_to_be_unknown(tiny: Catalog) -> None:
    assert _fact(tiny, "author", "f").text == (
        "Our data does not say: Fir (2015) has no entry under “author”."
    )
    asked = Ask("fact", ("f",), "author", "", (Constraint("author", "=", "Ann Lee"),))
    assert "does not say" in answer((asked,), _grounds(tiny)).text


@pytest.mark.parametrize(
    ("item", "row", "told"),
    [
        ("b", Constraint("genre", "=", "Crime"), "Yes. Birch (1995): Crime (from: genre)."),
        ("b", Constraint("genre", "=", "Horror"),
         "Our data does not list “Horror” for Birch (1995); "
         "it says: Crime and Comedy (from: genre)."),
        ("b", Constraint("price", "<=", 25), "Yes. Birch (1995): $20 (from: price)."),
        ("c", Constraint("price", "<=", 25), "No. Cedar (2000): $30 (from: price)."),
    ],
)  # fmt: skip
def test_yes_or_no(tiny: Catalog, item: str, row: Constraint, told: str) -> None:
    asked = Ask("fact", (item,), row.facet, "", (row,))
    assert answer((asked,), _grounds(tiny)).text == told


def test_the_opposite_of_a_value(tiny: Catalog) -> None:
    row = Constraint("genre", "!=", "Crime")
    asked = Ask("fact", ("b",), "genre", "is it harmless?", (row,))
    assert answer((asked,), _grounds(tiny)).text == "No. Birch (1995): Crime (from: genre)."
    asked = Ask("fact", ("e",), "genre", "", (Constraint("genre", "!=", "Comedy"),))
    # What is not listed is never called absent.
    assert answer((asked,), _grounds(tiny)).text.startswith("Our data does not list “Comedy”")


def test_what_nothing_answers_is_said_with_what_could_be_asked(tiny: Catalog) -> None:
    found = answer((Ask("open", ("f",), text="is it long?"),), _grounds(tiny))
    assert found.text.startswith("I find no answer to that in our data on Fir (2015).")
    assert "price" in found.text
    assert "author" not in found.text  # unknown of this one
    assert (found.sources, found.items) == ((), ("f",))
    found = answer((Ask("open", (), text="can I return it?"),), _grounds(tiny))
    assert "“can I return it”" in found.text
    assert "author" in found.text
    found = answer((Ask("open", (), text="x " * 99),), _grounds(tiny))
    assert "x x" not in found.text


@pytest.mark.parametrize(
    ("shown", "told"),
    [((), "not shown any"), (("a",), "only one"), (("a", "b"), "only 2 books")],
)
def test_a_place_without_a_card(tiny: Catalog, shown: tuple[str, ...], told: str) -> None:
    found = answer((Ask("beyond", ()),), _grounds(tiny, shown=shown))
    assert told in found.text


def test_alternatives_are_one_question(tiny: Catalog) -> None:
    rows = (Constraint("genre", "=", "Horror"), Constraint("genre", "=", "Comedy"))
    found = answer((Ask("fact", ("b",), "genre", "", rows),), _grounds(tiny))
    assert found.text == "Yes. Birch (1995): Comedy (from: genre)."


def test_all_that_is_known_begins_with_the_text(tiny: Catalog) -> None:
    found = _fact(tiny, "", "b")
    assert found.text.startswith("Birch (1995): “A story about a birch tree.” (from: blurb).")
    assert "$20; Crime and Comedy; by Bo Ray; in print" in found.text
    assert found.sources == ("blurb", "year", "price", "genre", "author", "in_print")


def test_a_comparison_begins_with_the_persons_own_criteria(tiny: Catalog) -> None:
    profile = UserProfile(constraints=(CHEAP, NO_HORROR), preferences=(CRIME,))
    found = answer((Ask("compare", ("b", "d"), "price"),), _grounds(tiny, profile))
    table = found.comparison
    assert table is not None
    assert table.titles == ("Birch (1995)", "Dogwood (2005)")
    rows = dict(table.rows)
    assert [name for name, _ in table.rows][:4] == [
        "under $26", "no Horror", "Crime", "score for you"
    ]  # fmt: skip
    assert rows["under $26"] == ("yes ($20)", "no ($40)")
    assert rows["no Horror"] == ("yes (Crime, Comedy)", "no (Horror)")
    assert rows["Crime"] == ("yes", "not listed")
    assert rows["price"] == ("$20", "$40")
    assert rows["author"] == ("Bo Ray", "Di Fox")
    assert "in print" not in rows  # the same for both
    assert found.text == (
        "By price, from least to most: Birch (1995) ($20), Dogwood (2005) ($40). "
        "Only Birch (1995) meets all of your conditions; Dogwood (2005) does not."
    )
    assert found.sources == ("price", "ledger", "score")


def test_a_comparison_says_by_how_much_and_why_the_better_one_scores_more(tiny: Catalog) -> None:
    grounds = _grounds(tiny, UserProfile(preferences=(CRIME,)))
    found = answer((Ask("compare", ("c", "a")),), grounds)
    ash, cedar = grounds.scored("a"), grounds.scored("c")
    assert ash.score > cedar.score
    assert f"Ash (1990) fits what you told me better: it scores {ash.score:.2f}" in found.text
    assert f"against {cedar.score:.2f}, mostly for having what you wished for." in found.text
    assert found.comparison is not None
    scores = dict(found.comparison.rows)["score for you"]
    assert scores == (f"{cedar.score:.2f}", f"{ash.score:.2f}")


def test_unknown_values_are_named_in_the_table(tiny: Catalog) -> None:
    profile = UserProfile(preferences=(Preference("author", "Ann Lee", 1.0, 1),))
    found = answer((Ask("compare", ("a", "f")),), _grounds(tiny, profile))
    assert found.comparison is not None
    rows = dict(found.comparison.rows)
    assert rows["by Ann Lee"] == ("yes", "not in our data")
    assert rows["author"] == ("Ann Lee", "not in our data")


def test_nothing_is_better_where_all_is_equal(tiny: Catalog) -> None:
    found = answer((Ask("compare", ("a", "b")),), _grounds(tiny))
    assert "they score the same" in found.text
    found = answer((Ask("compare", ("d", "e")),), _grounds(tiny, UserProfile((), (), (), (CHEAP,))))
    assert "None of them meets all of your conditions." in found.text


def test_why_tells_the_terms_and_the_conditions_that_hold(tiny: Catalog) -> None:
    profile = UserProfile(constraints=(CHEAP,), preferences=(CRIME,))
    grounds = _grounds(tiny, profile, shown=("b",))
    found = answer((Ask("why", ("b",)),), grounds)
    score = grounds.scored("b").score
    assert "Birch (1995) is there because: Crime, as you asked; $20, under $26." in found.text
    assert f"It scores {score:.2f}: {score:.2f} for having what you wished for." in found.text
    assert found.sources == ("score", "ledger")


def test_why_of_what_was_never_shown_says_so(tiny: Catalog) -> None:
    profile = UserProfile(constraints=(NO_HORROR,))
    found = answer((Ask("why", ("d",)),), _grounds(tiny, profile, shown=("a",)))
    assert found.text.startswith("I have not shown you Dogwood (2005).")
    assert "does not meet “no Horror”" in found.text


def test_why_not_names_every_condition_that_fails(tiny: Catalog) -> None:
    profile = UserProfile(constraints=(CHEAP, NO_HORROR))
    found = answer((Ask("why_not", ("d",)),), _grounds(tiny, profile, shown=("a", "b")))
    assert "does not meet “under $26”" in found.text
    assert "$40 (from: price)" in found.text
    assert "does not meet “no Horror”" in found.text
    assert "Horror (from: genre)" in found.text
    assert found.sources == ("ledger",)


def test_why_not_admits_what_the_data_does_not_say(tiny: Catalog) -> None:
    profile = UserProfile(constraints=(Constraint("author", "!=", "Di Fox", 1),))
    found = answer((Ask("why_not", ("f",)),), _grounds(tiny, profile, shown=("a",)))
    assert "our data does not say whether Fir (2015) meets it" in found.text


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("dislikes", "You turned Ash (1990) down in turn 1 (“the first message”)."),
        ("seen", "You have seen Ash (1990), as you said in turn 1 (“the first message”)."),
        ("later", "You put Ash (1990) off for now in turn 1 (“the first message”)."),
        ("likes", "You named Ash (1990) as one you like in turn 1 (“the first message”)"),
    ],
)
def test_why_not_recalls_what_the_person_said(tiny: Catalog, field: str, told: str) -> None:
    opinion = Opinion("a", "Ash", 1, "Ash")
    profile = replace(UserProfile(), **{field: (opinion,)})
    found = answer((Ask("why_not", ("a",)),), _grounds(tiny, profile, shown=("b",)))
    assert told in found.text
    assert found.sources == ("ledger",)


def test_why_not_of_a_card_says_where_it_is(tiny: Catalog) -> None:
    found = answer((Ask("why_not", ("b",)),), _grounds(tiny, shown=("a", "b")))
    assert found.text == "Birch (1995) is there: it is number 2."


def test_why_not_gives_the_place_and_what_is_lacking(tiny: Catalog) -> None:
    """Crime is wished for: Ash, Birch and Elm have it, and Fir comes after all of them."""
    grounds = _grounds(tiny, UserProfile(preferences=(CRIME,)), shown=("a", "b"))
    found = answer((Ask("why_not", ("f",)),), grounds)
    mine, last = grounds.scored("f").score, grounds.scored("b").score
    assert "Fir (2015) meets your conditions, but comes number 6 of 6" in found.text
    assert f"with a score of {mine:.2f}" in found.text
    assert f"Birch (1995), the last one shown, scores {last:.2f}" in found.text
    assert "having what you wished for" in found.text
    assert found.sources == ("score",)


def test_several_questions_get_a_paragraph_each(tiny: Catalog) -> None:
    asks = (Ask("fact", ("b",), "author"), Ask("fact", ("b",), "price"))
    found = answer(asks, _grounds(tiny))
    assert len(found.text.splitlines()) == 2
    assert found.sources == ("author", "price")
    assert found.items == ("b",)


def test_hostile_titles_and_values_stay_words_in_the_page(tiny: Catalog) -> None:
    bad = Item("x", HOSTILE, {"genre": (HOSTILE,), "author": (HOSTILE,)}, {"year": 1.0}, {},
               {"blurb": HOSTILE})  # fmt: skip
    catalog = Catalog.build(tiny.schema, [*tiny.items, bad])
    found = answer((Ask("compare", ("x", "a")), Ask("fact", ("x",))), _grounds(catalog))
    turn = Turn(1, "?", ("compare",), found.text, None, UserProfile(), (), answer=found)
    renderer = Renderer(catalog, "Vouch")
    page = renderer.reply(turn.reply, table=renderer.table(turn))
    page += renderer.thread((turn, turn))
    assert "&lt;img src=x" in page
    assert "<img" not in page
    assert "</script" not in page


def test_a_question_keeps_the_slate_and_the_profile(shop: Assistant) -> None:
    session, shown = say(shop, shop.start(), "a kettle under $70")
    first = shop.catalog.item(shown.cards[0].item_id)
    for message in ("who makes the first?", "compare the first two", "why this?"):
        session, turn = say(shop, session, message)
        assert turn.cards == shown.cards
        assert turn.profile == shown.profile
        assert turn.answer is not None
        assert turn.reply == turn.answer.text
    assert f"made by {first.labels['brand'][0]}" in session.turns[1].reply
    stored = shop.resume(session.session_id).turns[-1]
    assert stored.answer == turn.answer


def test_a_question_with_a_wish_is_answered_and_granted(shop: Assistant) -> None:
    session, _ = say(shop, shop.start(), "a kettle under $70")
    _, turn = say(shop, session, "how heavy is the first? and nothing in black please")
    assert turn.answer is not None
    assert turn.reply.startswith(turn.answer.text)
    assert "colour != black" in {str(row) for row in turn.profile.constraints}
    assert len(turn.reply) > len(turn.answer.text)


def test_a_language_model_neither_answers_nor_rewords_an_answer(shop: Assistant) -> None:
    model = ScriptedChatModel(["1: {pick} costs one dollar, says the director of Zorblax."])
    parts = replace(shop._parts, explainer=Explainer(shop.catalog, model))
    assistant = Assistant(parts)
    session, shown = say(assistant, assistant.start(), "a kettle under $70")
    asked = len(model.history)
    session, turn = say(assistant, session, "how much is the first?")
    assert turn.answer is not None
    assert turn.reply == turn.answer.text
    assert len(model.history) == asked
    _, turn = say(assistant, session, "how much is the second? and nothing in black please")
    price = shop.catalog.item(shown.cards[1].item_id).numbers["price"]
    assert turn.reply.startswith(
        f"{shown.cards[1].title}: priced at ${price:.2f}".removesuffix(".00")
    )
    assert len(model.history) > asked
    assert "Zorblax" not in turn.reply


def test_a_missing_title_is_not_invented(shop: Assistant) -> None:
    session, shown = say(shop, shop.start(), "a kettle")
    _, turn = say(shop, session, "how much is the Zappotron Deluxe?")
    assert turn.answer is None
    assert turn.cards == shown.cards
    assert turn.reply == "I don't have “Zappotron Deluxe”."


def test_the_next_question_is_about_the_same_item(shop: Assistant) -> None:
    session, shown = say(shop, shop.start(), "a kettle under $70")
    session, first = say(shop, session, "how much is the second?")
    _, then = say(shop, session, "and how heavy is it?")
    assert first.answer is not None
    assert then.answer is not None
    assert then.answer.items == first.answer.items == (shown.cards[1].item_id,)


def test_what_nothing_answers_leaves_the_slate(shop: Assistant) -> None:
    session, shown = say(shop, shop.start(), "a kettle under $70")
    for message in ("can i return it?", "add it to my cart", "does it whistle?", "no", "ok"):
        session, turn = say(shop, session, message)
        assert (turn.cards, turn.profile) == (shown.cards, shown.profile), message
        assert turn.reply


def test_no_to_all_cards_offers_critiques(shop: Assistant) -> None:
    session, shown = say(shop, shop.start(), "something for the kitchen")
    assert shown.suggestions
    _, turn = say(shop, session, "nope")
    assert turn.suggestions == shown.suggestions
    assert shown.suggestions[0].label in turn.reply
    assert not turn.profile.dislikes


def _fact(catalog: Catalog, facet: str, item: str) -> Answer:
    kind: AskKind = "fact"
    return answer((Ask(kind, (item,), facet),), _grounds(catalog))


def _grounds(
    catalog: Catalog, profile: UserProfile = UserProfile(), shown: tuple[str, ...] = ()
) -> Grounds:
    """Return the grounds of a person whose one turn showed the cards `shown`."""
    request = build_request(profile, catalog)
    ranker = open_ranker(catalog)

    def pool() -> Rows:
        return np.arange(len(catalog), dtype=np.int32)

    cards: list[Card] = []
    for item_id in shown:
        scored = ranker.rescore(request, catalog.row(item_id))
        item = catalog.item(item_id)
        held = tuple(str(c) for c in profile.constraints if catalog.satisfies(item_id, c))
        cards.append(Card(item_id, item.title, None, scored.score, scored.terms, (), held))
    turn = Turn(1, "the first message", ("request",), ".", None, profile, tuple(cards))
    session = Session("s", None, (turn,) if shown else ())
    book = phrasebook("en", catalog.schema)
    return Grounds(catalog, book, session, profile, request, ranker, pool)
