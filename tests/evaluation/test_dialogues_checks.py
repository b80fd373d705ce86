"""Every assertion fails when it should, and says exactly what differs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.engine import Assistant
from assistant.state import Card, Session, Turn
from evaluation.dialogues.checks import CONTRACTS, check
from evaluation.dialogues.form import Assertion
from evaluation.dialogues.observed import Observed
from evaluation.dialogues.outcome import Failure, Outcome
from evaluation.dialogues.playing import play
from evaluation.dialogues.reading import Play, read_cases
from evaluation.dialogues.truth import Truth
from ranking.scoring import Term
from tests.assistant.driving import say

FAN = "a quiet fan under $50"
FANS = "category = Fans; price <= 49.99"


@pytest.fixture(scope="module")
def truth(shop: Assistant) -> Truth:
    return Truth(shop.catalog)


Playing = Callable[..., Outcome]


@pytest.fixture
def playing(shop: Assistant, truth: Truth, tmp_path: Path) -> Playing:
    """Plays one dialogue, given as messages and the assertions on the last of them."""

    def _play(*messages: str, claim: str, timings: bool = False) -> Outcome:
        steps = "".join(f"  - user: {message!r}\n" for message in messages)
        text = f"test_cases:\n- test_case: one\n  steps:\n{steps}    assert:\n    - {claim}\n"
        file = tmp_path / "talk.yaml"
        file.write_text(text, encoding="utf-8")
        (case,) = read_cases([file])
        return play(shop, truth, Play(case), timings=timings)

    return _play


@pytest.mark.parametrize(
    ("claim", "what", "expected", "found"),
    [
        ("profile: {likes: [Lull Desk Fan]}", "profile.likes", "Lull Desk Fan", "(nothing)"),
        ("profile: {dislikes: [HK-019]}", "profile.dislikes", "Lull Desk Fan", "(nothing)"),
        ("profile: {seen: [HK-019]}", "profile.seen", "Lull Desk Fan", "(nothing)"),
        ("profile: {later: [HK-019]}", "profile.later", "Lull Desk Fan", "(nothing)"),
        ("profile: {constraints: [price <= 40]}", "profile.constraints", "price <= 40", FANS),
        (
            'profile: {constraints: [{facet: in_stock, op: "=", value: true}]}',
            "profile.constraints", "in_stock = yes", FANS,
        ),
        (
            'profile: {preferences: ["not features: quiet"]}',
            "profile.preferences", "not features: quiet", "features: quiet",
        ),
        ("profile: {missing_titles: [X]}", "profile.missing_titles", "X", "(nothing)"),
        (
            "profile: {exactly: {constraints: [category = Fans, colour = red]}}",
            "profile.exactly", "constraints: colour = red",
            "constraints: price <= 49.99; preferences: features: quiet",
        ),
        (
            "items: {satisfy: [price <= 20, category = Fans]}",
            "items.satisfy",
            "Lull Desk Fan: price <= 20", "Lull Desk Fan: price $35, category Fans",
        ),
        ("items: {contains: [HK-018]}", "items.contains", "Lull Tower Fan", "Lull Desk Fan"),
        ("items: {excludes: [HK-019]}", "items.excludes", "without Lull Desk Fan", "Lull Desk Fan"),
        ("items: {first: [HK-018]}", "items.first", "Lull Tower Fan", "Lull Desk Fan"),
        (
            "items: {above: [[HK-018, HK-019]]}",
            "items.above", "Lull Tower Fan above Lull Desk Fan", "Lull Desk Fan",
        ),
        ("items: {min: 2}", "items.min", "at least 2", "1"),
        ("items: {max: 0}", "items.max", "at most 0", "1"),
        ("items: {changed: false}", "items.changed", "the same slate", "another slate"),
        ("acts: {contains: abuse}", "acts.contains", "abuse", ""),
        ("acts: {lacks: prefer}", "acts.lacks", "without prefer", ""),
        ("question: {asked: true}", "question.asked", "asks", "asks nothing"),
        ("question: {facet: brand}", "question.facet", "brand", "(nothing)"),
        ("missing_titles: [Dyson]", "missing_titles", "Dyson", "(nothing)"),
        ("relaxations: {min: 1}", "relaxations.min", "at least 1", "0"),
        ("relaxations: {drop: [price <= 9]}", "relaxations.drop", "price <= 9", "(nothing)"),
        ("answer: {given: true}", "answer.given", "an answer", "no answer"),
        ("answer: {contains: quiet}", "answer.contains", "quiet", "(nothing)"),
        ("answer: {sources: price}", "answer.sources", "price", "(nothing)"),
        ("language: de", "language", "de", "en"),
        (
            "not: {items: {contains: [HK-019]}}",
            "items.contains", "not Lull Desk Fan", "Lull Desk Fan",
        ),
        ("warnings: {contains: slow}", "warnings.contains", "slow", "(nothing)"),
        (
            "items: {contains: [Lull Desk Fann]}", "assert", "names that the catalogue knows",
            "no item is called 'Lull Desk Fann' in the catalogue; nearly: 'Lull Desk Fan'",
        ),
        (
            "profile: {constraints: [colr = red]}", "assert", "names that the catalogue knows",
            "no facet is called 'colr'; there are: price, category, brand, in_stock, colour, "
            "features, weight_kg, power_watts, rating",
        ),
    ],
)  # fmt: skip
def test_a_claim_that_is_not_so_fails(
    claim: str, what: str, expected: str, found: str, playing: Playing
) -> None:
    outcome = playing(FAN, claim=claim)

    assert [(f.line, f.turn, f.user) for f in outcome.failures] == [(6, 1, FAN)]
    (failure,) = outcome.failures
    assert failure.what == what
    assert failure.expected == expected
    assert failure.found.startswith(found)


@pytest.mark.parametrize(
    ("claim", "what", "expected"),
    [
        ("reply: {contains: Dyson}", "reply.contains", "Dyson"),
        ("reply: {lacks: QUIET}", "reply.lacks", "without QUIET"),
        ('reply: {matches: "^No"}', "reply.matches", "^No"),
    ],
)
def test_a_reply_that_is_not_as_claimed_is_shown(
    claim: str, what: str, expected: str, playing: Playing
) -> None:
    (failure,) = playing(FAN, claim=claim).failures

    assert (failure.what, failure.expected) == (what, expected)
    assert failure.found == failure.reply
    assert "Lull Desk Fan" in failure.reply


def test_warnings_that_should_not_be_there(playing: Playing) -> None:
    (failure,) = playing("/like 9", claim="warnings: none").failures

    assert failure.expected == "none"
    assert failure.found == "/like needs cards, and none are shown, not '9'"


def test_latencies_count_only_where_they_are_asked_for(playing: Playing) -> None:
    claim = "latency_ms: {cards: 0.001}"

    assert playing(FAN, claim=claim).passed
    (failure,) = playing(FAN, claim=claim, timings=True).failures
    assert (failure.what, failure.expected) == ("latency_ms.cards", "at most 0.001")


def test_claims_that_are_so_pass(playing: Playing) -> None:
    claim = (
        '{profile: {exactly: {constraints: [category = Fans, "price <= 49.99"], preferences: '
        '["features: quiet"]}}, items: {first: Lull Desk Fan, in_catalogue: true, satisfy: '
        "constraints, above: [[HK-019, HK-018]], never_again: true, changed: true, min: 1, max: 1},"
        " acts: {contains: request, lacks: abuse}, question: {asked: false}, facts: supported,"
        ' reply: {contains: desk fan, lacks: Dyson, matches: "quiet.*as you asked"},'
        " answer: {given: false}, language: en, warnings: none, not: {items: {contains: HK-018}}}"
    )

    assert playing(FAN, claim=claim).failures == ()


def test_in_other_words_only_the_last_step_s_own_claims_are_checked(
    shop: Assistant, truth: Truth, tmp_path: Path
) -> None:
    file = tmp_path / "talk.yaml"
    file.write_text(
        "test_cases:\n- test_case: one\n  steps:\n"
        "  - {user: hello, assert: [language: de]}\n"
        "  - {user: a fan, user_variants: [a kettle], assert: [items: {contains: HK-018}]}\n"
    )
    (case,) = read_cases([file])

    failures = play(shop, truth, Play(case, 1, 0)).failures

    assert [(f.turn, f.what) for f in failures] == [(2, "items.contains")]


@pytest.fixture(scope="module")
def refused(shop: Assistant) -> tuple[Session, Session, Turn]:
    """The session before and after a fan is refused, and that turn."""
    before, _ = say(shop, shop.start(), "a fan")
    after, turn = say(shop, before, "/dislike 1")
    return before, after, turn


def _contract_failures(truth: Truth, session: Session, turn: Turn) -> list[Failure | str]:
    checks = check(CONTRACTS, Observed(truth, session, turn))
    return [f"{one.what}: {one.expected} / {one.found}" for one in checks if not one.holds]


def _card(turn: Turn, **changes: object) -> Turn:
    first: Card = replace(turn.cards[0], **changes)  # pyright: ignore[reportArgumentType]
    return replace(turn, cards=(first, *turn.cards[1:]))


def test_the_contracts_hold_of_a_turn_as_it_is(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    assert _contract_failures(truth, refused[0], refused[2]) == []


def test_an_invented_item_or_title_fails(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, _, turn = refused
    title = turn.cards[0].title

    renamed = _card(turn, title="Zorblax Fan")

    item_id = turn.cards[0].item_id
    assert _contract_failures(truth, before, renamed) == [
        f"items.in_catalogue: {item_id}: Zorblax Fan / {item_id}: {title}"
    ]
    unknown = _contract_failures(truth, before, _card(turn, item_id="HK-999", reasons=()))
    assert f"items.in_catalogue: HK-999: {title} / HK-999: (no such item)" in unknown


def test_what_was_refused_may_not_come_back(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, after, turn = refused
    gone = turn.profile.dislikes[0]

    back = replace(before.turns[-1], number=3, user="more", profile=turn.profile)

    assert _contract_failures(truth, after, back) == [
        f"items.never_again: nothing refused, seen or put off / {gone.title}"
    ]
    # Unless it is taken back, or asked for by name.
    undone = replace(back, acts=("undo",), profile=before.profile)
    named = replace(back, user=f"show me the {gone.title} again")
    assert _contract_failures(truth, after, undone) == []
    assert _contract_failures(truth, after, named) == []


def test_a_card_outside_the_ledger_fails(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, _, turn = refused
    kettle = truth.catalog.item("HK-001")

    wrong = _card(turn, item_id=kettle.item_id, title=kettle.title, terms=(), reasons=())

    assert _contract_failures(truth, before, wrong) == [
        "items.satisfy: Alder 1.7 L Kettle: category = Fans / Alder 1.7 L Kettle: category Kettles"
    ]


@pytest.mark.parametrize(
    ("told", "odd"),
    [
        ("It won the Red Dot award.", "Red, Dot"),
        ("It costs $1,337 today.", "1,337"),
        ("Better than “Breezo 3000”.", "“Breezo 3000”, 3000, Breezo"),
        ("Made by Dyson.", "Dyson"),
    ],
)
def test_a_reply_that_nothing_supports_fails(
    told: str, odd: str, truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, _, turn = refused

    found = _contract_failures(truth, before, replace(turn, reply=told))

    assert found == [f"facts: every reason and sentence supported / {told!r}: {odd}"]


def test_a_reason_that_is_not_the_item_s_own_fails(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, _, turn = refused

    # Every word of it is the shop's, but this fan is not cordless.
    lent = _card(turn, reasons=("With cordless, as you asked",))

    (found,) = _contract_failures(truth, before, lent)
    assert str(found).startswith("facts: every reason and sentence supported / 'With cordless")


def test_a_model_s_line_on_a_pick_is_checked(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, _, turn = refused
    name = turn.cards[0].title

    good = replace(turn, reply=f"Here they are.\n1. {name} is among the Fans, as you asked.")
    bad = replace(turn, reply=f"Here they are.\n1. {name} is the best of all fans.")

    assert _contract_failures(truth, before, good) == []
    assert "best" in str(_contract_failures(truth, before, bad))


def test_terms_may_cite_what_was_liked(
    truth: Truth, refused: tuple[Session, Session, Turn]
) -> None:
    before, _, turn = refused
    cited = _card(turn, terms=(Term("collaborative", 1.0, ("HK-001",)),), reasons=())

    named = replace(cited, reply="It goes with the Alder 1.7 L Kettle.")

    assert _contract_failures(truth, before, named) == []
    assert _contract_failures(truth, before, replace(turn, reply=named.reply)) != []


def test_an_assertion_needs_something_to_say() -> None:
    with pytest.raises(ValueError, match="asserts nothing"):
        Assertion()
