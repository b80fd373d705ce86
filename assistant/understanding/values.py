"""Links words to facet values and people.

Owns: finding value mentions and unknown people, and choosing the facet: the cue before the words
decides ("by", "in"), else for people the role in which most items have them, else the schema's
order. Does not own: the stand taken on them (`polarity`).
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.understanding.english import CALENDAR, FILLER, FUNCTION, UNITS
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.text import Text, normalise
from assistant.understanding.value_index import ValueEntry, ValueIndex
from assistant.understanding.vocabulary import Vocabulary, english
from catalog import Schema

_LINKS = frozenset({"and", "or", "nor"})
_BROKEN = frozenset({"died", "broke", "packed", "conked", "exploded", "stopped", "blew", "gave"})
_OWNED = frozenset({"my", "our", "his", "her", "their", "your"})
_STATES = frozenset({"im", "am"})
_FEELS = frozenset(
    {
        "want",
        "wants",
        "love",
        "loves",
        "loved",
        "hate",
        "hates",
        "hated",
        "enjoy",
        "need",
        "must",
    }
)
"""Before a value, "I'm"; after it, a feeling: then it says who someone is, not what is wanted."""
_AUDIENCE = frozenset({"kids", "kid", "children", "family", "teens", "toddlers"})
"""Who may be spoken of without being what is wished for: "before I pick up the kids"."""
_ASKING = frozenset({"what", "how"})
"""Words before "about" that make it none of a theme: "how about a western"."""
_TAUGHT = frozenset(
    ["taught", "teach", "teaches", "teaching", "study", "studied", "studying", "learn", "learning"]
)
"""Words before a language or a subject that is no wish."""
_ADORING = frozenset(
    [
        "asleep",
        "bedtime",
        "love",
        "loved",
        "adore",
        "adored",
        "like",
        "liked",
        "hate",
        "hated",
        "watched",
    ]
)
"""Words after an audience that is not wished for: "kids adored Paddington", "kids bedtime"."""
_COUNTED = frozenset({"every", "last", "each"})
_ARE = frozenset({"are", "arent", "is", "isnt", "will", "wont", "were"})
_PRESENT = frozenset(
    {
        "coming",
        "here",
        "asleep",
        "away",
        "watching",
        "with",
        "at",
        "home",
        "gone",
        "out",
        "in",
        "joining",
        "be",
        "over",
    }
)
_BY_NOW = frozenset({"finally", "now", "all", "both", "already", "still"})
"""Words between "are" and where they are."""
_SWEARING = frozenset({"bloody"})
"""Values that only swear before another word, after one of `_SWORN`: "no bloody musicals"."""
_SWORN = frozenset(
    ["no", "so", "too", "the", "looks", "is", "was", "any", "that", "this", "not", "your", "my"]
)
_NOUNS = frozenset({"film", "films", "movie", "movies", "stuff", "and", "or", "but", "please"})
"""Words before which they mean what they say: "no bloody films"."""
_INTERJECTIONS = frozenset({"cool", "sweet", "nice", "great", "perfect"})
_REFUSAL = 5
"""Words before and after a value in which a refusal is looked for."""
_REFUSING = frozenset(
    {
        "no",
        "not",
        "nothing",
        "without",
        "hate",
        "hates",
        "avoid",
        "except",
        "minus",
        "dont",
        "never",
        "cant",
        "cannot",
        "stand",
        "handle",
        "bear",
        "sick",
        "tired",
        "bored",
        "fed",
        "enough",
        "scared",
        "terrified",
        "squeamish",
        "phobia",
        "allergic",
        "less",
        "avoiding",
        "skip",
    }
)
_REFUSED_TEXT = """
    freak freaks creep creeps scare scares terrify terrifies bore bores gross grosses upset upsets
    out off no annoy annoys crawl banned
    """
_REFUSED = frozenset(_REFUSED_TEXT.split())
"""Words after a value that may refuse it: "spiders freak me out"."""
_KNOWN = 5
"""Items from which on a surname in lower case is recognised without a cue."""
_LONG = 5
"""Letters from which on a misspelling of a rare value is still recognisable."""
_MAX_GUESSES = 12
"""Misspelt words looked up in one message, which bounds the time."""


class ValueLinker:
    """Finds the facet values that a message names."""

    def __init__(self, schema: Schema, index: ValueIndex, vocabulary: Vocabulary) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._english = english()
        self._cues = {
            tuple(normalise(cue).split()): facet.name
            for facet in reversed(schema.facets)
            for cue in facet.cues
        }
        self._longest_cue = max(map(len, self._cues), default=0)
        self._people = frozenset(f.name for f in schema.facets if f.kind == "people")

    def link(self, text: Text, taken: Sequence[Mention]) -> list[Mention]:
        """Return value mentions, left to right, longest first at each place.

        Parameters
        ----------
        text : Text
            The message.
        taken : sequence of Mention
            Sure mentions of other kinds (quoted titles, numbers), left alone.
        """
        blocked = covered(taken)
        found: list[Mention] = []
        at = 0
        while at < len(text):
            mention = None if at in blocked else self._at(text, at, blocked, found)
            if mention is None:
                at += 1
            else:
                found.append(mention)
                at = mention.end
        return found

    def guess(self, text: Text, taken: Sequence[Mention], known: frozenset[str]) -> list[Mention]:
        """Return values and names that unknown words misspell ("comedey", "Speilberg").

        Parameters
        ----------
        text : Text
            The message.
        taken : sequence of Mention
            Mentions found so far.
        known : frozenset of str
            Words of titles, which are no misspellings.
        """
        blocked = covered(taken)
        found: list[Mention] = []
        guesses = 0
        for at, word in enumerate(text.words):
            strange = not (
                self._vocabulary.ordinary(word.norm)
                or word.norm in self._english
                or word.norm in known
                or word.norm in text.foreign
            )
            first = word.norm.removesuffix("s") in self._index.first_names
            owner = first and text.possessive(at)  # "Dave's" is no "Danes"
            if at in blocked or not strange or word.norm.isdigit() or guesses >= _MAX_GUESSES:
                continue
            if owner and text.upper(at):
                continue
            guesses += 1
            for start, end in ((at, at + 2), (at - 1, at + 1), (at, at + 1)):
                if start < 0 or end > len(text) or blocked & set(range(start, end)):
                    continue
                if any(text.words[other].norm in FUNCTION for other in {start, end - 1} - {at}):
                    continue  # "no wetserns" is not "neo westerns"
                form = self._index.closest(text.norms(start, end))
                entries = self._index.lookup(form) if form else []
                if entries and self._plausible(text, start, entries[0], form or ""):
                    found.append(self._mention(text, start, end, entries, found))
                    blocked.update(range(start, end))
                    break
        return found

    def strangers(self, text: Text, taken: Sequence[Mention]) -> list[Mention]:
        """Return capitalised names after a cue for people ("by Jane Nobody") that are no value."""
        blocked = covered(taken)
        found: list[Mention] = []
        for start in range(1, len(text)):
            facet, _ = self._cue(text, start)
            if facet not in self._people:
                continue
            end = start
            while end < len(text) and self._name_part(text, end, start) and end not in blocked:
                end += 1
            if end - start > 1:
                found.append(Mention(start, end, "stranger", facet=facet))
        return found

    def _plausible(self, text: Text, start: int, entry: ValueEntry, form: str) -> bool:
        """Tell whether a misspelling is near enough to what it would mean."""
        if text.named(start) and entry.facet.name in self._index.open_facets:
            return False  # a name, not a misspelt keyword
        if entry.partial and not text.words[start].capital:
            return self._cue(text, start)[0] == entry.facet.name
        return " " in form or entry.count > 2 or len(form) > _LONG

    def _name_part(self, text: Text, at: int, start: int) -> bool:
        word = text.words[at]
        inside = at == start or text.joined(at)
        return inside and word.capital and not text.shouting and word.norm not in CALENDAR

    def _at(
        self, text: Text, at: int, blocked: set[int], before: Sequence[Mention]
    ) -> Mention | None:
        longest = min(self._index.longest(text.words[at].norm), len(text) - at)
        for length in range(longest, 0, -1):
            end = at + length
            if any(index in blocked or not _adjacent(text, index) for index in range(at + 1, end)):
                continue
            form = text.norms(at, end)
            entries = self._index.lookup(form)
            if entries:
                surface = text.surface(at, end)
                entries = [e for e in entries if self._meant(text, at, surface, e)]
            if entries and length > 1 and self._index.decomposes(form):
                continue
            if entries and self._surname(text, at, before):
                continue
            told = at - 1 in blocked or bool(before and before[-1].end == at)
            if entries and (told or not _aside(text, at, end)):
                return self._mention(text, at, end, entries, before)
        return self._nicknamed(text, at, blocked, before)

    def _nicknamed(
        self, text: Text, at: int, blocked: set[int], before: Sequence[Mention]
    ) -> Mention | None:
        """Return the person called by a short first name from word `at` on: "nic cage"."""
        after = [word.norm for word in text.words[at + 1 : at + 4]]
        end = at + 1 + self._index.surname(after)
        inside = range(at + 1, end)
        if not inside or any(place in blocked or not text.joined(place) for place in inside):
            return None
        entries = self._index.nickname(text.words[at].norm, text.norms(at + 1, end))
        return self._mention(text, at, end, entries, before) if entries else None

    def _surname(self, text: Text, at: int, before: Sequence[Mention]) -> bool:
        """Tell whether the word only ends a name: the "Brothers" of "the Coen Brothers"."""
        last = before[-1] if before else None
        named = last is not None and last.end == at and last.facet in self._people
        return named and text.named(at) and text.joined(at)

    def _meant(self, text: Text, at: int, surface: str, entry: ValueEntry) -> bool:
        if entry.case:
            return surface == entry.case
        if not entry.partial:
            return not entry.rare or _refused(text, at)
        end = at + len(surface.split())
        word = text.words[min(end, len(text)) - 1].norm
        cued = self._cue(text, at)[0] == entry.facet.name
        if end < len(text) and text.joined(end) and self._name_goes_on(text, end):
            return False
        if at and text.joined(at) and self._other_person(text, at - 1):
            return False
        if self._vocabulary.ordinary(word):
            return cued and text.named(at)
        known = len(word) > 5 and entry.count >= _KNOWN
        return cued or text.words[at].capital or known

    def _other_person(self, text: Text, at: int) -> bool:
        """Tell whether the word before a surname makes it no one's: "Rye Lane", "a curry"."""
        word = text.words[at]
        if word.norm in {"a", "an"}:
            return not text.upper(at + 1)  # "a curry", but "a Hitchcock"
        unknown = not self._vocabulary.ordinary(word.norm) and word.norm not in CALENDAR
        return text.named(at) and unknown

    def _name_goes_on(self, text: Text, end: int) -> bool:
        """Tell whether an unknown surname follows: "Toni Erdmann" is not Toni Collette."""
        word = text.words[end]
        unknown = not self._vocabulary.ordinary(word.norm) and not self._index.lookup(word.norm)
        return text.named(end) and unknown and word.norm not in CALENDAR

    def _mention(
        self,
        text: Text,
        start: int,
        end: int,
        entries: Sequence[ValueEntry],
        before: Sequence[Mention],
    ) -> Mention:
        facets = list(dict.fromkeys(entry.facet.name for entry in entries))
        cue, length = self._cue(text, start)
        told = before and before[-1].facet not in self._index.open_facets
        if cue is None and told and _coordinated(text, before[-1].end, start):
            cue, length = before[-1].facet, 0
        if cue in facets:
            facet, strength = cue, 1 if length else before[-1].strength
        else:
            facet = self._role(entries) if facets[0] in self._people else facets[0]
            strength = -1 if length > 1 else 0
        chosen = [entry for entry in entries if entry.facet.name == facet]
        exact = [entry for entry in chosen if entry.exact]
        values = tuple(dict.fromkeys(entry.value for entry in exact or chosen))
        partial = chosen[0].partial
        return Mention(
            start, end, "value", facet=facet, values=values[:1] if partial else values,
            strength=strength, rare=chosen[0].rare,
        )  # fmt: skip

    def _role(self, entries: Sequence[ValueEntry]) -> str:
        return max(
            (entry for entry in entries if entry.facet.name in self._people),
            key=lambda entry: entry.count,
        ).facet.name

    def _cue(self, text: Text, at: int) -> tuple[str | None, int]:
        """Return the facet that the words right before `at` point to, and the cue's length."""
        begin = at
        while begin and text.words[begin - 1].norm in {"the", "a", "an", "any", "some"}:
            begin -= 1
        for end in (at, begin) if begin != at else (at,):
            for length in range(min(self._longest_cue, end), 0, -1):
                words = tuple(word.norm for word in text.words[end - length : end])
                asks = words == ("about",) and text.norms(end - 2, end - 1) in _ASKING
                if words in self._cues and not asks:
                    return self._cues[words], length
        return None, 0


