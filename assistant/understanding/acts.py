"""What a message does in the dialogue, beside what it says about items.

Owns: greetings, thanks, reset, undo, help, off-topic and their kin. Does not own: acts that follow
from what was found (`understand`).
"""

# ruff: noqa: E501 - a phrase table is read by its rows

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.state import Act
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.refusals import SEALED
from assistant.understanding.text import Text

_START = r"(?:^|(?<=[.,] ))"
_END = r"(?= [.,]|$)"
_SO_FAR = r"(?: so far| up to now| until now| already| by now| yet)?"
_ACTS: tuple[tuple[Act, str], ...] = (
    ("reset", r"(?:lets )?start (?:over|again|afresh|fresh|from scratch)|forget (?:everything"
              r"|it all|all (?:of )?(?:that|this|it)|what i said(?! about)|all i said(?! about))|(?:a )?(?:new|fresh)"
              r" (?:search|start|conversation|chat)|reset(?: everything| it| all| please)?"
              r"|clear (?:everything|all|my profile|the profile)|wipe (?:everything|the slate)"
              r"(?: clean)?|begin again|from the beginning|(?:scratch|scrap) (?:all (?:of )?(?:that|this|it)|everything)"),
    ("undo", r"undo(?: that| it| this| the last| last)?|go back(?: a step| one step)?(?! to)|take"
             r" (?:that|it) back(?! about)|scrap that|revert(?: that)?|never ?mind that|cancel that"
             r"|forget (?:that|it|what i just said)|ignore that|strike that"),
    ("greeting", _START + r"(?:(?:morning|afternoon|evening)(?= [.,]|$)|hi|hello|hullo|hey|heya|hiya|howdy|greetings|good (?:morning|evening|afternoon|day)|gday|howzit|wagwan|namaste|namaskar|salaam|salam|aloha|ey up|eyup|oi oi|sup|wotcha|well hello|top of the morning|how do(?= [.,]|$)|hows it going|whats up|alright mate"
                 r"|yo|hi there|hello there|hey there)"),
    ("thanks", _START + r"(?:ta(?: very much| muchly| love| mate)?|nice one|merci|gracias|danke)" + _END + r"|thanks(?: a lot| so much| very much)?|thank you(?: so much| very much)?|thx|" + _START + r"cheers(?! to)|cheers"
               + _END + r"|much appreciated|ty" + _END),
    ("goodbye", r"good ?bye|bye(?: bye| now| then| for now)?" + _END + r"|see (?:you|ya)(?: later| soon)?" + _END
                + r"|(?:good )?night(?: x+| all| night)?" + _END + r"|off to bed|(?:ta )?ta ?ta|ta ra|tara|cheerio|toodle ?oo|toodles|laters|night then" + _END + r"|thats all(?: for now| thanks)?|im done|cya"),
    ("help", _START + r"(?:help(?: me)?" + _END + r"|what can you do|how (?:do|does) (?:you|it|this(?: thing)?)"
             r" work|what (?:do you do|are you|is this)|who are you|how do i use (?:this|you)"
             r"|what are my options|what can i (?:ask|say|type))"),
    ("profile", r"what do you (?:\w+ly )?(?:know|remember|have)(?: stored| noted| saved)? (?:about|of|on) me" + _SO_FAR + r"|what have you got on me" + _SO_FAR + r"|what have you"
                r" (?:noted|stored|saved|remembered|learned)(?: (?:about|of|on) me)?" + _SO_FAR + _END
                + r"|(?:show|see|view|read|tell)(?: me)? (?:my|the) (?:profile|taste|tastes)|(?:my )?profile please"
                r"|what(?:s| is) (?:in )?my (?:profile|taste)|what (?:have i told|did i tell) you(?: so far)?"),
    ("human", r"(?:speak|talk|chat|connect me|put me through|transfer me|get me|pass me)(?: on)?(?: to| with)?"
              r" (?:a |an |the |some |your )*(?:real |live |actual |human )*(?:human|person|agent|representative|rep"
              r"|someone(?: real| human| else)?|somebody(?: real| human| else)?|operator|manager|supervisor|staff"
              r"|customer (?:service|support|care)|support(?: team)?)|(?:real|live|actual|human) (?:human|person|agent"
              r"|representative|being|operator|support)" + _END + r"|human (?:please|pls)|customer (?:service|support)"
              r"|call cent(?:er|re)|is there a (?:human|person|real person)|i (?:want|need) (?:a|an) (?:real )?"
              r"(?:human|person|agent)"),
    ("abuse", r"this is (?:complete |total |utter |absolute |just )*(?:shit|bullshit|crap|bollocks|useless)" + _END + r"|fuck(?: you| off| this| u)|screw you|piss off|shut (?:up|it|the fuck up)|go to hell|bugger off|get lost"
              r"|(?:you|u|ur|youre|your|this (?:bot|thing|app|ai|is|shop|site|website|place|service))(?: are| r| is| useless| stupid| dumb| so| such| just| really| a| an| the| bloody"
              r"| fucking| freaking| damn| complete(?:ly)?| total(?:ly)?| absolute(?:ly)?| utter(?:ly)?| worst| fkn)*"
              r" (?:useless|stupid|dumb|idiots?|moron(?:ic)?|garbage|trash|crap|shit|rubbish|pathetic|worthless|suck|sucks|terrible at this"
              r"|(?:piece|waste|load|bag|pile|heap) of \w+|joke|imbecile|clown|loser|incompetent|brainless)(?: bot| machine| robot| thing| ai)?(?: and so are you)?" + _END
              + r"|(?:you are|youre|u r|ur) (?:just |such |really )*an? (?:bloody |fucking |complete |total |absolute |utter )*(?:stupid|useless|dumb|thick|daft|worthless|idiotic|pathetic|brainless)(?: old)? \w+(?: of \w+)?" + _END
              + r"|are (?:you|u) (?:stupid|dumb|thick|deaf|blind|broken|an idiot|an? moron)(?: or (?:what|something))?|(?:stupid|dumb|useless|idiot|moronic|shit|shitty|crappy|bloody|fucking|damn|idiotic|worthless) (?:bot|machine|robot"
              r"|assistant|ai|program|computer|app|chatbot)|(?:idiot|moron|asshole|dickhead|bastard|wanker)" + _END),
    ("indifferent", r"(?:i |we )?(?:really |honestly )?(?:dont|do not) (?:mind|care|have (?:a |any )?(?:preference|preferences"
                    r"|idea))(?: either way| at all| really| which| what| about (?:that|it|this))*" + _END
                    + r"|no (?:real |particular |strong )?(?:preference|preferences|idea)" + _END
                    + r"|(?:it )?(?:doesnt|does not) matter(?: to me)?" + _END + r"|(?:its )?up to you|you (?:choose|decide|pick)"
                    r"|surprise me|whatever(?: you (?:like|think|want))?" + _END + r"|(?:i )?(?:dont|do not) (?:really )?know" + _END
                    + r"|dunno|idk|(?:im )?not (?:really |so )?sure" + _END + r"|(?:anything|either|any)(?: one)?"
                    r"(?: is| s| would be)?(?: fine| ok| okay| good| goes)?" + _END + r"|im easy|not fussed|not bothered"
                    r"|skip(?: it| that| this)?(?: question)?" + _END + r"|next question"),
    ("others", r"(?:something|anything) else|what else|keep going|any others?|(?:some )?(?:other|different) (?:ones|options"
               r"|picks|suggestions)|(?:show|give|got|have you got) (?:me |us )?(?:some |any )?(?:others?|more)" + _END
               + r"|" + _START + r"(?:next(?: ones?)?|others?|more|another(?: one)?|none of (?:these|those|them))(?: please)?" + _END),
    ("more_like", r"more (?:like|of)|(?:something|anything|one|another one|film|movie|items?)"
                  r" (?:similar|like|along)|similar (?:to|ones)|another(?: one)? like"),
    ("declined", r"^(?:no|nope|nah|naw|none|not really|no (?:no|nope|thanks|thank you|ta))(?: (?:no|nope|sorry|not really))*$"),
    ("agreed", r"^(?:yes|yeah|yep|yup|yea|ok|okay|sure|alright|all right|fine|right|got it|understood|i see|sounds good"
               r"|makes sense|ok (?:sure|cool|great|good|then)|okay (?:sure|cool|great|good|then)|oh (?:ok|okay|right))(?: (?:then|ok|please))*$"),
    ("correct", r"actually|i meant|no wait|sorry|instead|after all|changed my mind|rather"
                r"|on second thoughts?|scratch that|correction|forget|drop"),
)  # fmt: skip
_IDIOMS = re.compile(
    r"(?<![^ ])(?:(?:^|(?<=[.,] ))(?:morning|afternoon|evening)(?= [.,]|$)|^(?:gday|howdy|hiya|heya|yo|alright|evening|morning)(?: (?:mate|all|folks|guys|there|everyone))?(?= )|to death(?= [.,]|$)|fight me(?= [.,]|$)|(?:lowkey|low key|highkey|high key)(?= \w)|(?:do|does|did) (?:i|we) (?:seem|look|sound)(?: \w+)?(?= [.,]|$)|dont laugh|(?:och|aye|oi|howzit|gday(?: mate)?|yaar|arre|arrey|accha|innit|bruv|fam|crikey|blimey|phew|ugh|yikes|wow|gosh|oof)(?= [.,]|$)|watch(?:ing)? paint dry|(?:will|would|itll|itd|thatd|do|doing|be|is|was) (?:just )?(?:do )?grand(?= [.,]|$)|(?<=, )(?:young|old) (?:man|lady|woman|fella|chap)(?= [.,]|$)|the rest|(?:oh |my |dear |good |for |please )*(?:god|christ|jesus|lord|heavens?)(?: sake| almighty)?(?= (?:no|yes|nope|never|please|not|what|how|i|[.,])(?: |$)|$)|good (?:morning|evening|afternoon|night|day|grief|lord|god)|back in the day|in the day|long story(?: short)?"
    r"|once upon a time|silly me|my bad|lifes too short|left a bad taste|stone cold|cant (?:bear|stand)|couldnt (?:bear|stand)|(?:back )?in (?:college|high school|school|uni|university)(?= (?:i|we)(?: |$))|never mind|what if|the other day|at first|in the end|one day|first of all|the usual|thank you"
    r"|(?:id|i would) rather|no idea|for once|right now|one more|(?:mother|father|sister|brother|son|daughter)s? in laws?|same here|just (?:curious|asking|wondering)|small change|change of plans?|(?:dear )?sir or madam|dear (?:sir|madam|team|vouch|all)|(?:kind|best|warm) (?:regards|wishes)|on (?:reflection|second thoughts?)|no contest|hands down|by a mile|like (?:milk|a fine wine|fine wine)|why not|same same)(?= |$)"
)
_OFF_TOPIC = re.compile(
    r"(?<![^ ])(?:(?:will|is|does) it (?:going to |gonna )?(?:rain|snow|be (?:sunny|cold|hot|warm))|(?:whats|what is|calculate|how much is) \d+ (?:of|x|divided by|over|percent)|(?:if|whether) it (?:rains|snows|will rain|is going to rain)|weather|forecast|who won|whos (?:gonna|going to) win|what(?:s| is) (?:the )?(?:capital|time|date|news|meaning"
    r" of life|square root)|how (?:do|can|to) (?:i )?(?:cook|bake|fix|install|lose weight|code"
    r"|make money)|(?:^|(?<=you )|(?<=please )|(?<=[.,] ))write (?:me )?(?:a|an|some) (?:\w+ )?(?:poem|essay|song|code|program|python|email|letter"
    r"|story|haiku|function)|python (?:code|program|script)|translate|tell me (?:a )?jokes?"
    r"|stock (?:price|market)|bitcoin|crypto|ignore (?:all |any )?(?:previous|prior|your|the)"
    r"(?: \w+){0,3} (?:instructions|prompt|rules)|system prompt|what(?:s| is) \d+ (?:plus|times"
    r"|minus|\+)|(?:how|what) old are you|are you (?:a )?(?:human|robot|real|ai|bot|alive)"
    r"|do you (?:like|love|enjoy|watch|play|eat|drink|sleep|dream|have feelings)|election|president of|my (?:\w+ )?(?:homework|essay)|solve (?:this|the)|recipe for|medical advice|drop table"
    r"|select from|book (?:a |me )?(?:flight|hotel|table|taxi)|order (?:a )?pizza)(?= |$)"
)
_RULES: tuple[tuple[Act, re.Pattern[str]], ...] = tuple(
    (act, re.compile(rf"(?<![^ ])(?:{source})(?= |$)")) for act, source in _ACTS
)
_RULE_OF = dict(_RULES)
_DENIALS = frozenset({"dont", "not", "never"})
STEERING = frozenset(
    {
        "others",
        "reset",
        "undo",
        "greeting",
        "thanks",
        "goodbye",
        "help",
        "profile",
        "human",
        "abuse",
        "indifferent",
        "declined",
        "agreed",
    }
)
"""Acts whose words say nothing else."""


