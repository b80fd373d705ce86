"""What the person takes back: "older is fine", "forget the runtime", "horror is ok after all".

Owns: retractions of facets and values. Does not own: applying them (`assistant.profile`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.state import Retraction, UserProfile
from assistant.understanding.mentions import Mention
from assistant.understanding.text import Text, normalise
from catalog import Facet, Schema

_ROLE_WORDS = {
    "duration": ("length", "runtime", "run time", "running time", "duration", "how long it is"),
    "price": ("price", "budget", "cost", "money", "how much it costs"),
    "year": ("year", "years", "age", "date", "decade", "era", "release date", "how old it is"),
}
_FORGET = (
    r"(?:forget|drop|scrap|remove|ignore|never ?mind|lose|lift|cancel|dont care|do not care"
    r"|doesnt care|dont mind|not fussed|no limit|clear|change my mind|(?:dont|do not) worry)"
    r"(?: (?:what|everything|all|whatever) i (?:just )?said (?:about|on))?"
    r"(?: (?:about|on|the|my|that|its|for|how))*"
)
_FINE = (
    r"(?:(?:ones?|stuff|things|films?|movies?|{nouns})? ?"
    r"(?:is|are|would be|s|works|will do|will be)"
    r"(?: actually| totally| also| perfectly)* (?:fine|ok|okay|alright|all right|good|great|no"
    r" problem|cool|allowed)"
    r"|(?:ones? |films? |stuff )?(?:works|(?:are |is )?welcome|(?:will|would) do"
    r"(?:(?: very| quite)? (?:nicely|fine|well))?|is possible))(?: too| actually| also| as well)*"
)
_NO_MATTER = (
    r"(?: (?:limit|restriction|constraint|requirement|thing|filter|rule|range))?"
    r"(?: (?:doesnt|dont|does not|do not|didnt)(?: really)? matter| is no object| isnt important"
    r"| (?:isnt|is not|is no|aint)(?: an?)? (?:issue|problem|concern)"
    r"| is not important| is irrelevant| is up to you"
    r"| (?:i|we) (?:dont|do not|wouldnt) (?:really |actually )?(?:mind|care)"
    r"(?! (?:if|that|how|being))(?: about)?)"
)
_THING = r"(?: (?:limit|restriction|constraint|requirement|thing|filter|rule|range|part))?"
_HOW = (
    r"(?:(?:doesnt|dont|does not|do not|didnt)(?: really)? (?:matter|care|mind)"
    r"|not (?:bothered|fussed)|no matter)(?: about)? how (?:{})"
    r"(?: (?:it|they|one|that)(?: is| are| lasts?| was)?| its)?"
)
_LOOSE = (
    r"(?:(?:doesnt|does not|neednt|need not|dont) (?:have|need) to be|can be|could be|may be"
    r"|(?:doesnt|does not|dont) matter if (?:its|it is|theyre|they are)"
    r"|(?:dont|do not|wouldnt) mind|im (?:ok|okay|fine|cool) with|open to|happy with)"
    r"(?: (?:that|so|a|an|bit|any|something|much))*"
)

_ASKED = re.compile(r"what is the ([\w ]+) of")


class RetractionReader:
    """Finds what a message takes back about whole facets."""

    def __init__(self, schema: Schema) -> None:
        nouns = f"{re.escape(schema.noun)}|{re.escape(schema.plural)}"
        self._rules: list[tuple[re.Pattern[str], Retraction]] = []
        for facet in schema.facets:
            degrees = "|".join(re.escape(normalise(word)) for word in (*facet.high, *facet.low))
            if degrees:
                rule = _HOW.format(degrees)
                self._rules.append((_exact(rule), Retraction(facet=facet.name)))
            self._rules.append((_whole(facet), Retraction(facet=facet.name)))
            sides = ((facet.lower, facet.low, (">=", "=")), (facet.higher, facet.high, ("<=", "=")))
            for words, plain, ops in sides:
                if words:
                    either = "|".join(re.escape(normalise(word)) for word in words)
                    said = "|".join(re.escape(normalise(word)) for word in (*words, *plain))
                    fine = _FINE.format(nouns=nouns)
                    rule = rf"(?:{said}) {fine}|{_LOOSE} (?:{either})(?: ones?)?(?! than)"
                    self._rules.append((_exact(rule), Retraction(facet=facet.name, ops=ops)))

    def read(self, text: Text, taken: Sequence[Mention]) -> Iterator[tuple[Mention, Retraction]]:
        """Yield spans and what they take back, outside `taken`; the longest wins an overlap.

        "I don't care about the running time" is no word on a facet that is called "about". A value
        within a span gives way: "running" is part of the name there.
        """
        found = [
            (Mention(start, end, "act", facet=retraction.facet), retraction)
            for rule, retraction in self._rules
            for start, end, _ in text.find(rule)
        ]
        blocking = [*taken]
        for span, retraction in sorted(found, key=lambda pair: (-len(pair[0]), pair[0].start)):
            if not any(span.overlaps(other) and not _part_of(span, other) for other in blocking):
                blocking.append(span)
                yield span, retraction


def _part_of(span: Mention, other: Mention) -> bool:
    inside = span.start <= other.start and other.end <= span.end
    return inside and other.kind == "value"


def take_back(mention: Mention, profile: UserProfile) -> tuple[Retraction, ...]:
    """Return what "... is fine after all" takes back: stands against the mentioned values.

    Values that the profile does not hold anything against are left alone. The facet need not be
    the one the words point to now: "Tom Cruise is ok" lifts his ban in whatever role.
    """
    values = {value.casefold() for value in mention.values}
    banned = [
        Retraction(facet=row.facet, value=row.value, ops=("!=",))
        for row in profile.constraints
        if row.op == "!=" and str(row.value).casefold() in values
    ]
    avoided = [
        Retraction(facet=row.facet, value=row.value)
        for row in profile.preferences
        if row.weight < 0 and row.value.casefold() in values
    ]
    # "R is fine" lifts "PG only": what is allowed besides was not allowed before.
    others = [
        Retraction(facet=row.facet, value=row.value, ops=("=",))
        for row in profile.constraints
        if row.op == "=" and row.facet == mention.facet and str(row.value).casefold() not in values
    ]
    return (*banned, *avoided, *others)


def take_all_back(mention: Mention, profile: UserProfile) -> tuple[Retraction, ...]:
    """Return what "forget ..." takes back: every stand on the mentioned values."""
    values = {value.casefold() for value in mention.values}
    held = [
        *((row.facet, row.value) for row in profile.constraints),
        *((row.facet, row.value) for row in profile.preferences),
    ]
    return tuple(
        Retraction(facet=facet, value=value)
        for facet, value in dict.fromkeys(held)
        if str(value).casefold() in values or (value is True and "yes" in values)
    )


def _whole(facet: Facet) -> re.Pattern[str]:
    names = {normalise(facet.label), normalise(facet.name.replace("_", " "))}
    names |= set(_ROLE_WORDS.get(facet.role, ()))
    names |= {normalise(found[1]) for ask in facet.asks if (found := _ASKED.fullmatch(ask))}
    names |= {f"{name}s" for name in names}
    either = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    return _exact(
        rf"{_FORGET} (?:{either}){_THING}|(?:the )?(?:{either}){_NO_MATTER}"
        rf"|(?:any|whatever|whichever) (?:{either})(?: {_FINE.format(nouns='one')})?"
        rf"|other (?:{either})(?: too| as well| {_FINE.format(nouns='one')})"
    )


def _exact(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^ ])(?:{source})(?= |$)")
