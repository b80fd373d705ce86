"""Pairs of briefs and tellings, composed for evidence as it is served: what a writer learns from.

Owns: `composed_pairs`. Does not own: the people (`evaluation.explaining.drawing`), the shops
(`evaluation.explaining.shops`), the wordings (`assistant.writer.compose`) or the training
(`assistant.writer.train_writer`).

Every telling has passed the product's check against its own evidence. Films that
`assistant.writer.pairs.held_out` names are left out, and the example shop is no part of it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from assistant.grounding import Grounding
from assistant.parts import EngineConfig, Parts
from assistant.phrasebook import phrasebook
from assistant.sentences import SentenceSplitter
from assistant.state import Evidence, Fact
from assistant.writer.brief import WAYS, Line, lines_of, plan
from assistant.writer.compose import compose
from assistant.writer.pairs import Pair, held_out
from catalog import Catalog
from catalog.progress import Progress, silent
from evaluation.explaining.drawing import draw
from evaluation.explaining.serving import serve
from evaluation.explaining.shops import invented_evidence, invented_shops

_TELLINGS = 2
_MOST_LINES = 3


def composed_pairs(
    parts: Parts,
    config: EngineConfig,
    requests: int,
    for_each_shop: int,
    seed: int,
    progress: Progress = silent,
) -> Iterator[Pair]:
    """Yield pairs about what `requests` people are shown, then about invented shops; seeded."""
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    catalog = parts.catalog
    for at, drawn in enumerate(draw(catalog, requests, seed)):
        told = [one for one in serve(parts, config, drawn).evidence if not held_out(one.item_id)]
        varied = (_in_other_words(one, catalog, rng) for one in told)
        yield from _pairs(varied, catalog, rng)
        progress("composing", at + 1, requests)
    for shop in invented_shops():
        invented = (invented_evidence(shop, rng) for _ in range(for_each_shop))
        yield from _pairs(invented, shop, rng)


def _pairs(told: Iterable[Evidence], catalog: Catalog, rng: random.Random) -> Iterator[Pair]:
    schema, grounding = catalog.schema, Grounding(catalog)
    for evidence in told:
        lines = _chosen(lines_of(evidence, catalog, phrasebook("en", schema)), rng)
        tellings: list[tuple[int, str]] = []
        for way in rng.sample(range(1, WAYS), WAYS - 1) if lines else ():
            text = compose(lines, way)
            if len(tellings) < _TELLINGS and _holds(text, evidence, grounding):
                tellings.append((way, text))
        if tellings:
            brief = tuple(map(str, lines))
            yield Pair("composed", evidence.item_id, schema.noun, brief, tuple(tellings))


def _chosen(lines: Sequence[Line], rng: random.Random) -> tuple[Line, ...]:
    """Return what to tell: half the time as when served, else any of it in any order."""
    if rng.random() < 0.5:
        return plan(lines, rng.randrange(1, WAYS))
    reasons: list[Line] = []
    for line in rng.sample(lines, len(lines)):
        new = all(line.facet != other.facet or line.kind != other.kind for other in reasons)
        if new and line.kind not in ("has", "about"):
            reasons.append(line)
    told = reasons[: rng.choice((1, 2, 2, 3))]
    known = [
        line for line in lines if line.kind == "has" and line.facet not in {o.facet for o in told}
    ]
    if known and (not told or rng.random() < 0.25):
        told.append(rng.choice(known))
    about = [line for line in lines if line.kind == "about"]
    if about and rng.random() < 0.55:
        told.insert(rng.randint(0, len(told)), about[0])
    return tuple(told[:_MOST_LINES])


def _holds(text: str, evidence: Evidence, grounding: Grounding) -> bool:
    splitter = SentenceSplitter()
    return all(
        grounding.check(one, evidence).ok for one in (*splitter.feed(text), *splitter.close())
    )


def _in_other_words(evidence: Evidence, catalog: Catalog, rng: random.Random) -> Evidence:
    """Return `evidence` with bounds as people say them: those of drawn people are all alike."""

    def said(fact: Fact) -> Fact:
        facet = catalog.schema.facet(fact.facet) if fact.facet else None
        if fact.kind != "constraint" or len(fact.values) < 2 or facet is None:
            return fact
        number = catalog.item(evidence.item_id).numbers[facet.name]
        words = _bounds(int(number), rng, year=facet.role == "year")
        return replace(fact, values=(fact.values[0], rng.choice(words)))

    return replace(evidence, facts=tuple(map(said, evidence.facts)))


def _bounds(number: int, rng: random.Random, *, year: bool) -> list[str]:
    near = rng.randint(1, 12)
    if year:
        decade = number // 10 * 10
        return [
            f"after {number - near}", f"since {number - near}", f"before {number + near}",
            f"newer than {number - near}", f"at least {number - near + 1}",
            f"{number - near + 1} or newer", f"from the {decade}s", f"{decade}s",
        ]  # fmt: skip
    words = [
        f"at least {number - near} min", f"at most {number + near} minutes",
        f"under {number + near} minutes", f"{(number // 10 + 1) * 10} minutes at most",
    ]  # fmt: skip
    if number < 120:
        words += ["under two hours", "two hours at most"]
    return words + (["less than three hours"] if number < 180 else [])
