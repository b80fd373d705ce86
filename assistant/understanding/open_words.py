"""How questions that nothing in a catalogue answers are worded.

Owns: the regular expressions over a line where ``@`` stands for an item, and over words without
accents. Does not own: which clause is such a question (`open_questions`).
"""

from __future__ import annotations

import re


def _from_start(source: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{source})(?= |$)")


OF_ITEM = _from_start(
    r"(?:is|are|was|were|isnt|arent|wasnt|does|did|doesnt|didnt|has|hasnt|will|wont|would|can|cant"
    r"|could|should) @(?= [^.,])"
    r"|(?:can|could|may|should) (?:i|we|you|one|kids|children|my \w+)(?: [^ .,@]+){1,5}? @"
    r"|(?:whats|hows?|wheres?|whens?|whos?)(?! about)(?: [^ .,@]+){0,6}? @(?! (?:going|doing))"
    r"|(?:what|whose)(?! about)(?: [^ .,@]+){1,6}? @"
)
OF_FIRST = _from_start(r"what(?: is| are|s) the [^ .,@]+(?: [^ .,@]+)?(?= [.,]|$)")
"""The question for something without saying of what: "what is the capacity"."""
OF_SHOP = _from_start(
    r"(?:can|could|may|do|should|shall|must|will|would) (?:i|we)"
    r"|(?:do|are|will|did) (?:you|they)"
    r"|how (?:do|does|can|could|would|should|long|much|many|soon|fast|often|late|is|are)"
    r"|where(?: is| are| can| could| do| does| will| would|s)|when(?: is| are| can| do| does| will)"
    r"|what(?: is| are|s) (?:the|your)|who (?:do|can|should|pays)"
)
OF_UNSAID = _from_start(r"(?:is|are|was|were|does|has|how|where|when|who) [^ .,]+")
"""Openings of questions whose "it" is not said or not understood: "es ruidoso"."""
OF_MATTER = _from_start(
    r"(?:is|are|does|has|will|any|available|got|what|whats|how|where|when|can|could|do|on)"
    r"(?: [^ .,]+)+"
)
"""Openings that a word of shops and services makes a question for them: "is delivery free"."""
ORDER = _from_start(
    r"(?:(?:ill|i will|let me|lets) )?(?:order|buy|purchase|reserve|book|rent|return|refund"
    r"|pay for|ship|deliver) @(?! by)"
    r"|(?:buy|order|book|checkout|check out|pay)(?: now)?(?= [.,]|$)"
)
"""Instructions that only a till could follow."""
PRICED = _from_start(
    r"(?:(?:do you have|have you got|got|show me|find me|is there|give me|i want|id like) )?"
    r"(?:(?:any|anything|something|one|ones|some|a) )?(?:cheap(?:er|est)?|less expensive"
    r"|less costly|more affordable|pric(?:ey|ier)|more expensive)(?: ones?)?"
    r"(?: than (?:@|[^ .,]+))?(?= [.,]|$)"
)
"""Wishes that a catalogue without prices cannot grant."""
KEPT = re.compile(
    r"(?<![^ ])(?:cart|basket|trolley|shopping bag|wish ?list|watch ?list|warenkorb|einkaufswagen"
    r"|carrito|cesta|panier)(?= |$)|购物车|下单"
)
"""Where shops keep what somebody means to buy."""
STREAMS = re.compile(
    r"(?<![^ ])(?:netflix|hulu|prime video|amazon prime|disney plus|disney|hbo(?: max)?|apple tv"
    r"|streaming|streamed|stream|streamen|gestreamt|cinemas?|theat(?:er|re)s?)(?= |$)"
)
WISH = re.compile(
    r"(?<![^ ])(?:something|anything|nothing|more|less|other|others|else|another|ones?|some"
    r"|any(?! good)|stuff|things?|recommend\w*|suggest\w*|show|find|give|list|search|looking"
    r"|like(?! @ (?:to|for))|similar|better|best|prefer\w*|ideas?|options?|picks?|choices?"
    r"|[a-z]{3,}est|most|least|instead|possible|there|skip|avoid|change|drop|remove|keep|make"
    r"|start|continue|stop|think|favou?rites?|about me)(?= |$)"
)
"""Words by which a question asks for items, or for others."""
HAVING = re.compile(
    r"(?<![^ ])(?:have|got|sell|stock|carry|offer|know|see|watch|get|choose|pick|want|need|try|do"
    r"|love|like|enjoy|take|buy|go|be|expect|read|hear|play)(?= |$)"
)
"""Verbs by which a question about no item may ask for one all the same: "do you have"."""
UNSHOWN = re.compile(r"(?<![^ ])(?:it|its|they|them|these|those|this|that)(?= |$)")
"""Pronouns, where nothing is on the table that they could stand for."""
MODAL = re.compile(r"(?:can|could|would|should) @ be(?= |$)|(?:does|did) @ have to(?= |$)")
"""Openings that ask for another item by what this one should be."""
