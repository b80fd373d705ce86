from tests.ranking.fixtures import reranker_cache
from tests.retrieval.fixtures import minilm_cache

__all__ = ["minilm_cache", "reranker_cache"]
