"""What Vouch learns from ReDial's conversations, without their words.

Owns: ``python -m evaluation.redial.ship DATA``, which writes ``ranking/models/dialogues/turns.npz``
from ``train_subset.jsonl`` and ``catalogue.jsonl`` in DATA. Does not own: the form of the file
(`ranking.turn_table`).
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Sequence
from pathlib import Path

from evaluation.redial.bench import Workshop, read_table
from evaluation.redial.data import read_films
from ranking.dialogue_model import SHIPPED
from ranking.turn_table import Listener
from retrieval.embedder import EmbedderConfig, load_embedder

logger = logging.getLogger(__name__)


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the table of turns that ships with Vouch. Nothing in it is left to chance."""
    parser = argparse.ArgumentParser(
        prog="python -m evaluation.redial.ship", description=main.__doc__
    )
    parser.add_argument("data", type=Path, help="catalogue.jsonl and train_subset.jsonl")
    parser.add_argument("work", type=Path, help="a folder for the model's graph and vectors")
    parser.add_argument("--output", type=Path, default=SHIPPED)
    options = parser.parse_args(arguments)
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    options.work.mkdir(parents=True, exist_ok=True)
    workshop = Workshop(load_embedder(EmbedderConfig(), options.work), options.work)
    films = read_films(options.data)
    table = read_table(films, workshop, options.data / "train_subset.jsonl")
    options.output.parent.mkdir(parents=True, exist_ok=True)
    table.save(options.output, films.catalog, Listener(films.catalog, workshop.embedder))
    size = options.output.stat().st_size
    logger.info("%s: %d turns, %d bytes", options.output, len(table), size)


if __name__ == "__main__":
    main()
