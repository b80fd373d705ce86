"""Simulated people over a small library: what they know, what they say, and how systems do."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.state import Turn, UserProfile
from catalog.errors import ConfigurationError
from evaluation.simulation import SYSTEMS, SimulationConfig, simulate, write_transcripts
from evaluation.simulation.needs import Need, draw_need, held_out
from evaluation.simulation.personas import PERSONAS
from evaluation.simulation.play import Dialogue, play, rule_user
from evaluation.simulation.user import PATIENCE
from tests.evaluation.small_library import FEWEST, bench, whole


def need(number: int, **changes: object) -> Need:
    drawn = draw_need(number, 7, bench().people, bench().catalog, FEWEST)
    return replace(drawn, **changes)  # pyright: ignore[reportArgumentType]


def dialogue(wanted: Need, system: str) -> Dialogue:
    return play(wanted, rule_user(wanted, bench(), 7), system, SYSTEMS[system], bench())


def test_no_model_knows_the_people_simulated() -> None:
    simulated = {person.user for person in bench().people}
    assert simulated <= set(held_out(whole().interactions, 7).nonzero()[0].tolist())
    assert len(simulated) == 8
    assert not simulated & set(bench().catalog.interactions.user.tolist())
    assert bench().catalog.popularity.sum() == 16 * 20


@pytest.mark.parametrize("number", range(24))
def test_a_need_is_true_of_its_targets_and_fits_more_than_them(number: int) -> None:
    wanted, facets = need(number), bench().catalog.facets
    person = wanted.person
    later = set(person.later.tolist())
    assert wanted.targets
    assert wanted.targets <= later
    assert not later & set(person.met.tolist())
    assert set(person.liked.tolist()) <= set(person.met.tolist())
    for fact in wanted.facts:
        holds = facets.mask(fact.constraints)
        assert holds.sum() >= FEWEST
        true = holds[sorted(wanted.targets)]
        assert true.all() if fact.hard else true.mean() >= 0.5
    if wanted.mistake:
        assert not facets.mask(wanted.mistake.constraints)[sorted(wanted.targets)].any()
        assert wanted.mistake.facet == wanted.facts[0].facet


def test_people_and_personas_take_turns() -> None:
    needs = [need(number) for number in range(48)]
    assert {len([n for n in needs if n.persona == persona]) for persona in PERSONAS} == {8}
    assert len({(n.person.user, n.persona.name) for n in needs}) == 48


def test_the_same_person_says_the_same() -> None:
    first, second = (dialogue(need(3), "popularity").exchanges for _ in range(2))
    assert first == second
    openings = {rule_user(need(number), bench(), 7).open() for number in range(30)}
    assert len(openings) > 25


def test_a_person_accepts_a_target_and_leaves_after_eight_turns() -> None:
    found = dialogue(need(1), "oracle")
    last = found.exchanges[-1]
    assert found.turns_to_success == len(found.exchanges)
    assert bench().catalog.rows[found.accepted] in found.need.targets
    assert found.accepted in last.items
    # Nobody is ever shown what is not in the catalogue's first half: no target among them.
    hidden = need(1, targets=frozenset[int](), facts=())
    lost = dialogue(hidden, "popularity")
    assert lost.turns_to_success is None
    assert len(lost.exchanges) == PATIENCE


def test_what_is_known_or_refused_is_said_and_does_not_come_back() -> None:
    systems = ("vouch", "popularity")
    outcomes = simulate(bench(), SimulationConfig(24, systems=systems, compared=24))[1]
    talk = [e for outcome in outcomes for e in outcome.exchanges]
    assert any("already read" in e.user.lower() for e in talk)
    assert any("not " in e.user.lower() or "skip" in e.user.lower() for e in talk)
    assert sum(e.repeated + e.broken for e in talk) == 0


def test_the_oracle_finds_and_chance_does_not() -> None:
    names = ("vouch", "oracle", "random", "popularity", "no-memory")
    report, _ = simulate(bench(), SimulationConfig(24, systems=names, compared=24))
    found = {line.name: line for line in report.systems}
    assert found["oracle"].success[8].mean > 0.9
    assert found["oracle"].success[1].mean > 0.6
    assert found["random"].success[1].mean < 0.25
    assert found["random"].success[5].mean < found["vouch"].success[5].mean < 1.0
    assert found["no-memory"].missed > 2 * found["vouch"].missed
    assert {line.broken + line.repeated for line in report.systems} == {0}
    assert report.people == 8


def test_every_system_runs_and_the_report_is_repeatable(tmp_path: Path) -> None:
    config = SimulationConfig(8, systems=tuple(SYSTEMS), compared=4)
    first, outcomes = simulate(bench(), config)
    second, _ = simulate(bench(), config)
    assert json.dumps(first.to_json()) == json.dumps(second.to_json())
    assert [line.users for line in first.systems] == [4] * len(SYSTEMS)
    assert first.whole is not None
    assert first.whole.users == 8
    assert sum(line.users for line in first.personas) == 8
    for name in SYSTEMS:
        assert f"\n{name} " in first.to_text()
    write_transcripts(outcomes, tmp_path / "talk.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "talk.jsonl").read_text().splitlines()]
    assert len(lines) == len(outcomes)
    assert {line["system"] for line in lines} == set(SYSTEMS)
    assert all(len(turn["items"]) <= 2 for line in lines for turn in line["turns"])


def test_another_seed_is_another_run() -> None:
    one, other = (
        simulate(bench(), SimulationConfig(6, seed=seed, systems=("popularity",)))[1]
        for seed in (7, 8)
    )
    assert [o.exchanges[0].user for o in one] != [o.exchanges[0].user for o in other]


def test_an_unknown_system_is_refused_with_those_there_are() -> None:
    with pytest.raises(ConfigurationError, match=r"'clairvoyant'.*oracle"):
        SimulationConfig(systems=("vouch", "clairvoyant"))


def test_a_catalogue_without_people_is_said() -> None:
    with pytest.raises(ConfigurationError, match="nobody to simulate"):
        simulate(replace(bench(), people=()), SimulationConfig(1))


def test_a_mistake_is_said_first_and_corrected() -> None:
    """Over a system that finds nothing, so that there is time to notice."""
    erring = [n for n in map(need, range(150)) if n.mistake and n.mistake.facet == "year"][:6]
    assert erring
    for wanted in erring:
        user = rule_user(replace(wanted, targets=frozenset({0})), bench(), 7)
        user.open()
        assert user.standing.facts[0] == wanted.mistake
        for turn in range(2):
            user.reply(Turn(turn + 1, "", (), "", None, UserProfile(), ()))
        assert wanted.mistake not in user.standing.facts
        assert wanted.facts[0] in user.standing.facts