def _refused(text: Text, at: int) -> bool:
    """Tell whether a refusal stands a few words off: "no clowns", "nothing with puppets"."""
    before = text.words[max(0, at - _REFUSAL) : at]
    after = text.words[at + 1 : at + 1 + _REFUSAL]
    return any(word.norm in _REFUSING for word in before) or any(
        word.norm in _REFUSED for word in after
    )


def _adjacent(text: Text, index: int) -> bool:
    return text.words[index].gap in {"", "-"}


def _aside(text: Text, start: int, end: int) -> bool:
    """Tell whether the words only speak of the person's own, or acknowledge."""
    before = text.words[start - 1].norm if start and text.joined(start) else ""
    after = text.words[end].norm if end < len(text) and text.joined(end) else ""
    then = end + 1 + (text.norms(end + 1, end + 2) in _BY_NOW)
    doing = after in _ARE and text.norms(then, then + 1) in _PRESENT
    owner = text.words[start - 2].norm if start > 1 and text.joined(start - 1) else ""
    if before in _OWNED and after in _BROKEN:
        return False  # who says "my kettle died" wants another
    having = _OWNED | {"have", "got", "with", "are", "ive", "weve"}
    counted = (before in UNITS or before.isdigit()) and owner in having
    owned = (
        before in _OWNED | _STATES
        or (owner in _OWNED and (before in FILLER or before in UNITS))
        or before in _COUNTED | _TAUGHT
        or (text.words[start].norm in _AUDIENCE and after in _ADORING)
        or (
            before in {"the", "my", "our"}
            and text.words[start].norm in _AUDIENCE
            and owner not in {"for", "with"}
        )
        or (before in {"a", "an"} and owner == "as")
        or (before == "a" and owner == "have" and text.norms(start - 3, start - 2) in {"i", "we"})
        or (owner in _OWNED and before == "a")
        or (before == "got" and owner in {"ive", "weve", "have"})
        or (text.words[start].norm in {"fan", "fans"} and after == "of")
    )
    if after in {"picks", "choices", "suggestions"} and text.sentence_start(start):
        return True  # "cute picks, but scarier please"
    sworn = text.words[start].norm in _SWEARING and before in _SWORN
    if sworn and after and after not in _NOUNS:
        return True
    closing = end + 1 == len(text) or not text.joined(end + 1)
    if (
        (after in {"right", "huh", "innit"} and closing)
        or owned
        or after in _FEELS
        or doing
        or counted
    ):
        return True
    closed = end == len(text) or text.words[end].gap in {",", "."}
    return start == 0 and closed and len(text) > end and text.words[0].norm in _INTERJECTIONS


def _coordinated(text: Text, end: int, start: int) -> bool:
    """Tell whether a value that starts at `start` continues a list that ended at `end`."""
    between = text.words[end:start]
    if between and {word.norm for word in between} <= _LINKS | {"not"}:
        return True
    return (len(between) == 1 and between[0].norm in _LINKS) or (
        not between and text.words[start].gap == ","
    )
