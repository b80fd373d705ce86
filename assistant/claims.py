"""How supported words are put together: who did what, who asked, what is shared.

Owns: `miscast`, `misattributed`. Does not own: which words are supported at all
(`assistant.support`). Both take a sentence whose supported stretches are already struck.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import liked
from assistant.state import Evidence, Fact
from assistant.support import MARK, Support
from assistant.vocabulary import FUNCTION, stem
from catalog import Schema

_LIST = r"\x00\d+\x00(?:(?:, and |, | and | & )\x00\d+\x00)*"
_TASTE = r"(?:lik|lov|enjoy|prefer|favou?r|appreciat|watch|s[ae]w|seen)\w*"
_ASKED = re.compile(
    r"(?:\byou(?:'d|'ve| have| had)? (?:\w+ )?(?:ask|want|request|said|say|told|wish|hope"
    r"|mention|describ|search|look)\w*|\byour (?:request|wish|brief|words|limit|condition)\w*)",
    re.IGNORECASE,
)
_CROWD = re.compile(
    r"\b(?:people|viewers?|fans?|audiences?|others|admirers?|customers?|shoppers?|readers?|buyers?|users?)\b"
    rf"|\b(?:often|usually|generally|mostly)\b[^.]*\b{_TASTE}",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"\b(?:shar\w+|same|common|both|overlap\w*|link\w*|connect\w*|mirror\w*|echo\w*|recall\w*)\b",
    re.IGNORECASE,
)
_ALIKE = re.compile(
    r"\b(?:(?:like|as in|as it does in|as (?:s?he|it) is in) \x00|unlike|similar|alike|related)",
    re.IGNORECASE,
)


def miscast(bare: str, struck: Sequence[Support], schema: Schema) -> Iterator[str]:
    """Yield claims that give a person of the evidence a role that they do not have in the pick."""
    people = {facet.name for facet in schema.facets if facet.kind == "people"}
    for facet in schema.facets:
        if facet.kind != "people":
            continue
        cues = [cue for cue in facet.cues if cue == "by" or not FUNCTION.issuperset(cue.split())]
        # Of longer cues only the participle tells the role: "directed" in "directed by".
        words = [word for cue in cues for word in cue.split() if word == cue or word.endswith("ed")]
        roles = {stem(word) for word in (facet.label, *words) if word not in FUNCTION}
        for cue in cues:
            # A description names people, but not what they did.
            yield from (
                found[0] for found in re.finditer(rf"\b(?i:{re.escape(cue)}) [A-Z]\w+", bare)
            )
        spans = [found[1] for cue in cues for found in _after(cue, bare)]
        spans += [found[1] for found in _before(bare) if stem(found[2]) in roles]
        for span in spans:
            for number in MARK.findall(span):
                support = struck[int(number)]
                named = support.name or support.facets & people
                if named and facet.name not in support.facets:
                    yield f"{facet.label}: {_text(support)}"


def misattributed(bare: str, struck: Sequence[Support], evidence: Evidence) -> Iterator[str]:
    """Yield appeals to the person, to other people or to a liked item that no fact backs."""
    said = [fact for support in struck for fact in support.facts]
    asked = ("preference", "constraint", "text")
    if (found := _ASKED.search(bare)) and not any(fact.kind in asked for fact in said):
        yield found[0]
    for found in re.finditer(rf"{_ASKED.pattern} (?:\w+ ){{0,3}}({_LIST})", bare, re.IGNORECASE):
        for number in MARK.findall(found[1]):
            support = struck[int(number)]
            if not support.name and not any(fact.kind in asked for fact in support.facts):
                yield f"asked for {_text(support)}"
    yield from _crowd(bare, struck, evidence)
    yield from _alike(bare, struck, evidence, said)
    pick = next((n for n, support in enumerate(struck) if support.name == "{pick}"), None)
    if pick is not None and re.search(
        rf"\b(?:you|who)(?:'ve| have)?(?: also)? {_TASTE} \x00{pick}\x00", bare, re.IGNORECASE
    ):
        yield "taste in {pick}"


def _crowd(bare: str, struck: Sequence[Support], evidence: Evidence) -> Iterator[str]:
    found = _CROWD.search(bare)
    if found is None:
        return
    backed = [fact for fact in evidence.facts if fact.kind == "collaborative"]
    if not backed and not any(fact.kind == "popular" for fact in evidence.facts):
        yield found[0]
        return
    together = {item_id for fact in backed for item_id in fact.likes}
    lists = re.finditer(rf"(?:{_TASTE}|along with|of) ({_LIST})", bare[found.start() :], re.I)
    for named in lists:
        for number in MARK.findall(named[1]):
            item_id = _liked_id(struck[int(number)], evidence)
            if item_id and item_id not in together:
                yield f"{found[0]} {struck[int(number)].name}"


def _alike(
    bare: str, struck: Sequence[Support], evidence: Evidence, said: Sequence[Fact]
) -> Iterator[str]:
    strong = _SHARED.search(bare)
    found = strong or _ALIKE.search(bare)
    if found is None:
        return
    crowd = {
        item_id for fact in evidence.facts if fact.kind == "collaborative" for item_id in fact.likes
    }
    stated = [support for support in struck if support.facets]
    for support in struck:
        item_id = _liked_id(support, evidence)
        if not item_id:
            continue
        shared = any(fact.kind == "shared" and item_id in fact.likes for fact in said)
        # "Like {like1}, people who ..." compares nothing but the company it keeps.
        company = item_id in crowd and (not stated or _CROWD.search(bare))
        if not shared and (strong or not company):
            yield f"{found[0]} {support.name}"


def _after(cue: str, bare: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"\b{re.escape(cue)} ({_LIST})", bare, re.IGNORECASE)


def _before(bare: str) -> Iterator[re.Match[str]]:
    """Find a name and the word that says what it did: ``X directs``, not ``X, directed by``."""
    return re.finditer(rf"({_LIST}) (?:\w+ly )?([A-Za-z]+)(?! by\b)", bare)


def _liked_id(support: Support, evidence: Evidence) -> str:
    if not support.name.startswith("{like"):
        return ""
    return liked(evidence)[int(support.name[5:-1]) - 1]


def _text(support: Support) -> str:
    return support.name or " ".join(support.facts[0].values[:1])
