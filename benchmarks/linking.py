"""How fast and how surely titles are linked in a catalogue of 50,000.

    python benchmarks/linking.py --titles 50000 --messages 500

The catalogue is the film demo's own titles, then invented ones made of words of two of them, some
numbered as sequels. Every message names a title in one of several ways; the answer is known.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import time
from collections import Counter
from pathlib import Path

import numpy as np

from assistant.state import Context
from assistant.understanding import Understander
from catalog import Catalog, Item
from catalog.database import load_catalog, open_database
from catalog.demo.films import load_demo

FRAMES = (
    "I loved {title}",
    "something like {title} please",
    "not a fan of {title}",
    "have you got {title}?",
    "{title} was great, something like that but not horror, under two hours",
    "my favourites are {title} and Heat",
)


def enlarged(films: Catalog, size: int, rng: random.Random) -> Catalog:
    """Return `films` with invented titles up to `size` items."""
    words = [item.title.split() for item in films.items]
    titles = {item.title for item in films.items}
    items = list(films.items)
    while len(items) < size:
        first, second = rng.choice(words), rng.choice(words)
        title = " ".join([*first[: max(1, len(first) // 2)], *second[len(second) // 2 :]])
        if rng.random() < 0.1:
            title = f"{title} {rng.randint(2, 5)}"
        if title in titles or not 3 < len(title) < 60:
            continue
        titles.add(title)
        year = float(rng.randint(1930, 2024))
        items.append(Item(f"x{len(items)}", title, numbers={"year": year}))
    return Catalog.build(films.schema, items, films.interactions)


def mistyped(title: str, times: int, rng: random.Random) -> str:
    """Return `title` with `times` letters swapped, dropped or doubled, never the first."""
    for _ in range(times):
        places = [at for at in range(1, len(title) - 1) if title[at : at + 2].isalpha()]
        if not places:
            return title
        at = rng.choice(places)
        title = rng.choice(
            (
                title[:at] + title[at + 1 :],
                title[:at] + title[at] + title[at:],
                title[:at] + title[at + 1] + title[at] + title[at + 2 :],
            )
        )
    return title


def run(size: int, messages: int, seed: int) -> dict[str, object]:
    """Return build seconds, milliseconds a message, and the share linked by way of writing."""
    rng = random.Random(seed)
    with tempfile.TemporaryDirectory() as folder:
        database = open_database(f"sqlite:///{Path(folder) / 'films.db'}")
        load_demo(database)
        catalog = enlarged(load_catalog(database), size, rng)
    started = time.perf_counter()
    understander = Understander(catalog)
    built = time.perf_counter() - started
    shared = Counter(item.title.casefold() for item in catalog.items)
    unique = [i for i in catalog.items if shared[i.title.casefold()] == 1 and len(i.title) > 7]
    right: dict[str, list[bool]] = {}
    times: list[float] = []
    for _ in range(messages):
        item = rng.choice(unique)
        ways = {
            "as written": item.title,
            "dated": f"{item.title} ({item.numbers.get('year', 0):g})",
            "lower case": item.title.lower(),
            "one typing mistake": mistyped(item.title, 1, rng),
            "two typing mistakes": mistyped(item.title, 2, rng),
        }
        for way, title in ways.items():
            message = rng.choice(FRAMES).format(title=title)
            begun = time.perf_counter()
            found = understander.understand(message, Context(1))
            times.append(1000 * (time.perf_counter() - begun))
            named = {o.item_id for o in (*found.likes, *found.dislikes)} | set(found.again)
            right.setdefault(way, []).append(item.item_id in named)
    return {
        "titles": len(catalog),
        "build_s": round(built, 1),
        "ms": {
            "p50": round(float(np.median(times)), 2),
            "p95": round(float(np.percentile(times, 95)), 2),
            "max": round(max(times), 1),
        },
        "linked": {way: round(float(np.mean(hits)), 3) for way, hits in right.items()},
        "seed": seed,
    }


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=300)
    parser.add_argument("--seed", type=int, default=7)
    options = parser.parse_args()
    print(json.dumps(run(options.titles, options.messages, options.seed), indent=2))


if __name__ == "__main__":
    main()
