"""A message in pieces, so that "how long is shipping, and show me cheaper ones" is two things.

Owns: `clauses`. Does not own: what a piece means.
"""

from __future__ import annotations

import re

_OPENERS = (
    "please|show|tell|give|find|recommend|suggest|search|what|how|when|where|which|who|can|could"
    "|do|does|is|are|will|would|something|anything|im|i'm|i'd|id|i would|i want|i need|no|not"
)
_BREAK = re.compile(
    rf"(?<=[.?!])\s+|\s*[;\n。？！；]\s*"  # noqa: RUF001
    rf"|\s*,?\s+(?:and|but|also|plus)\s*,?\s+(?:also\s+|please\s+|then\s+)*(?=(?:{_OPENERS})\b)"
    rf"|,\s+(?:also\s+)?(?=(?:{_OPENERS})\b)"
    r"|\s*,?\s+(?:y|und|et)\s+(?=(?:también|muéstrame|quiero|zeig|ich|was|wie|montre|je)\b)",
    re.I,
)


def clauses(message: str) -> tuple[tuple[int, int], ...]:
    """Return the spans of the pieces of `message`, in order; what separates them is in none."""
    spans: list[tuple[int, int]] = []
    start = 0
    for found in _BREAK.finditer(message):
        spans.append((start, found.start()))
        start = found.end()
    spans.append((start, len(message)))
    return tuple((start, end) for start, end in spans if message[start:end].strip(" ,.?!"))
