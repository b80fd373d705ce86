"""What is refused in words that no facet knows: "a thriller, no subtitles", "nothing with clowns".

Owns: `refused_words`. Does not own: what a refusal is (`phrases`), or saying so
(`assistant.templates`). Only clauses that are a refusal and nothing else: "the film has no plot" is
no wish, and "no idea what to watch" refuses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Set

from assistant.understanding.english import CALENDAR, FILLER, FUNCTION
from assistant.understanding.mentions import Marker
from assistant.understanding.text import Text
from assistant.understanding.vocabulary import english

_PAUSES = frozenset({",", "."})
_REFUSALS = frozenset({"no", "nothing", "without", "zero", "minus", "avoid"})
_JOINS = frozenset({"and", "but", "so", "or", "nor", "just", "please", "with"})
_MOST_WORDS = 2
_EMPTY = FUNCTION | FILLER | CALENDAR
# "No problem", "no rush": what is meant is not a thing to do without.
_IDIOMS = """
accident argument beef big biggie bother chance clue comment complaints contest deal difference
doubt else end exception exceptions excuse fail fault fear feelings first fun fuss good
guarantee hard harm hassle hold hope hurry idea ideas interest joke kidding last lie list longer
luck matter mistake news nonsense object offence offense opinion option order ordered plan plans
point preference preferences pressure prob problem problems probs question questions reason
regrets request rest rush second sense shame skin sleep sooner spoilers stock stress strings
surprise surprises sweat sympathy thing things third time trouble use view way wonder word words
worries worry worse
"""
_IDIOM = frozenset(_IDIOMS.split())


def refused_words(text: Text, marker: Marker, limit: int, named: Set[int]) -> Iterator[str]:
    """Yield the thing that a clause refuses in plain words, as written; none or one.

    Parameters
    ----------
    text : Text
        The message.
    marker : Marker
        The refusal.
    limit : int
        Where the next one starts.
    named : set of int
        Words that something else has been found in; where there is one, that is what is refused.
    """
    first, start = marker.start, marker.end
    while first < start and text.words[first].norm in _JOINS:
        first += 1
    opens = marker.start == 0 or text.words[marker.start].gap in _PAUSES or first > marker.start
    if not opens or text.words[first].norm not in _REFUSALS:
        return
    end = start
    while end < limit and (end == start or text.words[end].gap not in _PAUSES):
        end += 1
    goes_on = end < len(text) and text.words[end].gap not in _PAUSES
    goes_on = goes_on and not (end == limit and text.words[end].norm in _JOINS)
    if goes_on or (start < end and text.words[start].gap):  # "no: my brother ..."
        return
    while start < end and text.words[start].norm in _EMPTY:
        start += 1
    while start < end and text.words[end - 1].norm in _EMPTY:
        end -= 1
    words = range(start, end)
    norms = {text.words[at].norm for at in words}
    plain = norms <= english() and not norms & (_EMPTY | _IDIOM)
    if 0 < len(words) <= _MOST_WORDS and plain and named.isdisjoint(words):
        yield " ".join(text.english(start, end).split())
