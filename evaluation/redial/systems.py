"""What is compared on ReDial: simple rules, single sources, and Vouch's model with its ablations.

Owns: `System` and the list of them. Does not own: the protocol (`evaluation.redial.bench`) or any
model.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from evaluation.redial.data import Films
from ranking.dialogue_model import DialogueModel
from ranking.scoring import CFModel
from ranking.turn_table import Heard, Turn
from retrieval.embedder import Vectors
from retrieval.lexical import LexicalRetriever
from retrieval.query import Query, Rows, Scores

System = Callable[[Turn, Heard, Mapping[str, Scores]], Scores]
"""Scores the whole catalogue for one turn; the last argument holds the model's columns."""

VOUCH = "vouch"
_NOBODY: Rows = np.empty(0, np.int32)


def copy_rule(films: Films) -> System:
    """Return the rule that names again what was just mentioned (He et al., CIKM 2023)."""

    def score(turn: Turn, heard: Heard, columns: Mapping[str, Scores]) -> Scores:
        del heard, columns
        scores = np.zeros(len(films.catalog), np.float32)
        for place, row in enumerate(turn.known, 1):
            scores[row] = place
        return scores

    return score


def lexical(films: Films) -> System:
    """Return BM25 of all that was said over the films' documents."""
    index = LexicalRetriever(films.catalog)
    everything = np.ones(len(films.catalog), np.bool_)

    def score(turn: Turn, heard: Heard, columns: Mapping[str, Scores]) -> Scores:
        del heard, columns
        hits = index.retrieve(Query(" ".join(turn.said)), everything, len(everything))
        scores = np.zeros(len(everything), np.float32)
        scores[hits.rows] = hits.scores
        return scores

    return score


def dense(vectors: Vectors) -> System:
    """Return cosine of the last two utterances with the films' documents, by MiniLM."""

    def score(turn: Turn, heard: Heard, columns: Mapping[str, Scores]) -> Scores:
        del turn, columns
        return vectors @ heard.vectors[1]

    return score


def behaviour(model: CFModel) -> System:
    """Return a collaborative model of the MovieLens ratings, given the films mentioned."""

    def score(turn: Turn, heard: Heard, columns: Mapping[str, Scores]) -> Scores:
        del heard, columns
        known = np.array(list(dict.fromkeys(turn.known)), np.int32)
        return np.nan_to_num(model.fold_in(known, _NOBODY), neginf=-1e9)

    return score


def term(name: str, films: Films) -> System:
    """Return one of the model's columns alone; it says nothing of what it has no value for."""

    def score(turn: Turn, heard: Heard, columns: Mapping[str, Scores]) -> Scores:
        del turn, heard
        nothing = np.zeros(len(films.catalog), np.float32)
        return np.nan_to_num(columns.get(name, nothing), nan=-1e9)

    return score


def blended(model: DialogueModel, without: Sequence[str] = ()) -> System:
    """Return the model, or what it is worth without some terms."""

    def score(turn: Turn, heard: Heard, columns: Mapping[str, Scores]) -> Scores:
        del turn, heard
        return model.blend(columns, without)

    return score


def all_systems(
    films: Films, vectors: Vectors, rated: CFModel | None, model: DialogueModel
) -> dict[str, System]:
    """Return every system by its label, baselines first."""
    systems = {
        "copy rule": copy_rule(films),
        "popularity": term("popular", films),
        "BM25": lexical(films),
        "dense": dense(vectors),
        "co-mention": term("together", films),
    }
    if rated is not None:
        systems["MovieLens ItemKNN"] = behaviour(rated)
    systems["dialogue regression"] = term("dialogues", films)
    systems["content regression"] = term("content", films)
    systems[VOUCH] = blended(model)
    for name in sorted(model.weights.terms):
        systems[f"{VOUCH} - {name}"] = blended(model, (name,))
    return systems
