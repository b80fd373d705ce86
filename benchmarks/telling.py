"""How long a person waits for the embedded model's prose while somebody else converses.

    python benchmarks/telling.py --home HOME [--slates 16] [--calm]

Serves slates from the home and lets the embedded model explain them, a second conversation's turns
running all the while in another thread; ``--calm`` leaves the second conversation out.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from statistics import median
from threading import Event, Thread
from time import perf_counter

from assistant.embedded import EmbeddedChatModel
from assistant.explanation import Explainer, ExplanationConfig
from assistant.home import Home
from assistant.settings import load_settings
from assistant.state import Session, Understanding
from evaluation.explaining.drawing import draw
from evaluation.explaining.serving import open_parts, serve


def main() -> None:
    """Measure, and print one JSON object."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, required=True)
    asked.add_argument("--slates", type=int, default=16)
    asked.add_argument("--threads", type=int, default=2)
    asked.add_argument("--calm", action="store_true")
    given = asked.parse_args()
    settings = load_settings(home=given.home)
    parts, config = open_parts(settings)
    model = EmbeddedChatModel(threads=given.threads, folder=Home(given.home).models)
    slates = [serve(parts, config, drawn) for drawn in draw(parts.catalog, given.slates, 5)]
    slates = [served for served in slates if len(served.evidence) == 5]
    explainer = Explainer(parts.catalog, model, ExplanationConfig(deadline_s=60))
    others, over, turns = draw(parts.catalog, 50, 99), Event(), [0]

    def converse() -> None:
        while not over.is_set():
            serve(parts, config, others[turns[0] % len(others)])
            turns[0] += 1

    first: list[float] = []
    whole: list[float] = []
    told = 0
    for at, served in enumerate([slates[0], *slates]):
        if at == 1 and not given.calm:
            Thread(target=converse, daemon=True).start()
        started = perf_counter()
        writing = explainer.begin(
            Session("telling"), served.turn, Understanding(("request",)), served.evidence
        )
        pieces = writing.pieces()
        next(pieces)  # the opening, which waits for nothing
        next(pieces)
        if at:  # the first slate loads the model
            first.append(perf_counter() - started)
        list(pieces)
        if at:
            whole.append(perf_counter() - started)
            told += writing.accepted
    over.set()
    print(
        json.dumps(
            {
                "slates": len(slates),
                "calm": given.calm,
                "first_s_p50": round(median(first), 2),
                "slate_s_p50": round(median(whole), 2),
                "slate_s_max": round(max(whole), 2),
                "picks_in_own_words": round(told / (5 * len(slates)), 3),
                "other_turns": turns[0],
            }
        )
    )


if __name__ == "__main__":
    main()
