"""The plain English in which a pick may be explained.

Owns: word lists and the stem by which words are compared. Does not own: what may be said with them
(`assistant.grounding`).
"""

from __future__ import annotations

import re

_GRAMMAR = """
a an the this that these those it its itself he she they them their his her him who whom whose which
what when where why how you your yours yourself i me we our us one ones some any each both either
every
and or but so yet as if because since while though although than then too also just even only still
rather quite fairly somewhat very more much such here there now again
of in on at to for from by with within into onto about around across between through along alongside
over under up down out off near before during until toward towards beside besides together beyond
is are was were be been being am has have had having do does did done doing will would can could
may might shall should must let lets
"""

_TASTE = """
like alike unlike same similar enjoy love appreciate prefer taste interest appeal favour favor
favourite favorite suit suitable fit match meet met answer satisfy honour honor respect keep kept
hold held stay stick want ask wish hope request mention say said tell told describe name list choose
chose chosen choice pick recommend suggest suggestion search look seek sought share common overlap
connect link relate belong join return bring brought carry give gave given offer make made take took
taken find found get got go goes went come came put set turn run work use need show shown see seen
try start follow include lean feature deliver serve add plus reach check tick land sit point seem
feel felt sound read echo recall mirror reason evidence mean know known think thought expect
"""

_THINGS = """
person people viewer audience fan customer shopper reader buyer user other others another else own
company thing something kind sort side part piece way time place spot ground line mix blend
combination dose touch hint note sense tone mood theme subject story stories tale plot setting style
quality element ingredient strand thread territory criteria brief bill box limit range bracket term
condition detail cast crew lead role evening night watch option candidate next step bet example
length title era decade year date release close clear exact right straight simple easy easily nicely
well comfortable neat natural especially particular equal almost rough likely perhaps maybe possible
possibly probable probably general generally often usual mostly large largely partly main
fine nice worth worthwhile familiar different natural sensible solid ready whole instead otherwise
meanwhile both should once already further all among tend good admirer back behind inside word
against fond pleased bit deal full enough lot little few away ahead apart aside mind follower
centre center heart account answer idea case moment kept cover count draw drawn
"""

# Words that claim nothing about an item by themselves: grammar, taste, asking, fitting, sharing.
# Absent on purpose: numbers, negation, superlatives, praise, awards, origins ("based on"), offers,
# commands. Adding such a word weakens the check.
PLAIN = frozenset((_GRAMMAR + _TASTE + _THINGS).split())

_CLAIMS = """
best worst greatest finest ever perfect masterpiece acclaimed celebrated famous classic legendary
landmark beloved iconic
award awards winning winner won oscar oscars nominated nominee prize critic critics review reviews
rating ratings star stars score blockbuster box office bestseller bestselling hit sequel prequel
remake reboot franchise adaptation adapted based true real inspired
no not never none nobody nothing without neither nor hardly barely
free discount sale cheap cheapest buy order price subscribe download install click tap visit website
site link email call phone password ignore instruction instructions system prompt assistant
"""
# What a catalogue's own prose cannot lend to an explanation, because it is a claim or a command.
CLAIMS = frozenset(_CLAIMS.split())

# Words that combine freely: a title made of nothing else ("The One") is not mentioned by them.
FUNCTION = frozenset(_GRAMMAR.split())

_ENDINGS = ("ing", "ed", "es", "ly", "s", "e")


def stem(word: str) -> str:
    """Return `word` in lower case without an English ending: ``"shares"`` as ``"shar"``.

    Crude on purpose: both sides of a comparison are treated alike, and a wrong merge can only join
    words of one family.
    """
    word = re.sub(r"['\u2019](s|d|ll|re|ve|m)?$", "", word.casefold())
    for ending in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            word = word[: -len(ending)]
            break
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] else word.removesuffix("e")


PLAIN_STEMS = frozenset(stem(word) for word in PLAIN)
