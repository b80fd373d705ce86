"""Fitting, keeping and opening collaborative models.

Owns: the registry of models by name, and their one-file form. Does not own: any model.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from dataclasses import asdict, dataclass, field
from pathlib import Path

import numpy as np

from catalog import Catalog, Interactions
from catalog.errors import ConfigurationError, ModelError
from catalog.progress import Progress, silent
from ranking.cf.als import ALS, ALSConfig
from ranking.cf.ease import EASE, EASEConfig
from ranking.cf.itemknn import ItemKNN, ItemKNNConfig
from ranking.cf.popularity import Popularity, PopularityConfig

FittedModel = EASE | ItemKNN | ALS | Popularity

MODELS: dict[str, type[FittedModel]] = {
    "ease": EASE,
    "itemknn": ItemKNN,
    "als": ALS,
    "popularity": Popularity,
}
"""Every model by the name that settings use."""


@dataclass(frozen=True, slots=True)
class CFConfig:
    """Settings of every collaborative model; only the chosen model's are used."""

    ease: EASEConfig = field(default_factory=EASEConfig)
    itemknn: ItemKNNConfig = field(default_factory=ItemKNNConfig)
    als: ALSConfig = field(default_factory=ALSConfig)
    popularity: PopularityConfig = field(default_factory=PopularityConfig)


_DEFAULTS = CFConfig()


def fit_cf(
    name: str,
    catalog: Catalog,
    config: CFConfig = _DEFAULTS,
    interactions: Interactions | None = None,
) -> FittedModel:
    """Return the model called `name`, fitted on the catalogue's interactions.

    Parameters
    ----------
    name : {"ease", "itemknn", "als", "popularity"}
        Which model.
    catalog : Catalog
        Gives the rows and, unless `interactions` is given, the interactions.
    config : CFConfig
        Settings of every model.
    interactions : Interactions, optional
        Fit on these instead: evaluation holds people out.

    Raises
    ------
    ConfigurationError
        When there is no model called `name`.
    """
    observed = catalog.interactions if interactions is None else interactions
    size = len(catalog)
    match name:
        case "ease":
            return EASE.fit(observed, size, config.ease)
        case "itemknn":
            return ItemKNN.fit(observed, size, config.itemknn)
        case "als":
            return ALS.fit(observed, size, config.als)
        case "popularity":
            return Popularity.fit(observed, size, config.popularity)
        case _:
            known = ", ".join(MODELS)
            raise ConfigurationError(f"no collaborative model {name!r}; choose one of: {known}")


def fit_fingerprint(name: str, catalog: Catalog, config: CFConfig = _DEFAULTS) -> str:
    """Return a hash over all that a fit depends on: items, interactions, model and settings."""
    observed = catalog.interactions
    digest = hashlib.sha256(f"{name} {catalog.fingerprint}".encode())
    digest.update(json.dumps(asdict(config).get(name), sort_keys=True).encode())
    for column in (observed.user, observed.row, observed.value, observed.timestamp):
        digest.update(column.tobytes())
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
        return MODELS[header["name"]].from_arrays(arrays), str(header["fingerprint"])
    except (OSError, KeyError, ValueError, EOFError, zipfile.BadZipFile) as error:
        raise ModelError(
            f"cannot read collaborative model {str(path)!r}: {error}; run `vouch train`"
        ) from error


def open_cf(
    name: str,
    catalog: Catalog,
    directory: Path,
    config: CFConfig = _DEFAULTS,
    progress: Progress = silent,
) -> FittedModel:
    """Return the model called `name`, from `directory` where it is current, else fitted and kept.

    A file that is missing, damaged, or of other items, interactions or settings is replaced.
    """
    path = directory / f"cf-{name}.npz"
    wanted = fit_fingerprint(name, catalog, config)
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
    model = fit_cf(name, catalog, config)
    save_cf(model, path, wanted)
    progress(label, 1, 1)
    return model
