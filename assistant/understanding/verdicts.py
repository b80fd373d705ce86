"""Judgements that come later, as in "Everybody loves La La Land. Not me. Snoozefest".

Owns: which judgement after a mention, beyond what stands between, is still about it. Does not own:
judgements right after it (`polarity`), or the phrases (`phrases`).
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from assistant.understanding.mentions import Marker, Mention, Stance
from assistant.understanding.reach import NEGATIVE
from assistant.understanding.text import Text

_JUDGING: frozenset[Stance] = frozenset({"like", "dislike", "hate", "exclude", "never"})
_OWN_TEXT = """
    but though although however yet i ive im we me mine ours personally myself
    """
_OWN = frozenset(_OWN_TEXT.split())
"""Words with which the person turns from what others say to what they say."""
_OPENING_TEXT = """
    it its that thats this was is a an the what such just so really honestly frankly absolutely
    total complete utter ugh meh sorry but and well yeah oh man god tbh imo i we me personally
    big bit of like right proper to be honest if you ask my verdict him her them she he theyre
    mine ours in for at now think days these still turns out actually found find thought terribly
    rather extremely deeply contrary
    """
_OPENING = frozenset(_OPENING_TEXT.split())
"""Words that may stand before a judgement that makes up a sentence."""
_THEIRS = re.compile(
    r"(?<![^ ])(?:(?:my|his|her|our|the) \w+|he|she|they)(?: \w+ly| all| both| always| also)*"
    r" (?:loves?|loved|likes?|liked|adores?|adored|enjoys?|enjoyed|(?:is|are|was) (?:obsessed with|mad about|crazy about))(?: the)? $"
)
_PERSON = re.compile(
    r"(?:him|her|them|his|hers|their|(?:the|that|this) (?:man|guy|woman|bloke|fella|fellow|dude|actor|actress|director"
    r"|chap|lad|lady|girl|boy|sight of (?:him|her)))(?= |$)"
)
_THINGS = re.compile(
    r"(?:(?:any|all|one) of )?(?:of )?(?:them|those|these|that (?:stuff|kind|sort|lot))(?= |$)(?! (?:who|that|with|films?|movies?|ones?))"
)
_SUBJECT = re.compile(
    r"(?<![^ ])(?:he|she|hes|shes|(?:his|her) (?:\w+ )?\w+|(?:the|that|this) (?:man|guy|woman|bloke|dude|actor|actress))"
    r"(?: (?:just|really|always|still|simply|is|honestly))* \w+ ?$"
)
_OBJECT = re.compile(r"(?<![^ ])(?:him|her)(?= |$)")
_FOLLOWS = 8
"""Words between what was seen and what is said of it."""
_SENTENCES = 2
"""Sentences after the one with the mention in which it is still judged."""


class Verdicts:
    """The later judgements of one message.

    Parameters
    ----------
    text : Text
        The message.
    markers : sequence of Marker
        Its phrases, left to right.
    mentions : sequence of Mention
        What it names, left to right.
    people : set of str
        Facets whose values are people.
    """

    def __init__(
        self,
        text: Text,
        markers: Sequence[Marker],
        mentions: Sequence[Mention],
        people: Set[str],
    ) -> None:
        self._text = text
        self._markers = markers
        self._mentions = mentions
        self._people = people

    def heard(self, mention: Mention, shown: tuple[Stance, ...]) -> tuple[Stance, ...]:
        """Return the stand on `mention`, of which the phrases around it show `shown`."""
        if mention.kind == "value":
            bare = shown in {(), ("waive",), ("want",), ("neutral",)}
            judged = self._by_pronoun(mention) if bare else None
            return (judged,) if judged else shown
        if mention.kind not in {"item", "reference", "missing"}:
            return shown
        if shown == ("like",):
            theirs = _THEIRS.search(self._text.flat[: self._text.flat_at(mention.start)])
            own = self._turned(mention) if theirs else None
            return (own,) if own in NEGATIVE else shown
        if shown not in {(), ("neutral",), ("seen",)}:
            return shown
        turned = self._turned(mention) if shown == ("neutral",) else None
        turned = turned or (self._followed(mention) if shown == ("seen",) else None)
        later = turned or self._next_sentence(mention)
        if later is None:
            return shown
        return ("seen", later) if shown == ("seen",) else (later,)

    def _next_sentence(self, mention: Mention) -> Stance | None:
        """Return the judgement of a sentence that follows that of `mention` and names nothing."""
        end = self._text.sentence_end(mention.end)
        if any(mention.end <= m.start < end and m.kind != "value" for m in self._mentions):
            return None
        for _ in range(_SENTENCES):
            begin, end = end, self._text.sentence_end(end + 1)
            named = any(m.start < end and begin < m.end for m in self._mentions)
            if begin >= len(self._text) or named:
                return None
            for marker in self._judgements(begin, end):
                opening = self._text.words[begin : marker.start]
                if {word.norm for word in opening} <= _OPENING:
                    return marker.stance
        return None

    def _followed(self, mention: Mention) -> Stance | None:
        """Return the judgement that goes on after "saw": "saw Cats in May and hated every minute"."""
        judgements = self._judgements(mention.end, self._text.sentence_end(mention.end))
        marker = next(judgements, None)
        if marker is None or marker.start - mention.end > _FOLLOWS:
            return None
        between = {word.norm for word in self._text.words[mention.end : marker.start]}
        named = any(mention.end <= m.start < marker.start for m in self._mentions)
        joined = bool({"and", "but", "then"} & between) or self._opens_clause(marker)
        return marker.stance if joined and not named else None

    def _opens_clause(self, marker: Marker) -> bool:
        """Tell whether only words like "it was still" stand between a comma and `marker`."""
        at = marker.start
        while at > 0 and self._text.joined(at) and self._text.words[at - 1].norm in _OPENING:
            at -= 1
        return self._text.words[at].gap == ","

    def _turned(self, mention: Mention) -> Stance | None:
        """Return the person's own judgement after what others say of `mention` in one sentence.

        "Critics raved about Roma but I couldn't get on with it".
        """
        for marker in self._judgements(mention.end, self._text.sentence_end(mention.end)):
            if any(mention.end <= m.start < marker.start for m in self._mentions):
                return None
            between = self._text.words[mention.end : marker.start + 1]
            if {word.norm for word in between} & _OWN:
                return marker.stance
        return None

    def _by_pronoun(self, mention: Mention) -> Stance | None:
        """Return the judgement of a value by a pronoun.

        "Jared Leto, can't bear the man", "joking about the musicals, I hate them".
        """
        of_it = self._of_person if mention.facet in self._people else self._of_things
        limit = self._text.sentence_end(self._text.sentence_end(mention.end) + 1)
        others = [other.start for other in self._mentions if other.start >= mention.end]
        limit = min([limit, *others])
        for marker in self._markers:
            inside = mention.end <= marker.start < limit and marker.stance in _JUDGING
            if inside and of_it(marker):
                return "hate" if marker.stance == "dislike" else marker.stance
        return None

    def _of_things(self, marker: Marker) -> bool:
        at = self._text.flat_at(marker.end)
        return marker.forward and bool(_THINGS.match(self._text.flat, at))

    def _of_person(self, marker: Marker) -> bool:
        flat = self._text.flat
        if marker.forward:
            return bool(_PERSON.match(flat, self._text.flat_at(marker.end)))
        subject = _SUBJECT.search(flat[: self._text.flat_at(marker.start + 1)])
        return bool(subject or _OBJECT.search(self._text.norms(marker.start, marker.end)))

    def _judgements(self, begin: int, end: int) -> Iterator[Marker]:
        for marker in self._markers:
            alone = marker.stance == "never" and marker.end == end
            spoken = alone or not marker.forward
            if begin <= marker.start < end and marker.stance in _JUDGING and spoken:
                yield marker
