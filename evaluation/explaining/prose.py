"""What writers make of the same slates, before anything is put right.

Owns: `Prose`, `measure_prose`. Does not own: the slates (`evaluation.explaining.serving`), the
check (`assistant.grounding`) or the writers (`assistant.explanation`).

The other parts of `vouch bench explain` look at what a person reads, where a template stands in
for every refused sentence. Here a refused sentence counts as refused, and nothing is told twice;
what telling again mends is counted by itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import mean, median
from time import perf_counter

from assistant.evidence import liked
from assistant.explanation import Explainer, ExplanationConfig
from assistant.grounding import Grounding
from assistant.llm import ChatModel
from assistant.phrasebook import phrasebook
from assistant.sentences import SentenceSplitter
from assistant.state import Evidence, Fact, Session, Understanding
from assistant.support import strike, supports
from assistant.templates import sentence
from assistant.wording import short
from catalog import Catalog
from catalog.errors import ChatModelError
from catalog.progress import Progress, silent
from evaluation.explaining.serving import Served
from evaluation.explaining.shares import Share, share

_PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]")
# Reasons that a telling of two or three sentences has room for.
_MOST_REASONS = 3


@dataclass(frozen=True, slots=True)
class Telling:
    """What one writer wrote about one pick.

    Attributes
    ----------
    item_id : str
        The pick's.
    text : str
        With placeholders.
    refused : tuple of str
        What the product's check finds unsupported.
    """

    item_id: str
    text: str
    refused: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """What one writer wrote about all picks.

    Attributes
    ----------
    writer : str
        Who.
    sentences, picks, unseen : Share
        Of the sentences, of the picks, and of the sentences about picks that nobody learned from,
        those that pass the check.
    mended : Share
        As `picks`, where a refused one is told again, as served.
    placeholders : Share
        Of the picks, those whose placeholders all exist and that are named once.
    used : Share
        Of the three strongest reasons of each pick, those that are told.
    opening : str
        The commonest first three words.
    opening_share : float
        How many picks begin with them.
    alike : Share
        Of the slates, those where two picks begin with the same three words.
    words : float
        Mean length.
    first_s, slate_s, slate_s_max : float
        Median seconds to the first pick and to the last, and the most to the last.
    tellings : tuple of Telling
        All of it.
    """

    writer: str
    sentences: Share
    picks: Share
    unseen: Share
    mended: Share
    placeholders: Share
    used: Share
    opening: str
    opening_share: float
    alike: Share
    words: float
    first_s: float
    slate_s: float
    slate_s_max: float
    tellings: tuple[Telling, ...]

    def to_json(self) -> dict[str, object]:
        """Return the findings as plain values, without seconds."""
        shares = ("sentences", "picks", "unseen", "mended", "placeholders", "used", "alike")
        return {
            **{name: getattr(self, name).to_json() for name in shares},
            "opening": self.opening,
            "opening_share": self.opening_share,
            "words": self.words,
            "tellings": [asdict(telling) for telling in self.tellings],
        }

    def seconds(self) -> dict[str, float]:
        """Return what the clock said."""
        return {"first_s": self.first_s, "slate_s": self.slate_s, "slate_s_max": self.slate_s_max}

    def lines(self) -> Iterator[str]:
        """Yield the findings as text."""
        yield f"{self.writer}, before any template stands in"
        yield f"  sentences that pass the check    {self.sentences}"
        yield f"  of picks nobody learned from     {self.unseen}"
        yield f"  picks all of whose sentences do  {self.picks}"
        yield f"  the same, where told again       {self.mended}"
        yield f"  placeholders right               {self.placeholders}"
        yield f"  reasons told                     {self.used}"
        yield f"  commonest opening                {self.opening!r}, {self.opening_share:.1%}"
        yield f"  slates with two alike            {self.alike}"
        yield f"  words a pick                     {self.words:.1f}"
        yield (
            f"  seconds                          first {self.first_s:.2f}, slate "
            f"{self.slate_s:.2f}, at most {self.slate_s_max:.2f}"
        )


def measure_prose(
    writer: str,
    model: ChatModel | None,
    slates: Sequence[Served],
    catalog: Catalog,
    unseen: Callable[[str], bool],
    deadline_s: float,
    seed: int,
    progress: Progress = silent,
) -> Prose:
    """Return what `model`, or the templates, wrote about `slates`.

    Parameters
    ----------
    writer : str
        What to call it.
    unseen : callable
        Whether nothing about an item was learned from.
    deadline_s : float
        For a slate.
    """
    grounding = Grounding(catalog)
    served_as = ExplanationConfig(deadline_s=deadline_s)
    persistent = Explainer(catalog, model, served_as)
    explainer = Explainer(catalog, model, replace(served_as, tries=1))
    join = phrasebook("en", catalog.schema).say("pick.join")
    told: list[list[Telling]] = []
    passed: list[list[tuple[str, bool]]] = []
    mended: list[list[bool]] = []
    used: list[list[bool]] = []
    first: list[float] = []
    whole: list[float] = []
    for at, served in enumerate(slates):
        started = perf_counter()
        texts: dict[int, str] = {}
        for slot, text in _answers(served, explainer, model, catalog):
            if not texts:
                first.append(perf_counter() - started)
            texts[slot] = text
        whole.append(perf_counter() - started)
        told.append([])
        passed.append([])
        used.append([])
        for evidence in served.evidence:
            text = texts.get(evidence.slot, "")
            # Each of a template's facts is a claim of its own.
            claims = text.split(join) if model is None else _sentences(text)
            checked = [grounding.check(one, evidence) for one in claims]
            refused = [part for verdict in checked for part in verdict.unsupported]
            told[-1].append(Telling(evidence.item_id, text, tuple(refused)))
            passed[-1] += [(evidence.item_id, verdict.ok) for verdict in checked]
            used[-1] += _used(text, evidence, catalog)
        mended.append([bool(telling.text) and not telling.refused for telling in told[-1]])
        if model is not None and not all(mended[-1]):
            texts = dict(_answers(served, persistent, model, catalog))
            mended[-1] = [
                _passes(texts.get(evidence.slot, ""), evidence, grounding)
                for evidence in served.evidence
            ]
        progress(f"telling: {writer}", at + 1, len(slates))
    every = [telling for slate in told for telling in slate]
    openings = Counter(_opening(telling.text) for telling in every)
    opening, count = openings.most_common(1)[0] if openings else ("", 0)
    return Prose(
        writer,
        share([[ok for _, ok in slate] for slate in passed], seed),
        share([[bool(t.text) and not t.refused for t in slate] for slate in told], seed),
        share([[ok for item_id, ok in slate if unseen(item_id)] for slate in passed], seed),
        share(mended, seed),
        share(
            [
                [_placed(t.text, e) for t, e in zip(slate, served.evidence, strict=True)]
                for slate, served in zip(told, slates, strict=True)
            ],
            seed,
        ),
        share(used, seed),
        opening,
        count / max(len(every), 1),
        share([[len({_opening(t.text) for t in slate}) < len(slate)] for slate in told], seed),
        mean(len(telling.text.split()) for telling in every) if every else 0.0,
        median(first) if first else 0.0,
        median(whole) if whole else 0.0,
        max(whole, default=0.0),
        tuple(every),
    )


def _answers(
    served: Served, explainer: Explainer, model: ChatModel | None, catalog: Catalog
) -> Iterator[tuple[int, str]]:
    if model is None:
        for evidence in served.evidence:
            yield evidence.slot, _template(evidence, catalog)
        return
    writing = explainer.begin(
        Session("explaining"), served.turn, Understanding(("request",)), served.evidence
    )
    try:
        yield from writing.answers(model)
    except ChatModelError:
        return  # what is missing counts as refused


def _template(evidence: Evidence, catalog: Catalog) -> str:
    """Return the template's sentence with placeholders for the names."""
    text = sentence(evidence, catalog, phrasebook("en", catalog.schema))
    names = {short(catalog.name(catalog.row(evidence.item_id))): "{pick}"}
    for number, item_id in enumerate(liked(evidence), start=1):
        names.setdefault(short(catalog.item(item_id).title), f"{{like{number}}}")
    for name in sorted(names, key=len, reverse=True):
        text = re.sub(rf"(?<![\w{{]){re.escape(name)}(?![\w}}])", names[name], text)
    return text


