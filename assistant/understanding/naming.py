"""The signs by which words are known to be a title: cues, years, neighbours.

Owns: `TitleSigns`. Does not own: the titles (`title_index`), linking them (`titles`) or guessing
at misspelt and missing ones (`guesses`).
"""

from __future__ import annotations

import re

from assistant.understanding.english import ARTICLES, CALENDAR, FILLER, FUNCTION
from assistant.understanding.mentions import Mention
from assistant.understanding.question_words import cues
from assistant.understanding.text import Text
from catalog import Schema

_CUE = (
    r"(?:(?<!id )(?<!would )(?<!wed )like|likes|liked|love(?: my)?|loved|loves|adored?|enjoyed"
    r"|hated?|disliked?|favou?rites? (?:\w+ ){0,4}(?:is|are|was)|seen|watched|rewatched|saw"
    r"|similar to|such as|fans? of|reminds? me of|have you got|got|bought|own|finished"
    r"|recommend(?:ed)?|meant|into|called|named|titled|about the film|the film|the movie"
    r"|vibes? of|feel of|style of|vein of|than|rewatch|watch|get enough of|wrong with|heard of"
    r"|obsessed with|tried|had a|dont you (?:have|sell|stock)|(?:do )?you (?:have|sell|stock)"
    r"|looking for|do you know|(?:what|how) about|walk(?:ed)? out of|suggest(?:ing|ed)?"
    r"|recommending|wants|watches|just did|have a|own a|use a|nothing beats|sell|carry"
    r"|stock)(?: the (?:film|movie)| a lot| much)?"
)
_BRIEF = frozenset(
    {
        "good",
        "bad",
        "great",
        "amazing",
        "terrible",
        "awful",
        "boring",
        "brilliant",
        "meh",
        "rubbish",
    }
)
_ANSWERS = frozenset({"yes", "yep", "yeah", "no", "nope", "nah", "yay", "nay"})
"""What answers a name: "Alien yes, Aliens no"."""
_JUDGING_TEXT = """
    was were wasnt werent sucks sucked rocks rocked slaps slapped wrecked blew bored ruined broke
    changed made dragged
    """
_JUDGING = frozenset(_JUDGING_TEXT.split())
_TIMES = frozenset({"last", "next", "yesterday", "twice", "once", "again", "recently"})
_YEAR = re.compile(r"(?:1[89]|20)\d\d$")
JOINING = frozenset({"of", "the", "in", "a", "an", "to", "for", "on", "at", "de", "la", "le"})
"""Words that a title may have in lower case between its capitals."""
_JOINS = frozenset({"and", "or", "nor", "but", "than"}) | ARTICLES
_LEADS = frozenset({"of", "in", "on", "at", "to", "for", "from", "by", "with"})
_ASIDES_TEXT = """
    idc idk ngl tbh imo imho lol lmao smh fr rn btw tho pls innit bruv haha hahaha picture pic flick
    """
_ASIDES = frozenset(_ASIDES_TEXT.split())
"""Words in small letters that close a remark, and no title."""
_INNER = frozenset({"no", "not", "but", "or"})
_GENERIC_TEXT = """
    film films movie movies series trilogy saga franchise remake original vibes energy style type
    esque soundtrack one ones
    """
_GENERIC = frozenset(_GENERIC_TEXT.split())


class TitleSigns:
    """What around some words says that they are a title, or part of a longer one."""

    def __init__(self, schema: Schema) -> None:
        self.generic = _GENERIC | {schema.noun.casefold(), schema.plural.casefold()}
        consumed = rf"{re.escape(schema.consumed)}(?: the| a| an| my)?"
        self._cue = re.compile(rf"(?<![^ ])(?:{_CUE}|{consumed}|{cues(schema)})(?= |$)")
        self._has_years = schema.by_role("year") is not None

    def cued(self, text: Text) -> set[int]:
        """Return the words that directly follow a cue for a title."""
        ends = {end for _, end, _ in text.find(self._cue)}
        articles = {end + 1 for end in ends if end < len(text) and text.words[end].norm == "the"}
        return ends | articles

    def year_after(self, text: Text, end: int) -> tuple[int, int | None]:
        """Return where a year that dates a title ends, and the year: "Heat (1995)"."""
        skip = end
        while skip < min(end + 2, len(text)) and text.words[skip].norm in {"from", "the", "of"}:
            skip += 1
        if self._has_years and skip < len(text) and _YEAR.match(text.words[skip].norm):
            return skip + 1, int(text.words[skip].norm)
        return end, None

    def qualifies(self, text: Text, end: int) -> bool:
        """Tell whether words only qualify what follows them, as "alien" does in "alien films"."""
        if end >= len(text) or not text.joined(end):
            return False
        after = text.words[end].norm
        return after in self.generic or after not in FUNCTION | FILLER | CALENDAR | _TIMES

    def in_longer_name(self, text: Text, start: int, end: int) -> bool:
        """Tell whether a capitalised neighbour makes the words part of another name."""
        if end < len(text) and text.joined(end):
            after = text.words[end].norm
            if text.named(end) and after not in FUNCTION | self.generic | CALENDAR:
                return True
            if after == "of" and end + 1 < len(text):
                skip = end + 2 if text.words[end + 1].norm in JOINING else end + 1
                return text.joined(skip) and text.named(skip)
        if start and text.joined(start) and text.words[start].capital:
            last = text.words[start - 1]
            if last.capital and last.norm == text.words[start].norm:  # "Sing Sing"
                return True
            before = text.words[start - 1].norm
            if before in _INNER and text.named(start - 1):  # the "Evil" of "Speak No Evil"
                return text.words[start - 2].capital and text.joined(start - 1)
            return text.named(start - 1) and before not in FUNCTION | CALENDAR | FILLER
        return False


