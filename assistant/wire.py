"""A turn as JSON: the contract of ``vouch chat --json`` and of the API.

Owns: the public form, one way. Does not own: storage, which keeps the whole `Turn`
(`assistant.store`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from assistant.state import Answer, Card, Opinion, Preference, Turn, UserProfile
from assistant.summary import summary
from catalog import Constraint, Relaxation, Schema
from ranking.scoring import Term

Json = dict[str, Any]


def turn_json(turn: Turn, schema: Schema) -> Json:
    """Return `turn` as JSON values; the state is the whole state after the turn.

    A row of the profile whose turn is 0 is known from before the conversation.
    """
    return {
        "turn": turn.number,
        "user": turn.user,
        "acts": list(turn.acts),
        "reply": turn.reply,
        "question": None if turn.question is None else turn.question.text,
        "options": [] if turn.question is None else list(turn.question.options),
        "profile": profile_json(turn.profile, schema, turn.language),
        "items": [_card(card) for card in turn.cards],
        "missing_titles": list(turn.missing_titles),
        "relaxations": [_relaxation(relaxation) for relaxation in turn.relaxations],
        "llm": {"tier": turn.llm.tier, "model": turn.llm.model},
        "answer": None if turn.answer is None else _answer(turn.answer),
        "suggestions": [asdict(suggestion) for suggestion in turn.suggestions],
        "language": turn.language,
        "warnings": list(turn.warnings),
        "timings_ms": {stage: round(ms, 1) for stage, ms in turn.timings_ms.items()},
    }


def profile_json(profile: UserProfile, schema: Schema, language: str = "en") -> Json:
    """Return all that is held of a person, as JSON values."""
    return {
        "likes": _opinions(profile.likes),
        "dislikes": _opinions(profile.dislikes),
        "seen": _opinions(profile.seen),
        "constraints": [_constraint(constraint) for constraint in profile.constraints],
        "preferences": [_preference(preference) for preference in profile.preferences],
        "later": _opinions(profile.later),
        "topics": list(profile.topics),
        "leaning": None if profile.leaning is None else asdict(profile.leaning),
        "summary": summary(profile, schema, language),
    }


def _opinions(opinions: Sequence[Opinion]) -> list[Json]:
    return [
        {"item_id": opinion.item_id, "title": opinion.title, "turn": opinion.turn}
        for opinion in opinions
    ]


def _constraint(constraint: Constraint) -> Json:
    return {
        "facet": constraint.facet,
        "op": constraint.op,
        "value": _plain(constraint.value),
        "turn": constraint.turn,
        "text": constraint.text,
        "scope": constraint.scope,
        **({"together": True} if constraint.together else {}),
    }


def _preference(preference: Preference) -> Json:
    return {
        "facet": preference.facet,
        "value": preference.value,
        "weight": preference.weight,
        "turn": preference.turn,
        "text": preference.text,
        "scope": preference.scope,
    }


def _answer(answer: Answer) -> Json:
    table = answer.comparison
    return {
        "text": answer.text,
        "sources": list(answer.sources),
        "comparison": None
        if table is None
        else {
            "titles": list(table.titles),
            "rows": [{"name": name, "values": list(values)} for name, values in table.rows],
        },
        "quotes": [asdict(quote) for quote in answer.quotes],
        "pointers": list(answer.pointers),
    }


def _card(card: Card) -> Json:
    return {
        "item_id": card.item_id,
        "title": card.title,
        "year": card.year,
        "score": round(card.score, 4),
        "terms": [_term(term) for term in card.terms],
        "reasons": list(card.reasons),
        "satisfies": list(card.satisfies),
    }


def _term(term: Term) -> Json:
    return {
        "name": term.name,
        "contribution": round(term.contribution, 4),
        "because": list(term.because),
    }


def _relaxation(relaxation: Relaxation) -> Json:
    rows = [_constraint(constraint) for constraint in relaxation.drop]
    # Nearly always a single row; a list only where two conditions must both go.
    return {
        "drop": rows[0] if len(rows) == 1 else rows,
        "items": relaxation.items,
        **({"unknown": relaxation.unknown} if relaxation.unknown else {}),
    }


def _plain(value: str | float | bool) -> str | float | bool:
    return int(value) if isinstance(value, float) and value.is_integer() else value
