"""Turns amounts into bounds on number facets: "under two hours", "since 1990", "newer than Heat".

Owns: comparisons, ranges, approximations and relative wishes. Does not own: reading the amounts
(`quantities`).

Choices: a strict bound on whole numbers moves by one ("after 1990" is >= 1991), on others by a
cent ("under $50" is <= 49.99). "Around" is 10% either way, two years for years. An amount without
comparison is an upper bound for a price, "around" for a duration, the year itself for a year. "The
last ten years" and "recent" count back from the catalogue's newest year. A hedge ("ideally under
two hours") stays a hard bound: it is shown, and one click removes it. A number that has neither
unit nor year's form bounds nothing, but after a comparative that belongs to one facet ("cheaper
than 50").
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal

import numpy as np

from assistant.understanding.amended import amended
from assistant.understanding.english import FILLER, FUNCTION, UNITS
from assistant.understanding.mentions import Bound, Mention, covered
from assistant.understanding.quantities import ISH, Quantity, QuantityReader
from assistant.understanding.text import Text, normalise
from catalog import Catalog, Constraint, Facet

Relation = Literal["gt", "ge", "lt", "le", "about", "is"]

_BEFORE: tuple[tuple[Relation, str], ...] = (
    ("gt", r"after|over|above|more than|longer than|later than|greater than|higher than|past"
           r"|beyond|exceeding|exceeds?|cross(?:es|ing)?|post"),
    ("lt", r"before|under|below|less(?: than| of)?|fewer than|shorter than|earlier than"
           r"|prior to|pre|lower than|smaller than|cheaper than|sub"),
    ("ge", r"since|at least|at minimum|min|minimum|minimum of|a minimum of|starting (?:from|at|in)"
           r"|upwards of|from at least|starting"),
    ("le", r"at most|at maximum|max|maximum|maximum of|a maximum of|up to|until|till|within|upto"
           r"|(?:my |a )?(?:budget|limit)(?: of| is| around| about)?|capped at|not exceeding"
           r"|spend|(?:i|we)(?: only| just)? have(?: got| only| just| about| around)*"
           r"|(?:ive|weve)(?: only| just| got| about| around)*|(?:only|just) got"
           r"|(?:keep|hold|tighten|stretch|bump|push|bring|cut|shorten|reduce|extend|raise|lower|drop)"
           r" (?:it|things|this|that|them)(?: up| down| back)? (?:to|at|within)"
           r"|(?:willing|happy|able|prepared|ready|can|could|id|i would) (?:to )?"
           r"(?:pay|spend|stretch to)"
           r"|attention span(?: is| of)?"),
    ("about", r"around|about|roughly|approximately|circa|approx|~|close to|near|nearly|almost"
              r"|ca|something like"),
)  # fmt: skip
_AFTER: tuple[tuple[Relation, str], ...] = (
    ("ge", r"(?:or|and) (?:newer|later|better|more|longer|above|higher|over|up|upwards|after"
           r"|onwards|beyond)|onwards?|on(?= [,.]|$| (?:then|please|though|only)(?: |$))|plus|\+"
           r"|at least|minimum|at a minimum|forward|upwards"),
    ("le", r"(?:or|and) (?:older|earlier|less|shorter|under|below|fewer|lower|cheaper|before)"
           r"|at (?:the )?(?:very |absolute )?(?:most|max|longest|outside)|tops|limit|cap"
           r"|(?:or so |absolute )?(?:max|maximum)"),
    ("about", r"or so|ish|or thereabouts|give or take"),
)  # fmt: skip
_NOT = (
    r"(?:no|not|nothing|never|isnt|arent|none|cant|cannot|mustnt|shouldnt|wont|dont|do not|without)"
    r"(?: (?:be|want|go|made|released|anything|something|thats|that is|much|any|from|it|to be"
    r"|a film|one|a bit|to|stretch|films|movies|run|last|running|pay|spend|afford|prepared"
    r"|willing|able|going|looking|allowed|supposed"
    r"|cost|exceed|do|goes|runs|a (?:cent|penny|dollar|minute|second|day)"
    r"|lasts|drags on|which|that))*"
)
_FLIP: dict[Relation, Relation] = {"gt": "le", "ge": "lt", "lt": "ge", "le": "gt"}
_OUT = re.compile(
    r"(?:is|are|would be|will be|s)(?: just| simply| really| definitely| way| far)*"
    r" (?:a no|a no no|a no go|out"
    r"|too (?:much|heavy|long|old|expensive|dear|steep|far|new|recent|short)|a (?:deal ?)?breaker"
    r"|no good|off the table|ruled out|not (?:on|ok|okay|possible|happening|an option))(?= |$)"
)
"""After a bound that says what is not wanted: "anything over two hours is out"."""
_DENIED = re.compile(rf"(?<![^ ]){_NOT} $")
_PLAIN_DENIED = re.compile(
    r"(?<![^ ])(?:no|not|nothing|never|none)"
    r"(?: (?:from|in|the|of|made|any|films?|movies?|a|an|another|those|these|more))* $"
)
_BETWEEN = re.compile(r"(?<![^ ])(?:(?:in )?between|from|anywhere from)(?: the)? $")
_FROM = re.compile(r"(?<![^ ])(?:from|starting)(?: the| in)* $")
_PASSED_OVER = re.compile(r"(?<![^ ])(?:rather than|instead of)(?: the| from| in)* $")
_AGED = re.compile(
    r"(?<![^ ])(?:(?:no|not|nothing)(?: \w+)? (?:older than|more than|over|beyond)|at most"
    r"|less than|under|max|(?P<old>at least|older than|more than|over))"
    r" (?P<count>\w+) years(?: old)?(?P<most> (?:at most|max|tops))?(?= |$)"
    r"|(?<![^ ])(?P<years>\w+) years old (?:at most|max|tops)(?= |$)"
)
"""How old a film may be: "nothing older than ten years", "at least thirty years old"."""
_PEOPLE_TEXT = """
    kid kids son sons daughter daughters child children boy boys girl girls niece nephew i im he
    hes she shes they theyre who whos grandson granddaughter
    """
_PEOPLE = frozenset(_PEOPLE_TEXT.split())
"""Who may be so many years old instead."""
_RECENT = re.compile(
    r"(?<![^ ])(?:(?:from |in |within |of )*(?:the |these )?(?:last|past)"
    r"(?: (?P<count>\w+|couple of))?"
    r" (?P<unit>years?|decades?)|(?<!more )(?:pretty |very |fairly )?recent(?! (?:one|than))|"
    r"(?P<century>(?:from |in |of )*(?:this|the 21st|21st|twenty first) century)"
    r"|(?:from|out|released|made|came out|new)(?: in)? this (?P<now>year|decade))(?= |$)"
)
_ANY_AGE = re.compile(
    r"(?<![^ ])(?:doesnt|does not|neednt|dont|need not) (?:(?:have|need) to )?be $"
)
_LINK = frozenset({"the", "of", "year", "years", "a", "an", "in", "from", "only", "maybe"})
_SKIPPED = re.compile(r"(?:born in|born|since i was|set in|set during|takes place in|grew up in"
                      r"|graduated in|married in|number|top|room|season|first|opening|final"
                      r"|waste of|wasted|lost|lasted|back in|(?:off|out|up|bailed|stopped) after)"
                      r"(?: the| about)?$")  # fmt: skip
_STATED = re.compile(
    r"(?<![^ ])(?<!if )(?<!as )(?:its|it is|it was|which is|thats|that is)(?: the| about)?$"
)


_LOST = re.compile(
    r"(?:of my (?:life|time|evening)|(?:that |which )?(?:i|we|id|ill|wed)(?: \w+){0,6} back"
    r"|of (?:(?:people|men|women|pure|utter|total) )?(?:nothing|misery|boredom|my life)"
    r"|(?:of )?(?:just |people |men |nothing but )*(?!something|anything|everything|nothing|being)"
    r"\w{3,}ing (?:around|about|through|across|at|in|to|on|over|up|down|each|and)"
    r"|in (?:i|we)(?: |$)|wasted|later|ago)(?= |$)"
)
"""After a length of time that was lost on something."""
_QUIT = re.compile(
    r"(?<![^ ])(?:gave up|giving up|fell asleep|asleep|nodded off|dozed off|walked out|bailed"
    r"|switched|turned|quit|stopped|lost|left|broke|died|lasted|managed|made it|got (?:through|to))"
    r"(?: \w+){0,5} (?:after|within|at|by|through|in|only|about|for)"
    r"(?: about| only| just| like| barely| the first)* $"
)
_AWAY = re.compile(
    r"(?:i|we|my \w+|the \w+) (?:must|have to|need to|gotta|got to|has to|starts?)(?= |$)"
)
"""After "in" and a length of time: when something else begins."""
_SPARED = re.compile(
    r"(?<![^ ])(?:owes? (?:me|us)|have ?nt|have not|has ?nt|do(?:es)?nt have)(?: got)?(?: the)? $"
)
"""Before a length of time that somebody has not, or wants back."""
_PASTIMES = frozenset(
    {"shift", "flight", "drive", "train", "journey", "ride", "trip", "wait", "break", "commute"}
)
"""What a length of time may also be of: "after a 12 hour shift"."""
_TO_FILL = re.compile(r"(?<![^ ])(?:for|on|during)(?: an?| my| our| the| this)? $")
_DUE = re.compile(
    r"(?<![^ ])(?:in|into|inside|fits?(?: in| into| inside)?)(?: about| around| a| an| my| our)? $"
)
_DUE_FROM = 45
"""Minutes from which on "in" before a length of time says when all must be over: "I leave in ..."
rather than "back in ten minutes"."""
_PRICED = 5
"""Bare numbers below it count things: "I've got two"."""
_Rule = tuple[Relation, Facet | None, re.Pattern[str]]
_STATES = r"(?: (?:should|must|has to|needs to|can) be| is| of| at)?"
"""What may stand between the name of a measure and a bound on it."""
_WIDEST_LIST = 60
"""Years that are listed one by one, at most, for decades that no range can say."""
_BESIDE = frozenset({"and", "or", "plus", "one", "another"})
_CORRECTING = frozenset(
    {"actually", "no", "not", "wait", "sorry", "instead", "rather", "but", "meant", "than"}
)
"""Words after which a span of years takes the place of the one before."""


class NumberReader:
    """Finds the numeric bounds that a message sets, for one catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self._schema = catalog.schema
        self._reader = QuantityReader(catalog.schema)
        self._before: list[_Rule] = []
        self._after: list[_Rule] = []
        for facet in catalog.schema.facets:
            if facet.kind == "number":
                self._compare(facet, facet.higher, "gt", "ge")
                self._compare(facet, facet.lower, "lt", "le")
        # A comparative names its facet, so it goes before the general words.
        self._before.extend((relation, None, _ending(source)) for relation, source in _BEFORE)
        self._after.extend((relation, None, _opening(source)) for relation, source in _AFTER)
        self._labels = [
            (facet, re.compile(rf"(?<![^ ]){re.escape(normalise(name))}{_STATES}(?: ,)? ?$"))
            for facet in catalog.schema.facets
            if facet.kind == "number"
            for name in filter(None, (facet.label, *facet.cues))
        ]
        self._price = catalog.schema.by_role("price")
        self._year = catalog.schema.by_role("year")
        column = catalog.facets.numbers(self._year.name) if self._year else np.empty(0)
        known = column[~np.isnan(column)]
        self._newest = int(known.max()) if len(known) else None
        self._middle = {
            facet.name: float(np.nanmedian(catalog.facets.numbers(facet.name)))
            for facet in catalog.schema.facets
            if facet.role == "duration"
        }
        self._oldest = int(known.min()) if len(known) else 0

    def read(
        self, text: Text, taken: Sequence[Mention] = (), bounds: Sequence[Constraint] = ()
    ) -> list[Mention]:
        """Return the numeric mentions of `text` outside `taken`, left to right.

        A bare number after a comparison is of the last of `bounds`, those on numbers held before:
        "make it under 90".
        """
        bounded = (self._schema.facet(row.facet) for row in reversed(bounds))
        held = next((facet for facet in bounded if facet.role != "year"), self._price)
        blocked = covered(taken)
        aged = list(self._aged(text, blocked))
        blocked |= covered(aged)
        amounts = [
            amount
            for amount in self._reader.read(text)
            if not blocked & set(range(amount.start, amount.end)) and not _counts(text, amount)
        ]
        put_right = amended(text, amounts, bounds)
        amounts = [
            amount
            for amount in amounts
            if not any(m.start <= amount.start < m.end for m in put_right)
        ]
        ends = {amount.start: amount.end for amount in amounts}
        found: list[Mention] = []
        place = 0
        while place < len(amounts):
            group = self._group(text, amounts, place)
            mention = self._range(text, group) if len(group) > 1 else None
            if mention is None:
                free = found[-1].end if found else 0
                group, mention = group[:1], self._single(text, group[0], ends, held, free)
            found.extend(filter(None, [mention]))
            place += len(group)
        found = self._alternatives(text, found)
        found += put_right
        return [*found, *aged, *self._recent(text, blocked | covered(found))]

    def _compare(
        self, facet: Facet, words: Sequence[str], strict: Relation, loose: Relation
    ) -> None:
        if words:
            either = "|".join(re.escape(normalise(word)) for word in words)
            self._before.append((strict, facet, _ending(rf"(?:{either}) than")))
            self._after.append((loose, facet, _opening(rf"(?:or|and) (?:{either})")))

    def _group(self, text: Text, amounts: Sequence[Quantity], place: int) -> list[Quantity]:
        """Return the amounts from `place` on that one range or one list of decades spans."""
        group = [amounts[place]]
        for amount in amounts[place + 1 :]:
            between = [word.norm for word in text.words[group[-1].end : amount.start]]
            decades = group[-1].low < group[-1].high and amount.low < amount.high
            linked = [word for word in between if word not in _LINK]
            joined = linked in (["and"], ["to"], ["or"], ["until"], ["till"], ["through"]) or (
                not between and text.words[amount.start].gap in ({"-", ","} if decades else {"-"})
            )
            if not joined or (len(group) > 1 and not decades):
                break
            group.append(amount)
        return group

    def _range(self, text: Text, group: Sequence[Quantity]) -> Mention | None:
        """Read "between A and B", "A to B", "A-B", and decades joined by "or"."""
        first, last = group[0], group[-1]
        facet = first.facet or last.facet
        if facet is None or (first.facet and last.facet and first.facet is not last.facet):
            return None
        link = text.norms(first.end, last.start).split()
        opened = _BETWEEN.search(text.flat[: text.flat_at(first.start)])
        start = first.start
        bounds: tuple[Bound, ...]
        ranges = {"to", "until", "through"} & set(link) or (opened and "between" in opened[0])
        if all(q.low < q.high for q in group) and not ranges:
            bounds = self._union(group)
        elif opened or {"to", "until", "till", "through"} & set(link) or not link:
            low = first.low if first.facet else first.low * _scale(first, last)
            bounds = ((">=", min(low, last.high)), ("<=", max(low, last.high)))
        else:
            return None
        if opened:
            start = text.word_range(opened.start(), len(text.flat))[0]
        return Mention(start, last.end, "number", facet=facet.name, bounds=bounds)

    def _union(self, decades: Sequence[Quantity]) -> tuple[Bound, ...]:
        years = sorted({y for q in decades for y in range(int(q.low), int(q.high) + 1)})
        if years[-1] - years[0] + 1 == len(years) or len(years) > _WIDEST_LIST:
            return ((">=", float(years[0])), ("<=", float(years[-1])))
        return tuple(("=", float(year)) for year in years)

    def _alternatives(self, text: Text, found: list[Mention]) -> list[Mention]:
        """Return `found` with spans of years that exclude each other as one year or another.

        "One from the 50s and one from the 90s" asks for either decade.
        """
        spans = [(mention, span) for mention in found if (span := self._span(mention))]
        listed: dict[Mention, tuple[Bound, ...]] = {}
        for (before, (low, high)), (after, (later_low, later_high)) in pairwise(spans):
            between = set(text.norms(before.end, after.start).split())
            apart = high < later_low or later_high < low
            if not apart or not _BESIDE & between or _CORRECTING & between:
                return found
            listed[before], listed[after] = _each(low, high), _each(later_low, later_high)
        return [replace(mention, bounds=listed.get(mention, mention.bounds)) for mention in found]

    def _span(self, mention: Mention) -> tuple[float, float] | None:
        """Return the first and last year of a mention that names both, or one year alone."""
        if self._year is None or mention.facet != self._year.name:
            return None
        match mention.bounds:
            case ((">=", low), ("<=", high)) if high - low < _WIDEST_LIST:
                return low, high
            case (("=", year),):
                return year, year
            case _:
                return None

    def _single(
        self,
        text: Text,
        amount: Quantity,
        ends: Mapping[int, int],
        held: Facet | None,
        free: int,
    ) -> Mention | None:
        """Read one amount with its comparison, of words from `free` on; `ends` by start of all."""
        start, end = amount.start, amount.end
        before = text.flat[: text.flat_at(start)]
        after = text.flat[text.flat_at(end) :]
        if _STATED.search(before.rstrip()) and self._match_after(after)[0] != "le":
            return None  # not "tonight it's 90 minutes max"
        if _told(before, after):
            return None
        relation, facet, begin = self._match_before(before)
        if relation is None or begin < text.flat_at(free):  # the "less" of "$50 or less, 2 kg"
            begin = len(before)
            relation, facet, length = self._match_after(after)
            last = text.word_range(0, text.flat_at(end) + length)[1]
            if last in ends and text.words[end].norm not in {"or", "and"}:
                # "From the 60s at most two hours", but "two hours at most 1960 or later".
                own = self._match_after(text.flat[text.flat_at(ends[last]) :])[0]
                relation, facet = (relation, facet) if own else (None, None)
            if relation is not None:
                end = last
                opened = _FROM.search(before)
                begin = opened.start() if opened else begin
        else:
            denied = _DENIED.search(before[:begin])
            refused = _OUT.match(after)
            if (denied or refused) and relation in _FLIP:
                relation = _FLIP[relation]
                begin = denied.start() if denied else begin
                end = text.word_range(0, text.flat_at(end) + refused.end())[1] if refused else end
        measured = amount.facet or facet
        pastime = text.norms(amount.end, amount.end + 1) in _PASTIMES
        relation = relation or self._implied(text, amount, before, pastime=pastime)
        named = self._named(before[:begin], measured)
        if named and (measured or relation):  # "rating above 4", "year: 1994"
            measured, begin = named
        counted = amount.high < _PRICED or not _counts_nothing(text, end)
        if measured is None and relation in {"lt", "le"} and not counted:
            measured = held
        other = facet and amount.facet and facet is not amount.facet
        if measured is None or other or (pastime and relation not in {"lt", "le"}):
            return None
        denied = None if relation else _PLAIN_DENIED.search(before)
        if denied and measured.integer:
            bounds, begin = self._without(measured, amount), denied.start()
        else:
            relation = relation or self._plain(measured)
            bounds = bounds_of(measured, relation, amount.low, amount.high)
        start = text.word_range(begin, len(text.flat))[0]
        return Mention(min(start, amount.start), end, "number", facet=measured.name, bounds=bounds)

    def _without(self, facet: Facet, amount: Quantity) -> tuple[Bound, ...]:
        """Return what is left: other years, and lengths on the better side of "no 3 hour epics"."""
        if facet.role == "duration":
            return (beyond(facet, amount.low < self._middle[facet.name], amount.low),)
        return _each(amount.low, amount.high, "!=")

    def _implied(
        self, text: Text, amount: Quantity, before: str, *, pastime: bool
    ) -> Relation | None:
        """Return what is asked of an amount by no word of comparison: "2+ hours", "in 2 hours"."""
        words = text.norms(amount.start, amount.end).split()
        if "+" in words:
            return "ge"
        if any(word.endswith(ISH) and word[0].isdigit() for word in words):
            return "about"
        if amount.facet is None or amount.facet.role != "duration":
            return None
        filled = pastime and _TO_FILL.search(before)
        return "le" if filled or (_DUE.search(before) and amount.low >= _DUE_FROM) else None

    def _named(self, before: str, measured: Facet | None) -> tuple[Facet, int] | None:
        """Return the facet, `measured` if told, whose name ends `before`, and where it starts."""
        for facet, rule in self._labels:
            found = rule.search(before) if measured in (None, facet) else None
            if found:
                return facet, found.start()
        return None

    def _plain(self, facet: Facet) -> Relation:
        return "le" if facet.role == "price" else "about" if facet.role == "duration" else "is"

    def _match_before(self, before: str) -> tuple[Relation | None, Facet | None, int]:
        tail = before[-60:]
        for relation, facet, rule in self._before:
            found = rule.search(tail)
            if found:
                return relation, facet, len(before) - len(tail) + found.start(1)
        return None, None, len(before)

    def _match_after(self, after: str) -> tuple[Relation | None, Facet | None, int]:
        for relation, facet, rule in self._after:
            found = rule.match(after)
            if found:
                return relation, facet, found.end(1)
        return None, None, 0

    def _recent(self, text: Text, blocked: set[int]) -> list[Mention]:
        if self._year is None or self._newest is None:
            return []
        found: list[Mention] = []
        for start, end, match in text.find(_RECENT):
            loose = _ANY_AGE.search(text.flat[: text.flat_at(start)])
            told = loose or match.group().startswith(("last year", "past year", "last decade"))
            if blocked & set(range(start, end)) or told:
                continue  # "I bought it last year", unlike "from the last year"
            since = self._newest - _years_back(match) + 1
            bounds: tuple[Bound, ...] = ((">=", float(since)),)
            if match["now"]:
                first = self._newest - (self._newest % 10 if match["now"] == "decade" else 0)
                bounds = ((">=", float(first)),)
            if match["century"]:
                denied = _DENIED.search(text.flat[: text.flat_at(start)])
                bounds = (("<=", 1999.0),) if denied else ((">=", 2000.0),)
            found.append(Mention(start, end, "number", facet=self._year.name, bounds=bounds))
        return found

    def _aged(self, text: Text, blocked: set[int]) -> Iterator[Mention]:
        """Yield bounds by how old something may be: "nothing older than ten years"."""
        if self._year is None or self._newest is None:
            return
        for start, end, match in text.find(_AGED):
            count = _count(match["count"] or match["years"])
            before = text.norms(max(0, start - 5), start).split()
            if blocked & set(range(start, end)) or not count or _PEOPLE & set(before):
                continue
            bound: Bound = (">=", float(self._newest - count))
            if match["old"] and not match["most"]:
                bound = ("<=", float(self._newest - count - (match["old"] != "at least")))
            yield Mention(start, end, "number", facet=self._year.name, bounds=(bound,))


