"""Nobody says what they are to be shown: the rule, and people who would break it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from assistant.llm import LlmConfig, open_chat_model
from assistant.state import Card, Turn, UserProfile
from catalog import Catalog, Constraint, Item
from evaluation.simulation import Accept, GiveUp, LeakAudit, LeakError, RuleUser
from evaluation.simulation.leaks import Titles, plain
from evaluation.simulation.play import llm_user, play, rule_user
from evaluation.simulation.systems import SYSTEMS, OracleRetriever, System, alone
from evaluation.simulation.talking import Standing
from evaluation.simulation.wording import everyday_words
from tests.evaluation.small_library import bench, whole
from tests.evaluation.test_simulation import need
from tests.openai_server import ScriptedServer, openai_server

TITLES = [
    ("The Amélie Affair", ("Die Affäre",)),
    ("Night Train: The Long Way Home", ()),
    ("Night Train: Departure", ()),
    ("Something", ()),
    ("1984", ()),
]
SMALL = Catalog.build(
    whole().schema,
    [Item(f"t{n}", title, aliases=aliases) for n, (title, aliases) in enumerate(TITLES)],
)


def audit(*targets: int) -> LeakAudit:
    return LeakAudit(SMALL, Titles(SMALL), targets, fewest=2)


def shown(title: str, reply: str = "") -> Turn:
    card = Card("t", title, None, 0.0, (), (), ())
    return Turn(1, "", (), reply, None, UserProfile(), (card,))


@pytest.mark.parametrize(
    "message",
    [
        "I want The Amélie Affair", "amelie affair please", "the AMELIE-AFFAIR!", "die affare",
        "Give me the amelie afair",
    ],
)  # fmt: skip
def test_a_title_an_alias_and_a_misspelling_are_caught(message: str) -> None:
    with pytest.raises(LeakError, match="Amélie"):
        audit(0).check(message)


def test_other_words_are_free() -> None:
    audit(0).check("I loved the affair of the necklace, and amelia")
    audit(1).check("long way to go")


def test_a_subtitle_of_its_own_is_caught_and_the_name_of_a_series_is_not() -> None:
    with pytest.raises(LeakError):
        audit(1).check("the long way home, I think")
    audit(1).check("anything like night train")


def test_what_vouch_has_named_is_no_secret() -> None:
    watch = audit(0, 1)
    watch.hear(shown("The Amélie Affair"))
    watch.check("more like The Amélie Affair")
    with pytest.raises(LeakError):
        watch.check("and The Long Way Home")
    watch.hear(shown("Something else", reply="I have Night Train: The Long Way Home as well."))
    watch.check("yes, The Long Way Home")


def test_conditions_that_fit_too_few_items_are_caught() -> None:
    watch = LeakAudit(whole(), Titles(whole()), {0}, fewest=20)
    genre, author = Constraint("genre", "=", "crime"), Constraint("author", "=", "Author Number0")
    watch.check("crime", [genre])
    with pytest.raises(LeakError, match="3 items"):
        watch.check("crime by that author", [genre, author])


def test_titles_of_everyday_words_cannot_be_kept_secret() -> None:
    titles, everyday = Titles(SMALL), everyday_words(SMALL)
    assert [titles.sayable(row, everyday) for row in range(5)] == [True, True, True, False, False]


class Blabbing:
    """A rule user who names the target in their third message, in their own way of typing."""

    def __init__(self, rule: RuleUser, title: str) -> None:
        self._rule, self._title, self._said = rule, title, 0

    @property
    def standing(self) -> Standing:
        return self._rule.standing

    def open(self) -> str:
        return self._rule.open()

    def reply(self, turn: Turn) -> str | Accept | GiveUp:
        self._said += 1
        if self._said < 2:
            return self._rule.reply(turn)
        return f"how about {self._title.upper()}?"


def test_a_person_who_leaks_ends_the_run() -> None:
    wanted = replace(need(0), targets=frozenset({min(need(0).targets)}))
    title = bench().catalog.items[min(wanted.targets)].title
    leaking = Blabbing(rule_user(wanted, bench(), 7), title)
    # A system that never finds it, so that nobody has named it before.
    blind = System(lambda room, _: alone(room, OracleRetriever(len(room.catalog), frozenset({0}))))
    with pytest.raises(LeakError, match=title):
        play(wanted, leaking, "blind", blind, bench())


def test_the_rule_user_would_rather_say_nothing_than_too_much() -> None:
    wanted = next(n for n in map(need, range(99)) if n.facts and len(n.targets) == 1)
    secret = " ".join(sorted(bench().titles.of(min(wanted.targets))))
    for _ in range(20):
        assert secret not in plain(rule_user(wanted, bench(), 7).open())


def llm_dialogue(server: ScriptedServer, number: int = 0) -> list[str]:
    config = LlmConfig("endpoint", server.url, "scripted", SecretStr("k"), retries=0)
    model = open_chat_model(config)
    assert model is not None
    wanted = need(number)
    user = llm_user(wanted, bench(), 7, model)
    talk = play(wanted, user, "random", SYSTEMS["random"], bench())
    return [exchange.user for exchange in talk.exchanges]


def test_a_language_model_words_what_the_rules_decide() -> None:
    with openai_server(replies=["a crime story, if you have one"]) as server:
        said = llm_dialogue(server)
    assert set(said) == {"a crime story, if you have one"}
    assert len(server.requests) == len(said)
    asked = str(server.requests[-1]["messages"])
    for row in need(0).targets:
        assert bench().catalog.items[row].title not in asked


def test_a_leaking_model_is_asked_again_twice_and_then_the_rules_speak() -> None:
    title = bench().catalog.items[min(need(0).targets)].title
    with openai_server(replies=[f"I want {title}!"]) as server:
        said = llm_dialogue(server)
    by_rule = play(need(0), rule_user(need(0), bench(), 7), "random", SYSTEMS["random"], bench())
    assert said == [exchange.user for exchange in by_rule.exchanges]
    assert len(server.requests) == 3 * len(said)


def test_a_model_that_fails_leaves_the_rules_to_speak() -> None:
    with openai_server(status=500) as server:
        said = llm_dialogue(server)
    by_rule = play(need(0), rule_user(need(0), bench(), 7), "random", SYSTEMS["random"], bench())
    assert said == [exchange.user for exchange in by_rule.exchanges]
