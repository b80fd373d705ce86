"""How well refusals work: a film is wished for without something that the first picks have.

    python benchmarks/negation.py --home HOME [--cases 300] [--seed 0] [--json]
    python benchmarks/negation.py --home HOME --quick

A case is a message over the film demo in HOME whose answer is known: a request written for a film
that no model was trained on, two wishes of its own values, or "something like" the film that a
person met before it. Each case refuses one value that some of the first five have and the answer
lacks. The refusal is a condition, a soft avoidance, words alone (in all the text that is searched
for and ranked by, or in the text of the reranker only), or said in the message and understood.
Every way is set beside the same request without the refusal.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng
from tqdm import tqdm

from assistant.engine import Assistant
from assistant.home import open_assistant
from assistant.parts import Parts
from assistant.profile import update_profile
from assistant.query import build_request
from assistant.settings import load_settings
from assistant.state import Context, Preference, UserProfile
from catalog import Catalog, Constraint
from evaluation.metrics import Interval, bootstrap, ndcg
from ranking.diversity import DiversityConfig, diversify
from ranking.reranker import RerankerConfig, load_reranker
from ranking.reranker_data import Wanted, read_requests, split_of
from ranking.scoring import Request, Reranker
from retrieval.query import Rows
from retrieval.retrieve import retrieve_all

REQUESTS = Path(__file__).parents[1] / "ranking" / "data" / "film_requests.jsonl"
KINDS = ("written", "wishes", "like")
LIKED = 4.0
TOP, DEEP = 5, 10
# Nobody refuses what most of a catalogue is.
COMMON = 0.3


@dataclass(frozen=True, slots=True)
class Case:
    """A message, its answer, and what is refused.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    text : str
        The message without the refusal.
    profile : UserProfile
        What is understood of it.
    target : int
        Row of the answer, which lacks the refused value.
    facet, value : str
        What is refused: some of the first five have it.
    """

    kind: str
    text: str
    profile: UserProfile
    target: int
    facet: str
    value: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one way of refusing did: how many of the first five have the value, and NDCG@10."""

    refused: int
    gain: float
    understood: bool = True


class Bench:
    """Ranks as a turn does, through the parts of one assistant."""

    def __init__(self, assistant: Assistant, reranker: Reranker) -> None:
        self.parts: Parts = assistant._parts  # pyright: ignore[reportPrivateUsage]
        self.catalog: Catalog = assistant.catalog
        self._reranker = reranker

    def read(self, message: str) -> UserProfile:
        """Return the profile after `message` as a first turn."""
        understood = self.parts.understander.understand(message, Context(1))
        return update_profile(UserProfile(), understood, 1)

    def request(self, profile: UserProfile, words: str = "") -> Request:
        """Return the request of `profile`, with `words` added to the text."""
        request = build_request(profile, self.catalog)
        if not words:
            return request
        text = ", ".join(filter(None, (request.query.text, words)))
        return replace(request, query=replace(request.query, text=text))

    def slate(self, request: Request) -> list[int]:
        """Return the first ten rows of a turn, in the order of the slate."""
        rows = retrieve_all(request.query, self.parts.retrievers, self.catalog).rows
        scored = self.parts.ranker.rank(request, rows).scored
        chosen = diversify(scored, self.parts.vectors, DEEP, DiversityConfig())
        return [entry.row for entry in chosen]

    def read_order(self, pool: Rows, text: str) -> list[int]:
        """Return the first ten of `pool` by the reranker alone."""
        order = np.lexsort((pool, -self._reranker.score(text, pool)))
        return pool[order[:DEEP]].tolist()

    def outcome(self, case: Case, ranking: Sequence[int], *, understood: bool = True) -> Outcome:
        """Return how `ranking` does on `case`."""
        having = set(self.catalog.facets.rows_with(case.facet, case.value).tolist())
        refused = sum(row in having for row in ranking[:TOP])
        return Outcome(refused, ndcg(ranking, {case.target}, DEEP), understood)


