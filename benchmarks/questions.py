"""Whether questions pay: what the policy expects of an answer, against the turn that follows it.

    python benchmarks/questions.py --home HOME [--turns 200] [--seed 0]

Simulates first turns over the catalogue in HOME: a bare request, a liked item, a wished value, or
two of these. For every question that the schema has, the slate that each offered answer really
leads to (a whole turn) is compared with the estimate on the pool, for several weights of an
answer's words (`PolicyConfig.words`); then, for several thresholds (`PolicyConfig.least_change`),
how often a question would be asked and how much its answers really replace.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.random import Generator, default_rng
from tqdm import tqdm

from assistant.engine import Assistant
from assistant.events import Finished
from assistant.home import open_assistant
from assistant.policy import PolicyConfig, Prospect, prospects
from assistant.query import build_request
from assistant.settings import load_settings
from assistant.state import Session
from catalog import Catalog
from retrieval.retrieve import retrieve_all

WORDS = (1.0, 2.0, 3.0, 4.0, 6.0)
THRESHOLDS = (0.4, 0.5, 0.6, 0.65, 0.7, 0.75, 0.8)
KINDS = ("bare", "liked", "wish", "both")


@dataclass(frozen=True, slots=True)
class Trial:
    """One question of one first turn: estimates by weight of words, and what really happened."""

    kind: str
    facet: str
    shares: tuple[float, ...]
    expected: tuple[tuple[float, ...], ...]
    real: tuple[float, ...]


def first_words(catalog: Catalog, random: Generator) -> tuple[str, str]:
    """Return a first message and its kind.

    Items are drawn by how many met them, values by how common they are among those.
    """
    schema = catalog.schema
    weights = (catalog.popularity + 1) / (catalog.popularity + 1).sum()
    item = catalog.items[int(random.choice(len(catalog), p=weights))]
    facets = [
        f for f in schema.facets if f.kind in ("category", "people") and f.name in item.labels
    ]
    facet = facets[int(random.integers(len(facets)))]
    value = facet.phrase.replace("{value}", str(random.choice(item.labels[facet.name])))
    liked = catalog.items[int(random.choice(len(catalog), p=weights))].title
    messages = (
        f"recommend me a {schema.noun}",
        f"I liked {liked}",
        f"a {schema.noun} {value}",
        f"I liked {liked}, now a {schema.noun} {value}",
    )
    place = int(random.choice(4, p=(0.1, 0.35, 0.35, 0.2)))
    return KINDS[place], messages[place]


def take(assistant: Assistant, session: Session, words: str) -> Session:
    """Take one turn and return the longer session."""
    for event in assistant.respond(session, words):
        if isinstance(event, Finished):
            return event.session
    raise AssertionError("a turn always finishes")


def answered(assistant: Assistant, words: str, answer: str) -> set[str]:
    """Return the slate of a conversation of two turns."""
    session = take(assistant, assistant.start(), words)
    return set(take(assistant, session, answer).slate)


def trials(assistant: Assistant, kind: str, words: str, k: int) -> list[Trial]:
    """Return what every question after `words` was expected to do and did."""
    session = take(assistant, assistant.start(), words)
    parts, catalog = assistant._parts, assistant.catalog  # pyright: ignore[reportPrivateUsage]
    request = build_request(session.profile, catalog)
    rows = retrieve_all(request.query, parts.retrievers, catalog).rows
    scored = parts.ranker.rank(request, rows).scored
    before = set(session.slate)
    if len(before) < k:
        return []
    estimates: list[tuple[Prospect, ...]] = [
        prospects(scored, catalog, parts.ranker, k, PolicyConfig(words=weight)) for weight in WORDS
    ]
    found: list[Trial] = []
    for same in zip(*estimates, strict=True):
        slates = [answered(assistant, words, answer) for answer in same[0].question.options]
        found.append(
            Trial(
                kind,
                same[0].question.facet,
                same[0].shares,
                tuple(one.changes for one in same),
                tuple(len(before - after) / k for after in slates),
            )
        )
    return found


def report(found: list[list[Trial]]) -> dict[str, object]:
    """Return the figures: error of the estimate, and what each threshold would have asked."""
    every = [trial for turn in found for trial in turn]
    real = np.concatenate([trial.real for trial in every])
    fits = {
        str(weight): {
            "mean_expected": round(float(np.mean(guess)), 3),
            "mean_absolute_error": round(float(np.abs(guess - real).mean()), 3),
            "correlation": round(float(np.corrcoef(guess, real)[0, 1]), 3),
        }
        for place, weight in enumerate(WORDS)
        for guess in [np.concatenate([trial.expected[place] for trial in every])]
    }
    return {
        "turns": len(found),
        "answers": len(real),
        "mean_real": round(float(real.mean()), 3),
        "by_facet": {
            name: round(
                float(np.mean([np.dot(t.shares, t.real) for t in every if t.facet == name])), 3
            )
            for name in dict.fromkeys(t.facet for t in every)
        },
        "estimate_by_words": fits,
        "asked": [asked(found, least) for least in THRESHOLDS],
    }


def asked(found: list[list[Trial]], least: float) -> dict[str, object]:
    """Return what the shipped weight of words would have asked, and what the answers did."""
    place = WORDS.index(PolicyConfig().words)
    outcomes: list[tuple[Trial, float]] = []
    for turn in found:
        best = max(turn, key=lambda trial: float(np.dot(trial.shares, trial.expected[place])))
        if np.dot(best.shares, best.expected[place]) >= least:
            outcomes.append((best, float(np.dot(best.shares, best.real))))
    real = np.array([change for _, change in outcomes])
    answers = np.concatenate([trial.real for trial, _ in outcomes])
    kinds = {
        kind: [turn for turn in found if turn[0].kind == kind]
        for kind in dict.fromkeys(turn[0].kind for turn in found)
    }
    return {
        "least_change": least,
        "asked": round(len(outcomes) / len(found), 3),
        "asked_by_kind": {
            kind: round(sum(t.kind == kind for t, _ in outcomes) / len(turns), 3)
            for kind, turns in kinds.items()
        },
        "asked_of": {
            name: sum(trial.facet == name for trial, _ in outcomes)
            for name in dict.fromkeys(trial.facet for trial, _ in outcomes)
        },
        "replaced": round(float(real.mean()), 3),
        "answers_that_replace_2_of_5": round(float((answers >= 0.4).mean()), 3),
        "answers_that_replace_nothing": round(float((answers == 0).mean()), 3),
    }


def main() -> int:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description="Whether questions pay.")
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    wanted = parser.parse_args()
    assistant = open_assistant(load_settings(home=wanted.home))
    random = default_rng(wanted.seed)
    lines = [first_words(assistant.catalog, random) for _ in range(wanted.turns)]
    found = [trials(assistant, kind, line, 5) for kind, line in tqdm(lines)]
    json.dump(report([turn for turn in found if turn]), sys.stdout, indent=1)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
