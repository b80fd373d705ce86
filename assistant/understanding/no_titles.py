"""What looks like a title and is none: friends, places, sayings, parts of a quotation.

Owns: the signs against a title. Does not own: the signs for one (`naming`) or finding them
(`titles`, `guesses`, `hints`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from assistant.understanding.english import FUNCTION
from assistant.understanding.mentions import Marker, Mention, covered
from assistant.understanding.text import Text

_MET = frozenset({"loved", "love", "liked", "like", "seen", "saw", "watched", "hated", "enjoyed"})
"""Words right before a title."""
_DOING = frozenset(
    ["can", "cant", "will", "wont", "doesnt", "said", "told", "fell", "wanted", "took"]
)
"""Words of what somebody does, beside those on -s."""
_ARE = frozenset({"is", "are", "s"})
_COMING = frozenset(
    {"coming", "here", "round", "joining", "visiting", "staying", "asleep", "ill", "driving"}
)
_SINCE = frozenset({"because", "cos", "cause", "since", "as"})
_HAS = frozenset({"has", "wants", "needs", "hates", "loves", "likes", "works"})
_NAME = 3
"""Words from which on a title is no place and nobody's name."""
_PLACE = re.compile(
    r"(?<![^ ])(?:(?:im|were|am|are|comes?|came|hails?|moved|originally|back|born|straight) from"
    r"|(?:live|lives|lived|living|based|born|grew up|stuck|work|working|staying) in"
    r"|names? (?:is|was|s)|(?:been|feels?|felt|feeling|its|it is|was) like"
    r"|^(?:[a-z]+ ){0,2}(?:thanks|thank you|ta|cheers|hi|hello|hey|hiya|bye|night|morning))"
    r"(?: a bit| a lot)? $"
)
"""What leads to a place, somebody's name or a manner of speaking."""
_CODE = re.compile(r"[<>{}=/\\@_|]|\w\(|\w\.\w{2}")
"""What no title has, but programs and addresses do."""
_CLAUSES = frozenset({",", "."})


def elsewhere(text: Text, start: int, end: int) -> bool:
    """Tell whether what stands before makes words ``[start, end)`` something other than a title.

    "Originally from Fargo myself", "her name was Amelie", "it's been like Groundhog Day at work",
    "thanks Alfie, ...".
    """
    before = text.flat[: text.flat_at(start)]
    if not _PLACE.search(before):
        return False
    if before.rstrip().endswith("like"):  # "was like Heat" may compare, "at work" does not
        return text.norms(end, end + 1) in {"at", "in", "here", "round", "out", "over"}
    if before.rstrip().endswith(("in", "from", "is", "was", "names")):
        return end - start < _NAME
    return end == len(text) or text.words[end].gap in _CLAUSES


def is_friend(text: Text, title: Mention, first_names: Set[str]) -> bool:
    """Tell whether a title of one word is but somebody's first name.

    Of one no one knows, by what he does, "Graham nods off"; of any, where he comes or has
    something on: "Jack and Dave are coming round", "because Dave has work".
    """
    if len(title) != 1 or text.quoted(title.start, title.end):
        return False
    named = text.words[title.start].norm in first_names
    if not named or title.kind not in {"missing", "item"}:
        return False
    before = text.norms(title.start - 1, title.start) if title.start else ""
    end = title.end
    while text.norms(end, end + 1) == "and" and text.upper(end + 1):
        end += 2
    comes = text.norms(end, end + 1) in _ARE and text.norms(end + 1, end + 2) in _COMING
    after = text.words[title.end].norm if text.joined(title.end) else ""
    if comes or (before in _SINCE and after in _HAS):
        return True
    doing = after in _DOING or (after.endswith("s") and after not in FUNCTION)
    return title.kind == "missing" and doing and before not in _MET


def outside_quotations(text: Text, mentions: Sequence[Mention]) -> list[Mention]:
    """Return `mentions` but those that are only some words of a title in quotation marks.

    "The Last Tango on Mars" names neither Tango nor Mars; "a 'Dark Comedy'" is both.
    """
    kept = list(mentions)
    for start, end in text.quotes:
        inside = [m for m in kept if start <= m.start and m.end <= end]
        content = {at for at in range(start, end) if text.words[at].norm not in FUNCTION}
        paused = any(not text.joined(at) for at in range(start + 1, end))
        if text.upper(start) and not paused and not content <= covered(inside):
            kept = [m for m in kept if m not in inside or text.quoted(m.start, m.end)]
    return kept


def is_code(text: Text, start: int, end: int) -> bool:
    """Tell whether words ``[start, end)`` are of a program or an address rather than a title."""
    first, last = text.characters(start, end)
    return _CODE.search(text.message[max(0, first - 1) : last + 1]) is not None


def is_idiom(title: Mention, said: Sequence[Mention]) -> bool:
    """Tell whether `title`, which no one knows, is but a manner of speaking: "on reflection"."""
    inside = any(other.start <= title.start and title.end <= other.end for other in said)
    return title.kind == "missing" and inside


def dates_title(text: Text, number: Mention, titles: Sequence[Mention]) -> bool:
    """Tell whether `number` only dates one of `titles`: "The Lamplighter of Dundee (2011)"."""
    if number.kind != "number" or not any(title.end == number.start for title in titles):
        return False
    first, _ = text.characters(number.start, number.end)
    return text.message[:first].endswith("(")


def bare_verdicts(text: Text, phrases: Sequence[Marker]) -> list[Mention]:
    """Return judgements in a clause of their own, which are no titles: "..., insufferable"."""
    return [
        Mention(marker.start, marker.end, "act")
        for marker in phrases
        if not marker.forward
        and not text.joined(marker.start)
        and (marker.end == len(text) or not text.joined(marker.end))
        and not any(text.named(at) for at in range(marker.start, marker.end))
        and not text.quoted(marker.start, marker.end)
    ]
