"""From a query to candidates: dense, lexical, collaborative and popular retrieval, and fusion.

Hard conditions are applied inside every retriever, before anything is cut off.
"""

from retrieval.query import Hits, Query, Retriever, Rows, Scores

__all__ = ["Hits", "Query", "Retriever", "Rows", "Scores"]
