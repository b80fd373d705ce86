"""The rule that makes a simulation worth anything: nobody says what they are to be shown.

Owns: `LeakAudit`. Does not own: the wording that it checks, by rule or by a language model.

A message leaks when it holds a title, another title or the telling part of a title of a target that
Vouch has not named yet, or when all that it says together fits too few items of the catalogue.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from rapidfuzz import fuzz

from assistant.state import Turn
from catalog import Catalog, Constraint, Item
from catalog.errors import VouchError
from evaluation.simulation.needs import FEWEST
from retrieval.words import plain

_PARTS = re.compile(r"\s*[:(/]\s*|\s+[-\u2013]\s+")
_ARTICLES = ("the", "a", "an")
# A mistyped title of so many letters still names its item; shorter ones are like too many words.
_LONG, _ALIKE = 8, 90.0


class LeakError(VouchError):
    """A simulated person said what they were to be shown."""
