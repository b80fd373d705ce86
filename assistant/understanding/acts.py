"""What a message does in the dialogue, beside what it says about items.

Owns: greetings, thanks, reset, undo, help, off-topic and their kin. Does not own: acts that follow
from what was found (`understand`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.state import Act
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.text import Text

_START = r"(?:^|(?<=[.,] ))"
_END = r"(?= [.,]|$)"
_ACTS: tuple[tuple[Act, str], ...] = (
    ("reset", r"(?:lets )?start (?:over|again|afresh|fresh|from scratch)|forget (?:everything"
              r"|it all|all (?:of )?(?:that|this|it)|what i said|all i said)|(?:a )?(?:new|fresh)"
              r" (?:search|start|conversation|chat)|reset(?: everything| it| all| please)?"
              r"|clear (?:everything|all|my profile|the profile)|wipe (?:everything|the slate)"
              r"(?: clean)?|begin again|from the beginning"),
    ("undo", r"undo(?: that| it| this| the last| last)?|go back(?: a step| one step)?(?! to)|take"
             r" (?:that|it) back|scrap that|revert(?: that)?|never ?mind that|cancel that"
             r"|forget (?:that|it|what i just said)|ignore that|strike that"),
    ("greeting", _START + r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|evening|afternoon)"
                 r"|yo|hi there|hello there|hey there)"),
    ("thanks", r"thanks(?: a lot| so much| very much)?|thank you(?: so much| very much)?|thx|cheers"
               + _END + r"|much appreciated|ty" + _END),
    ("goodbye", r"good ?bye|bye(?: bye)?" + _END + r"|see (?:you|ya)(?: later| soon)?" + _END
                + r"|good night" + _END + r"|thats all(?: for now| thanks)?|im done|cya"),
    ("help", _START + r"(?:help(?: me)?" + _END + r"|what can you do|how (?:do|does) (?:you|it)"
             r" work|what (?:do you do|are you|is this)|who are you|how do i use (?:this|you)"
             r"|what are my options|what can i (?:ask|say))"),
    ("more_like", r"more (?:like|of)|(?:something|anything|one|another one|film|movie|items?)"
                  r" (?:similar|like|along)|similar (?:to|ones)|another(?: one)? like"),
    ("correct", r"actually|i meant|no wait|sorry|instead|after all|changed my mind|rather"
                r"|on second thoughts?|scratch that|correction|forget|drop"),
)  # fmt: skip
_OFF_TOPIC = re.compile(
    r"(?<![^ ])(?:weather|forecast|who won|what(?:s| is) (?:the )?(?:capital|time|date|news|meaning"
    r" of life|square root)|how (?:do|can|to) (?:i )?(?:cook|bake|fix|install|lose weight|code"
    r"|make money)|write (?:me )?(?:a|an|some) (?:poem|essay|song|code|program|python|email|letter"
    r"|story|haiku|function)|python (?:code|program|script)|translate|tell me (?:a )?jokes?"
    r"|stock (?:price|market)|bitcoin|crypto|ignore (?:all |any )?(?:previous|prior|your|the)"
    r"(?: \w+){0,3} (?:instructions|prompt|rules)|system prompt|what(?:s| is) \d+ (?:plus|times"
    r"|minus|\+)|(?:how|what) old are you|are you (?:a )?(?:human|robot|real|ai|bot|alive)"
    r"|election|president of|my homework|solve (?:this|the)|recipe for|medical advice|drop table"
    r"|select from|book (?:a |me )?(?:flight|hotel|table|taxi)|order (?:a )?pizza)(?= |$)"
)
_RULES: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(rf"(?<![^ ])(?:{source})(?= |$)")) for act, source in _ACTS
)
STEERING = frozenset({"reset", "undo", "greeting", "thanks", "goodbye", "help"})
"""Acts whose words say nothing else."""


def read_acts(text: Text, taken: Sequence[Mention]) -> list[tuple[int, int, Act]]:
    """Return ``(start, end, act)`` in words, left to right, outside `taken`."""
    blocked = covered(taken)
    found: list[tuple[int, int, Act]] = []
    for act, rule in _RULES:
        spans = [(start, end) for start, end, _ in text.find(rule)]
        found.extend((*span, act) for span in spans if not blocked & set(range(*span)))
    return sorted(found, key=lambda one: one[:2])


def off_topic(text: Text) -> bool:
    """Tell whether the message asks for what no recommender gives: weather, sums, poems."""
    return _OFF_TOPIC.search(text.flat) is not None
