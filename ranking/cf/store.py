"""Fitting, keeping and opening collaborative models.

Owns: the registry of models by name, and their one-file form. Does not own: any model.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from catalog.errors import ConfigurationError, ModelError
from catalog.progress import Progress, silent
from ranking.cf.als import ALS, ALSConfig
from ranking.cf.bert4rec import BERT4Rec, BERT4RecConfig
from ranking.cf.bpr import BPR, BPRConfig
from ranking.cf.coldstart import ALSText, ALSTextConfig, EASEText, EASETextConfig
from ranking.cf.content import Content, ContentConfig
from ranking.cf.ease import EASE, EASEConfig
from ranking.cf.ease_window import EASEWindow, EASEWindowConfig
from ranking.cf.fm import FM, DeepFM, DeepFMConfig, FMConfig
from ranking.cf.itemknn import ItemKNN, ItemKNNConfig
from ranking.cf.knowledge import Knowledge, KnowledgeConfig
from ranking.cf.lightgcn import LightGCN, LightGCNConfig
from ranking.cf.model import FittedModel, Training
from ranking.cf.narm import NARM, NARMConfig
from ranking.cf.neumf import NeuMF, NeuMFConfig
from ranking.cf.popularity import Popularity, PopularityConfig
from ranking.cf.portrait import Portrait, PortraitConfig
from ranking.cf.sasrec import SASRec, SASRecConfig
from ranking.cf.slim import SLIM, SLIMConfig
from ranking.cf.svd import SVD, SVDConfig
from ranking.cf.userknn import PearsonKNN, UserKNN, UserKNNConfig


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of model.

    Attributes
    ----------
    model : type
        What is fitted.
    config : dataclass instance
        Settings where none are given.
    reads_texts : bool
        Whether a fit depends on `Training.vectors`.
    """

    model: type[FittedModel]
    config: Any
    fit: Callable[[Training, Any], FittedModel]
    reads_texts: bool = False


def _plain(model: Any, config: Any) -> Kind:  # noqa: ANN401 - a class and its own settings
    """Return the kind of a model that learns from interactions alone."""

    def fit(training: Training, config: Any) -> FittedModel:  # noqa: ANN401
        return model.fit(training.interactions, len(training.catalog), config)

    return Kind(model, config, fit)


MODELS: dict[str, Kind] = {
    "ease": _plain(EASE, EASEConfig()),
    "itemknn": _plain(ItemKNN, ItemKNNConfig()),
    "als": _plain(ALS, ALSConfig()),
    "popularity": _plain(Popularity, PopularityConfig()),
    "userknn": _plain(UserKNN, UserKNNConfig()),
    "userknn-pearson": _plain(PearsonKNN, UserKNNConfig()),
    "slim": _plain(SLIM, SLIMConfig()),
    "svd": _plain(SVD, SVDConfig()),
    "ease-window": _plain(EASEWindow, EASEWindowConfig()),
    "sasrec": _plain(SASRec, SASRecConfig()),
    "bert4rec": _plain(BERT4Rec, BERT4RecConfig()),
    "narm": _plain(NARM, NARMConfig()),
    "bpr": _plain(BPR, BPRConfig()),
    "lightgcn": _plain(LightGCN, LightGCNConfig()),
    "knowledge": Kind(Knowledge, KnowledgeConfig(), Knowledge.fit),
    "neumf": _plain(NeuMF, NeuMFConfig()),
    "fm": Kind(FM, FMConfig(), FM.fit),
    "deepfm": Kind(DeepFM, DeepFMConfig(), DeepFM.fit),
    "content": Kind(Content, ContentConfig(), Content.fit, reads_texts=True),
    "portrait": Kind(Portrait, PortraitConfig(), Portrait.fit, reads_texts=True),
    "als-text": Kind(ALSText, ALSTextConfig(), ALSText.fit_text, reads_texts=True),
    "ease-text": Kind(EASEText, EASETextConfig(), EASEText.fit_text, reads_texts=True),
}
"""Every model by the name that settings use."""


def fit_cf(name: str, training: Training, config: Any | None = None) -> FittedModel:  # noqa: ANN401
    """Return the model called `name`, fitted on `training`.

    Parameters
    ----------
    name : str
        A key of `MODELS`.
    training : Training
        What it may learn from.
    config : dataclass instance, optional
        The model's own settings, as `EASEConfig` for ``"ease"``.

    Raises
    ------
    ConfigurationError
        When there is no model called `name`.
    """
    kind = _kind(name)
    return kind.fit(training, kind.config if config is None else config)


def _kind(name: str) -> Kind:
    if name not in MODELS:
        known = ", ".join(MODELS)
        raise ConfigurationError(f"no collaborative model {name!r}; choose one of: {known}")
    return MODELS[name]


def fit_fingerprint(name: str, training: Training, config: Any) -> str:  # noqa: ANN401
    """Return a hash over all that a fit depends on: items, interactions, model and settings."""
    observed = training.interactions
    digest = hashlib.sha256(f"{name} {training.catalog.fingerprint}".encode())
    digest.update(json.dumps(asdict(config), sort_keys=True).encode())
    for column in (observed.user, observed.row, observed.value, observed.timestamp):
        digest.update(column.tobytes())
    if _kind(name).reads_texts and training.vectors is not None:
        digest.update(training.vectors.tobytes())
    return digest.hexdigest()[:16]


def save_cf(model: FittedModel, path: Path, fingerprint: str) -> None:
    """Write `model` to one ``.npz`` file, which is complete or absent, never half written."""
    path.parent.mkdir(parents=True, exist_ok=True)
    header = json.dumps({"name": model.name, "fingerprint": fingerprint})
    handle, scratch = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".tmp")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, allow_pickle=False, header=np.array(header), **model.arrays())
            file.flush()
            os.fsync(file.fileno())
        Path(scratch).replace(path)
    finally:
        Path(scratch).unlink(missing_ok=True)


def load_cf(path: Path) -> tuple[FittedModel, str]:
    """Return the model in the file at `path`, and the fingerprint that it was saved with.

    Raises
    ------
    ModelError
        When the file is missing, damaged or not one of ours.
    """
    try:
        # Opened here: np.load leaves the handle of a damaged file open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            arrays = {key: stored[key] for key in stored.files}
        header = json.loads(str(arrays.pop("header")))
        return MODELS[header["name"]].model.from_arrays(arrays), str(header["fingerprint"])
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"cannot read collaborative model {str(path)!r}: {error}; run `vouch train`"
        ) from error


def open_cf(
    name: str,
    training: Training,
    directory: Path,
    config: Any | None = None,  # noqa: ANN401 - the model's own settings
    progress: Progress = silent,
) -> FittedModel:
    """Return the model called `name`, from `directory` where it is current, else fitted and kept.

    A file that is missing, damaged, or of other items, interactions or settings is replaced.
    """
    path = directory / f"cf-{name}.npz"
    config = _kind(name).config if config is None else config
    wanted = fit_fingerprint(name, training, config)
    if path.exists():
        try:
            model, found = load_cf(path)
        except ModelError:
            found = ""  # damaged: fit again below
        else:
            if found == wanted:
                return model
    label = f"fitting {name}"
    progress(label, 0, 1)
    model = fit_cf(name, training, config)
    save_cf(model, path, wanted)
    progress(label, 1, 1)
    return model
