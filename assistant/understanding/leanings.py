"""How well known the items should be: "hidden gems", "nothing mainstream", "one everybody knows".

Owns: `LeaningReader`. Does not own: what a leaning does to the order (`ranking.blend`). No catalogue
has a facet for it: how many met an item is all that is asked.
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.state import Leaning, Understanding
from assistant.understanding.mentions import Mention
from assistant.understanding.text import Text
from catalog import Catalog, Scope

_LITTLE = (
    r"obscure|(?:relatively |fairly |almost )?unheard of|off the beaten (?:track|path)|under the radar|little known|deep cuts?"
    r"|(?P<bare>(?:that )?(?:nobody|no one|hardly anyone|hardly anybody|almost nobody)(?: else)?(?: has| have)? (?:knows(?: about| of)?|heard of|seen))"
)
_LESSER = (
    r"less(?:er)? (?:well )?known|(?:relatively |largely )?unknown(?= ones?(?: |$)| {noun}| [,.]|$)"
    r"|hidden (?:gems?|treasures?)|under ?rated|under ?appreciated|underseen|sleeper hits?|overlooked(?= ones?(?: |$)| {noun}| gems?| [,.]|$)"
    r"|(?:(?:that )?i(?:ve)? (?:have )?(?:probably |likely |surely )?(?:never|havent|wont have|wouldnt have) heard of)"
)
_KNOWN = (
    r"(?:most |really |very |more )*(?:(?:well|better|best|widely) known|mainstream)(?: ones?| {noun}| stuff| things?)?"
    r"|(?:most |really |very |more )*(?:popular|famous)(?: ones?| {noun}| stuff| things?| titles?| picks?| choices?)"
    r"|block ?busters?|crowd ?pleasers?|big(?:gest)? hits?(?! (?:in|with|at|for)(?: |$))|household names?|big names?"
    r"|(?P<bare>(?:most |really |very |more )*(?:popular|famous|obvious|well known))"
)
_EVERYBODY = (
    r"(?:(?:real |true |proper )?(?:classics?|hits?|gems?) |(?P<bare>))(?:that |which )?(?:everybody|everyone|the whole world)(?: else)?(?: has| have)?"
    r" (?:knows|seen|heard of|talks? about|is talking about|watches)"
)
_SURPRISE = r"surprise (?:me|us)"
_SURPRISING = 0.25
_CORES = (
    (1.0, _LITTLE),
    (0.75, _LESSER),
    (-1.0, _EVERYBODY),
    (-0.5, _KNOWN),
    (_SURPRISING, _SURPRISE),
)
"""How much novelty each asks for; measured in benchmarks/README.md."""

_BACK = r"(?P<back>(?:forget(?: about)?|no more|enough(?: of)?|stop with|scrap|never mind)(?: the| these| those| all)* )?"
_LEAD = r"(?P<lead>(?:something|anything|one|ones|stuff|things|{noun}) (?:(?:that|which|thats)(?: is| are)? )?)?"
_DENIED = (
    r"(?P<denied>(?:nothing|not|no|without|less|too|isnt|arent|(?:i )?(?:dont (?:want|need|like)|hate|avoid)"
    r"|(?:i|we|ive|weve) (?:have |already )*(?:seen|know|watched|read|tried|own|had|done) (?:(?:all|most|of) )*the)"
    r"(?: too| so| very| that| thats| really| quite| anything| something| any| the| a| an| all| is)* )?"
)
# What these say is known is no item.
_END = r"(?= |$)(?! (?:actors?|actress(?:es)?|directors?|authors?|writers?|brands?|people|person|cast|stars?|singers?|bands?|stor(?:y|ies)|songs?)(?: |$))"
_TOLD = re.compile(
    r"(?<![^ ])(?:about|be|being|been|got|feel|feels|felt|is|was|its|are|were|theyre|thats|became|isnt|wasnt)"
    r"(?: a| an| the| so| very| really| quite| pretty| one| of| just| rather| probably| most| not| such| actually)* $"
)
_ALWAYS = re.compile(
    r"(?<![^ ])(?:i|we) (?:(?:\w+ly|always|do|just) )*(?:love|like|prefer|enjoy|adore|go for)"
    r"(?: the| watching| seeing| more| those| these| finding| discovering)* $"
)
_NOW = re.compile(r"(?<![^ ])(?:tonight|today|this time|right now|for now|this weekend)(?= |$)")
_TASTE = re.compile(r"hate|dont like|avoid")
_DENIED_KNOWN, _DENIED_LITTLE = 0.75, -0.5


class LeaningReader:
    """Reads how well known items should be.

    Parameters
    ----------
    catalog : Catalog
        Says what items are called. Where nobody met any item there is nothing to go by, and the
        words stay what they are: a description.
    """

    def __init__(self, catalog: Catalog) -> None:
        schema = catalog.schema
        noun = f"(?:{re.escape(schema.noun.casefold())}|{re.escape(schema.plural.casefold())})"
        frame = "(?<![^ ])" + _BACK + _LEAD + _DENIED + "(?:{core})" + _END
        self._rules = tuple(
            (novelty, re.compile(frame.replace("{core}", core).replace("{noun}", noun)))
            for novelty, core in _CORES
            if catalog.popularity.any()
        )

    def read(
        self, text: Text, linked: Sequence[Mention], turn: int
    ) -> tuple[Sequence[Mention], Leaning] | None:
        """Return the last leaning of `text` and the words that say nothing else, if there is one.

        A novelty of 0 takes back what was said before. A title or a value of the catalogue that is
        at least as long is what it is: a film may be called "Hidden Gems".
        """
        found = list(self._found(text, linked, turn))
        if not found:
            return None
        _, last = max(found, key=lambda one: (one[0].end, len(one[0])))
        # "Surprise me" says as well that anything will do (`acts`).
        return [mention for mention, one in found if one.novelty != _SURPRISING], last

    def _found(
        self, text: Text, linked: Sequence[Mention], turn: int
    ) -> Iterator[tuple[Mention, Leaning]]:
        for novelty, rule in self._rules:
            for start, end, match in text.find(rule):
                mention = Mention(start, end, "act")
                near = [m for m in linked if m.kind in {"item", "value"}]
                named = any(m.overlaps(mention) and len(m) >= len(mention) for m in near)
                valued = any(m.kind == "value" and (m.start == end or m.end == start) for m in near)
                if not named and _meant(match, valued):
                    words = text.surface(start, end)
                    yield mention, Leaning(_novelty(novelty, match), turn, words, _scope(match))


def with_leaning(understood: Understanding, leaning: Leaning) -> Understanding:
    """Return `understood` with `leaning`, which is a wish whatever else the message is."""
    acts = [act for act in understood.acts if act != "off_topic"]
    if "indifferent" not in acts:
        acts.append("prefer" if leaning.novelty else "correct")
    return replace(understood, acts=tuple(dict.fromkeys(acts)), leaning=leaning)


def _meant(match: re.Match[str], valued: bool) -> bool:
    """Tell whether it is asked for, and not told of something: "it's a hidden gem".

    Some words ask only beside a value (`valued`): "popular comedies", "a thriller no one knows".
    """
    said, before = match.groupdict(), match.string[: match.start()]
    denied, lead = said["denied"] or "", said["lead"]
    if denied.startswith("too"):
        return True
    if said.get("bare") is not None and not (denied or lead or valued):
        return False
    return not (_TOLD.search(before) or (denied.startswith(("isnt", "arent")) and not lead))


def _novelty(novelty: float, match: re.Match[str]) -> float:
    if match["back"]:
        return 0.0
    if match["denied"]:
        return _DENIED_KNOWN if novelty < 0 else _DENIED_LITTLE
    return novelty


def _scope(match: re.Match[str]) -> Scope:
    """Return "always" for what somebody says they like or hate, unless it is for tonight."""
    taste = _TASTE.search(match["denied"] or "") or _ALWAYS.search(match.string[: match.start()])
    return "always" if taste and not _NOW.search(match.string) else "now"
