"""What a message adds to the profile, gathered mention by mention.

Owns: `Draft`: from mentions and stances to opinions, constraints, preferences, findings and acts.
Does not own: how mentions and stances are found.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import replace

from assistant.state import (
    Act,
    Ask,
    AskKind,
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
from assistant.understanding.tone import Tone
from assistant.understanding.topic import leftover
from catalog import Catalog, Constraint, Scope

_AGAINST: frozenset[Stance] = frozenset({"exclude", "never", "avoid", "hate", "dislike"})
_HARD: frozenset[Stance] = frozenset({"exclude", "never", "hate"})
_LASTING: frozenset[Stance] = frozenset({"never", "hate", "like", "dislike"})
_IRONY: dict[Stance, Stance] = {
    "like": "dislike",
    "dislike": "like",
    "want": "avoid",
    "require": "avoid",
}
_ASKING: dict[AskKind, Act] = {"fact": "ask", "compare": "compare", "why": "why", "why_not": "why"}
_DENIED_WORDS = 5
_WARES = frozenset({"cinema", "production", "productions", "fare", "releases", "pictures", "made"})
_WAS = frozenset({"was", "were"})
_INTENSE = frozenset({"so", "very", "really", "pretty", "quite", "too", "just", "such"})
_INSTEAD = frozenset(
    {"actually", "meant", "mean", "sorry", "instead", "rather", "wait", "correction"}
)
_FORGET = frozenset({"forget", "drop", "scrap", "remove", "ignore", "nevermind", "lose", "lift",
                     "cancel", "changed", "matter"})  # fmt: skip


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
        self._later: dict[str, Opinion] = {}
        self._again: dict[str, None] = {}
        self._constraints: dict[Constraint, None] = {}
        self._preferences: dict[tuple[str, str], Preference] = {}
        self._retractions: dict[Retraction, None] = {}
        self._missing: dict[str, None] = {}
        self._findings: list[Finding] = []
        self._acts: list[tuple[int, Act]] = []
        self._asks: list[Ask] = []
        self._dropped: set[int] = set()
        self._kept: set[int] = set()
        self._reset = self._undo = False
        self._tone = Tone(text, mentions)
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
                self._value(mention, self._softened(mention, stances[-1] if stances else "want"))
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

    def ask(self, mention: Mention, ask: Ask) -> None:
        """Take in a question about items; nothing in its words is a wish."""
        if ask.items:
            self._asks.append(ask)
        self._act(mention, _ASKING[ask.kind])
        means = " ".join(filter(None, (ask.kind, ask.facet, *ask.items)))
        self._find(mention, "act", means)

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
        spoken = self._asks or any(m.kind in {"item", "number", "reference"} for m in mentions)
        if off_topic and not spoken:
            return Understanding(acts=("off_topic",))
        acts: list[Act] = [act for _, act in sorted(self._acts, key=lambda pair: pair[0])]
        wants = "profile" not in acts and any(
            m.stance in {"want", "ask", "require"} for m in markers
        )
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
            later=tuple(self._later.values()),
            asks=tuple(self._asks),
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
        if stance is None and self._built_on(mention):
            stance = "like"
        if stance is None or stance in {"want", "require"}:
            # A title alone is a liking; a card that is only pointed at is not.
            stance = "neutral" if mention.kind == "reference" else "like"
        if self._tone.ironic:
            stance = _IRONY.get(stance, stance)
        if stance in _AGAINST and stance != "never" and self._tone.for_now(mention):
            stance = "later"
        for item_id in mention.items:
            self._stand(mention, item_id, "dislike" if stance in _AGAINST else stance)
        items = " ".join(mention.items) or "no such card"
        self._find(mention, mention.kind, f"{stance} {items}")

    def _built_on(self, mention: Mention) -> bool:
        """Tell whether a critique builds on the mention: "the last one but newer"."""
        return self._text.norms(mention.end, mention.end + 1) == "but" and any(
            start in self._starts for start in (mention.end + 1, mention.end + 2)
        )

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
            case "later":
                self._later.setdefault(item_id, opinion)
                self._act(mention, "later")
            case "ask":
                self._again.setdefault(item_id)
                self._act(mention, "request")
            case "waive":
                self._retractions.setdefault(Retraction(item_id=item_id))
                self._act(mention, "correct")
            case _:
                pass

    def _softened(self, mention: Mention, stance: Stance) -> Stance:
        """Return `stance` on a value as it is meant: a hedge softens, a joke turns it."""
        if self._tone.ironic:
            return _IRONY.get(stance, stance)
        return "avoid" if stance == "exclude" and self._tone.hedged(mention) else stance

    def _value(self, mention: Mention, stance: Stance) -> None:
        facet, turn, words = mention.facet, self._context.turn, self._words(mention)
        lasts = stance in _LASTING and not self._tone.for_now(mention)
        scope: Scope = "always" if lasts else "now"
        hedged = self._tone.hedged(mention)
        sure = not hedged and not self._tone.unsure(mention)
        people = self._catalog.schema.facet(facet).kind == "people"
        if stance in _AGAINST or stance in {"waive", "seen", "neutral"} or people:
            self._drop(mention)
        else:
            self._kept.update(range(mention.start, mention.end))
        if stance in {"seen", "neutral"} or (stance == "want" and self._recalled(mention)):
            self._find(mention, "value", f"{facet} {mention.values[0]} mentioned")
            return
        if stance == "waive":
            self._waive(mention)
            return
        if stance == "exclude" and self._replaced(mention):
            for row in take_all_back(mention, self._context.profile):
                self._retractions.setdefault(row)
            self._act(mention, "correct")
            self._find(mention, "value", f"{facet} {mention.values[0]} replaced")
            return
        for value in mention.values:
            typed = self._typed(facet, value)
            if stance in _HARD:
                self._constrain(mention, Constraint(facet, "!=", typed, turn, words, scope))
            elif stance == "require" or (
                stance not in _AGAINST and not hedged and self._required(mention)
            ):
                row = Constraint(facet, "=", typed, turn, words)
                together = stance == "require" and self._both(mention)
                self._constrain(mention, replace(row, together=together))
            else:
                weight = (-1.0 if stance in _AGAINST else 1.0) * (1.0 if sure else 0.5)
                self._preferences[facet, value] = Preference(
                    facet, value, weight, turn, words, scope
                )
                self._act(mention, "avoid" if weight < 0 else "prefer")
                self._find(mention, "value", f"{facet} {value} {weight:+g}")

    def _recalled(self, mention: Mention) -> bool:
        """Tell whether a value only tells how something was: "we saw it, it was beautiful"."""
        before = [word.norm for word in self._text.words[max(0, mention.start - 3) : mention.start]]
        return bool(_WAS & set(before[-1:])) or (
            bool(before) and before[-1] in _INTENSE and bool(_WAS & set(before[-2:-1]))
        )

    def _replaced(self, mention: Mention) -> bool:
        """Tell whether "actually A, not B" takes back B, which was wished for, and no more."""
        if not mention.start or self._text.words[mention.start - 1].norm not in {
            "not",
            "of",
            "than",
        }:
            return False
        words = self._text.flat[: self._text.flat_at(mention.start)].split()
        held = {p.value.casefold() for p in self._context.profile.preferences if p.weight > 0}
        held |= {str(c.value).casefold() for c in self._context.profile.constraints if c.op == "="}
        return bool(_INSTEAD & set(words)) and bool(
            held & {value.casefold() for value in mention.values}
        )

    def _required(self, mention: Mention) -> bool:
        """Tell whether a plain mention of a value of this facet is meant as a condition.

        Only where nothing else is described by it: "a French film", "in French", but not "a
        French chef opens a restaurant".
        """
        facet = self._catalog.schema.facet(mention.facet)
        if facet.stance != "require" or mention.strength < 0:
            return False
        if facet.role == "kind" or facet.kind == "flag":  # "a kettle quick" is a kettle
            return True
        if mention.strength > 0 or mention.end >= len(self._text):
            return True
        after = self._text.words[mention.end]
        plain = (
            not after.norm.isalpha()
            or after.norm in FUNCTION | FILLER | CALENDAR | _WARES | self._nouns
        )
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
            if self._tone.hedged(mention):
                self._wish_for(row)
            else:
                self._constraints.setdefault(row)
        self._act(mention, "critique" if mention.strength else "constrain")
        shown = [f"{op} {value:g}" for op, value in mention.bounds]
        self._find(mention, "number", f"{mention.facet} {' and '.join(shown[:2])}")

    def _both(self, mention: Mention) -> bool:
        """Tell whether a required value must hold beside another: "must be both A and B"."""
        words = self._text.words
        before = {word.norm for word in words[max(0, mention.start - 4) : mention.start]}
        return "both" in before or (
            "and" in before and any(w.norm == "both" for w in words[: mention.start])
        )

    def _wish_for(self, row: Constraint) -> None:
        """Take in a hedged bound: "ideally under two hours" ranks, it does not filter."""
        value = f"{row.op} {row.value:g}"
        self._preferences[row.facet, value] = Preference(row.facet, value, 0.5, row.turn, row.text)

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
