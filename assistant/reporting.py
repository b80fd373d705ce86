"""Conversations counted for a report, in one pass.

Owns: `report`, `tally`. Does not own: what the figures mean (`assistant.reports`), which
conversations they are of (`assistant.recent`).

All of it is counted from the turns as they are stored; nothing is sampled, guessed or kept.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from assistant.explanation import MODEL_FAILED
from assistant.handover import AT_ONCE
from assistant.recent import Conversation
from assistant.reports import (
    Counted,
    Day,
    Report,
    Stage,
    Tally,
    Unfulfilled,
    WayOut,
    Worded,
)
from assistant.state import Tier, Turn, UserProfile

_EXAMPLES = 3
_STAGES = (
    "understand", "retrieve", "rank", "evidence", "suggest", "compose", "explain", "cards", "total",
)  # fmt: skip


def report(conversations: Iterable[Conversation], most: int = 50) -> Report:
    """Return what `conversations` come to; every list of it has at most `most` entries.

    Reads them once and keeps none; O(turns).
    """
    so_far = _SoFar()
    for conversation in conversations:
        so_far.add(conversation)
    return so_far.report(most)


def tally(turns: Sequence[Turn]) -> Tally:
    """Return what was shown in one conversation, and what became of it."""
    shown = {card.item_id for turn in turns for card in turn.cards}
    stands = _stands(turns)
    liked, disliked, seen, later = (
        sum(kind == name for kind, _ in stands) for name in ("likes", "dislikes", "seen", "later")
    )
    served, accepted = int(bool(shown)), int(bool(liked))
    return Tally(1, len(turns), served, accepted, len(shown), liked, disliked, seen, later)


@dataclass(slots=True)
class _SoFar:
    """Counts while conversations go by."""

    days: dict[str, list[Tally]] = field(default_factory=lambda: defaultdict(list))
    unfulfilled: dict[tuple[str, ...], list[Turn]] = field(
        default_factory=lambda: defaultdict(list)
    )
    missing: Counter[str] = field(default_factory=Counter[str])
    unanswered: Counter[str] = field(default_factory=Counter[str])
    timings: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    warned: int = 0
    warnings: Counter[str] = field(default_factory=Counter[str])
    worded: Counter[tuple[Tier, str | None]] = field(
        default_factory=Counter[tuple[Tier, str | None]]
    )
    model_failures: int = 0
    spelt: dict[str, str] = field(default_factory=dict[str, str])

    def add(self, conversation: Conversation) -> None:
        turns = conversation.turns
        self.days[conversation.began.date().isoformat()].append(tally(turns))
        for turn in turns:
            self._time(turn)
        nothing = {_conditions(turn.profile): turn for turn in turns if _came_to_nothing(turn)}
        for conditions, turn in nothing.items():
            self.unfulfilled[conditions].append(turn)
        self._count(self.missing, (title for turn in turns for title in turn.missing_titles))
        self._count(self.unanswered, (turn.user for turn in turns if _unanswered(turn)))
        self._count(self.warnings, (text for turn in turns for text in turn.warnings))

    def report(self, most: int) -> Report:
        days = [Day(day, _sum(tallies)) for day, tallies in self.days.items()]
        unfulfilled = [_unfulfilled(*entry) for entry in self.unfulfilled.items()]
        return Report(
            total=_sum([day.tally for day in days]),
            days=tuple(sorted(days, key=lambda day: day.day, reverse=True)),
            unfulfilled=tuple(
                sorted(unfulfilled, key=lambda one: (-one.conversations, one.conditions))[:most]
            ),
            missing_titles=self._most(self.missing, most),
            unanswered=self._most(self.unanswered, most),
            stages=_stages(self.timings),
            warned=self.warned,
            warnings=self._most(self.warnings, most),
            worded=tuple(Worded(*who, turns) for who, turns in self.worded.most_common(most)),
            model_failures=self.model_failures,
        )

    def _time(self, turn: Turn) -> None:
        for stage, spent in turn.timings_ms.items():
            self.timings[stage].append(spent)
        self.worded[turn.llm.tier, turn.llm.model] += 1
        self.warned += bool(turn.warnings)
        self.model_failures += any(text.startswith(MODEL_FAILED) for text in turn.warnings)

    def _count(self, counter: Counter[str], texts: Iterable[str]) -> None:
        """Count each of one conversation's `texts` once, however it is spelt."""
        spelt = {" ".join(text.casefold().split()): text for text in texts}
        counter.update(spelt.keys())
        self.spelt |= spelt

    def _most(self, counter: Counter[str], most: int) -> tuple[Counted, ...]:
        ordered = sorted(counter.items(), key=lambda entry: (-entry[1], entry[0]))
        return tuple(Counted(self.spelt[text], count) for text, count in ordered[:most])


def _stands(turns: Sequence[Turn]) -> set[tuple[str, str]]:
    """Return the stands taken on items after they were shown, as kind and item id.

    What was undone or taken back does not count; starting over takes nothing back.
    """
    first: dict[str, int] = {}
    settled: set[tuple[str, str]] = set()
    now: set[tuple[str, str]] = set()
    for turn in turns:
        if "reset" in turn.acts:
            settled |= now
        now = {
            (kind, opinion.item_id)
            for kind in ("likes", "dislikes", "seen", "later")
            for opinion in getattr(turn.profile, kind)
            if opinion.turn > first.get(opinion.item_id, turn.number)
        }
        for card in turn.cards:
            first.setdefault(card.item_id, turn.number)
    return settled | now


def _came_to_nothing(turn: Turn) -> bool:
    """Tell whether a slate was searched for, which is timed, and none was found."""
    return not turn.cards and "retrieve" in turn.timings_ms


def _unanswered(turn: Turn) -> bool:
    """Tell whether the help pages were asked in vain; who called a human was not answered."""
    answered = turn.answer is not None and bool(turn.answer.quotes)
    return "policy" in turn.acts and not answered and turn.handover not in AT_ONCE


def _conditions(profile: UserProfile) -> tuple[str, ...]:
    return tuple(sorted(map(str, profile.constraints)))


def _unfulfilled(conditions: tuple[str, ...], turns: Sequence[Turn]) -> Unfulfilled:
    words = tuple(dict.fromkeys(turn.user for turn in turns))[:_EXAMPLES]
    newest = turns[0]  # Conversations come newest first.
    ways_out = tuple(WayOut(tuple(map(str, way.drop)), way.items) for way in newest.relaxations)
    return Unfulfilled(conditions, len(turns), words, ways_out)


def _sum(tallies: Sequence[Tally]) -> Tally:
    names = [column.name for column in fields(Tally)]
    return Tally(**{name: sum(getattr(one, name) for one in tallies) for name in names})


def _stages(timings: dict[str, list[float]]) -> tuple[Stage, ...]:
    """Return the stages in the order of the turn; those that this version does not know go last."""
    names = [*(name for name in _STAGES if name in timings), *sorted(timings.keys() - {*_STAGES})]
    return tuple(_stage(name, sorted(timings[name])) for name in names)


def _stage(name: str, ordered: Sequence[float]) -> Stage:
    p50, p95, p99 = (
        round(ordered[math.ceil(share * len(ordered)) - 1], 1) for share in (0.5, 0.95, 0.99)
    )
    return Stage(name, len(ordered), p50, p95, p99)