def numbered(text: Text, end: int) -> bool:
    """Tell whether a bare number right after makes it another part: "Die Hard 9"."""
    if not text.joined(end):
        return False
    number = text.words[end].norm
    if not number.isdigit() or len(number) > 2:
        return False
    after = text.words[end + 1].norm if end + 1 < len(text) else ""
    return not after or after in FUNCTION | FILLER or not text.joined(end + 1)


_MEETING = frozenset(
    {"tried", "caught", "finished", "started", "binged", "saw", "watched", "rewatched", "rented"}
    | {
        "streamed",
        "seen",
        "loved",
        "liked",
        "hated",
        "enjoyed",
        "adored",
        "attempted",
        "got",
        "add",
    }
)
_DAYS = frozenset(
    {"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas"}
    | {"week", "weekend", "month", "year", "night", "summer", "winter", "school", "cinema"}
)
_SERVICES = frozenset(
    {"netflix", "prime", "amazon", "hulu", "disney", "youtube", "hbo", "max", "iplayer", "mubi"}
    | {"tv", "telly", "dvd", "bluray", "itv", "bbc", "channel", "vhs", "streaming"}
)
"""Where something was met: "Hit Man on Netflix"."""
_OATHS = frozenset({"god", "hell", "lord", "christ", "jesus", "heck"})
_SWORN = frozenset({"no", "yes", "never", "not", "nope"})


def led_in(text: Text, start: int, end: int) -> int:
    """Return where the name in words ``[start, end)`` begins after a verb: "Tried Eddington"."""
    verb = start < end and text.sentence_start(start) and text.words[start].norm in _MEETING
    return start + 1 if verb and (end - start == 1 or text.upper(start + 1)) else start


def trimmed(text: Text, start: int, end: int) -> int:
    """Return where the name in words ``[start, end)`` ends but for words that lead on.

    "Casper and" ends after Casper. A preposition may close a title, "Carry On", but not in small
    letters after a capital.
    """
    while end - start > 1:
        last = text.words[end - 1]
        dated = end - start > 2 and last.norm in _DAYS
        if dated and text.words[end - 2].norm in {"on", "last", "this", "in", "next", "every"}:
            end -= 2  # "Heat on Sunday"
            continue
        on = text.norms(end - 2, end - 1) == "on" and end - start > 2
        if on and last.norm in _SERVICES:
            end -= 2
            continue
        if last.norm in _OATHS and text.norms(end, end + 1) in _SWORN:
            end -= 1  # "Requiem for a Dream God no"
            continue
        if last.norm in _ASIDES and not last.capital:
            end -= 1  # "Saltburn idc", "Greyhound picture"
            continue
        leads = last.norm in _LEADS and not last.capital and text.words[start].capital
        if not leads and last.norm not in _JOINS:
            break
        end -= 1
    return end


def continues_name(text: Text, start: int) -> bool:
    """Tell whether a name goes on at word `start`: "Brooklyn" in "The Man in Brooklyn"."""
    before = start - 1
    while before > 0 and text.words[before].norm in JOINING:
        before -= 1
    return before >= 0 and text.words[before].capital and text.words[start].gap == ""


def judged(text: Text, end: int) -> bool:
    """Tell whether the words from `end` on pass a judgement: "Heat was boring"."""
    if not text.joined(end):
        return False
    closes = end + 1 == len(text) or not text.joined(end + 1)
    if text.words[end].norm in _JUDGING or (closes and text.words[end].norm in _BRIEF):
        return True
    after = [word.norm for word in text.words[end + 1 : end + 4]]
    return text.words[end].norm in {"is", "are"} and (
        after[:1] == ["my"] or after == ["one", "of", "my"] or after[1:2] == ["favourite"]
    )


def answered(text: Text, end: int) -> bool:
    """Tell whether what ends before word `end`, written as a name, gets a yes or a no."""
    if not text.joined(end) or not text.upper(end - 1):
        return False
    closes = end + 1 == len(text) or not text.joined(end + 1)
    return closes and text.words[end].norm in _ANSWERS


def list_goes_on(text: Text, mention: Mention) -> set[int]:
    """Return where the next title of a list may start, after `mention`."""
    end = mention.end
    if end >= len(text) or text.words[end].gap == ".":
        return set()
    if text.words[end].norm in {"and", "or", "n", "+"}:
        return {end + 1}
    if text.words[end].gap != ",":
        return set()
    return {end, end + 1} if text.words[end].norm in JOINING else {end}


def bracketed(text: Text, index: int) -> bool:
    """Tell whether word `index` follows an opening bracket."""
    start = text.words[index].start
    return text.message[max(0, start - 1) : start] == "("