def _sentences(text: str) -> list[str]:
    splitter = SentenceSplitter()
    return [*splitter.feed(text), *splitter.close()]


def _passes(text: str, evidence: Evidence, grounding: Grounding) -> bool:
    return bool(text) and all(grounding.check(one, evidence).ok for one in _sentences(text))


def _opening(text: str) -> str:
    return " ".join(text.lower().split()[:3])


def _placed(text: str, evidence: Evidence) -> bool:
    allowed = {"{pick}"} | {f"{{like{n}}}" for n, _ in enumerate(liked(evidence), start=1)}
    found = _PLACEHOLDER.findall(text)
    return allowed.issuperset(found) and found.count("{pick}") == 1


def _used(text: str, evidence: Evidence, catalog: Catalog) -> Iterator[bool]:
    """Yield for each of the strongest reasons of a pick whether `text` tells it."""
    item = catalog.item(evidence.item_id)
    _, struck = strike(text, supports(evidence, item, catalog.schema))
    told = {id(fact) for support in struck for fact in support.facts}
    names = {support.name for support in struck}
    ids = liked(evidence)

    def tells(fact: Fact) -> bool:
        if fact.kind == "collaborative":
            return names.issuperset(f"{{like{ids.index(one) + 1}}}" for one in fact.likes)
        return id(fact) in told

    reasons = [fact for fact in evidence.facts if fact.kind != "facet"]
    yield from (tells(fact) for fact in reasons[:_MOST_REASONS])
