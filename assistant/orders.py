"""Requests for several items that are not to be alike: "three films, one of them in French".

Owns: `Order`, `Share`, `read_order`. Does not own: what the words mean (`assistant.understanding`)
or who fills an order (`assistant.agent`). It knows the counting words of English only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.state import Finding, Preference, Understanding
from catalog import Catalog, Constraint

_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_COUNTS = {
    **{word: count for count, word in enumerate(_NUMBERS, 1)},
    **{str(count): count for count in range(1, 11)},
    "a": 1,
    "an": 1,
}
_ARTICLES = frozenset({"a", "an"})
_COUNT = re.compile(rf"(?<![\w.,$£€])(?:{'|'.join(_COUNTS)})(?![\w]|[.,:]\d)", re.IGNORECASE)
# After these words a count stands for some of what was asked for, not for something else.
_PART = re.compile(
    r"\s+(?:of (?:them|these|those|which)|in|from|by|with|about|for|under|over|that|which|should"
    r"|must)\b",
    re.IGNORECASE,
)
_END = re.compile(r"[,.;!?]| and\s*$")
_MOST = 10


@dataclass(frozen=True, slots=True)
class Share:
    """What some of the items must be.

    Attributes
    ----------
    count : int
        How many.
    conditions : tuple of Constraint
        What holds of these; empty where the words name nothing that the catalogue knows.
    text : str
        The person's own words.
    """

    count: int
    conditions: tuple[Constraint, ...]
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """Several items, of which some must be this and some that.

    Attributes
    ----------
    count : int
        How many in all, at least as many as the shares together.
    shares : tuple of Share
        In the order of the message; each is of items of its own.
    """

    count: int
    shares: tuple[Share, ...]

    def is_filled(self, rows: Sequence[int], catalog: Catalog) -> bool:
        """Tell whether items, by row, are as many as asked for and every share can have its own.

        A maximum matching of places in the shares to items, by augmenting paths; a dozen of each.
        """
        places = [share.conditions for share in self.shares for _ in range(share.count)]
        fits = [[catalog.facets.satisfies(row, place) for row in rows] for place in places]
        held: dict[int, int] = {}

        def seat(place: int, tried: set[int]) -> bool:
            for at, good in enumerate(fits[place]):
                if good and at not in tried:
                    tried.add(at)
                    if at not in held or seat(held[at], tried):
                        held[at] = place
                        return True
            return False

        return len(rows) == self.count and all(seat(place, set()) for place in range(len(places)))

    def without(self, understood: Understanding) -> Understanding:
        """Return `understood` without what is asked of some items only.

        Nor are its words searched for: "three" is in many a title.
        """
        asked = {row for share in self.shares for row in share.conditions}
        return replace(
            understood,
            constraints=tuple(row for row in understood.constraints if row not in asked),
            preferences=tuple(w for w in understood.preferences if _condition(w) not in asked),
            topic="",
        )

    def eased(self, understood: Understanding) -> Understanding:
        """Return `understood` with what is asked of some items only wished for, of none required.

        What must hold of one item would otherwise be required of all.
        """
        asked = {row for share in self.shares for row in share.conditions}
        kept = tuple(row for row in understood.constraints if row not in asked)
        eased = tuple(_wish(row) for row in understood.constraints if row in asked)
        return replace(understood, constraints=kept, preferences=understood.preferences + eased)


def read_order(message: str, understood: Understanding) -> Order | None:
    """Return the order in `message`, or None where it is an ordinary request.

    Parameters
    ----------
    message : str
        As the person wrote it.
    understood : Understanding
        Of the message; where its words stand tells which of them belong to a count.
    """
    if understood.language != "en":
        return None
    counts = list(_counts(message, understood.findings))
    head, counted = 0, False
    shares: list[Share] = []
    for found, stop in zip(counts, [*(f.start() for f in counts), len(message)][1:], strict=True):
        count, article = _COUNTS[found[0].casefold()], found[0].casefold() in _ARTICLES
        end = _reach(message, found.end(), stop)
        beside = _beside(message, found.end(), understood.findings)
        part = _PART.match(message, found.end(), end)
        if part and (head or shares):
            if not head:
                # "Five thrillers, one with ...": the count was of them all. Where there were
                # several counts, shares overlap from here on, and no order is read.
                head = sum(share.count for share in shares)
                shares = [] if len(shares) == 1 else shares
            shares.append(_share(count, message, found.end(), end, understood))
        elif beside > found.end() and not (article and head):
            share = _share(count, message, found.end(), beside, understood)
            shares += [share] if share.conditions else []
            counted |= not article
        elif not head and count > 1:
            head = count
    asked = sum(share.count for share in shares)
    several = bool(shares) if head else counted and len(shares) > 1
    return Order(head or asked, tuple(shares)) if several and asked <= (head or _MOST) else None


def _counts(message: str, findings: Sequence[Finding]) -> Iterator[re.Match[str]]:
    """Yield the counting words that are no part of a condition or title.

    An article is one only before a value: "a thriller".
    """
    taken = [(found.start, found.end) for found in findings if found.kind != "act"]
    for found in _COUNT.finditer(message):
        if any(start <= found.start() < end for start, end in taken):
            continue
        if (
            found[0].casefold() not in _ARTICLES
            or _beside(message, found.end(), findings) > found.end()
        ):
            yield found


def _reach(message: str, start: int, stop: int) -> int:
    ending = _END.search(message[:stop], start)
    return ending.start() if ending else stop


def _beside(message: str, at: int, findings: Sequence[Finding]) -> int:
    """Return where the values end that directly follow `at`, or `at` where none does."""
    while True:
        gap = len(message[at:]) - len(message[at:].lstrip())
        found = next((f for f in findings if f.kind == "value" and f.start == at + gap), None)
        if found is None or not gap:
            return at
        at = found.end


def _share(count: int, message: str, start: int, end: int, understood: Understanding) -> Share:
    words = {f.text for f in understood.findings if start <= f.start < end}
    required = [row for row in understood.constraints if row.text in words]
    wished = [_condition(wish) for wish in understood.preferences if wish.text in words]
    conditions = tuple(row for row in (*required, *wished) if row is not None)
    return Share(count, conditions, message[start:end].strip())


def _condition(wish: Preference) -> Constraint | None:
    if wish.weight <= 0:
        return None
    bound = Constraint.wished(wish.facet, wish.value)
    return bound or Constraint(wish.facet, "=", wish.value, wish.turn, wish.text)


def _wish(row: Constraint) -> Preference:
    number = isinstance(row.value, int | float) and not isinstance(row.value, bool)
    flag = {True: "yes", False: "no"}.get(row.value) if isinstance(row.value, bool) else None
    value = f"{row.op} {row.value:g}" if number else flag or str(row.value)
    weight = -1.0 if row.op == "!=" and not number else 1.0
    return Preference(row.facet, value, weight, row.turn, row.text)
