"""What a message adds to the profile, gathered mention by mention.

Owns: `Draft`: from mentions and stances to opinions, constraints, preferences, findings and acts.
Does not own: how mentions and stances are found.
"""

from __future__ import annotations

from collections.abc import Sequence, Set

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
from assistant.understanding.corrections import contrasted, meant
from assistant.understanding.english import FILLER
from assistant.understanding.mentions import Marker, Mention, Stance, covered
from assistant.understanding.stands import AGAINST, IRONY, Row, Stands
from assistant.understanding.text import Text
from assistant.understanding.tone import Tone
from assistant.understanding.topic import leftover
from assistant.understanding.unheld import refused_words
from catalog import Catalog, Constraint

_ASKING: dict[AskKind, Act] = {
    "fact": "ask", "compare": "compare", "why": "why", "why_not": "why", "open": "policy",
    "beyond": "ask",
}  # fmt: skip
_SHORT = 4
_PAUSES = frozenset({",", "."})
_PERSONAL = frozenset({"i", "im", "ive", "my", "we", "our", "he", "she", "her", "his", "its", "it"})
_ASKING_TEXT = """
    something anything one ones stuff want need fancy looking recommend suggest show give find love
    like prefer mood please more some any about mostly mainly featuring where
    """
_ASKING_WORDS = frozenset(_ASKING_TEXT.split())
_REQUESTING = frozenset(
    {"something", "anything", "want", "need", "looking", "recommend", "suggest", "show", "give"}
)
_TOLD = frozenset(
    {"went", "goes", "woke", "fell", "came", "comes", "got", "was", "were", "has", "had"}
)
"""Verbs of telling: "baby just went down" is no wish."""
_DENIED_WORDS = 5


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
        self._open = open_facets
        self._starts = {m.start for m in mentions if m.facet not in open_facets}
        self._named = covered(mentions)
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
        self._read: set[int] = set()
        self._reset = self._undo = self._meant = False
        self._slips: list[str] = []
        self._unheld: dict[str, None] = {}
        self._joked: set[Constraint] = set()
        self._tone = Tone(text, mentions)
        self._nouns = {catalog.schema.noun.casefold(), catalog.schema.plural.casefold()}
        self._nouns |= {
            word
            for facet in catalog.schema.facets
            if facet.kind == "people"
            for cue in facet.cues
            for word in cue.split()
        }
        ends = {m.end for m in mentions if m.items}
        self._stands = Stands(catalog, text, context, self._tone, self._starts, self._nouns, ends)

    def add(self, mention: Mention, stances: Sequence[Stance]) -> None:
        """Take in one mention and how the person stands on it."""
        match mention.kind:
            case "item" | "reference":
                for stance in stances or (None,):
                    self._item(mention, stance)
            case "value" if not (
                AGAINST & set(stances) if mention.rare else stances or self._wished(mention)
            ):
                self._kept.update(range(mention.start, mention.end))
                self._find(mention, "value", f"{mention.facet} only mentioned")
            case "value":
                self._value(mention, stances[-1] if stances else "want")
            case "number":
                self._number(mention, stances)
            case "missing":
                self._drop(mention)
                self._missing.setdefault(self._name(mention))
                self._act(mention, "missing")
                self._find(mention, "missing", "title that the catalogue lacks")
            case "stranger":
                if AGAINST & set(stances):
                    self._drop(mention)
                self._find(mention, "missing", f"person {self._words(mention)}")
            case "act":
                self._drop(mention)

    def _wished(self, mention: Mention) -> bool:
        """Tell whether a value of an open vocabulary is wished for, not only told of.

        "I teach history" and "it's a school night" are no wishes; a clause that asks, that names
        what items are called, that has another value, or that is hardly more than the word, is.
        """
        if mention.facet not in self._open or mention.strength > 0 or len(mention) > 1:
            return True
        begin, end = self._clause(mention)
        clause = {word.norm for word in self._text.words[begin:end]}
        beside = any(begin <= start < end and start != mention.start for start in self._starts)
        short = end - begin <= _SHORT and not clause & (_PERSONAL | _TOLD)
        return beside or short or bool(clause & (_ASKING_WORDS | self._nouns))

    def told(self, mention: Mention) -> None:
        """Keep the words of the clause around `mention` from being searched for.

        It tells how something was in words that no phrase knows: "Titanic can get in the bin". Not
        where the clause also asks for something.
        """
        self._read.add(mention.start)
        begin, end = self._clause(mention)
        if not {word.norm for word in self._text.words[begin:end]} & _REQUESTING:
            self._dropped.update(range(begin, end))

    def _clause(self, mention: Mention) -> tuple[int, int]:
        """Return the half-open word range of the clause around `mention`."""
        words = self._text.words
        begin, end = mention.start, mention.end
        while begin and words[begin].gap not in _PAUSES:
            begin -= 1
        while end < len(words) and words[end].gap not in _PAUSES:
            end += 1
        return begin, end

    def retract(self, mention: Mention, retraction: Retraction) -> None:
        """Take in something taken back."""
        self._retractions.setdefault(retraction)
        self._act(mention, "correct")
        self._find(mention, "act", f"take back {retraction.facet or retraction.item_id}")

    def ask(self, mention: Mention, ask: Ask) -> None:
        """Take in a question about items; nothing in its words is a wish."""
        if ask.items or ask.kind in {"open", "beyond"}:
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
                self._meant = True
            self._acts.append((start, act))
            if act == "correct":  # "scratch that" is not searched for
                self._dropped.update(range(start, end))
            if act in STEERING:
                self._dropped.update(range(start, end))
                self._find(Mention(start, end, "act"), "act", act)
        self._dropped |= covered(markers)
        ends = [*(marker.start for marker in markers[1:]), len(self._text)]
        for marker, end in zip(markers, ends, strict=False):
            if marker.forward and marker.stance in AGAINST:
                self._drop_denied(marker.end, end)
                unheld = refused_words(self._text, marker, end, self._named)
                self._unheld.update(dict.fromkeys(unheld))

    def _drop_denied(self, start: int, limit: int) -> None:
        """Drop the words right after a negation: "no subtitles" is not to be searched for."""
        for at in range(start, min(start + _DENIED_WORDS, limit)):
            if at > start and (self._text.words[at].gap in _PAUSES or at in self._starts):
                return
            self._dropped.add(at)

    def _correct_items(self) -> None:
        """Take back what the person corrects: "no, I meant Psycho (1998)"."""
        profile = self._context.profile
        held = {row.item_id for row in (*profile.likes, *profile.dislikes, *profile.seen)}
        slips = [item_id for item_id in self._slips if self._meant or item_id in held]
        if not self._likes or not (slips or self._meant):
            return
        for item_id in slips:
            self._dislikes.pop(item_id, None)
        for row in meant(tuple(self._likes.values()), slips, profile):
            self._retractions.setdefault(row)

    def finish(
        self, mentions: Sequence[Mention], markers: Sequence[Marker], off_topic: bool
    ) -> Understanding:
        """Return the understanding."""
        self._correct_items()
        topic = leftover(self._text, self._dropped, self._nouns, self._kept)
        substance = bool(self._acts) or any(m.kind != "act" for m in mentions)
        spoken = self._asks or any(m.kind in {"item", "number", "reference"} for m in mentions)
        said = any(m.kind == "value" for m in mentions)
        if off_topic and not (spoken or self._refused()):
            return Understanding(acts=("off_topic",))
        acts: list[Act] = [act for _, act in sorted(self._acts, key=lambda pair: pair[0])]
        wants = not {"profile", "human"}.intersection(acts) and any(
            m.stance in {"want", "ask", "require"} for m in markers
        )
        if topic or wants or self._asks_at_all(substance):
            acts.append("request")
        return Understanding(
            acts=tuple(dict.fromkeys(acts)) or (("request",) if spoken or said else ("off_topic",)),
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
            # "Scrap that, I don't like Crash" corrects, it does not go back a turn.
            undo=self._undo
            and not (self._likes or self._dislikes or self._seen or self._refused()),
            findings=tuple(sorted(self._findings, key=lambda finding: finding.start)),
            unheld=tuple(self._unheld),
        )

    def _refused(self) -> bool:
        return any(row.op == "!=" for row in self._constraints)

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
        if self._tone.ironic(mention) and mention.start not in self._read:
            stance = IRONY.get(stance, stance)
        if stance in {"exclude", "avoid"} and contrasted(self._text, mention):
            self._slips.extend(mention.items)
        if stance in AGAINST and stance != "never" and self._tone.for_now(mention):
            stance = "later"
        for item_id in mention.items:
            self._stand(mention, item_id, "dislike" if stance in AGAINST else stance)
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

    def _value(self, mention: Mention, stance: Stance) -> None:
        stance = self._stands.meant(mention, stance)
        people = self._catalog.schema.facet(mention.facet).kind == "people"
        if stance in AGAINST or stance in {"waive", "seen", "neutral"} or people:
            self._drop(mention)
        else:
            self._kept.update(range(mention.start, mention.end))
        self._rows(mention, self._stands.value(mention, stance))

    def _number(self, mention: Mention, stances: Sequence[Stance]) -> None:
        self._drop(mention)
        rows = self._stands.number(mention, stances)
        self._rows(mention, rows)
        if mention.strength and rows:
            self._act(mention, "critique")

    def _rows(self, mention: Mention, rows: Sequence[Row]) -> None:
        """Take in what a stand on a value or an amount adds or takes back."""
        for row in rows:
            if isinstance(row, Constraint):
                self._constraints.setdefault(row)
                if self._tone.ironic(mention):
                    self._joked.add(row)
                self._act(mention, "constrain")
            elif isinstance(row, Preference):
                if row.weight > 0:
                    self._wish_in_earnest(row)
                self._preferences[row.facet, row.value] = row
                self._act(mention, "avoid" if row.weight < 0 else "prefer")
            else:
                self._retractions.setdefault(row)
                self._act(mention, "correct")
        kind = "number" if mention.kind == "number" else "value"
        self._find(mention, kind, _readable(rows) or f"{mention.facet} only mentioned")

    def _wish_in_earnest(self, wish: Preference) -> None:
        """Drop what a joke excluded where the message then wishes for it."""
        for row in [row for row in self._constraints if row in self._joked]:
            if (row.facet, row.value) == (wish.facet, wish.value):
                self._constraints.pop(row)

    def _words(self, mention: Mention) -> str:
        return self._text.surface(mention.start, mention.end)

    def _name(self, mention: Mention) -> str:
        """Return the words of a title without what follows of it: "Artisan's lovely"."""
        words, at = self._words(mention), mention.end - 1
        goes_on = self._text.joined(mention.end) and not self._text.upper(mention.end)
        return words[:-2] if goes_on and self._text.possessive(at) else words

    def _drop(self, mention: Mention) -> None:
        self._dropped.update(range(mention.start, mention.end))

    def _act(self, mention: Mention, act: Act) -> None:
        self._acts.append((mention.start, act))

    def _find(self, mention: Mention, kind: str, means: str) -> None:
        start, end = self._text.characters(mention.start, mention.end)
        self._findings.append(Finding(start, end, self._text.message[start:end], kind, means))


def _readable(rows: Sequence[Row]) -> str:
    """Return what `rows` say, for the record: ``"year >= 1990 and year <= 1999"``."""
    shown = [
        str(row)
        if isinstance(row, Constraint)
        else f"{row.facet} {row.value} {row.weight:+g}"
        if isinstance(row, Preference)
        else f"take back {row.facet} {row.value or ''}".rstrip()
        for row in rows[:2]
    ]
    return " and ".join(shown)
