"""From settings to a working assistant: the one place where the parts are put together.

Owns: the layout of a home folder, what is built when, and the lock that keeps two starts from
building at once. Does not own: how any part is built. Everything in a home but the database can be
deleted: the next start builds it again.

::

    home/
    ├── vouch.db      catalogue, interactions, conversations: the source of truth
    ├── index/        Chroma, rebuildable
    ├── models/       exported graphs of the local models, rebuildable
    └── cf/           fitted collaborative models, rebuildable
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock
from sqlalchemy import Engine

from assistant.engine import Assistant
from assistant.llm import ChatModel, LlmConfig
from assistant.parts import EngineConfig, Parts, SecondReader
from assistant.settings import Settings
from assistant.state import Understanding
from catalog import Catalog
from catalog.database import has_catalog, load_catalog, open_database
from catalog.errors import ConfigurationError
from catalog.progress import Progress, silent
from retrieval.query import Retriever

if TYPE_CHECKING:
    from ranking.rank import Ranker
    from ranking.scoring import CFModel
    from retrieval.collaborative import CollaborativeRetriever
    from retrieval.dense import DenseRetriever
    from retrieval.embedder import Vectors
    from retrieval.lexical import LexicalRetriever


@dataclass(frozen=True, slots=True)
class Home:
    """The folders of one installation."""

    path: Path

    @property
    def index(self) -> Path:
        """The vector store's folder."""
        return self.path / "index"

    @property
    def models(self) -> Path:
        """Exported graphs."""
        return self.path / "models"

    @property
    def cf(self) -> Path:
        """Fitted collaborative models."""
        return self.path / "cf"

    def prepare(self) -> None:
        """Make the folders, readable by their owner only: conversations are private.

        Raises
        ------
        ConfigurationError
            When the home cannot be written to.
        """
        try:
            for folder in (self.path, self.index, self.models, self.cf):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError as error:
            raise ConfigurationError(
                f"cannot write to the home folder {str(self.path)!r}: {error.strerror}; "
                "choose another one with --home or VOUCH_HOME"
            ) from error


def open_assistant(settings: Settings, progress: Progress = silent) -> Assistant:
    """Return an assistant over the home's catalogue, building whatever is missing or stale.

    An empty home gets the film demo. A killed build is simply built again.

    Raises
    ------
    VouchError
        When a part cannot be built; the message says what to run.
    """
    home = Home(settings.home)
    home.prepare()
    with FileLock(home.path / "build.lock"):
        database = open_database(settings.url)
        catalog = open_catalog(database, progress)
        return _assemble(settings, home, database, catalog, progress)


def open_catalog(database: Engine, progress: Progress = silent) -> Catalog:
    """Return the catalogue in `database`; an empty database gets the film demo."""
    if not has_catalog(database):
        from catalog.demo import load_demo

        load_demo(database, progress)
    return load_catalog(database)


@dataclass(frozen=True, slots=True)
class Search:
    """What finds and scores candidates, ready to use.

    Attributes
    ----------
    dense, lexical, collaborative
        The retrievers of those names.
    retrievers : tuple of Retriever
        All that a turn asks, those three among them.
    ranker : Ranker
        Scores what they find.
    """

    dense: DenseRetriever
    lexical: LexicalRetriever
    collaborative: CollaborativeRetriever
    retrievers: tuple[Retriever, ...]
    ranker: Ranker


