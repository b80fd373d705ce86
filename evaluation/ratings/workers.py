"""Many models on many folds, in parallel.

Owns: `judge_all`. Does not own: one model on one fold (`evaluation.ratings.judging`).
"""

from __future__ import annotations

import os
from collections.abc import Generator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from itertools import product
from multiprocessing import get_context

import numpy as np
from numpy.typing import NDArray

from catalog import Catalog
from catalog.errors import ModelError
from catalog.progress import Progress, silent
from evaluation.ratings.judging import Contender, Outcome, judge
from evaluation.ratings.splits import Fold

_LABEL = "benchmarking models"
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def judge_all(
    contenders: Sequence[Contender],
    folds: Sequence[Fold],
    catalog: Catalog,
    vectors: NDArray[np.float32] | None,
    processes: int,
    progress: Progress = silent,
) -> Mapping[str, tuple[Outcome, ...] | ModelError]:
    """Return the outcome of every model on every fold, or why a model could not be fitted.

    Parameters
    ----------
    contenders, folds, catalog, vectors
        As in `judge`.
    processes : int
        How many share the work, one thread each; 0 works in this one. Which of them does what
        changes nothing.
    progress : Progress
        Told after every model and fold.

    Returns
    -------
    mapping of str to tuple of Outcome or ModelError
        By label, in the order of `contenders`; outcomes are parallel to `folds`.
    """
    jobs = [(one, fold, catalog, vectors) for fold, one in product(folds, contenders)]
    found: dict[int, Outcome | ModelError] = {}
    if processes == 0:
        for at, job in enumerate(jobs):
            found[at] = _tried(*job)
            progress(_LABEL, at + 1, len(jobs))
    else:
        # Spawned, not forked: the models' engines have threads of their own.
        context = get_context("spawn")
        with _one_thread_each(), ProcessPoolExecutor(processes, mp_context=context) as pool:
            places = {pool.submit(_tried, *job): at for at, job in enumerate(jobs)}
            for done, job in enumerate(as_completed(places), 1):
                found[places[job]] = job.result()
                progress(_LABEL, done, len(jobs))
    return {
        one.label: _all([found[place] for place in range(at, len(jobs), len(contenders))])
        for at, one in enumerate(contenders)
    }


def _tried(
    contender: Contender, fold: Fold, catalog: Catalog, vectors: NDArray[np.float32] | None
) -> Outcome | ModelError:
    try:
        return judge(contender, fold, catalog, vectors)
    except ModelError as error:
        return error


def _all(found: Sequence[Outcome | ModelError]) -> tuple[Outcome, ...] | ModelError:
    outcomes = tuple(one for one in found if isinstance(one, Outcome))
    failed = [one for one in found if isinstance(one, ModelError)]
    return failed[0] if failed else outcomes


@contextmanager
def _one_thread_each() -> Generator[None]:
    """Let processes that start inside compute on one thread: they read this when numpy loads."""
    before = {name: os.environ.get(name) for name in _THREADS}
    os.environ.update(dict.fromkeys(_THREADS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name)
            if value is not None:
                os.environ[name] = value