def ages(text: Text) -> list[Mention]:
    """Return the words that say how old something may be: "older than 10 years" is no film."""
    spans = ((start, end) for start, end, _ in text.find(_AGED))
    return [
        Mention(start, end, "act")
        for start, end in spans
        if not any(word.capital for word in text.words[start + 1 : end])
    ]


def bounds_of(facet: Facet, relation: Relation, low: float, high: float) -> tuple[Bound, ...]:
    """Return the conditions of `relation` to an amount from `low` to `high`, see the module."""
    match relation:
        case "about":
            return _around(facet, low, high)
        case "is":
            return (("=", low),) if low == high else ((">=", low), ("<=", high))
        case "ge":
            return ((">=", low),)
        case "le":
            return (("<=", high),)
        case "gt":
            return (beyond(facet, True, high),)
        case "lt":
            return (beyond(facet, False, low),)


def _around(facet: Facet, low: float, high: float) -> tuple[Bound, ...]:
    margin = 0.0 if low < high else 2.0 if facet.role == "year" else 0.1 * low
    least, most = round(low - margin, 2), round(high + margin, 2)
    if facet.integer:
        least, most = float(math.ceil(least)), float(math.floor(most))
    return ((">=", least), ("<=", most))


def beyond(facet: Facet, more: bool, value: float) -> Bound:
    """Return the bound strictly above (`more`) or below `value`: a whole step, or a cent."""
    if facet.integer:
        return (">=", math.floor(value) + 1.0) if more else ("<=", math.ceil(value) - 1.0)
    return (">=", round(value + 0.01, 2)) if more else ("<=", round(value - 0.01, 2))


