"""The explanation checks find nothing where all is well, and everything where it is not."""

from __future__ import annotations

import json
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from assistant.explanation import Explainer
from assistant.grounding import Grounding
from assistant.state import Constraint, Evidence, Fact, Opinion, Preference, UserProfile
from evaluation.explaining import bench as explaining
from evaluation.explaining.bench import ExplainConfig, bench_explain
from evaluation.explaining.checking import disagreements, grounds_of, unsupported
from evaluation.explaining.drawing import KINDS, draw
from evaluation.explaining.faithfulness import CITED, deletions
from evaluation.explaining.lying import Lie, lies_for
from evaluation.explaining.report import ExplainReport
from evaluation.explaining.serving import Served, serve
from evaluation.explaining.shares import share
from evaluation.explaining.telling import tell
from tests.evaluation import small_library
from tests.scripted_model import ScriptedChatModel

LIBRARY = small_library.bench().parts
CATALOG = LIBRARY.catalog
CONFIG = small_library.bench().config
SMALL = ExplainConfig(requests=16, seed=3)


@cache
def report() -> ExplainReport:
    return bench_explain(LIBRARY, CONFIG, SMALL)


@cache
def served() -> tuple[Served, ...]:
    return tuple(serve(LIBRARY, CONFIG, drawn) for drawn in draw(CATALOG, 16, 3))


def test_people_are_drawn_again_from_the_seed() -> None:
    assert draw(CATALOG, 12, 1) == draw(CATALOG, 12, 1) != draw(CATALOG, 12, 2)
    drawn = draw(CATALOG, 40, 1)
    assert [one.kind for one in drawn[:4]] == list(KINDS)
    for one in drawn:
        held = {opinion.item_id for opinion in one.profile.likes}
        assert not held & {opinion.item_id for opinion in one.profile.dislikes}
        assert bool(one.profile.topics) == (one.kind == "words")


def test_every_promise_is_kept_by_the_product() -> None:
    found = report()
    assert found.broken() == ()
    shown = next(row for row in found.faithfulness if row.kind == "all")
    assert shown.score_falls.n > 20
    assert shown.score_falls.hits == shown.score_falls.n
    assert all(lies.caught.hits == lies.caught.n > 0 for lies in found.lies)


def test_two_runs_say_the_same_but_for_seconds() -> None:
    first, second = (bench_explain(LIBRARY, CONFIG, SMALL).to_json() for _ in range(2))
    assert first.pop("seconds") is not second.pop("seconds")
    assert json.dumps(first) == json.dumps(second)
    assert "every promise kept" in report().to_text()


