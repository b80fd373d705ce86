"""Collaborative filtering: models of who met what, all of which can fold in a new session."""

from ranking.cf.als import ALS, ALSConfig
from ranking.cf.bert4rec import BERT4Rec, BERT4RecConfig
from ranking.cf.bpr import BPR, BPRConfig
from ranking.cf.coldstart import ALSText, ALSTextConfig, EASEText, EASETextConfig
from ranking.cf.content import Content, ContentConfig
from ranking.cf.ease import EASE, EASEConfig
from ranking.cf.ease_window import EASEWindow, EASEWindowConfig
from ranking.cf.fm import FM, DeepFM, DeepFMConfig, FMConfig
from ranking.cf.itemknn import ItemKNN, ItemKNNConfig
from ranking.cf.knowledge import Knowledge, KnowledgeConfig, Path
from ranking.cf.lightgcn import LightGCN, LightGCNConfig
from ranking.cf.model import FittedModel, RatingModel, Training, Updatable, without_each
from ranking.cf.narm import NARM, NARMConfig
from ranking.cf.neumf import NeuMF, NeuMFConfig
from ranking.cf.popularity import Popularity, PopularityConfig
from ranking.cf.portrait import Portrait, PortraitConfig
from ranking.cf.sasrec import SASRec, SASRecConfig
from ranking.cf.slim import SLIM, SLIMConfig
from ranking.cf.store import MODELS, fit_cf, load_cf, open_cf, save_cf
from ranking.cf.svd import SVD, SVDConfig
from ranking.cf.userknn import PearsonKNN, UserKNN, UserKNNConfig

__all__ = [
    "ALS",
    "BPR",
    "EASE",
    "FM",
    "MODELS",
    "NARM",
    "SLIM",
    "SVD",
    "ALSConfig",
    "ALSText",
    "ALSTextConfig",
    "BERT4Rec",
    "BERT4RecConfig",
    "BPRConfig",
    "Content",
    "ContentConfig",
    "DeepFM",
    "DeepFMConfig",
    "EASEConfig",
    "EASEText",
    "EASETextConfig",
    "EASEWindow",
    "EASEWindowConfig",
    "FMConfig",
    "FittedModel",
    "ItemKNN",
    "ItemKNNConfig",
    "Knowledge",
    "KnowledgeConfig",
    "LightGCN",
    "LightGCNConfig",
    "NARMConfig",
    "NeuMF",
    "NeuMFConfig",
    "Path",
    "PearsonKNN",
    "Popularity",
    "PopularityConfig",
    "Portrait",
    "PortraitConfig",
    "RatingModel",
    "SASRec",
    "SASRecConfig",
    "SLIMConfig",
    "SVDConfig",
    "Training",
    "Updatable",
    "UserKNN",
    "UserKNNConfig",
    "fit_cf",
    "load_cf",
    "open_cf",
    "save_cf",
    "without_each",
]
