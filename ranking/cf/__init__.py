"""Collaborative filtering: models of who met what, all of which can fold in a new session."""

from ranking.cf.als import ALS, ALSConfig
from ranking.cf.ease import EASE, EASEConfig
from ranking.cf.itemknn import ItemKNN, ItemKNNConfig
from ranking.cf.model import FittedModel, Training, without_each
from ranking.cf.popularity import Popularity, PopularityConfig
from ranking.cf.store import MODELS, fit_cf, load_cf, open_cf, save_cf

__all__ = [
    "ALS",
    "EASE",
    "MODELS",
    "ALSConfig",
    "EASEConfig",
    "FittedModel",
    "ItemKNN",
    "ItemKNNConfig",
    "Popularity",
    "PopularityConfig",
    "Training",
    "fit_cf",
    "load_cf",
    "open_cf",
    "save_cf",
    "without_each",
]
