"""A page on which a person judges two writers without knowing who wrote what.

Owns: `write_blind_page`. Does not own: the tellings (`evaluation.explaining.prose`).
"""

from __future__ import annotations

import random
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from assistant.evidence import liked
from assistant.state import Evidence
from assistant.wording import capitalised, short
from catalog import Catalog
from evaluation.explaining.prose import Prose

_STYLE = (
    "body{font:16px/1.5 system-ui;max-width:46rem;margin:2rem auto;padding:0 1rem}"
    "section{border-top:1px solid #999;padding:1rem 0}li{margin:.3rem 0}small{color:#555}"
)


def write_blind_page(
    path: Path,
    evidence: Sequence[Evidence],
    writers: tuple[Prose, Prose],
    catalog: Catalog,
    pairs: int = 40,
    seed: int = 0,
) -> None:
    """Write `pairs` picks, each told twice in random order, and the key at the end.

    Parameters
    ----------
    path : Path
        Of the page: HTML, complete in one file.
    evidence : sequence of Evidence
        Of the picks, in the order of the writers' tellings.
    writers : pair of Prose
        Whose tellings.
    """
    rng = random.Random(seed)  # noqa: S311 - not for secrets
    chosen = sorted(rng.sample(range(len(evidence)), min(pairs, len(evidence))))
    sections: list[str] = []
    key: list[str] = []
    for number, at in enumerate(chosen, start=1):
        order = rng.sample(writers, 2)
        name = short(catalog.name(catalog.row(evidence[at].item_id)))
        facts = "; ".join(fact.text for fact in evidence[at].facts if fact.kind != "facet")
        told = "".join(
            f"<li><label><input type=radio name=p{number}> "
            f"{escape(_named(writer.tellings[at].text, evidence[at], catalog))}</label></li>"
            for writer in order
        )
        sections.append(
            f"<section><h2>{number}. {escape(name)}</h2><p><small>{escape(capitalised(facts))}"
            f"</small></p><ol type=A>{told}</ol></section>"
        )
        key.append(f"{number}: A {order[0].writer}, B {order[1].writer}")
    body = "\n".join(sections)
    path.write_text(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Which reads better?</title>"
        f"<style>{_STYLE}</style><h1>Which reads better?</h1><p>The small print is what is known. "
        "Choose the text that you would rather read, and mark what is not true.</p>\n"
        f"{body}\n<details><summary>Who wrote what</summary><p>{escape('; '.join(key))}</p>"
        "</details></html>\n",
        encoding="utf-8",
    )


def _named(text: str, evidence: Evidence, catalog: Catalog) -> str:
    names = {"{pick}": short(catalog.name(catalog.row(evidence.item_id)))}
    for number, item_id in enumerate(liked(evidence), start=1):
        names[f"{{like{number}}}"] = short(catalog.item(item_id).title)
    return re.sub(r"\{\w+\}", lambda found: names.get(found[0], found[0]), text)
