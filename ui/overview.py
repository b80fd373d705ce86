"""An installation as its operator sees it: what it serves, with what, and whether that is well.

Owns: `Status`, `Dials`, the checks and the meaning of each dial. Does not own: what people said
(`assistant.reports`), the catalogue's gaps (`catalog.quality`), routes (`ui.api.operator`).

Nothing here can hold a secret: it is read from what runs, not from the settings as given.
"""

from __future__ import annotations

from dataclasses import dataclass

from assistant.doctor import Check, checked
from assistant.settings import RankingSettings, Settings
from assistant.state import LlmStatus
from catalog.database import saved_fingerprint
from catalog.errors import IndexUnavailableError, VouchError
from ranking.blend import read_weights
from retrieval.dense import DenseRetriever
from ui.service import Service


@dataclass(frozen=True, slots=True)
class Status:
    """What is served, and with what.

    Attributes
    ----------
    name, plural : str
        Of the catalogue, and what its items are called.
    items, interactions, people : int
        In the catalogue; people are those of the interactions.
    fingerprint : str
        Of schema and items.
    indexed, dimensions : int
        Items in the vector index, and numbers in each vector.
    embedder, cf, reranker : str
        Models, as the settings name them.
    llm : LlmStatus
        Who words replies, as configured.
    origins : tuple of str
        Websites that it is embedded in; empty is this machine's own pages.
    anonymous_hours : float
        Conversations with nobody in particular are erased after so long.
    checks : tuple of Check
        What is well, and what is not.
    """

    name: str
    plural: str
    items: int
    interactions: int
    people: int
    fingerprint: str
    indexed: int
    dimensions: int
    embedder: str
    cf: str
    reranker: str
    llm: LlmStatus
    origins: tuple[str, ...]
    anonymous_hours: float
    checks: tuple[Check, ...]

    @classmethod
    def of(cls, service: Service) -> Status:
        """Return the status of `service`; opens no model and reads no item."""
        assistant = service.assistant
        catalog = assistant.catalog
        return cls(
            name=catalog.schema.name,
            plural=catalog.schema.plural,
            items=len(catalog),
            interactions=len(catalog.interactions),
            people=len(catalog.interactions.users),
            fingerprint=catalog.fingerprint,
            indexed=_indexed(service),
            dimensions=int(assistant.parts.vectors.shape[1]),
            embedder=service.retrieval.embedder,
            cf=service.ranking.cf,
            reranker=service.ranking.reranker,
            llm=assistant.llm,
            origins=tuple(service.sites.origins),
            anonymous_hours=assistant.config.memory.anonymous_hours,
            checks=tuple(checked(_PROBES, service)),
        )


@dataclass(frozen=True, slots=True)
class Dial:
    """One number that an operator may turn.

    Attributes
    ----------
    key : str
        In ``vouch.toml``: ``"ranking.diversity"``.
    value, default : float
        As it runs, and as it would without the operator.
    low, high, step : float
        Its range.
    meaning : str
        One or two sentences.
    """

    key: str
    value: float
    default: float
    low: float
    high: float
    step: float
    meaning: str


@dataclass(frozen=True, slots=True)
class Dials:
    """All that an operator may turn: of the slate, and the weight of each term of the score."""

    slate: tuple[Dial, ...]
    weights: tuple[Dial, ...]

    @classmethod
    def of(cls, service: Service) -> Dials:
        """Return the dials as `service` runs with them; read once at its start."""
        config, ranking = service.assistant.config, RankingSettings()
        learned = read_weights()
        used = learned.override(service.ranking.weights)
        k = Settings.model_fields["k"].default
        diversity, calibration = config.diversity.trade_off, config.diversity.calibration
        slate = (
            Dial("k", config.k, k, 1, 50, 1, "Cards on a slate."),
            Dial("ranking.diversity", diversity, ranking.diversity, 0, 1, 0.05, _DIVERSITY),
            Dial("ranking.calibration", calibration, ranking.calibration, 0, 1, 0.05, _CALIBRATION),
            Dial("ranking.novelty", config.novelty, ranking.novelty, -1, 1, 0.05, _NOVELTY),
        )
        weights = (
            Dial(
                f"ranking.weights.{name}", used.terms[name].weight, term.weight, 0, 10, 0.1,
                _TERMS.get(name, "A term of the score."),
            )
            for name, term in learned.terms.items()
        )  # fmt: skip
        return cls(slate, tuple(sorted(weights, key=lambda dial: -dial.default)))


_DIVERSITY = "At 1 the best scores alone decide; below, cards that are alike make room for others."
_CALIBRATION = "At 0 nothing; above, a slate keeps the proportions of what the person likes."
_NOVELTY = (
    "Above 0 little known items come forward, below 0 well known ones; what a person says of it "
    "goes first."
)
_TERMS = {
    "text": "The cross-encoder's judgement of what was said with an item's text.",
    "lexical": "Words in common with an item's text.",
    "content": "Likeness to the items that the person likes.",
    "popularity": "How many people have met an item.",
    "preferences": "Wishes that an item grants; rare values count more.",
    "avoidance": "Against an item: what is to be avoided, and likeness to what was disliked.",
    "collaborative": "What people who like the same things like.",
    "dense": "Nearness in meaning of what was said to an item's text.",
    "shown": "Against an item: it was shown before and drew no word.",
}


def _indexed(service: Service) -> int:
    retrievers = service.assistant.parts.retrievers
    dense = next((one for one in retrievers if isinstance(one, DenseRetriever)), None)
    return 0 if dense is None else dense.indexed()


def _catalogue(service: Service) -> str:
    served, saved = service.assistant.catalog.fingerprint, saved_fingerprint(service.database)
    if saved != served:
        raise VouchError("another catalogue was imported since the start: restart vouch serve")
    return "what is served is what is saved"


def _index(service: Service) -> str:
    held, items = _indexed(service), len(service.assistant.catalog)
    if held != items:
        raise IndexUnavailableError(
            f"holds {held:,} of {items:,} items: searches are exact, but slower; a restart mends it"
        )
    return f"holds all {items:,} items"


def _reranker(service: Service) -> str:
    from ranking.reranker import describe_reranker

    if service.ranking.reranker == "none":
        return "off (ranking.reranker = 'none'): text is judged by embeddings alone"
    return describe_reranker(service.ranking.reranker)


def _language_model(service: Service) -> str:
    llm = service.assistant.llm
    if llm.tier == "none":
        return "off (llm.tier = 'none'): replies are written from templates"
    return f"{llm.tier}: {llm.model}; whether it answers is told below, by what it wrote"


def _help_pages(service: Service) -> str:
    if service.assistant.parts.help_desk is None:
        return "none (help.folder): questions about shipping and the like are not answered"
    return "questions about shipping and the like are answered from them"


def _humans(service: Service) -> str:
    if service.desk is None:
        return "none (handover.enabled = false): nobody can be called"
    told = "and in the operator's own system" if service.desk.courier else "at /console"
    return f"can be called, and answer {told}"


_PROBES = (
    ("catalogue", _catalogue),
    ("index", _index),
    ("reranker", _reranker),
    ("language model", _language_model),
    ("help pages", _help_pages),
    ("people", _humans),
)
