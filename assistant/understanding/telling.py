"""Values that only tell how something is: "it was beautiful", "thinks it's so clever".

Owns: the signs that a value is told of an item rather than wished for or refused. Does not own:
what a wish or a refusal does (`stands`).
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from collections.abc import Set

from assistant.understanding.mentions import Mention
from assistant.understanding.text import Text

_WAS = frozenset({"was", "were", "wasnt", "werent"})
_SHOWN = frozenset({"these", "those", "they", "it", "that", "this", "all"})
_WISHING = frozenset({"if", "sure", "long", "when", "where", "unless", "whether", "hope"})
_INTENSE = frozenset({"so", "very", "really", "pretty", "quite", "too", "just", "such"})
_CLAIMS = re.compile(
    r"(?<![^ ])(?:thinks?|pretends?|pretending|claims?|reckons|supposed|meant|trying|tries)"
    r"(?: (?:its|it is|hes|shes|theyre|itself|to be|that|they are|is|so|very|really|all|being|too|hard))+ $"
)
"""What tells how an item wants to be: "thinks it's so clever"."""
_TELLS = re.compile(
    r"(?<![^ ])(?:(?:never|dont|didnt|cant|couldnt|wouldnt|not|hardly|havent)(?: \w+ly| ever| even| once)* (?:find|found|call|called|think|thought|considered?)"
    r" (?P<it>it|that|this|them|those)(?: was| is| were| are| even| all| that| very| so| remotely| particularly)*"
    r"|(?:isnt|wasnt|arent|werent|(?:is|was|are|were) (?:just |really |simply |so )*not|aint)"
    r"(?: even| all| that| very| so| remotely| particularly| at| really| actually| the (?:least|slightest) bit| in| a| bit| exactly| half as)*) $"
)
"""What tells how an item is not."""


def told_of_item(text: Text, mention: Mention, items: Set[int]) -> bool:
    """Tell whether a denied value only tells of an item: "Napoleon Dynamite is not funny"."""
    before = text.flat[: text.flat_at(mention.start)]
    found = _TELLS.search(before)
    if not found:
        return False
    start = text.word_range(found.start(), len(before))[0]
    return bool(found["it"]) or start in items


def recalled(text: Text, mention: Mention) -> bool:
    """Tell whether a value only tells how something is: "we saw it, it was beautiful"."""
    if _CLAIMS.search(text.flat[: text.flat_at(mention.start)]):
        return True
    before = [word.norm for word in text.words[max(0, mention.start - 4) : mention.start]]
    at = mention.start - 1
    while before and before[-1] in _INTENSE:
        before.pop()
        at -= 1
    closes = mention.end == len(text) or not text.joined(mention.end)
    opens = at <= 0 or not text.joined(at)  # not "a kettle that's quiet"
    shown = (
        closes
        and opens
        and before[-1:] in (["its"], ["theyre"], ["thats"])
        and not _WISHING & set(before)
    )
    if shown or (before[-1:] in (["is"], ["are"]) and before[-2:-1] and before[-2] in _SHOWN):
        return not _WISHING & set(before)
    return bool(_WAS & set(before[-1:])) or (
        bool(before) and before[-1] in _INTENSE and bool(_WAS & set(before[-2:-1]))
    )