def _told(before: str, after: str) -> bool:
    """Tell whether an amount between these words is told of something, and asks for nothing."""
    lost = _LOST.match(after) or _QUIT.search(before) or _SPARED.search(before)
    leaving = before.split(" ")[-2:-1] == ["in"] and _AWAY.match(after)
    # "The 90s rather than the 80s".
    passed = _SKIPPED.search(before.rstrip()) or _PASSED_OVER.search(before)
    return bool(lost or leaving or passed)


def _counts_nothing(text: Text, end: int) -> bool:
    """Tell whether a bare number is no count of what follows, as in "I have 3 kids"."""
    if end >= len(text) or not text.joined(end):
        return True
    return text.words[end].norm in FUNCTION | FILLER


def _each(first: float, last: float, operator: Literal["=", "!="] = "=") -> tuple[Bound, ...]:
    return tuple((operator, float(year)) for year in range(int(first), int(last) + 1))


def _counts(text: Text, amount: Quantity) -> bool:
    """Tell whether a bare number only says how many: "one from the 50s"."""
    return amount.facet is None and text.norms(amount.end, amount.end + 1) in {"from", "of"}


def _scale(bare: Quantity, measured: Quantity) -> float:
    """Return the multiple of a bare number's unit: "between 1 and 2 hours" are hours."""
    return 60.0 if measured.low >= 60 and bare.low < 10 and measured.low % 60 == 0 else 1.0


def _years_back(match: re.Match[str]) -> int:
    count = match["count"] or ""
    value = {"few": 3, "couple of": 2, "couple": 2}.get(count, _count(count))
    unit = 10 if (match["unit"] or "").startswith("decade") or not match["unit"] else 1
    return max(value, 1) * unit


def _count(word: str) -> int:
    return int(word) if word.isdigit() else UNITS.get(word, 0)


def _ending(source: str) -> re.Pattern[str]:
    filler = "the|about|around|like|year|a|of|my|our|this|that"
    return re.compile(rf"(?<![^ ])({source})(?: (?:{filler}))*(?: ,)? $")


def _opening(source: str) -> re.Pattern[str]:
    return re.compile(rf"((?:, )?(?:{source}))(?= |$)")
