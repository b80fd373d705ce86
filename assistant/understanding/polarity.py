"""Where the person stands on what they mention: which marker speaks of what.

Owns: `PolarityReader`. Does not own: the phrases (`phrases`), how far one reaches (`reach`),
judgements that come later (`verdicts`), or what a stance does to the profile (`understand`).

A forward marker governs the mentions after it until the sentence ends, another marker comes, or a
list breaks: a comma carries it on only to a mention that directly follows. A backward marker
("... was boring") governs the mentions right before it and outweighs a forward one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.understanding.mentions import Marker, Mention, Stance, covered
from assistant.understanding.phrases import BACKWARD, FORWARD, LABELS
from assistant.understanding.reach import DENYING, NEGATIVE, heads_list, reaches
from assistant.understanding.text import Text
from assistant.understanding.verdicts import Verdicts
from catalog import Schema

_OPINIONS: frozenset[Stance] = frozenset({"like", "dislike", "hate", "seen"})
_PUT_OFF = 3
_STUFF = frozenset(
    {"stuff", "things", "thing", "films", "movies", "ones", "crap", "garbage", "products"}
)
_ANYTHING = frozenset({"anything", "something", "anyone", "someone"})
_ASIDES = re.compile(
    r"(?<![^ ])(?:on the other hand|for (?:me|us)|to me|in my opinion|imo|imho|honestly|frankly"
    r"|sadly|unfortunately|however|though|actually|really|to be honest|tbh|personally|by contrast"
    r"|meanwhile|sorry|if im honest)(?= |$)"
)
_LEADING = frozenset({"in", "by", "with", "from"})
_REST = re.compile(r"the (?:others?|rest|other (?:two|three|four|ones?|2|3|4))$")
_ELSEWHERE = frozenset({"with", "but", "by", "like", "i"})
_THINK = frozenset({"think", "thought", "guess", "suppose", "reckon", "find", "found"})
_SAYING = frozenset(
    {"said", "says", "say", "reckons", "thinks", "thought", "told", "me", "insists", "claims"}
)
_TURNS = frozenset({"but", "and", "though"})
_DETERMINERS = frozenset({"the", "a", "an", "that", "my"})
_PRONOUNS = frozenset({"its", "it", "theyre", "they", "thats"})
_VERDICTS = frozenset(
    {
        "ugh",
        "yuck",
        "bleh",
        "eww",
        "pass",
        "yes",
        "yep",
        "yeah",
        "no",
        "nope",
        "nah",
        "please",
        "much",
        "so",
        "really",
    }
)
_ON = frozenset({"on", "in", "for"})
"""Words between what is refused and the kind of thing that is to be without it."""
_NOT_EVEN = re.compile(
    r"(?<![^ ])(?:not|isnt|wasnt|arent|werent|aint) even(?: (?:a|an|that|very|really|remotely))* $"
)
"""Before a value that something lacks, which is no wish to be without it: "not even funny"."""
_CHAIN_WORDS = frozenset({"and", "but", "really", "also", "both", "i", "then", "absolutely"})


class PolarityReader:
    """Finds markers and decides what they speak of."""

    def __init__(self, schema: Schema) -> None:
        consumed = schema.consumed
        self._people = frozenset(f.name for f in schema.facets if f.kind == "people")
        kind = schema.by_role("kind")
        self._kind = kind.name if kind else None
        have = r"(?:ive |i |we |weve )?(?:already |just )+(?:have|own|got)(?: a| an| the)?"
        seen = (
            rf"(?:i |ive |i have |we |weve )?(?:already |just |previously )*{re.escape(consumed)}"
        )
        self._forward: list[tuple[Stance, re.Pattern[str]]] = [
            (stance, _pattern(source)) for stance, source in FORWARD
        ]
        self._forward.append(("seen", _pattern(rf"{have}|{seen}(?: a| an| the)?")))
        self._labels: list[tuple[Stance, re.Pattern[str]]] = [
            (stance, re.compile(rf"(?:^|(?<=[.,] ))(?:{source})(?= ,)"))
            for stance, source in LABELS
        ]
        self._backward: list[tuple[Stance, re.Pattern[str]]] = [
            (stance, _pattern(source)) for stance, source in BACKWARD
        ]

    def find(self, text: Text) -> list[Marker]:
        """Return every phrase that may show a stand, the longest first."""
        found: list[Marker] = []
        for forward, table in ((False, self._backward), (True, self._forward)):
            for stance, pattern in table:
                spans = text.find(pattern)
                found.extend(Marker(start, end, stance, forward) for start, end, _ in spans)
        labels = [*self._label_markers(text)]
        found = [m for m in found if not any(m.start == label.start for label in labels)]
        return sorted(
            [*found, *labels], key=lambda marker: (marker.start - marker.end, marker.start)
        )

    def labels(self, text: Text) -> list[Mention]:
        """Return the words that head a list, which name nothing: "Deal breakers: ..."."""
        return [Mention(m.start, m.end, "act") for m in self._label_markers(text)]

    def _label_markers(self, text: Text) -> Iterator[Marker]:
        for stance, pattern in self._labels:
            for start, end, _ in text.find(pattern):
                if heads_list(text, end):
                    yield Marker(start, end, stance)

    def outside(
        self, text: Text, phrases: Sequence[Marker], taken: Sequence[Mention]
    ) -> list[Marker]:
        """Return the `phrases` outside `taken`, left to right; the longest wins an overlap."""
        blocked = covered(taken)
        kept: list[Marker] = []
        items = sorted(m.end for m in taken if m.kind in {"item", "reference"})
        for found in phrases:
            marker = found
            only = marker.stance == "require" and text.norms(marker.start, marker.end) == "only"
            if only and items and items[0] <= marker.start and text.words[marker.start].gap == ",":
                marker = replace(marker, stance="want")  # "like these two, only happier"
            end = marker.end
            if not marker.forward and not self._spoken_of(text, marker, taken):
                continue
            if marker.forward:  # "not the" before "the third one" is "not"
                end = next((i for i in range(marker.start, end) if i in blocked), end)
            span = set(range(marker.start, end))
            if span and not blocked & span:
                kept.append(replace(marker, end=end))
                blocked |= span
        return _merged(text, sorted(kept, key=lambda marker: marker.start))

    def _spoken_of(self, text: Text, marker: Marker, taken: Sequence[Mention]) -> bool:
        """Tell whether "... I hated" has something right before it that it may speak of."""
        if marker.stance == "later" and text.sentence_start(marker.start):
            return False  # "not tonight, the second one"
        first = text.words[marker.start]
        if first.norm == "were" and not text.message[first.start : first.end].isalpha():
            return False  # "we're not really into ..."
        if text.words[marker.start].norm not in {"i", "ive", "we", "weve", "im"}:
            return True
        clause = not text.joined(marker.start) or text.words[marker.start].norm in _TURNS
        if clause and len(range(marker.start, marker.end)) > 2:
            return any(mention.end <= marker.start for mention in taken)
        at = marker.start
        asides = {end: start for start, end, _ in text.find(_ASIDES)}
        while at in asides:
            at = asides[at]
        if _REST.search(text.norms(max(0, at - 3), at)):
            return True  # "the other two I have seen"
        return any(mention.end == at for mention in taken)

    def stances(
        self, text: Text, mention: Mention, markers: Sequence[Marker], mentions: Sequence[Mention]
    ) -> tuple[Stance, ...]:
        """Return how the person stands on `mention`; empty when nothing says so.

        Two stances when two verbs share it: "seen and loved Heat".
        """
        after = self._shown_after(text, mention, markers, mentions)
        shown = self._shown_before(text, mention, markers, mentions)
        if after == ("seen",):
            return Verdicts(text, markers, mentions, self._people).heard(mention, after)
        if after == ("dislike",) and shown[:1] in {("exclude",), ("never",)}:
            return shown  # "no love stories, yuck"
        if after and after != ("later",):
            return ("seen", *after) if self._met(text, mention, markers) else after
        if after:  # "love Magnolia, but another time"
            return ("like", "later") if shown == ("like",) and mention.kind != "value" else after
        return Verdicts(text, markers, mentions, self._people).heard(mention, shown)

    def _met(self, text: Text, mention: Mention, markers: Sequence[Marker]) -> bool:
        """Tell whether "seen" stands right before `mention`: "own the second and it's great"."""
        start = mention.start
        if mention.kind == "value":
            return False
        start -= start > 0 and text.words[start - 1].norm in _DETERMINERS
        return any(
            m.stance == "seen" and m.end in {start, mention.start} for m in markers if m.forward
        )

    def _shown_after(
        self, text: Text, mention: Mention, markers: Sequence[Marker], mentions: Sequence[Mention]
    ) -> tuple[Stance, ...]:
        """Return the stand that a phrase after `mention` shows."""
        for marker in markers:
            if marker.stance == "undecided" and mention.kind == "value":
                continue  # "vampires or werewolves, idk"
            if marker.forward or not self._judges(text, marker, mention, mentions):
                continue
            if marker.stance == "want" and self._refused(text, mention, markers, mentions):
                break  # "less brutal would be nice"
            if marker.stance == "waive" and self._tagged(text, marker, markers, mention):
                break  # "no slashers ok?", "something tense is fine"
            if self._said_of_others(text, mention, marker, markers, mentions):
                break
            stance = _put_off(text, marker, markers) or marker.stance
            own = text.norms(marker.start, marker.start + 1) in {"i", "we"}
            if stance == "dislike" and own and mention.kind == "value":
                stance = "hate"  # "black I don't like", as "I don't like black"
            return (stance,)
        return ()

    def _shown_before(
        self, text: Text, mention: Mention, markers: Sequence[Marker], mentions: Sequence[Mention]
    ) -> tuple[Stance, ...]:
        """Return the stand that phrases before `mention` show."""
        forward = [m for m in markers if m.forward and m.end <= mention.start]
        if not forward or not reaches(text, forward[-1], mention, mentions):
            return ()
        governing = forward[-1]
        stance: Stance = governing.stance
        if _NOT_EVEN.search(text.flat[: text.flat_at(mention.start)]):
            stance = "neutral"
        # "One that don't need plugging in, no electricity": the value denies.
        denies = text.words[mention.start].norm in DENYING
        if stance in NEGATIVE and (denies or self._bearer(text, mention, governing)):
            return ()
        if stance == "same":
            return self._as_before(text, governing, markers, mentions)
        lesser = text.norms(governing.start, governing.end) in {"less", "fewer"}
        apart = mention.start > governing.end and text.words[mention.start - 1].norm in {
            "and",
            "but",
        }
        if lesser and apart and text.words[mention.start].norm.endswith("er"):
            return ()  # "less violent and wittier"
        if stance == "like" and len(forward) > 1 and self._example(text, governing, forward[-2]):
            stance = forward[-2].stance
        if stance == "ask" and text.norms(governing.end, mention.start) not in {"", "the", "a"}:
            stance = "want"
        if len(forward) > 1 and governing.stance in _OPINIONS:
            earlier = forward[-2]
            between = text.words[earlier.end : governing.start]
            if earlier.stance in _OPINIONS and {w.norm for w in between} <= _CHAIN_WORDS:
                return (earlier.stance, stance)
        return (stance,)

    def _bearer(self, text: Text, mention: Mention, refusal: Marker) -> bool:
        """Tell whether `mention` is the kind of thing to be without it: "no app on a kettle"."""
        between = text.norms(refusal.end, mention.start).split()
        led = len(between) > 2 and between[-2] in _ON and between[-1] in _DETERMINERS
        return led and mention.facet == self._kind

    def _tagged(
        self, text: Text, marker: Marker, markers: Sequence[Marker], mention: Mention
    ) -> bool:
        """Tell whether "ok" only closes what a refusal or a wish right before `mention` says."""
        led = mention.start - (text.norms(mention.start - 1, mention.start) in _LEADING)
        before = [m for m in markers if m.forward and m.end in {mention.start, led}]
        if not before:
            return False
        stands = before[0].stance in NEGATIVE or before[0].stance == "require"
        refused = stands and marker.end - marker.start == 1
        wished = (
            before[0].stance == "want" and text.norms(before[0].start, mention.start) in _ANYTHING
        )
        return refused or wished

    def _said_of_others(
        self,
        text: Text,
        mention: Mention,
        verdict: Marker,
        markers: Sequence[Marker],
        mentions: Sequence[Mention],
    ) -> bool:
        """Tell whether what comes before `mention` outweighs the `verdict` after it.

        "My coworker said Up is overrated" is the coworker's; in "didn't like Up, and the last one I
        loved" the verdict is on the last one, in "no westerns, noir is good" on noir.
        """
        before = [m for m in markers if m.forward and m.end <= mention.start]
        if not before or not reaches(text, before[-1], mention, mentions):
            return False
        governing = before[-1]
        if governing.stance == "neutral":
            return text.words[governing.end - 1].norm in _SAYING
        touches = mention.start - governing.end <= (text.words[governing.end].norm in _DETERMINERS)
        over_another = any(mention.end <= m.start < verdict.start for m in mentions)
        return over_another and touches and governing.stance in _OPINIONS | {"exclude", "never"}

    def _as_before(
        self, text: Text, marker: Marker, markers: Sequence[Marker], mentions: Sequence[Mention]
    ) -> tuple[Stance, ...]:
        """Return the stand on what comes before `marker`: "Cats was awful and so was Dolittle"."""
        before = [mention for mention in mentions if mention.end <= marker.start]
        return self.stances(text, before[-1], markers, mentions) if before else ()

    def _refused(
        self, text: Text, mention: Mention, markers: Sequence[Marker], mentions: Sequence[Mention]
    ) -> bool:
        before = [m for m in markers if m.forward and m.end <= mention.start]
        return (
            bool(before)
            and before[-1].stance in NEGATIVE
            and reaches(text, before[-1], mention, mentions)
        )

    def _example(self, text: Text, like: Marker, before: Marker) -> bool:
        """Tell whether "like" gives an example of what was refused: "not fond of stuff like X"."""
        if before.stance not in NEGATIVE or like.end - like.start != 1:
            return False
        between = text.words[before.end : like.end]
        unbroken = all(word.gap in {"", "-"} for word in between)
        return unbroken and text.norms(like.start - 1, like.start) in _STUFF

    def _judges(
        self, text: Text, marker: Marker, mention: Mention, mentions: Sequence[Mention]
    ) -> bool:
        if marker.start < mention.end:
            return False
        between = [m for m in mentions if mention.end <= m.start < marker.start]
        if any(m.kind == "reference" and self._apart(text, m, mention) for m in between):
            return False  # "seen both, the first one was great"
        if text.words[marker.start].gap in {",", "."} and not _after_pause(text, marker):
            return False
        if text.words[marker.start].gap == "." and mention.kind == "value":
            return marker.start == mention.end
        return marker.start == mention.end or self._bridged(text, marker, mention, mentions)

    def _bridged(
        self, text: Text, marker: Marker, mention: Mention, mentions: Sequence[Mention]
    ) -> bool:
        """Tell whether only other mentions, asides and a word or two lie before `marker`."""
        inner = covered(m for m in mentions if m.start >= mention.end)
        aside = {at for start, end, _ in text.find(_ASIDES) for at in range(start, end)}
        gaps = 0
        for at in range(mention.end, marker.start):
            word = text.words[at]
            if word.gap == ".":
                return False
            thinks = word.gap == "" and self._aside(text, at)
            thinks = thinks or at in aside
            if at in inner or word.norm in {"and", "or"} or thinks:
                continue
            gaps += 1
            told = mention.kind == "value" and word.norm in {"that", "which"}
            if word.gap == "," or gaps > 2 or told or word.norm in _ELSEWHERE:
                return False
        return True

    def _apart(self, text: Text, other: Mention, mention: Mention) -> bool:
        """Tell whether a judgement of `other`, after a comma, leaves `mention` out."""
        pronoun = text.words[other.start].norm in {"it", "this", "that", "those", "they", "them"}
        several = len(mention.items) > 1
        return (pronoun or several) and text.words[other.start].gap == ","

    def _aside(self, text: Text, at: int) -> bool:
        """Tell whether word `at` belongs to "I think" and its kin, which say nothing."""
        here, after = text.words[at].norm, text.norms(at + 1, at + 2)
        return here in _THINK or (here == "i" and after in _THINK)


def _merged(text: Text, markers: Sequence[Marker]) -> list[Marker]:
    """Return `markers` with "anything" joined to the refusal before: "can't stand anything"."""
    merged: list[Marker] = []
    for marker in markers:
        last = merged[-1] if merged else None
        if (
            last is not None
            and last.forward
            and last.stance in NEGATIVE
            and last.end == marker.start
            and text.norms(marker.start, marker.end) in _ANYTHING
        ):
            merged[-1] = replace(last, end=marker.end)
        else:
            merged.append(marker)
    return merged


def _after_pause(text: Text, marker: Marker) -> bool:
    """Tell whether `marker` speaks across a comma or a dash: "Dune - no", "Heat, not tonight"."""
    if marker.stance == "later" or text.words[marker.start].norm in _PRONOUNS:
        return True
    ends = marker.end == len(text) or text.words[marker.end].gap in {",", "."}
    alone = len(range(marker.start, marker.end)) > 1 and marker.stance in _OPINIONS | {"exclude"}
    return ends and (alone or text.words[marker.end - 1].norm in _VERDICTS)


def _put_off(text: Text, marker: Marker, markers: Sequence[Marker]) -> Stance | None:
    """Return ``later`` where that follows at once: "sounds good but maybe another time"."""
    at = markers.index(marker) + 1
    near = [
        m
        for m in markers[at : at + 2]
        if m.start - marker.end <= _PUT_OFF
        and all(text.words[place].gap != "." for place in range(marker.end, m.start + 1))
    ]
    return "later" if any(m.stance == "later" for m in near) else None


def _pattern(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![^ ])(?:{source})(?= |$)")
