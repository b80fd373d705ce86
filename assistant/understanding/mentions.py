"""What the linkers hand to each other: spans of words with a meaning.

Owns: `Mention`, `Marker` and the closed sets of their kinds. Does not own: how they are found
(`titles`, `values`, `numbers`, `references`, `polarity`) or combined (`understand`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from catalog import Operator

MentionKind = Literal["item", "value", "number", "reference", "missing", "stranger", "act"]
Stance = Literal[
    "like",  # loved, something like, more of
    "dislike",  # didn't like, not a fan of: an opinion on an item, a soft wish on a value
    "hate",  # hate, can't stand, sick of: hard on a value
    "exclude",  # no, without, nothing with: hard on a value
    "never",  # never again, not ever: hard on a value, as a rule
    "later",  # not tonight: an item is put off
    "avoid",  # not too, less: soft on a value
    "require",  # must be, only: hard
    "want",  # something, give me: a plain request
    "ask",  # have you got, show me: wants to see that very item
    "seen",
    "same",  # and so was: as the one before
    "waive",  # is fine, don't mind, doesn't matter: takes a stand back
    "undecided",  # no idea, dunno: no stand at all
    "neutral",  # but, not only, than: ends the reach of what came before
]
Bound = tuple[Operator, float]


@dataclass(frozen=True, slots=True)
class Mention:
    """A span of words that names something.

    Attributes
    ----------
    start, end : int
        Half-open range of words.
    kind : str
        ``item``, ``value`` (of a facet), ``number`` (bounds on a facet), ``reference`` (to shown
        items), ``missing`` (a title that the catalogue lacks), ``stranger`` (an unknown person),
        ``act`` (words that only steer the dialogue).
    items : tuple of str
        Item ids that an item or a reference stands for.
    facet : str
        Facet of a value or number.
    values : tuple of str
        Canonical values; several when one word means several.
    bounds : tuple of (operator, number)
        Conditions of a number.
    strength : int
        How sure: 3 is quoted or dated, 2 written as a name, 1 follows a cue, 0 the words alone.
    cued : bool
        Whether a title follows a cue such as "loved".
    whole : bool
        Whether the words are a whole title, not only a part of one.
    rare : bool
        Whether a value is so rare that its word counts only where it is refused.
    """

    start: int
    end: int
    kind: MentionKind
    items: tuple[str, ...] = ()
    facet: str = ""
    values: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
    strength: int = 0
    cued: bool = False
    whole: bool = False
    rare: bool = False

    def __len__(self) -> int:
        return self.end - self.start

    def overlaps(self, other: Mention | Marker) -> bool:
        """Tell whether the two share a word."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Marker:
    """A span of words that says where the person stands.

    Attributes
    ----------
    start, end : int
        Half-open range of words.
    stance : str
        See `Stance`.
    forward : bool
        Whether it speaks of what follows ("no ...") or of what precedes ("... was boring").
    """

    start: int
    end: int
    stance: Stance
    forward: bool = True


def covered(mentions: Iterable[Mention | Marker]) -> set[int]:
    """Return every word that some of `mentions` takes."""
    return {index for mention in mentions for index in range(mention.start, mention.end)}
