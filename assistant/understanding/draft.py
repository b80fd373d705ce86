"""What a message adds to the profile, gathered mention by mention.

Owns: `Draft`: from mentions and stances to opinions, constraints, preferences, findings and acts.
Does not own: how mentions and stances are found.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

from assistant.state import (
    Act,
    Context,
    Finding,
    Opinion,
    Preference,
    Retraction,
    Understanding,
)
from assistant.understanding.acts import STEERING
from assistant.understanding.english import CALENDAR, FILLER, FUNCTION
from assistant.understanding.mentions import Marker, Mention, Stance, covered
from assistant.understanding.retractions import take_all_back, take_back
from assistant.understanding.text import Text
from assistant.understanding.topic import leftover
from catalog import Catalog, Constraint

_AGAINST: frozenset[Stance] = frozenset({"exclude", "avoid", "hate", "dislike"})
_HARD: frozenset[Stance] = frozenset({"exclude", "hate"})
_DENIED_WORDS = 5
_FORGET = frozenset({"forget", "drop", "scrap", "remove", "ignore", "nevermind", "lose", "lift",
                     "cancel", "changed"})  # fmt: skip


class Draft:
    """An `Understanding` in the making; one per message."""

    def __init__(
        self,
        catalog: Catalog,
        text: Text,
        context: Context,
        mentions: Sequence[Mention],
        open_facets: Set[str],
    ) -> None:
        self._catalog = catalog
        self._text = text
        self._context = context
        self._starts = {m.start for m in mentions if m.facet not in open_facets}
        self._likes: dict[str, Opinion] = {}
        self._dislikes: dict[str, Opinion] = {}
        self._seen: dict[str, Opinion] = {}
        self._again: dict[str, None] = {}
        self._constraints: dict[Constraint, None] = {}
        self._preferences: dict[tuple[str, str], Preference] = {}
        self._retractions: dict[Retraction, None] = {}
        self._missing: dict[str, None] = {}
        self._findings: list[Finding] = []
        self._acts: list[tuple[int, Act]] = []
        self._dropped: set[int] = set()
        self._kept: set[int] = set()
        self._reset = self._undo = False
        self._nouns = {catalog.schema.noun.casefold(), catalog.schema.plural.casefold()}
        self._nouns |= {
            word
            for facet in catalog.schema.facets
            if facet.kind == "people"
            for cue in facet.cues
            for word in cue.split()
        }

    def add(self, mention: Mention, stances: Sequence[Stance]) -> None:
        """Take in one mention and how the person stands on it."""
        match mention.kind:
            case "item" | "reference":
                for stance in stances or (None,):
                    self._item(mention, stance)
            case "value":
                self._value(mention, stances[-1] if stances else "want")
            case "number":
                self._number(mention)
            case "missing":
                self._drop(mention)
                self._missing.setdefault(self._words(mention))
                self._act(mention, "missing")
                self._find(mention, "missing", "title that the catalogue lacks")
            case "stranger":
                if _AGAINST & set(stances):
                    self._drop(mention)
                self._find(mention, "missing", f"person {self._words(mention)}")
            case "act":
                self._drop(mention)

    def retract(self, mention: Mention, retraction: Retraction) -> None:
        """Take in something taken back."""
        self._retractions.setdefault(retraction)
        self._act(mention, "correct")
        self._find(mention, "act", f"take back {retraction.facet or retraction.item_id}")

    def steer(self, acts: Sequence[tuple[int, int, Act]], markers: Sequence[Marker]) -> None:
        """Take in the acts that words alone show."""
        for start, end, act in acts:
            self._reset |= act == "reset"
            self._undo |= act == "undo"
            if act == "correct" and "meant" in self._text.norms(start, end) and self._likes:
                self._meant(tuple(self._likes.values()))
            self._acts.append((start, act))
            if act in STEERING:
                self._dropped.update(range(start, end))
                self._find(Mention(start, end, "act"), "act", act)
        self._dropped |= covered(markers)
        ends = [*(marker.start for marker in markers[1:]), len(self._text)]
        for marker, end in zip(markers, ends, strict=False):
            if marker.forward and marker.stance in _AGAINST:
                self._drop_denied(marker.end, end)

    def _drop_denied(self, start: int, limit: int) -> None:
        """Drop the words right after a negation: "no subtitles" is not to be searched for."""
        for at in range(start, min(start + _DENIED_WORDS, limit)):
            if at > start and (self._text.words[at].gap in {",", "."} or at in self._starts):
                return
            self._dropped.add(at)

    def _meant(self, opinions: Sequence[Opinion]) -> None:
        """Take back what the person corrects: "no, I meant Psycho (1998)"."""
        profile = self._context.profile
        held = [row for row in (*profile.likes, *profile.dislikes, *profile.seen)
                if row.item_id not in {new.item_id for new in opinions}]  # fmt: skip
        titles = {new.title.casefold() for new in opinions}
        same = [row for row in held if row.title.casefold() in titles]
        for row in same or sorted(held, key=lambda row: row.turn)[-1:]:
            self._retractions.setdefault(Retraction(item_id=row.item_id))

    def finish(
        self, mentions: Sequence[Mention], markers: Sequence[Marker], off_topic: bool
    ) -> Understanding:
        """Return the understanding."""
        topic = leftover(self._text, self._dropped, self._nouns, self._kept)
        substance = bool(self._acts) or any(m.kind != "act" for m in mentions)
        if off_topic and not any(m.kind in {"item", "number", "reference"} for m in mentions):
            return Understanding(acts=("off_topic",))
        acts: list[Act] = [act for _, act in sorted(self._acts, key=lambda pair: pair[0])]
        wants = any(m.stance in {"want", "ask", "require"} for m in markers)
        if topic or wants or self._asks_at_all(substance):
            acts.append("request")
        return Understanding(
            acts=tuple(dict.fromkeys(acts)) or ("off_topic",),
            likes=tuple(self._likes.values()),
            dislikes=tuple(self._dislikes.values()),
            seen=tuple(self._seen.values()),
            constraints=tuple(self._constraints),
            preferences=tuple(self._preferences.values()),
            retractions=tuple(self._retractions),
            missing_titles=tuple(self._missing),
            topic=topic,
            again=tuple(self._again),
            reset=self._reset,
            undo=self._undo,
            findings=tuple(sorted(self._findings, key=lambda finding: finding.start)),
        )

    def _asks_at_all(self, substance: bool) -> bool:
        """Tell whether a message without findings still asks: "what should I watch tonight"."""
        words = {word.norm for word in self._text.words}
        return not substance and bool(words & (FILLER | self._nouns)) and len(words) > 1

    def _item(self, mention: Mention, stance: Stance | None) -> None:
        self._drop(mention)
        if stance is None or stance in {"want", "require"}:
            # A title alone is a liking; a card that is only pointed at is not.
            stance = "neutral" if mention.kind == "reference" else "like"
        for item_id in mention.items:
            self._stand(mention, item_id, "dislike" if stance in _AGAINST else stance)
        items = " ".join(mention.items) or "no such card"
        self._find(mention, mention.kind, f"{stance} {items}")

    def _stand(self, mention: Mention, item_id: str, stance: Stance) -> None:
        title = self._catalog.item(item_id).title
        opinion = Opinion(item_id, title, self._context.turn, self._words(mention))
        match stance:
            case "seen":
                self._seen.setdefault(item_id, opinion)
                self._act(mention, "seen")
            case "dislike":
                self._likes.pop(item_id, None)
                self._dislikes.setdefault(item_id, opinion)
                self._act(mention, "dislike")
            case "like":
                self._dislikes.pop(item_id, None)
                self._likes.setdefault(item_id, opinion)
                self._act(mention, "like")
            case "ask":
                self._again.setdefault(item_id)
                self._act(mention, "request")
            case "waive":
                self._retractions.setdefault(Retraction(item_id=item_id))
                self._act(mention, "correct")
            case _:
                pass

    def _value(self, mention: Mention, stance: Stance) -> None:
        facet, turn, words = mention.facet, self._context.turn, self._words(mention)
        people = self._catalog.schema.facet(facet).kind == "people"
        if stance in _AGAINST or stance in {"waive", "seen", "neutral"} or people:
            self._drop(mention)
        else:
            self._kept.update(range(mention.start, mention.end))
        if stance in {"seen", "neutral"}:
            self._find(mention, "value", f"{facet} {mention.values[0]} mentioned")
            return
        if stance == "waive":
            self._waive(mention)
            return
        for value in mention.values:
            if stance in _HARD:
                self._constrain(
                    mention, Constraint(facet, "!=", self._typed(facet, value), turn, words)
                )
            elif stance == "require" or (stance not in _AGAINST and self._required(mention)):
                self._constrain(
                    mention, Constraint(facet, "=", self._typed(facet, value), turn, words)
                )
            else:
                weight = -1.0 if stance in _AGAINST else 1.0
                self._preferences[facet, value] = Preference(facet, value, weight, turn, words)
                self._act(mention, "avoid" if weight < 0 else "prefer")
                self._find(mention, "value", f"{facet} {value} {weight:+g}")

    def _required(self, mention: Mention) -> bool:
        """Tell whether a plain mention of a value of this facet is meant as a condition.

        Only where nothing else is described by it: "a French film", "in French", but not "a
        French chef opens a restaurant".
        """
        if self._catalog.schema.facet(mention.facet).stance != "require" or mention.strength < 0:
            return False
        if mention.strength > 0 or mention.end >= len(self._text):
            return True
        after = self._text.words[mention.end]
        plain = after.norm in FUNCTION | FILLER | CALENDAR | self._nouns
        return plain or mention.end in self._starts or not self._text.joined(mention.end)

    def _waive(self, mention: Mention) -> None:
        forgets = any(
            word.norm in _FORGET
            for word in self._text.words[max(0, mention.start - 5) : mention.start]
        )
        take = take_all_back if forgets else take_back
        taken_back = take(mention, self._context.profile)
        for retraction in taken_back:
            self._retractions.setdefault(retraction)
        if taken_back:
            self._act(mention, "correct")
        self._find(mention, "value", f"{mention.facet} {mention.values[0]} is fine")

    def _number(self, mention: Mention) -> None:
        self._drop(mention)
        for op, value in mention.bounds:
            number = int(value) if self._catalog.schema.facet(mention.facet).integer else value
            row = Constraint(mention.facet, op, number, self._context.turn, self._words(mention))
            self._constraints.setdefault(row)
        self._act(mention, "critique" if mention.strength else "constrain")
        shown = [f"{op} {value:g}" for op, value in mention.bounds]
        self._find(mention, "number", f"{mention.facet} {' and '.join(shown[:2])}")

    def _constrain(self, mention: Mention, constraint: Constraint) -> None:
        self._constraints.setdefault(constraint)
        self._act(mention, "constrain")
        self._find(mention, "value", str(constraint))

    def _typed(self, facet: str, value: str) -> str | bool:
        return True if self._catalog.schema.facet(facet).kind == "flag" else value

    def _words(self, mention: Mention) -> str:
        return self._text.surface(mention.start, mention.end)

    def _drop(self, mention: Mention) -> None:
        self._dropped.update(range(mention.start, mention.end))

    def _act(self, mention: Mention, act: Act) -> None:
        self._acts.append((mention.start, act))

    def _find(self, mention: Mention, kind: str, means: str) -> None:
        start, end = self._text.characters(mention.start, mention.end)
        self._findings.append(Finding(start, end, self._text.message[start:end], kind, means))
