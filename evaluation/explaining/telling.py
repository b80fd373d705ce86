"""What is said about slates, statement by statement, with every check's finding.

Owns: `Statement`, `Told`, `tell`. Does not own: the checks (`evaluation.explaining.checking`,
`assistant.grounding`) or the words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from time import perf_counter

from assistant.evidence import liked
from assistant.explanation import Explainer
from assistant.grounding import Grounding
from assistant.phrasebook import phrasebook
from assistant.sentences import SentenceSplitter
from assistant.state import Evidence, Session, Understanding
from assistant.templates import sentence
from assistant.wording import capitalised, short
from catalog import Catalog
from evaluation.explaining.checking import disagreements, grounds_of, unsupported
from evaluation.explaining.serving import Served

_LINE = re.compile(r"(\d+)\. (.*)")


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that a person reads.

    Attributes
    ----------
    where : {"card", "reply", "opening"}
        A reason on a card, what the reply says of a pick, what it says before.
    text : str
        The words.
    refused_by_product : tuple of str
        What the product's own check finds unsupported; of picks and cards.
    unsupported : tuple of str
        What the independent check does.
    disagreements : tuple of str
        What the person refused, or never liked; of picks and cards.
    """

    where: str
    text: str
    refused_by_product: tuple[str, ...]
    unsupported: tuple[str, ...]
    disagreements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """One slate in one tier's words.

    Attributes
    ----------
    statements : tuple of Statement
        Opening, then cards' reasons, then the picks of the reply.
    picks, accepted : int
        Picks explained; how many of them in a model's words.
    warnings : int
        What the reply says went wrong.
    seconds : float
        For the prose.
    """

    statements: tuple[Statement, ...]
    picks: int
    accepted: int
    warnings: int
    seconds: float


def tell(served: Served, explainer: Explainer, grounding: Grounding, catalog: Catalog) -> Told:
    """Return what `explainer` says about a slate."""
    started = perf_counter()
    writing = explainer.begin(
        Session("explaining"), served.turn, Understanding(("request",)), served.evidence
    )
    reply = "".join(writing.pieces())
    seconds = perf_counter() - started
    statements = tuple(_statements(served, reply, grounding, catalog))
    return Told(statements, len(served.evidence), writing.accepted, len(writing.warnings), seconds)


def _statements(
    served: Served, reply: str, grounding: Grounding, catalog: Catalog
) -> Iterator[Statement]:
    profile = served.drawn.profile
    picks = {int(found[1]): found[2] for found in map(_LINE.fullmatch, reply.splitlines()) if found}
    opening = "\n".join(line for line in reply.splitlines() if not _LINE.fullmatch(line))
    book, top = phrasebook("en", catalog.schema), ""
    if served.evidence and not picks:  # templates tell of the first pick, right after the opening
        top = sentence(served.evidence[0], catalog, book, turn=served.turn.number)
        opening, picks = opening.removesuffix(top).strip(), {1: top}
    yield Statement("opening", opening, (), unsupported(
        opening, grounds_of(None, profile, catalog)), ())  # fmt: skip
    for card, evidence in zip(served.turn.cards, served.evidence, strict=True):
        grounds = grounds_of(evidence, profile, catalog)
        lines = [("card", reason) for reason in card.reasons]
        lines += [("reply", picks[evidence.slot])] if evidence.slot in picks else []
        for where, text in lines:
            claims = [text]
            if where == "reply" and text == top:
                # A template's opening claims nothing, and each of its facts is a claim of its own.
                claims = sentence(evidence, catalog, book).split(book.say("pick.join"))
            whole = (_as_written(where, claim, evidence, catalog) for claim in claims)
            # The check is of sentences, of which a language model writes several.
            written = (one for claim in whole for one in _sentences(claim))
            refused = [grounding.check(claim, evidence).unsupported for claim in written]
            yield Statement(
                where,
                text,
                tuple(chain.from_iterable(refused)),
                unsupported(text, grounds),
                disagreements(text, grounds, catalog),
            )


def _sentences(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.close()]


def _as_written(where: str, text: str, evidence: Evidence, catalog: Catalog) -> str:
    """Return `text` as the product's check reads it: placeholders for items, a whole sentence."""
    if where == "card":
        facts = (fact.text for fact in evidence.facts)
        text = f"{{pick}}: {next((fact for fact in facts if capitalised(fact) == text), text)}."
    names = {short(catalog.name(catalog.row(evidence.item_id))): "{pick}"}
    for number, item_id in enumerate(liked(evidence), start=1):
        names.setdefault(short(catalog.item(item_id).title), f"{{like{number}}}")
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[name], text)
    return text
