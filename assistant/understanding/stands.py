"""What a stand on a facet value or an amount adds to the profile: conditions, wishes, retractions.

Owns: `Stands`. Does not own: finding mentions and stances, or opinions on items (`draft`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from dataclasses import replace

from assistant.state import Context, Preference, Retraction
from assistant.understanding.english import CALENDAR, FILLER, FUNCTION
from assistant.understanding.mentions import Mention, Stance
from assistant.understanding.retractions import take_all_back, take_back
from assistant.understanding.telling import recalled, told_of_item
from assistant.understanding.text import Text
from assistant.understanding.tone import Tone
from catalog import Catalog, Constraint, Operator, Scope

Row = Constraint | Preference | Retraction

AGAINST: frozenset[Stance] = frozenset({"exclude", "never", "avoid", "hate", "dislike"})
"""Stances that refuse or avoid."""
_HARD: frozenset[Stance] = frozenset({"exclude", "never", "hate"})
_LASTING: frozenset[Stance] = frozenset({"never", "hate", "like", "dislike"})
IRONY: dict[Stance, Stance] = {
    "like": "dislike",
    "dislike": "like",
    "hate": "like",
    "neutral": "dislike",
    "want": "exclude",
    "require": "exclude",
}
"""What a marked joke means."""
_WARES = frozenset(
    {
        "works",
        "work",
        "fits",
        "cinema",
        "production",
        "productions",
        "fare",
        "releases",
        "pictures",
        "made",
    }
)
_DROPPED = re.compile(
    r"(?<![^ ])(?:forget|drop|scrap|remove|ignore|lose|lift|cancel|ditch|skip|never ?mind"
    r"|take (?:off|away|out)|get rid of)(?: about)?(?: (?:the|my|that|your))* $"
)
_INSTEAD = frozenset(
    {"actually", "meant", "mean", "sorry", "instead", "rather", "wait", "correction", "make"}
)
_UNNEEDED = re.compile(
    r"(?<![^ ])(?:(?:doesnt|does not|dont|do not|didnt|neednt|need not|no need to|not)"
    r"(?: really| actually| necessarily)*(?: (?:have|need|got|required))?(?: (?:to|for it to))? be"
    r"|not necessarily)(?: \w+){0,2} $"
)
_ALLOWED = re.compile(
    r" (?:would be|is|s|are|will be|would|will|can)?(?: also| totally| still| perfectly| be)* ?"
    r"(?:fine|ok|okay|alright|all right|acceptable|doable|possible|do|work|works|no problem"
    r"|not a problem)(?= |$)"
)
_SOME = frozenset({"a", "an", "the"})
_CORRECTING = 6
"""Words before a value in which "actually" corrects."""
_FORGET_TEXT = """
    forget drop scrap remove ignore nevermind never mind lose lift cancel changed matter
    """
_FORGET = frozenset(_FORGET_TEXT.split())


class Stands:
    """Turns a stance on a mention into rows of the profile; one per message.

    Parameters
    ----------
    text : Text
        The message.
    context : Context
        What is held before it.
    tone : Tone
        Its hedges and jokes.
    starts : set of int
        Words where a mention begins that ends the reach of an adjective.
    nouns : set of str
        What items are called.
    items : set of int
        Words right after an item or a card.
    """

    def __init__(
        self,
        catalog: Catalog,
        text: Text,
        context: Context,
        tone: Tone,
        starts: Set[int],
        nouns: Set[str],
        items: Set[int],
    ) -> None:
        self._catalog = catalog
        self._text = text
        self._context = context
        self._tone = tone
        self._starts = starts
        self._nouns = nouns
        self._items = items

    def meant(self, mention: Mention, stance: Stance) -> Stance:
        """Return `stance` on a value as it is meant: a hedge softens, a joke turns it."""
        if self._tone.ironic(mention):
            turned = IRONY.get(stance, stance)
            return "exclude" if stance == "like" else turned
        return "avoid" if stance == "exclude" and self._tone.hedged(mention) else stance

    def value(self, mention: Mention, stance: Stance) -> tuple[Row, ...]:
        """Return what `stance` on the values of `mention` adds or takes back."""
        if stance in {"seen", "neutral"} or (stance == "want" and recalled(self._text, mention)):
            return ()
        if stance in AGAINST and told_of_item(self._text, mention, self._items):
            return ()
        if stance == "waive":
            return self._waived(mention)
        if stance == "exclude" and self._replaced(mention):
            return take_all_back(mention, self._context.profile)
        rows = tuple(self._row(mention, value, stance) for value in mention.values)
        return (*self._superseded(mention, rows), *rows)

    def number(self, mention: Mention, stances: Sequence[Stance] = ()) -> tuple[Row, ...]:
        """Return the bounds of `mention`: conditions, or wishes where they are hedged."""
        if self._tone.ironic(mention):
            return ()
        before = self._text.flat[: self._text.flat_at(mention.start)]
        if "waive" in stances and _DROPPED.search(before):
            return (Retraction(facet=mention.facet),)
        allowed = "waive" in stances or self._allowed(mention)
        if allowed and (eased := self._eased(mention)):
            return eased
        facet, turn = self._catalog.schema.facet(mention.facet), self._context.turn
        words = self._text.surface(mention.start, mention.end)
        bounds: list[tuple[Operator, float]] = [
            (op, int(value) if facet.integer else value) for op, value in mention.bounds
        ]
        earlier = {word.norm for word in self._text.words[: mention.start]}
        if _INSTEAD & earlier and all(op == "!=" for op, _ in bounds):
            return ()  # "actually the 2000s, not the 60s": the new range replaces the old
        if self._tone.hedged(mention):
            # "Ideally under two hours" ranks, it does not filter.
            return tuple(
                Preference(facet.name, f"{op} {value:g}", 0.5, turn, words) for op, value in bounds
            )
        return tuple(Constraint(facet.name, op, value, turn, words) for op, value in bounds)

    def _allowed(self, mention: Mention) -> bool:
        return bool(_ALLOWED.match(self._text.flat[self._text.flat_at(mention.end) - 1 :]))

    def _eased(self, mention: Mention) -> tuple[Row, ...]:
        """Return the bound that an amount which "is ok too" loosens: that amount instead."""
        words, turn = self._text.surface(mention.start, mention.end), self._context.turn
        amounts = [value for _, value in mention.bounds]
        middle = sum(amounts) / len(amounts)
        return tuple(
            Constraint(row.facet, row.op, round(middle), turn, words)
            for row in self._context.profile.constraints
            if row.facet == mention.facet
            and isinstance(row.value, (int, float))
            and ((row.op == "<=" and middle > row.value) or (row.op == ">=" and middle < row.value))
        )

    def _superseded(self, mention: Mention, rows: Sequence[Row]) -> tuple[Retraction, ...]:
        """Return what "actually in German" takes back: the other languages required before."""
        required = {row.value for row in rows if isinstance(row, Constraint) and row.op == "="}
        before = self._text.words[max(0, mention.start - _CORRECTING) : mention.start]
        if not required or not _INSTEAD & {word.norm for word in before}:
            return ()
        return tuple(
            Retraction(facet=held.facet, value=held.value, ops=("=",))
            for held in self._context.profile.constraints
            if held.facet == mention.facet and held.op == "=" and held.value not in required
        )

    def _row(self, mention: Mention, value: str, stance: Stance) -> Row:
        facet, turn = mention.facet, self._context.turn
        words = self._text.surface(mention.start, mention.end)
        flag = self._catalog.schema.facet(facet).kind == "flag"
        typed = True if flag else value
        lasts = stance in _LASTING and not self._tone.for_now(mention)
        scope: Scope = "always" if lasts else "now"
        hedged = self._tone.hedged(mention)
        if stance in _HARD:
            return Constraint(facet, "!=", typed, turn, words, scope)
        if stance == "require":
            return Constraint(facet, "=", typed, turn, words, together=self._both(mention))
        if stance not in AGAINST and not hedged and self._required(mention):
            return Constraint(facet, "=", typed, turn, words)
        weight = 0.5 if hedged or self._tone.unsure(mention) else 1.0
        signed = -weight if stance in AGAINST else weight
        return Preference(facet, value, signed, turn, words, scope)

    def _replaced(self, mention: Mention) -> bool:
        """Tell whether "actually A, not B" takes back B, which was wished for, and no more."""
        at = mention.start - (self._text.norms(mention.start - 1, mention.start) in _SOME)
        if at < 1 or self._text.words[at - 1].norm not in {"not", "of", "than"}:
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

    def _both(self, mention: Mention) -> bool:
        """Tell whether a required value must hold beside another: "must be both A and B"."""
        words = self._text.words
        before = {word.norm for word in words[max(0, mention.start - 4) : mention.start]}
        return "both" in before or (
            "and" in before and any(w.norm == "both" for w in words[: mention.start])
        )

    def _unneeded(self, mention: Mention) -> bool:
        """Tell whether it is not asked for any longer: "it doesn't have to be English"."""
        before = self._text.flat[: self._text.flat_at(mention.start)]
        return bool(_UNNEEDED.search(before))

    def _waived(self, mention: Mention) -> tuple[Row, ...]:
        before = self._text.words[max(0, mention.start - 5) : mention.start]
        before += self._text.words[mention.end : mention.end + 2]
        forgets = any(word.norm in _FORGET for word in before) or self._unneeded(mention)
        turn, words = self._context.turn, self._text.surface(mention.start, mention.end)
        others = [
            row
            for row in self._context.profile.constraints
            if row.facet == mention.facet and row.op == "=" and row.value not in mention.values
        ]
        after = self._text.words[mention.end : mention.end + 4]
        added = any(word.norm in {"well", "too", "also"} for word in after)
        if others and added and not forgets:  # held to others: "American is fine as well"
            return tuple(
                Constraint(mention.facet, "=", value, turn, words) for value in mention.values
            )
        # "French" may be held as a language while it is read as a country.
        said = replace(mention, values=(*mention.values, words))
        return (take_all_back if forgets else take_back)(said, self._context.profile)
