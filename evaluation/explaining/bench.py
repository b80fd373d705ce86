"""`vouch bench explain`: whether the reasons are the score, true, and the person's own.

Owns: the protocol. Does not own: drawing, serving, deleting, checking, lying or the report, each of
which is a module beside this one.

Protocol: seeded people ask for something; each is served a slate by the product's own stages. Every
reason on a card is taken away alone and all candidates are ranked again. Every statement, in the
words of every tier, is checked twice, by the product's check and by another one, and held against
the profile. Last, a model that writes nothing but lies takes the endpoint's place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import MappingProxyType

import numpy as np

from assistant.evidence import liked
from assistant.explanation import Explainer, ExplanationConfig
from assistant.grounding import Grounding
from assistant.llm import ChatModel
from assistant.parts import EngineConfig, Parts
from assistant.phrasebook import phrasebook
from assistant.state import Evidence, Session, Understanding
from assistant.templates import sentence
from assistant.wording import short
from assistant.writer.pairs import read_shipped
from catalog import Catalog
from catalog.progress import Progress, silent
from evaluation.explaining.blind import write_blind_page
from evaluation.explaining.checking import disagreements, grounds_of, unsupported
from evaluation.explaining.drawing import draw
from evaluation.explaining.faithfulness import CITED, Deletion, deletions
from evaluation.explaining.lying import Liar, Lie, lies_for
from evaluation.explaining.prose import measure_prose
from evaluation.explaining.report import ExplainReport, Faithfulness, Lies, TierReport
from evaluation.explaining.serving import Served, serve
from evaluation.explaining.shares import share
from evaluation.explaining.telling import Statement, Told, tell


@dataclass(frozen=True, slots=True)
class ExplainConfig:
    """How much is tried.

    Attributes
    ----------
    requests : int
        People drawn.
    told : int
        Slates told by a language model, which takes its time; templates and lies get all.
    seed : int
        Of all of it.
    deadline_s : float
        For the prose of a slate.
    prose : int
        Slates told by each of several writers, to compare what they write; 0 is none.
    """

    requests: int = 120
    told: int = 20
    seed: int = 0
    deadline_s: float = 60.0
    prose: int = 0


def bench_explain(
    parts: Parts,
    config: EngineConfig,
    asked: ExplainConfig = ExplainConfig(),
    chat_model: ChatModel | None = None,
    progress: Progress = silent,
    writers: Mapping[str, ChatModel | None] = MappingProxyType({}),
    blind: Path | None = None,
) -> ExplainReport:
    """Return what is true of the explanations that `parts` give.

    Parameters
    ----------
    parts : Parts
        Its explainer and its store are not used.
    config : EngineConfig
        As it serves.
    asked : ExplainConfig
        How much.
    chat_model : ChatModel, optional
        A tier to measure beside templates.
    progress : Progress
        Told as it goes.
    writers : mapping of str to ChatModel or None
        Whose prose is compared, by name; None is the templates.
    blind : Path, optional
        Page on which a person compares the first writer with the last.
    """
    catalog = parts.catalog
    slates: list[Served] = []
    tried: list[tuple[Deletion, ...]] = []
    for at, drawn in enumerate(draw(catalog, asked.requests, asked.seed)):
        served = serve(parts, config, drawn)
        slates.append(served)
        tried.append(tuple(deletions(served, catalog, parts.ranker)))
        progress("taking reasons away", at + 1, asked.requests)
    full = [served for served in slates if served.turn.cards]
    grounding = Grounding(catalog)
    tiers = [_tier("templates", None, full, grounding, catalog, asked, progress)]
    if chat_model is not None:
        tier = chat_model.status.tier
        tiers.append(
            _tier(tier, chat_model, full[: asked.told], grounding, catalog, asked, progress)
        )
    compared = full[: asked.prose]
    prose = tuple(
        measure_prose(
            name, model, compared, catalog, _unseen(catalog), asked.deadline_s, asked.seed, progress
        )
        for name, model in writers.items()
    )
    if blind is not None and len(prose) > 1:
        picks = [evidence for served in compared for evidence in served.evidence]
        write_blind_page(blind, picks, (prose[0], prose[-1]), catalog, seed=asked.seed)
    shown = [[one for one in mine if one.shown] for mine in tried]
    reasoned = [
        [any(fact.kind in CITED for fact in evidence.facts) for evidence in served.evidence]
        for served in slates
    ]
    return ExplainReport(
        seed=asked.seed,
        catalogue=catalog.schema.name,
        requests=asked.requests,
        slates=len(full),
        cards=sum(len(served.turn.cards) for served in full),
        with_reason=share(reasoned, asked.seed),
        faithfulness=tuple(_faithfulness(tried, asked.seed)),
        failures=tuple(
            one for mine in shown for one in mine if not (one.score_falls and one.place_falls)
        ),
        tiers=tuple(tiers),
        lies=tuple(_lies(full, catalog, asked)),
        prose=prose,
    )


def _unseen(catalog: Catalog) -> Callable[[str], bool]:
    """Return whether the embedded model learned nothing about an item: of other catalogues, all."""
    noun = catalog.schema.noun
    learned = {pair.item_id for pair in read_shipped("train") if pair.noun == noun}
    return lambda item_id: item_id not in learned


def _faithfulness(tried: Sequence[Sequence[Deletion]], seed: int) -> Iterator[Faithfulness]:
    def row(kind: str, counts: Callable[[Deletion], bool]) -> Faithfulness:
        mine = [[one for one in some if counts(one)] for some in tried]
        return Faithfulness(
            kind,
            share([[one.score_falls for one in some] for some in mine], seed),
            share([[one.place_falls for one in some] for some in mine], seed),
        )

    for kind in CITED:
        yield row(kind, lambda one, kind=kind: one.shown and one.kind == kind)
    yield row("all", lambda one: one.shown)
    yield row("all at hand", lambda one: True)


def _tier(
    label: str,
    model: ChatModel | None,
    slates: Sequence[Served],
    grounding: Grounding,
    catalog: Catalog,
    asked: ExplainConfig,
    progress: Progress,
) -> TierReport:
    explainer = Explainer(catalog, model, ExplanationConfig(deadline_s=asked.deadline_s))
    told: list[Told] = []
    for at, served in enumerate(slates):
        told.append(tell(served, explainer, grounding, catalog))
        progress(f"explaining: {label}", at + 1, len(slates))

    def of(good: Callable[[Statement], bool], *, opening: bool) -> list[list[bool]]:
        return [
            [good(one) for one in slate.statements if opening or one.where != "opening"]
            for slate in told
        ]

    seconds = [slate.seconds for slate in told] or [0.0]
    picks = [[at < slate.accepted for at in range(slate.picks)] for slate in told]
    faulty = (
        one
        for slate in told
        for one in slate.statements
        if one.refused_by_product or one.unsupported or one.disagreements
    )
    return TierReport(
        tier=label,
        model=model.name if model else "",
        own_words=share(picks, asked.seed),
        product=share(of(lambda one: not one.refused_by_product, opening=False), asked.seed),
        independent=share(of(lambda one: not one.unsupported, opening=True), asked.seed),
        agreeing=share(of(lambda one: not one.disagreements, opening=False), asked.seed),
        faults=tuple(faulty),
        warnings=sum(bool(slate.warnings) for slate in told),
        seconds_p50=median(seconds),
        seconds_max=max(seconds),
    )


def _lies(slates: Sequence[Served], catalog: Catalog, asked: ExplainConfig) -> Iterator[Lies]:
    liar = Liar()
    explainer = Explainer(catalog, liar, ExplanationConfig(deadline_s=asked.deadline_s))
    rng = np.random.default_rng(asked.seed)
    found: dict[str, list[list[tuple[bool, bool, str]]]] = {}
    for at, served in enumerate(slates):
        profile = served.drawn.profile
        lies = liar.lies = lies_for(served.evidence, profile, catalog, rng, at)
        writing = explainer.begin(
            Session("lying"), served.turn, Understanding(("request",)), served.evidence
        )
        lines = "".join(writing.pieces()).splitlines()
        mine: dict[str, list[tuple[bool, bool, str]]] = {}
        for lie, evidence in zip(lies, served.evidence, strict=True):
            caught = _template(evidence, catalog) in lines
            told = _named(lie, evidence, catalog)
            grounds = grounds_of(evidence, profile, catalog)
            noticed = unsupported(told, grounds) or disagreements(told, grounds, catalog)
            mine.setdefault(lie.kind, []).append((caught, bool(noticed), told))
        for kind, some in mine.items():
            found.setdefault(kind, []).append(some)
    for kind, slates_of in sorted(found.items()):
        yield Lies(
            kind,
            share([[caught for caught, _, _ in some] for some in slates_of], asked.seed),
            share([[noticed for _, noticed, _ in some] for some in slates_of], asked.seed),
            tuple(told for some in slates_of for caught, _, told in some if not caught),
        )


def _template(evidence: Evidence, catalog: Catalog) -> str:
    told = sentence(evidence, catalog, phrasebook("en", catalog.schema))
    return f"{evidence.slot}. {told}"


def _named(lie: Lie, evidence: Evidence, catalog: Catalog) -> str:
    """Return the lie as it would be read, with titles for the placeholders that there are."""
    names = {"{pick}": short(catalog.name(catalog.row(evidence.item_id)))}
    for number, item_id in enumerate(liked(evidence), start=1):
        names[f"{{like{number}}}"] = short(catalog.item(item_id).title)
    return re.sub(r"\{\w+\}", lambda found: names.get(found[0], found[0]), lie.text)
