"""One thing put in the place of another: "wait no, I meant Die Hard 2, not Die Hard".

Owns: which opinion or wish is a slip that goes without a word. Does not own: what is taken back of
values held (`retractions`, `stands`).
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.state import Opinion, Retraction, UserProfile
from assistant.understanding.english import ARTICLES
from assistant.understanding.mentions import Mention
from assistant.understanding.text import Text

_SLIP = re.compile(
    r"(?<![^ ])(?:i (?:meant|mean)|(?:was|is) meant to (?:be|say)|meant to (?:say|type|write|put)|typo"
    r"|wrong (?:one|film|movie|title|thing|product)|mixed (?:up|them up|it up)|got (?:them|it|those)"
    r" mixed up|confused (?:it|them|that)|auto ?correct(?:ed)?|my (?:mistake|bad|error)|misremembered"
    r"|(?:should|shouldve|should have) (?:been|said|be)|sorry|wait|oops|whoops|correction"
    r"|scratch that|scrap that|actually|no no)(?= |$)"
)
_NO_WAIT = re.compile(
    r"(?<![^ ])(?:(?:oh |er+ |um+ |ah )?no (?:wait|sorry|actually|no|hang on|hold on)|(?<!or )wait|hang on|hold on|actually no|actually make"
    r" (?:it|that)|make that|scratch that|strike that|correction|i meant|or rather"
    r"|(?<=[.,] )(?:sorry|i mean)|on second thoughts?)(?= |$)"
)
_RESTART_TEXT = """
    no wait sorry actually i mean meant make it that a an the something by with from like in to
    hang hold on oh er um ah or rather scratch strike correction second thought thoughts any some
    film movie films movies one ones as lets go for do instead maybe nah nope
    """
_RESTART = frozenset(_RESTART_TEXT.split())
"""Words between what was said first and what is meant."""
_CONTRASTS = re.compile(
    r"(?<![^ ])(?:not|instead of|rather than|no not|and not|isnt|wasnt)(?: the)?(?: one)? $"
)
_REPLACING = re.compile(
    r"(?<![^ ])(?:change|switch|swap|replace)(?: out)?(?: from)?(?: the| my)? $"
)
_BY = frozenset({"to", "for", "with", "into", "by"})


def misspoken(text: Text, mentions: Sequence[Mention]) -> list[Mention]:
    """Return the mentions that the next one takes the place of: "horror, no wait, thrillers"."""
    slips: list[Mention] = []
    for said, after in pairwise(mentions):
        between = text.flat[text.flat_at(said.end) : text.flat_at(after.start)]
        alike = said.kind == after.kind and said.facet == after.facet
        plain = {word for word in between.split() if word not in {",", "."}} <= _RESTART
        if alike and said.kind in {"item", "value"} and plain and _NO_WAIT.search(between):
            slips.append(said)
    return slips


def contrasted(text: Text, mention: Mention) -> bool:
    """Tell whether `mention` is what was not meant: "A, not B", in a message that corrects."""
    before = text.flat[: text.flat_at(mention.start)]
    return bool(_CONTRASTS.search(before)) and bool(_SLIP.search(text.flat))


def replaced(text: Text, mention: Mention, mentions: Sequence[Mention]) -> bool:
    """Tell whether a value gives way to the next of its facet: "change American to Japanese"."""
    if not _REPLACING.search(text.flat[: text.flat_at(mention.start)]):
        return False
    after = mention.end + 1
    by = text.norms(mention.end, after) in _BY
    after += text.norms(after, after + 1) in ARTICLES
    return by and any(m.start == after and m.facet == mention.facet for m in mentions)


def meant(
    likes: Sequence[Opinion], slips: Sequence[str], profile: UserProfile
) -> tuple[Retraction, ...]:
    """Return what a correction to `likes` takes back: `slips`, else the namesakes or the last."""
    held = [
        row
        for row in (*profile.likes, *profile.dislikes, *profile.seen)
        if row.item_id not in {new.item_id for new in likes}
    ]
    if slips:
        return tuple(Retraction(item_id=item_id) for item_id in slips)
    titles = {new.title.casefold() for new in likes}
    same = [row for row in held if row.title.casefold() in titles]
    rows = same or sorted(held, key=lambda row: row.turn)[-1:]
    return tuple(Retraction(item_id=row.item_id) for row in rows)
