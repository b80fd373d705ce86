"""Whether it is a question for the help pages, and whether the passage answers it.

Owns: `Judge`, `read_judge`: two logistic models over what a message shows. Does not own:
the signals (`assistant.help_desk.signals`), or their fit (`evaluation.help_desk`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib import resources

import numpy as np

from assistant.help_desk.signals import Signals


@dataclass(frozen=True, slots=True)
class Judge:
    """Two logistic models over the named signals, ``"bias"`` beside them."""

    asks: Mapping[str, float]
    answers: Mapping[str, float]

    def asked(self, signals: Signals) -> float:
        """Return the probability that it is a question for help pages."""
        return probability(self.asks, signals)

    def answered(self, signals: Signals) -> float:
        """Return the probability that the nearest passage answers it, if it is one."""
        return probability(self.answers, signals)


def probability(weights: Mapping[str, float], signals: Signals) -> float:
    """Return the logistic model's probability."""
    values = {"bias": 1.0, **asdict(signals)}
    return float(1 / (1 + np.exp(-sum(weight * values[name] for name, weight in weights.items()))))


@cache
def read_judge() -> Judge:
    """Return the fitted models in ``judge.json``."""
    file = resources.files("assistant.help_desk") / "judge.json"
    models = json.loads(file.read_text(encoding="utf-8"))
    return Judge(models["asks"], models["answers"])
