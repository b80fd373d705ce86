"""Answers to questions about items, from the catalogue, the score and the ledger alone.

Owns: `answer`: questions to one `Answer`. Does not own: facts (`assistant.answer_facts`),
comparisons (`assistant.answer_comparison`), why and why not (`assistant.answer_reasons`), what
nothing answers (`assistant.answer_open`) or any wording (`assistant.phrasebook`). No language model
has a part in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.answer_comparison import compare
from assistant.answer_facts import facts
from assistant.answer_grounds import Grounds, Part
from assistant.answer_open import beyond, unanswered
from assistant.answer_reasons import why, why_not
from assistant.state import Answer, Ask


def answer(asks: Sequence[Ask], grounds: Grounds) -> Answer:
    """Return the answer to `asks`, one paragraph each, in their order.

    Parameters
    ----------
    asks : sequence of Ask
        At least one.
    grounds : Grounds
        What the answer may draw on.

    Notes
    -----
    A comparison scores every item once; "why not" ranks the request's pool anew.
    """
    parts = [_part(ask, grounds) for ask in asks]
    tables = [part.comparison for part in parts if part.comparison is not None]
    return Answer(
        text="\n".join(grounds.book.joined(part.sentences) for part in parts),
        sources=tuple(dict.fromkeys(source for part in parts for source in part.sources)),
        comparison=tables[0] if tables else None,
        items=tuple(dict.fromkeys(item_id for ask in asks for item_id in ask.items)),
    )


def _part(ask: Ask, grounds: Grounds) -> Part:
    match ask.kind:
        case "compare":
            return compare(ask, grounds)
        case "why":
            return why(ask, grounds)
        case "why_not":
            return why_not(ask, grounds)
        case "fact":
            return facts(ask, grounds)
        case "open":
            return unanswered(ask, grounds)
        case "beyond":
            return beyond(grounds)
