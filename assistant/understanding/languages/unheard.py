"""Titles of another language that nothing knows: "vous avez la grande vadrouille ?".

Owns: `unheard`: which words of a reading are such a title. Does not own: finding the titles that
the catalogue has (`names`), nor what is said of a missing one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set

_HAVE = (("do", "you", "have"), ("is", "there", "on", "here"), ("have", "you", "got"))
_MET = frozenset({"like", "liked", "loved", "seen", "watched", "saw", "hated", "rewatch"})
_OF = (("fan", "of"), ("similar", "to"), ("fond", "of"))
"""English words that a title follows."""
_SMALL = frozenset({"the", "a", "an", "some", "of", "to", "in", "on", "at", "is", "with", "by"})
_JOINS = frozenset({"and", "or"})
_SOME = frozenset({"a", "an", "some"})
_DEFINITE = frozenset({"the"})
_LONGEST = 7


def unheard(
    words: Sequence[tuple[str, str, bool]], named: Set[int], is_value: Callable[[str], bool]
) -> Iterator[tuple[int, int]]:
    """Yield the half-open ranges of words that are titles nobody knows.

    Words that no phrase of the language knows, to the end of the clause that calls for a title,
    and what stands between them; one alone with its article. Not where a word names a value.

    Parameters
    ----------
    words : sequence of (str, str, bool)
        English word, what separates it from the one before, whether no phrase knows it.
    named : set of int
        Words of names that the catalogue knows.
    is_value : callable
        Tells whether an English word names something that items have.
    """
    norms = tuple(norm for norm, _, _ in words)
    goes_on = -1
    for start in range(1, len(words)):
        called = start == goes_on or (words[start][1] == "" and _calls(norms, start))
        if words[start][1] == "." or start in named or not called:
            continue
        end = next(
            (
                at
                for at in range(start + 1, len(words))
                if words[at][1] or (norms[at] in _JOINS and any(w[2] for w in words[start:at]))
            ),
            len(words),
        )
        goes_on = end + 1 if end < len(words) and norms[end] in _JOINS else -1
        end = min(end, start + _LONGEST)
        while end > start and norms[end - 1] in _SMALL:
            end -= 1
        strange = sum(words[at][2] for at in range(start, end))
        plain = [norm for norm, _, odd in words[start:end] if not odd and norm not in _SMALL]
        if len(plain) > 1 or any(map(is_value, plain)) or named & set(range(start, end)):
            continue
        start += norms[start] in _SOME  # noqa: PLW2901
        article = norms[start] in _DEFINITE
        if strange > 1 or (strange and plain and article):
            yield start, end
        elif strange and article and end == start + 2:
            yield start + 1, end


def _calls(norms: Sequence[str], at: int) -> bool:
    """Tell whether a title may follow the words before `at`."""
    return (
        norms[at - 1] in _MET
        or any(tuple(norms[max(0, at - 2) : at]) == pair for pair in _OF)
        or any(tuple(norms[max(0, at - len(cue)) : at]) == cue for cue in _HAVE)
    )
