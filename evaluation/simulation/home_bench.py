"""A home's parts, as if the people simulated had never been there.

Owns: `open_bench`. Does not own: any part, or how Vouch itself is put together (`assistant.home`):
the two must name the same parts.
"""

from __future__ import annotations

from filelock import FileLock

from assistant.explanation import Explainer
from assistant.home import Home, open_catalog
from assistant.parts import EngineConfig, Parts
from assistant.settings import Settings
from assistant.understanding import Understander
from catalog.database import open_database
from catalog.progress import Progress, silent
from evaluation.simulation.leaks import Titles
from evaluation.simulation.memory_store import MemoryStore
from evaluation.simulation.systems import Bench, simulated_people, split
from ranking.cf import fit_cf
from ranking.diversity import DiversityConfig
from retrieval.collaborative import CollaborativeRetriever
from retrieval.query import Retriever
from retrieval.retrieve import RetrievalConfig


def open_bench(settings: Settings, seed: int, progress: Progress = silent) -> Bench:
    """Return the parts of a home, with behaviour learned from the people who are not simulated.

    Index and models are those of the home, and are built where they are missing; the
    collaborative model is fitted anew and not kept.
    """
    from ranking.late_interaction import LateInteraction
    from ranking.late_retriever import LateRetriever
    from ranking.rank import open_ranker
    from ranking.reranker import RerankerConfig, load_reranker
    from retrieval.content import ContentRetriever
    from retrieval.dense import open_dense
    from retrieval.embedder import EmbedderConfig, load_embedder
    from retrieval.lexical import LexicalRetriever
    from retrieval.popular import PopularRetriever

    home = Home(settings.home)
    home.prepare()
    chosen = settings.ranking
    with FileLock(home.path / "build.lock"):
        whole = open_catalog(open_database(settings.url), progress)
        catalog, users = split(whole, seed)
        # One thread: two processes share the cores, and sums come out the same.
        embedder = load_embedder(
            EmbedderConfig(settings.retrieval.embedder, 1), home.models, progress
        )
        dense = open_dense(catalog, embedder, home.index, progress)
        reranker = None
        if chosen.reranker != "none":
            config = RerankerConfig(model=chosen.reranker, threads=1)
            reranker = load_reranker(config, catalog, home.models, progress)
    lexical = LexicalRetriever(catalog)
    cf = fit_cf(chosen.cf, catalog)
    collaborative = CollaborativeRetriever(cf)
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
    )
    parts = Parts(
        catalog=catalog,
        understander=Understander(catalog),
        retrievers=retrievers,
        ranker=ranker,
        vectors=dense.vectors,
        explainer=Explainer(catalog, None),
        store=MemoryStore(),
    )
    retrieval = RetrievalConfig(
        per_retriever=settings.retrieval.per_retriever, pool=settings.retrieval.pool
    )
    titles = Titles(whole)
    return Bench(
        catalog=catalog,
        people=simulated_people(whole, users, titles),
        titles=titles,
        parts=parts,
        config=EngineConfig(settings.k, retrieval, DiversityConfig(chosen.diversity)),
        single={"bm25": lexical, "dense": dense, "collaborative": collaborative},
    )
