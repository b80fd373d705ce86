"""Amounts that put a bound right: "250, not 150", "no wait, 200".

Owns: `amended`. Does not own: reading amounts (`quantities`), or bounds that say what they are of
("under 250": `numbers`). A bare number means nothing by itself; beside one that a held bound has,
or as all that a correction says, it is that bound's.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.understanding.mentions import Mention
from assistant.understanding.quantities import Quantity
from assistant.understanding.text import Text
from catalog import Constraint

_INSTEAD = frozenset({"not", "instead of", "rather than", "no not", "and not", "not the"})
_NEAR = 1.0
"""How far a strict bound may lie from the number that was said: "under 150" is <= 149."""
_CORRECTS = re.compile(
    r"(?<![^ ])(?:no wait|wait|sorry|oops|whoops|my (?:bad|mistake)|(?:a )?mistake|typo|actually"
    r"|i me(?:ant|an)|make (?:it|that)|change (?:it|that) to|correction|scratch that|should be"
    r"|wanted)(?= |$)"
)
_PLAIN_TEXT = """
    no not wait sorry oops whoops my bad mistake made a typo actually i meant mean make it that
    change to correction scratch should be wanted write say type put lets let us was is the please
    ok so er um instead rather of than , .
    """
_PLAIN = frozenset(_PLAIN_TEXT.split())


def amended(text: Text, amounts: Sequence[Quantity], held: Sequence[Constraint]) -> list[Mention]:
    """Return the bounds of `held` that `amounts` put right.

    Parameters
    ----------
    text : Text
        The message.
    amounts : sequence of Quantity
        What it names, left to right.
    held : sequence of Constraint
        Bounds on numbers before the message.
    """
    held = [row for row in held if row.op != "!="]
    for first, second in pairwise(amounts):
        between = text.norms(first.end, second.start)
        before = text.norms(first.start - 1, first.start) if first.start else ""
        if between in _INSTEAD:
            new, old = first, second
        elif before == "not" and between in {"", "but"}:
            new, old = second, first
        else:
            continue
        row = next((row for row in held if _is_of(row, old) and _may_be(row, new)), None)
        if row is not None:
            shift = float(row.value) - old.low
            return [_bound(row, first.start, second.end, new.low + shift)]
    return _all_that_is_said(text, amounts, held)


def _all_that_is_said(
    text: Text, amounts: Sequence[Quantity], held: Sequence[Constraint]
) -> list[Mention]:
    """Return the only bound of `held` with the only number of a message that but corrects."""
    if len(amounts) != 1 or not _CORRECTS.search(text.flat):
        return []
    (amount,) = amounts
    words = (w.norm for i, w in enumerate(text.words) if not amount.start <= i < amount.end)
    rows = [row for row in held if _may_be(row, amount)]
    if len(rows) != 1 or not set(words) <= _PLAIN:
        return []
    return [_bound(rows[0], amount.start, amount.end, amount.low)]


def _is_of(row: Constraint, amount: Quantity) -> bool:
    return amount.low == amount.high and abs(float(row.value) - amount.low) <= _NEAR


def _may_be(row: Constraint, amount: Quantity) -> bool:
    """Tell whether a bare `amount`, or one in the unit of `row`, may be what `row` was to say."""
    return amount.facet is None or amount.facet.name == row.facet


def _bound(row: Constraint, start: int, end: int, value: float) -> Mention:
    return Mention(start, end, "number", facet=row.facet, bounds=((row.op, value),))
