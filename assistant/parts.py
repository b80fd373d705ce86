"""What a turn runs through, and how.

Owns: `Parts`, `EngineConfig`. Does not own: putting them together (`assistant.home`) or the turn
(`assistant.engine`).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.critiques import CritiqueConfig
from assistant.explanation import Explainer
from assistant.handover import HandoverConfig
from assistant.memory import MemoryConfig
from assistant.policy import PolicyConfig
from assistant.state import Session, Understanding
from assistant.store import Store
from assistant.understanding import Understander
from catalog import Catalog
from ranking.diversity import DiversityConfig
from ranking.rank import Ranker
from retrieval.query import Retriever
from retrieval.retrieve import RetrievalConfig

if TYPE_CHECKING:
    from assistant.engine import Assistant
    from assistant.help_desk import HelpDesk
    from assistant.reading import Reading


@dataclass(frozen=True, slots=True)
class EngineConfig:
    """How a turn runs.

    Attributes
    ----------
    k : int
        Cards on a slate.
    retrieval, diversity, policy, critiques
        Of the stages of those names.
    memory : MemoryConfig
        What lasts of a known person, and how long an anonymous conversation is kept.
    novelty : float
        For who says nothing of it: see `ranking.scoring.Request`.
    at_once : int
        Slates computed at the same time; the others wait. More of them only take the interpreter
        from one another: with 50 people two are done a third sooner than 40 (benchmarks/README.md).
    handover : HandoverConfig
        When a human is called, or offered.
    """

    k: int = 5
    retrieval: RetrievalConfig = RetrievalConfig()
    diversity: DiversityConfig = DiversityConfig()
    policy: PolicyConfig = PolicyConfig()
    critiques: CritiqueConfig = CritiqueConfig()
    memory: MemoryConfig = MemoryConfig()
    novelty: float = 0.0
    at_once: int = 2
    handover: HandoverConfig = HandoverConfig()


SecondReader = Callable[[str, Understanding, int], Understanding]
"""Given a message, what the rules understood and the turn's number, returns what a language model
adds to it; raises `ChatModelError`."""


class Planner(Protocol):
    """Chooses a slate where one step is not enough."""

    def plan(self, assistant: Assistant, session: Session, reading: Reading) -> Reading | None:
        """Return `reading` with picks, or None where one step is enough.

        Raises
        ------
        ChatModelError
            When nothing could be chosen.
        """
        ...


@dataclass(frozen=True, slots=True)
class Parts:
    """What a turn runs through, ready to use; `assistant.home` puts them together.

    Attributes
    ----------
    catalog : Catalog
        What is recommended.
    understander : Understander
        Words to meaning.
    retrievers : tuple of Retriever
        All are asked.
    ranker : Ranker
        Scores the candidates.
    vectors : float32 array, shape (n_items, dimensions)
        For the variety of the slate.
    explainer : Explainer
        Writes the reply.
    store : Store
        Keeps the turns.
    second_reader : SecondReader or None
        Asked after the first cards, where there is a capable language model.
    help_desk : HelpDesk or None
        Answers from the operator's help pages, where there are any.
    planner : Planner or None
        Asked before the second reader: chooses the items where several different ones are wanted.
    """

    catalog: Catalog
    understander: Understander
    retrievers: tuple[Retriever, ...]
    ranker: Ranker
    vectors: NDArray[np.float32]
    explainer: Explainer
    store: Store
    second_reader: SecondReader | None = None
    help_desk: HelpDesk | None = None
    planner: Planner | None = None