def read_acts(text: Text, taken: Sequence[Mention]) -> list[tuple[int, int, Act]]:
    """Return ``(start, end, act)`` in words, left to right, outside `taken`."""
    blocked = covered(taken)
    found: list[tuple[int, int, Act]] = []
    for act, rule in _RULES:
        spans = [(start, end) for start, end, _ in text.find(rule)]
        found.extend(
            (*span, act)
            for span in spans
            if not blocked & set(range(*span)) and not _denied(text, span[0], act)
        )
    return sorted(found, key=lambda one: one[:2])


def idioms(text: Text) -> list[Mention]:
    """Return the spans of phrases that name nothing, whatever title they look like."""
    rules = (_IDIOMS, SEALED, _RULE_OF["reset"])
    return [Mention(start, end, "act") for rule in rules for start, end, _ in text.find(rule)]


def insults(text: Text) -> list[Mention]:
    """Return what is said to the assistant itself: the "dumb robot" in "you dumb robot" is no wish.

    A wish for a human takes in what follows it: "... instead of this machine".
    """
    spans = [(s, e) for s, e, _ in text.find(_RULE_OF["abuse"]) if e - s > 1]
    for start, end, _ in text.find(_RULE_OF["human"]):
        stop = end
        while stop < len(text) and text.words[stop].gap == "":
            stop += 1
        spans.append((start, stop))
    return [Mention(start, end, "act") for start, end in spans]


def _denied(text: Text, start: int, act: Act) -> bool:
    before = text.norms(start - 1, start) if start else ""
    return before in _DENIALS or (act == "thanks" and before == "no")


def off_topic(text: Text) -> bool:
    """Tell whether the message asks for what no recommender gives: weather, sums, poems."""
    return off_topic_words(text.flat)


def off_topic_words(flat: str) -> bool:
    """Tell the same of words in normal form, joined by spaces."""
    return _OFF_TOPIC.search(flat) is not None