def messages(
    kind: str, wanted: Sequence[Wanted], catalog: Catalog, random: Generator
) -> tuple[str, int]:
    """Return a message of `kind` and the row of its answer."""
    item = wanted[int(random.integers(len(wanted)))]
    if kind == "written":
        return str(random.choice(item.requests)), item.row
    if kind == "wishes":
        own = [
            value
            for facet in catalog.schema.facets
            if facet.kind == "category" and facet.in_text and facet.stance == "prefer"
            for value in catalog.items[item.row].labels.get(facet.name, ())
        ]
        chosen = random.choice(own, min(2, len(own)), replace=False) if own else ["good"]
        return f"something {' and '.join(chosen)}", item.row
    met = catalog.interactions
    while True:
        mine = np.flatnonzero((met.user == random.integers(len(met.users))) & (met.value >= LIKED))
        if len(mine) > 1:
            at = int(random.integers(1, len(mine)))
            before, after = met.row[mine[at - 1 : at + 1]].tolist()
            return f"something like {catalog.name(before)}", after


def refusable(
    catalog: Catalog, profile: UserProfile, text: str, target: int, first: Sequence[int]
) -> list[tuple[str, str]]:
    """Return the values that some of `first` have, the answer is known to lack, and none spoke of.

    Sorted, so that a seeded draw from them is the same everywhere.
    """
    said = text.casefold()
    wished = {row.value.casefold() for row in profile.preferences}
    wished |= {str(row.value).casefold() for row in profile.constraints}
    own = catalog.items[target].labels
    return sorted(
        {
            (facet.name, value)
            for facet in catalog.schema.facets
            if facet.kind in ("category", "people") and own.get(facet.name)
            for row in first
            for value in catalog.items[row].labels.get(facet.name, ())
            if value not in own[facet.name]
            and value.casefold() not in said
            and value.casefold() not in wished
            and len(catalog.facets.rows_with(facet.name, value)) <= COMMON * len(catalog)
        }
    )


def draw(bench: Bench, wanted: Sequence[Wanted], count: int, seed: int) -> list[Case]:
    """Return `count` cases, as many of each kind; facets are drawn evenly, then values."""
    catalog, random = bench.catalog, default_rng(seed)
    cases: list[Case] = []
    while len(cases) < count:
        kind = KINDS[len(cases) % len(KINDS)]
        text, target = messages(kind, wanted, catalog, random)
        profile = bench.read(text)
        held = [catalog.row(opinion.item_id) for opinion in profile.likes]
        if target in held or (kind == "like" and len(held) != 1):
            continue
        if not catalog.facets.satisfies(target, profile.constraints):
            continue
        first = bench.slate(bench.request(profile))[:TOP]
        values = refusable(catalog, profile, text, target, first)
        if len(first) < TOP or not values:
            continue
        facet = str(random.choice(sorted({name for name, _ in values})))
        value = str(random.choice([value for name, value in values if name == facet]))
        cases.append(Case(kind, text, profile, target, facet, value))
    return cases


def said_without(case: Case, catalog: Catalog) -> tuple[str, str]:
    """Return the message with its refusal, firm and soft, as people say them."""
    facet, value = catalog.schema.facet(case.facet), case.value
    if facet.kind == "people":
        firm, soft = f"without {value}", f"not a fan of {value}"
    elif facet.stance == "require":
        phrase = facet.phrase.format(value=value)
        firm, soft = f"but not {phrase}", f"preferably not {phrase}"
    else:
        firm, soft = f"but no {value}", f"not too {value}"
    return f"{case.text}, {firm}", f"{case.text}, {soft}"


def ways(bench: Bench, case: Case) -> dict[str, Outcome]:
    """Return the outcome of every way of refusing, and of none."""
    facet, value, profile = case.facet, case.value, case.profile
    condition = Constraint(facet, "!=", value, 1, value)
    hard = replace(profile, constraints=(*profile.constraints, condition))
    wish = Preference(facet, value, -1.0, 1, value)
    soft = replace(profile, preferences=(*profile.preferences, wish))
    alone = f"not {value}"
    plain = bench.request(profile)
    pool = retrieve_all(plain.query, bench.parts.retrievers, bench.catalog).rows
    text = plain.query.text or case.text
    found = {
        "without": bench.outcome(case, bench.slate(plain)),
        "condition": bench.outcome(case, bench.slate(bench.request(hard))),
        "avoidance": bench.outcome(case, bench.slate(bench.request(soft))),
        "words everywhere": bench.outcome(case, bench.slate(bench.request(profile, alone))),
        "reranker without": bench.outcome(case, bench.read_order(pool, text)),
        "reranker with words": bench.outcome(case, bench.read_order(pool, f"{text}, {alone}")),
    }
    for way, message in zip(
        ("said", "said softly"), said_without(case, bench.catalog), strict=True
    ):
        said = bench.read(message)
        held = {(row.facet, row.value) for row in said.constraints if row.op == "!="}
        held |= {(row.facet, row.value) for row in said.preferences if row.weight < 0}
        slate = bench.slate(bench.request(said))
        found[way] = bench.outcome(case, slate, understood=(facet, value) in held)
    return found


