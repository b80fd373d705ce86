"""What writers wrote is counted as it is, and what one learns from holds."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

from assistant.grounding import Grounding
from assistant.writer.pairs import Pair, read_pairs, write_pairs
from evaluation.explaining.blind import write_blind_page
from evaluation.explaining.drawing import draw
from evaluation.explaining.prose import Prose, measure_prose
from evaluation.explaining.serving import Served, serve
from evaluation.explaining.shops import invented_evidence, invented_shops
from evaluation.explaining.teaching import composed_pairs
from tests.evaluation import small_library
from tests.scripted_model import ScriptedChatModel

LIBRARY = small_library.bench().parts
CATALOG = LIBRARY.catalog
CONFIG = small_library.bench().config


@cache
def slates() -> tuple[Served, ...]:
    served = [serve(LIBRARY, CONFIG, drawn) for drawn in draw(CATALOG, 12, 3)]
    return tuple(one for one in served if len(one.evidence) > 1)


def _measured(model: ScriptedChatModel | None) -> Prose:
    return measure_prose("w", model, slates(), CATALOG, lambda _: True, 5.0, 0)


def test_templates_pass_and_tell_reasons() -> None:
    found = _measured(None)
    assert found.sentences.value == found.picks.value == found.placeholders.value == 1.0
    assert found.sentences.n >= sum(len(one.evidence) for one in slates())
    assert found.used.value > 0.5
    assert all("{pick}" in telling.text for telling in found.tellings)


def test_what_a_model_writes_is_judged_before_templates_mend_it() -> None:
    model = ScriptedChatModel(
        ["1: {pick} suits you. It won 7 Oscars.\n2: {like9} is like {pick}.\n"]
    )
    found = _measured(model)
    assert found.sentences.value == pytest.approx(1 / 3)
    assert found.picks.hits == found.mended.hits == 0
    assert found.unseen == found.sentences
    assert found.placeholders.hits == len(slates())  # of the first of each slate
    assert found.opening in ("{pick} suits you.", "{like9} is like")
    assert found.to_json()["opening_share"] == pytest.approx(
        len(slates()) / sum(len(one.evidence) for one in slates())
    )
    assert "seconds" not in found.to_json()


def test_what_telling_again_mends_is_counted_by_itself() -> None:
    bad = "".join(f"{n}: {{pick}} won 7 Oscars.\n" for n in range(1, 6))
    good = bad.replace("won 7 Oscars", "suits you")
    found = _measured(ScriptedChatModel([bad, good] * len(slates())))
    assert found.picks.hits == 0
    assert found.mended.hits == found.mended.n
    assert all(telling.refused for telling in found.tellings)


def test_alike_openings_are_seen() -> None:
    told = "".join(f"{n}: {{pick}} suits you.\n" for n in range(1, 6))
    assert _measured(ScriptedChatModel([told])).alike.value == 1.0


def test_the_blind_page_hides_who_wrote_what(tmp_path: Path) -> None:
    first, second = (replace(_measured(None), writer=name) for name in ("left", "right"))
    evidence = [one for served in slates() for one in served.evidence]
    write_blind_page(tmp_path / "p.html", evidence, (first, second), CATALOG, pairs=4)
    page = (tmp_path / "p.html").read_text(encoding="utf-8")
    asked, key = page.split("<details>")
    assert asked.count("<section>") == 4
    assert not re.search("left|right", asked.split("</style>")[1])
    assert key.count("left") == key.count("right") == 4
    assert "{pick}" not in page
    write_blind_page(tmp_path / "q.html", evidence, (first, second), CATALOG, pairs=4)
    assert (tmp_path / "q.html").read_text(encoding="utf-8") == page  # seeded


def test_composed_pairs_hold_and_come_again_from_the_seed(tmp_path: Path) -> None:
    pairs = tuple(composed_pairs(LIBRARY, CONFIG, 6, 4, seed=2))
    assert pairs == tuple(composed_pairs(LIBRARY, CONFIG, 6, 4, seed=2))
    assert len({pair.noun for pair in pairs}) > 6
    for pair in pairs:
        for way, text in pair.tellings:
            assert 1 <= way <= 9
            assert text.count("{pick}") == 1
            assert set(re.findall(r"\{like\d\}", text)) <= set(re.findall(r"\{like\d\}", str(pair)))
    assert write_pairs(pairs, tmp_path / "p.jsonl") == len(pairs)
    assert tuple(read_pairs(tmp_path / "p.jsonl")) == pairs
    assert all(isinstance(pair, Pair) for pair in pairs)


def test_invented_evidence_is_true_of_its_item() -> None:
    import random

    rng = random.Random(0)
    for shop in invented_shops():
        grounding = Grounding(shop)
        for _ in range(6):
            evidence = invented_evidence(shop, rng)
            item = shop.item(evidence.item_id)
            for fact in evidence.facts:
                if fact.kind in ("preference", "shared"):
                    assert set(fact.values) <= set(item.labels[fact.facet])
                if fact.kind == "constraint" and fact.values[0].startswith("no "):
                    assert fact.values[0][3:] not in item.labels.get(fact.facet, ())
            assert grounding.check("Here is {pick}.", evidence).ok
