"""Collaborative models on ratings: who finds, and predicts, what people do next."""

from evaluation.ratings.bench import PROTOCOLS, RatingsConfig, bench_ratings
from evaluation.ratings.data import Ratings, home_ratings
from evaluation.ratings.file import read_ratings
from evaluation.ratings.judging import Contender
from evaluation.ratings.report import RatingsReport
from evaluation.ratings.tables import text_of

__all__ = [
    "PROTOCOLS",
    "Contender",
    "Ratings",
    "RatingsConfig",
    "RatingsReport",
    "bench_ratings",
    "home_ratings",
    "read_ratings",
    "text_of",
]
