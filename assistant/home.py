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
from assistant.parts import EngineConfig, Parts, Planner, SecondReader
from assistant.settings import Settings
from assistant.state import Understanding
from catalog import Catalog
from catalog.database import has_catalog, load_catalog, open_database
from catalog.errors import ConfigurationError
from catalog.progress import Progress, silent
from retrieval.query import Retriever

if TYPE_CHECKING:
    from assistant.explanation import Explainer
    from assistant.help_desk import HelpDesk
    from assistant.store import Store
    from ranking.rank import Ranker
    from ranking.scoring import CFModel
    from retrieval.collaborative import CollaborativeRetriever
    from retrieval.dense import DenseRetriever
    from retrieval.embedder import Embedder, Vectors
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

    @property
    def lock(self) -> FileLock:
        """Held while something is built, so that no two starts build it at once."""
        return FileLock(self.path / "build.lock")

    def prepare(self) -> Home:
        """Make the folders and return the home itself.

        Only their owner can read them: conversations are private.

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
        return self


def open_home(settings: Settings, progress: Progress = silent) -> tuple[Home, Catalog]:
    """Return the home, with its folders made, and its catalogue; an empty one gets the film demo.

    Raises
    ------
    ConfigurationError
        When the home cannot be written to.
    """
    home = Home(settings.home).prepare()
    return home, open_catalog(open_database(settings.url), progress)


def open_assistant(settings: Settings, progress: Progress = silent) -> Assistant:
    """Return an assistant over the home's catalogue, building whatever is missing or stale.

    An empty home gets the film demo. A killed build is simply built again.

    Raises
    ------
    VouchError
        When a part cannot be built; the message says what to run.
    """
    home = Home(settings.home).prepare()
    with home.lock:
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
    embedder : Embedder
        Of items and of what people say.
    dense, lexical, collaborative
        The retrievers of those names.
    retrievers : tuple of Retriever
        All that a turn asks, those three among them.
    ranker : Ranker
        Scores what they find.
    """

    embedder: Embedder
    dense: DenseRetriever
    lexical: LexicalRetriever
    collaborative: CollaborativeRetriever
    retrievers: tuple[Retriever, ...]
    ranker: Ranker


def open_search(
    settings: Settings,
    home: Home,
    catalog: Catalog,
    open_model: Callable[[Vectors], CFModel] | None = None,
    progress: Progress = silent,
) -> Search:
    """Return what finds and scores items of `catalog`; index and models are those of `home`.

    Parameters
    ----------
    open_model : callable, optional
        From the items' text vectors, which some models read, to the fitted collaborative model.
        Without it that too is the home's.
    """
    from threadpoolctl import threadpool_limits

    from ranking.blend import read_weights
    from ranking.cf import Training, open_cf
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
    if open_model:
        cf = open_model(dense.vectors)
    else:
        training = Training.of(catalog, dense.vectors)
        cf = open_cf(chosen.cf, training, home.cf, progress=progress)
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
    return Search(embedder, dense, lexical, collaborative, retrievers, ranker)


def parts_of(
    catalog: Catalog,
    search: Search,
    explainer: Explainer,
    store: Store,
    second_reader: SecondReader | None = None,
    help_desk: HelpDesk | None = None,
    planner: Planner | None = None,
) -> Parts:
    """Return what a turn over `catalog` runs through; `Parts` says what each is."""
    from assistant.understanding import Tagger, Understander

    return Parts(
        catalog=catalog,
        understander=Understander(catalog, Tagger.load()),
        retrievers=search.retrievers,
        ranker=search.ranker,
        vectors=search.dense.vectors,
        explainer=explainer,
        store=store,
        second_reader=second_reader,
        help_desk=help_desk,
        planner=planner,
    )


def engine_config(settings: Settings) -> EngineConfig:
    """Return the turn's part of `settings`."""
    from assistant.handover import HandoverConfig
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
        handover=HandoverConfig(settings.handover.words, settings.handover.failures),
    )


def _assemble(
    settings: Settings, home: Home, database: Engine, catalog: Catalog, progress: Progress
) -> Assistant:
    from assistant.explanation import Explainer, ExplanationConfig
    from assistant.llm import open_chat_model
    from assistant.store import SqlStore

    search = open_search(settings, home, catalog, progress=progress)
    chat_model = open_chat_model(llm_config(settings))
    explaining = ExplanationConfig(deadline_s=settings.llm.deadline_s)
    parts = parts_of(
        catalog,
        search,
        Explainer(catalog, chat_model, explaining),
        SqlStore(database),
        # The embedded model is too small to be asked what a person meant.
        _second_reader(catalog, chat_model) if settings.llm.tier == "endpoint" else None,
        _help_desk(settings, search, catalog),
        _planner(settings, chat_model),
    )
    assistant = Assistant(parts, engine_config(settings))
    assistant.warm_up()
    assistant.people.sweep()
    return assistant


def _help_desk(settings: Settings, search: Search, catalog: Catalog) -> HelpDesk | None:
    if settings.help.folder is None:
        return None
    from assistant.help_desk import HelpConfig, HelpDesk, read_pages

    passages = read_pages(settings.help.folder)
    config = HelpConfig(answer_threshold=settings.help.threshold)
    return HelpDesk(passages, search.embedder, search.dense.vectors, catalog.schema, config)


def _second_reader(catalog: Catalog, chat_model: ChatModel | None) -> SecondReader | None:
    from assistant.extraction import extract, merge

    if chat_model is None:
        return None

    def read(message: str, understood: Understanding, turn: int) -> Understanding:
        return merge(understood, extract(message, catalog, chat_model), catalog, turn)

    return read


def _planner(settings: Settings, chat_model: ChatModel | None) -> Planner | None:
    from assistant.llm import EndpointChatModel

    if not settings.llm.agent or not isinstance(chat_model, EndpointChatModel):
        return None
    from assistant.agent import Agent, AgentConfig

    return Agent(chat_model, AgentConfig(settings.llm.deadline_s))


def llm_config(settings: Settings) -> LlmConfig:
    """Return the language model's part of `settings`, with the key from the environment."""
    llm = settings.llm
    return LlmConfig(
        tier=llm.tier,
        base_url=llm.base_url,
        model=llm.model,
        api_key=settings.openai_api_key,
        model_path=llm.model_path,
        folder=Home(settings.home).models,
        threads=settings.threads,
    )