def test_without_the_rule_reasons_that_move_nothing_are_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test can fail: it does, where every term that raised a score is cited."""
    from assistant import slates

    whole = slates.evidence_for
    monkeypatch.setattr(slates, "evidence_for", lambda *given: whole(*given[:5]))
    found = bench_explain(LIBRARY, CONFIG, SMALL)
    after = next(row for row in found.faithfulness if row.kind == "all")
    before = next(row for row in report().faithfulness if row.kind == "all")
    assert after.place_falls.value < before.place_falls.value
    assert found.failures


def test_a_deletion_is_of_what_is_cited() -> None:
    for one in served():
        for deletion in deletions(one, CATALOG, LIBRARY.ranker):
            assert deletion.kind in CITED
            assert one.scored[deletion.place - 1].score == deletion.score


def test_a_broken_promise_is_named() -> None:
    lies = tuple(replace(row, shown=("x",)) for row in report().lies[:1])
    assert replace(report(), lies=lies).broken() == (f"lies shown: {lies[0].kind}",)


def test_templates_pass_both_checks() -> None:
    grounding, explainer = Grounding(CATALOG), Explainer(CATALOG)
    for one in served():
        for statement in tell(one, explainer, grounding, CATALOG).statements:
            assert not statement.refused_by_product, statement
            assert not statement.unsupported, statement
            assert not statement.disagreements, statement


def test_a_models_words_are_counted() -> None:
    one = next(one for one in served() if len(one.evidence) == 2)
    model = ScriptedChatModel(["1: {pick} suits you.\n2: {pick} won an Oscar.\n"])
    told = tell(one, Explainer(CATALOG, model), Grounding(CATALOG), CATALOG)
    assert (told.picks, told.accepted) == (2, 1)
    assert [s.where for s in told.statements if s.where == "reply"] == ["reply", "reply"]


PROFILE = UserProfile(
    likes=(Opinion("b1", "Amber Lantern", 1),),
    dislikes=(Opinion("b2", "Amber Meadow", 1),),
    preferences=(Preference("genre", "horror", -1.0, 1, "horror"),),
    constraints=(Constraint("genre", "!=", "romance", 1, "no romance"),),
)
EVIDENCE = Evidence(1, "b0", (Fact("collaborative", likes=("b1",)),))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("People who liked Amber Lantern also liked it", ()),
        ("By Author Number0, from 1960, 100 pages long.", ()),
        ("No romance, as you asked", ()),
        ("Both Amber Lantern and it are by Author Number0", ()),
        ("From 1961", ("1961",)),
        ("People like Cobalt Sparrow", ("Cobalt", "Sparrow")),
        ("Jonas Verhoeven wrote it", ("Jonas", "Verhoeven")),
        ("It says “a horror tale”", ("a horror tale",)),
    ],
)
def test_what_stands_nowhere_is_unsupported(text: str, wrong: tuple[str, ...]) -> None:
    assert unsupported(text, grounds_of(EVIDENCE, PROFILE, CATALOG)) == wrong


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("People who liked Amber Lantern also liked it; no romance, as you asked", ()),
        ("Like Amber Meadow, which you loved", ("disliked: Amber Meadow",)),
        ("plenty of horror", ("refused: horror",)),
        ("romance, as you asked", ("refused: romance",)),
    ],
)
def test_what_the_person_refused_is_no_recommendation(text: str, wrong: tuple[str, ...]) -> None:
    assert disagreements(text, grounds_of(EVIDENCE, PROFILE, CATALOG), CATALOG) == wrong


def test_a_like_that_is_not_in_the_profile_is_noticed() -> None:
    evidence = Evidence(1, "b0", (Fact("collaborative", likes=("b5",)),))
    grounds = grounds_of(evidence, PROFILE, CATALOG)
    assert disagreements("Fine", grounds, CATALOG) == ("not liked: b5",)


def test_a_lie_that_comes_through_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bench can fail: a harmless sentence in place of lies is shown, and counted."""
    plain = Lie("harmless", "{pick} suits you.")
    monkeypatch.setattr(explaining, "lies_for", lambda evidence, *_: (plain,) * len(evidence))
    found = bench_explain(LIBRARY, CONFIG, ExplainConfig(requests=4))
    assert [(row.kind, row.caught.hits) for row in found.lies] == [("harmless", 0)]
    assert found.broken()[-1] == "lies shown: harmless"


def test_every_kind_of_lie_is_told() -> None:
    rng = np.random.default_rng(0)
    told = {
        lie.kind
        for first in range(12)
        for lie in lies_for([EVIDENCE], PROFILE, CATALOG, rng, first)
    }
    assert len(told) == 12


def test_a_share_of_all_has_a_bound_below_one() -> None:
    found = share([[True, True], [True], []], seed=0)
    assert (found.hits, found.n, found.people, found.high) == (3, 3, 2, 1.0)
    assert share([[True]] * 30, 0).low == pytest.approx(0.9)
    assert share([[False]] * 30, 0).high == pytest.approx(0.1)
    half = share([[True], [False]] * 20, 0)
    assert half.low < 0.5 < half.high
    assert str(share([], 0)) == "none"