def report(cases: Sequence[Case], outcomes: Sequence[dict[str, Outcome]], seed: int) -> object:
    """Return the figures by way: share of clear slates, NDCG@10, and what the refusal cost."""
    found: dict[str, object] = {}
    for way in outcomes[0]:
        base = "reranker without" if way.startswith("reranker") else "without"
        gains = np.array([entry[way].gain for entry in outcomes])
        before = np.array([entry[base].gain for entry in outcomes])
        clear = np.array([entry[way].refused == 0 for entry in outcomes])
        parts = {kind: [case.kind == kind for case in cases] for kind in KINDS}
        facets = dict.fromkeys(case.facet for case in cases)
        parts |= {name: [case.facet == name for case in cases] for name in facets}
        found[way] = {
            "none_in_top_5": _shown(bootstrap(clear, seed)),
            "refused_in_top_5": round(float(np.mean([e[way].refused for e in outcomes])), 3),
            "ndcg10": _shown(bootstrap(gains, seed)),
            "ndcg10_against_without": _shown(bootstrap(gains - before, seed)),
            "understood": round(float(np.mean([e[way].understood for e in outcomes])), 3),
            "none_in_top_5_by": {
                name: round(float(clear[mine].mean()), 3)
                for name, mine in parts.items()
                if any(mine)
            },
        }
    return found


def _shown(interval: Interval) -> list[float]:
    return [round(value, 3) for value in (interval.mean, interval.low, interval.high)]


def run(assistant: Assistant, reranker: Reranker, count: int, seed: int) -> dict[str, object]:
    """Return the report over `count` cases, and the cases in which a refusal did not work."""
    bench = Bench(assistant, reranker)
    every = read_requests(REQUESTS, bench.catalog)
    wanted = [one for one in every if split_of(bench.catalog.items[one.row].item_id) == "test"]
    cases = draw(bench, wanted, count, seed)
    outcomes = [ways(bench, case) for case in tqdm(cases, disable=None)]
    failed = [
        {"way": way, "text": case.text, "refused": f"{case.facet}: {case.value}"}
        | {"in_top_5": entry[way].refused, "understood": entry[way].understood}
        for case, entry in zip(cases, outcomes, strict=True)
        for way in ("condition", "avoidance", "said", "said softly")
        if entry[way].refused
    ]
    return {
        "cases": len(cases),
        "seed": seed,
        "ways": report(cases, outcomes, seed),
        "failed": failed,
    }


def table(found: dict[str, object]) -> str:
    """Return the figures as lines, without the failed cases."""
    lines = [f"{found['cases']} cases, seed {found['seed']}; mean [95% interval]"]
    lines.append(f"{'':<21}{'none of top 5':<24}{'NDCG@10':<24}{'against without':<26}understood")
    ways_found: dict[str, dict[str, object]] = found["ways"]  # pyright: ignore
    for way, row in ways_found.items():
        cells = [row["none_in_top_5"], row["ndcg10"], row["ndcg10_against_without"]]
        shown = "".join(f"{c[0]:.3f} [{c[1]:.3f}, {c[2]:.3f}]".ljust(25) for c in cells)  # pyright: ignore
        lines.append(f"{way:<21}{shown}{row['understood']}")
    return "\n".join(lines)


def main() -> None:
    """Run what the arguments ask for and print it."""
    parser = argparse.ArgumentParser(description="How well refusals work in ranking.")
    parser.add_argument("--home", type=Path, required=True, help="a home with the film demo")
    parser.add_argument("--cases", type=int, default=300)
    parser.add_argument("--quick", action="store_true", help="30 cases")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="JSON, with the cases that failed")
    options = parser.parse_args()
    settings = load_settings(home=options.home)
    assistant = open_assistant(settings)
    reranker = load_reranker(RerankerConfig(), assistant.catalog, options.home / "models")
    found = run(assistant, reranker, 30 if options.quick else options.cases, options.seed)
    print(json.dumps(found, indent=1) if options.json else table(found))


if __name__ == "__main__":
    main()
