from tests.retrieval.fixtures import minilm_cache

__all__ = ["minilm_cache"]