def open_search(
    settings: Settings,
    home: Home,
    catalog: Catalog,
    open_model: Callable[[Vectors], CFModel],
    progress: Progress = silent,
) -> Search:
    """Return what finds and scores items of `catalog`; index and models are those of `home`.

    Parameters
    ----------
    open_model : callable
        From the items' text vectors, which some models read, to the fitted collaborative model.
    """
    from threadpoolctl import threadpool_limits

    from ranking.blend import read_weights
    from ranking.late_interaction import LateInteraction
    from ranking.late_retriever import LateRetriever
    from ranking.rank import open_ranker
    from ranking.reranker import RerankerConfig, load_reranker
    from retrieval.collaborative import CollaborativeRetriever
    from retrieval.content import ContentRetriever
    from retrieval.dense import open_dense
    from retrieval.embedder import load_embedder
    from retrieval.lexical import LexicalRetriever
    from retrieval.popular import PopularRetriever

    chosen = settings.ranking
    embedder = load_embedder(settings.embedder, home.models, progress)
    dense = open_dense(catalog, embedder, home.index, progress)
    cf = open_model(dense.vectors)
    lexical = LexicalRetriever(catalog)
    collaborative = CollaborativeRetriever(cf)
    reranker = None
    if chosen.reranker != "none":
        config = RerankerConfig(model=chosen.reranker, threads=settings.threads)
        reranker = load_reranker(config, catalog, home.models, progress)
    retrievers: tuple[Retriever, ...] = (
        dense,
        lexical,
        collaborative,
        ContentRetriever(dense.vectors),
        PopularRetriever(catalog),
        *((LateRetriever(catalog, reranker),) if isinstance(reranker, LateInteraction) else ()),
    )
    ranker = open_ranker(
        catalog,
        dense=dense,
        lexical=lexical,
        model=cf,
        reranker=reranker,
        rerank_top=chosen.rerank_top,
        weights=read_weights().override(chosen.weights),
    )
    # What is served from here on multiplies small matrices: threads of BLAS cost more than they
    # save (benchmarks/README.md). Models were fitted with all of them.
    threadpool_limits(limits=1, user_api="blas")
    return Search(dense, lexical, collaborative, retrievers, ranker)


def engine_config(settings: Settings) -> EngineConfig:
    """Return the turn's part of `settings`."""
    from assistant.memory import MemoryConfig
    from ranking.diversity import DiversityConfig
    from retrieval.retrieve import RetrievalConfig

    return EngineConfig(
        settings.k,
        RetrievalConfig(
            per_retriever=settings.retrieval.per_retriever, pool=settings.retrieval.pool
        ),
        DiversityConfig(settings.ranking.diversity, calibration=settings.ranking.calibration),
        novelty=settings.ranking.novelty,
        memory=MemoryConfig(
            half_life_days=settings.memory.half_life_days,
            anonymous_hours=settings.memory.anonymous_hours,
        ),
    )


def _assemble(
    settings: Settings, home: Home, database: Engine, catalog: Catalog, progress: Progress
) -> Assistant:
    from assistant.explanation import Explainer, ExplanationConfig
    from assistant.llm import open_chat_model
    from assistant.store import SqlStore
    from assistant.understanding import Tagger, Understander
    from ranking.cf import Training, open_cf

    def open_model(vectors: Vectors) -> CFModel:
        training = Training.of(catalog, vectors)
        return open_cf(settings.ranking.cf, training, home.cf, progress=progress)

    search = open_search(settings, home, catalog, open_model, progress)
    chat_model = open_chat_model(llm_config(settings))
    parts = Parts(
        catalog=catalog,
        understander=Understander(catalog, Tagger.load()),
        retrievers=search.retrievers,
        ranker=search.ranker,
        vectors=search.dense.vectors,
        explainer=Explainer(
            catalog, chat_model, ExplanationConfig(deadline_s=settings.llm.deadline_s)
        ),
        store=SqlStore(database),
        # The embedded model is too small to be asked what a person meant.
        second_reader=_second_reader(catalog, chat_model)
        if settings.llm.tier == "endpoint"
        else None,
    )
    assistant = Assistant(parts, engine_config(settings))
    assistant.warm_up()
    assistant.people.sweep()
    return assistant


def _second_reader(catalog: Catalog, chat_model: ChatModel | None) -> SecondReader | None:
    from assistant.extraction import extract, merge

    if chat_model is None:
        return None

    def read(message: str, understood: Understanding, turn: int) -> Understanding:
        return merge(understood, extract(message, catalog, chat_model), catalog, turn)

    return read


def llm_config(settings: Settings) -> LlmConfig:
    """Return the language model's part of `settings`, with the key from the environment."""
    llm = settings.llm
    return LlmConfig(
        tier=llm.tier,
        base_url=llm.base_url,
        model=llm.model,
        api_key=settings.openai_api_key,
        model_path=llm.model_path,
        threads=settings.threads,
    )
