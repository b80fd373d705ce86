"""How questions about an item are put: the words before and after it, by what they ask for.

Owns: questions in words, with ``{item}`` in the item's place, and as regular expressions over a
line where ``@`` stands for an item. Does not own: which item is meant (`asks`), or the questions
about a catalogue's own facets, which its schema adds (`Facet.asks`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.understanding.text import normalise
from catalog import Facet, Schema
from catalog.schema import Role

_BY_ROLE: dict[Role, tuple[str, ...]] = {
    "price": (
        "how much is", "how much was", "how much for", "how much does {item} cost",
        "how much would {item} be", "how much do you want for", "how much would {item} cost",
        "how much will {item} cost", "what does {item} cost", "what is the cost of",
        "what would {item} cost", "how much {item} costs",
    ),
    "year": (
        "when was", "when is {item} from", "when did {item}", "when {item} was", "when {item} came",
        "what year did {item}", "what years {item} from", "what year {item} is from",
        "how recent is", "what is the release date of",
    ),
    "duration": (
        "how long does {item}", "how long do {item}", "how long will {item}", "how long {item}",
        "length of", "what is the length of", "what is the duration of", "what is the runtime of",
        "what runtime does {item} have", "duration of", "runtime of", "{item} duration is what",
        "{item} runtime is what", "what is {item} duration", "what is {item} runtime",
    ),
    "availability": (
        "is {item} available", "is {item} still available", "is {item} sold out",
        "are {item} available", "are {item} sold out", "are {item} in stock",
        "do you have {item} in stock", "have you got {item} in stock", "can i still get",
        "can i still buy", "is {item} out of stock", "is {item} in stock",
    ),
}  # fmt: skip

ABOUT = (
    "what is {item} about", "what is {item} all about", "what are {item} about",
    "what {item} is about", "what happens in",
    "what is the plot of", "what is the story of", "what is the synopsis of", "describe",
    "what is the premise of", "what is the description of", "what can you tell me about",
    "what do you know about", "what do we know about", "tell me about",
    "tell me more about", "tell me something about",
    "tell me a bit about", "tell me a bit more about", "tell me a little about", "tell us about",
    "more about", "more info on", "more info about", "more information on", "give me details on",
    "more information about", "more details on", "more details about", "details on", "details of",
    "details about", "give me details about", "give me the details of", "show me the details of",
    "what is the deal with", "what is the story with", "say more about", "know more about",
    "learn more about", "hear more about",
)  # fmt: skip
"""Questions for all that is known of an item."""

_AND = r"(?: ,| (?:and|or|vs|versus|with|to|against)| , (?:and|or))"
_LIST = rf"@(?:{_AND} @)*"
_ANY = r"(?:@|[1-9])"
_SEVERAL = rf"{_ANY}(?:{_AND} {_ANY})*"
_CHOICE = rf"{_ANY}(?:(?: ,)? (?:or|vs|versus|over|against|compared (?:to|with)) {_ANY})+"

_SHOW = (
    r"(?:pick|picked|choose|chose|chosen|recommend|recommended|recommending|suggest|suggested"
    r"|suggesting|show|shown|showed|showing|list|listed|include|included|offer|offered|offering"
    r"|propos(?:e|ed|ing)|push(?:ing)?|rank|ranked|put|putting|give|gave|giving|have|get|see|watch"
    r"|buy)"
)
WHY = (
    rf"(?:why|whyd|whys|how come)(?: (?:on earth|the hell|in the world))?"
    rf"(?: (?:is|was|are|were|did|do|have|should|would))?"
    rf"(?: (?:you|i|we)(?: are| were| always| keep)?)?"
    rf"(?: (?:also|even|just|exactly|think|i|id|ill|would|will|might))*(?: (?:{_SHOW}|like|is))?"
    rf"(?: (?:me|us))? {_LIST}"
    rf"|whats? (?:makes|made)(?: you {_SHOW})?(?: me)? {_LIST}"
    rf"|(?:explain why|justify|defend)(?: you)?(?: {_SHOW})? {_LIST}"
    rf"|(?:will|would|might) (?:i|we)(?: really| actually| even)? (?:like|love|enjoy) {_LIST}"
    rf"|(?:should|shall) (?:i|we)(?: really| actually)? (?:{_SHOW}|take|go for|try) {_LIST}"
    rf"|whats?(?: is| are| was| were)?(?: the| your)? (?:reason|reasons|reasoning|logic"
    rf"|rationale) (?:for|behind) {_LIST}"
)
"""Questions why an item was picked, or whether it is the one."""

WHY_NOT = (
    rf"(?:why|how come)(?: (?:did|do|have|are|is|was|would))?(?: you)?"
    rf" (?:not|didnt|dont|havent|wouldnt|arent)(?: you)?(?: {_SHOW})?(?: me| us)?(?: for)? {_LIST}"
    rf"|(?:why|how come)(?: is| was| are)? {_LIST}(?: is| was| are| has| did| does)?"
    r" (?:not|isnt|wasnt|arent|missing|absent|excluded|left out|gone|out|never|no longer|didnt"
    r"|doesnt|hasnt)"
    rf"|why (?:isnt|wasnt|arent|werent|hasnt|didnt|doesnt|wont|cant|no) {_LIST}"
    rf"|(?:where is|wheres|where are|what happened to|what became of) {_LIST}(?= [.,]|$)"
)
"""Questions why an item was not picked."""

_CHOOSE = (
    rf"(?:should|shall|would|do|can) (?:i|we|you)(?: rather)? (?:{_SHOW}|take|go for|order|try"
    r"|start with|prefer)"
)
COMPARE = (
    rf"(?:compare|comparing|comparison (?:of|between))(?: me| us)?(?: please)? {_SEVERAL}"
    rf"|(?:(?:whats?|tell|explain|are|is|any)(?: [^ ,.@]+){{0,4}} )?diff(?:erence)?s?(?: is| are)?"
    rf"(?: there)?(?: between| of| with)? {_SEVERAL}"
    rf"|how (?:do|does|did|would|is|are) {_SEVERAL} (?:compare|differ|different|stack up)"
    rf"(?: (?:to|with|against|from) {_ANY})?"
    rf"|(?:which|what|whichever|{_CHOOSE})(?: [^ .,@]+){{0,8}}?(?: ,)? {_CHOICE}"
    rf"|{_CHOICE}(?: ,)? (?:which|what)"
    rf"|(?:between|out of|of|from|among) {_SEVERAL}(?: ,)? (?:which|what)(?= )"
    rf"|{_ANY} (?:vs|versus|compared (?:to|with)) {_ANY}"
    rf"|{_SEVERAL}(?: ,)? compare(?: @)?"
    rf"|(?:why|how come)(?: (?:did|do|is))?(?: you)?(?: {_SHOW})? {_ANY}"
    rf" (?:and not|but not|instead of|rather than|over) {_ANY}"
    rf"|(?:is|are|was|does|isnt|do) {_ANY}(?: [^ .,@]+){{0,4}} (?:than|like|similar to|different"
    rf" (?:from|to|than)) {_ANY}"
)
"""Questions that set items side by side."""

CHOICE = rf"{_CHOICE}(?: for me)?(?= [.,]|$)"
"""Items with "or" between them, which is a question where it is all that is said."""

YES_NO = (
    rf"(?:is|are|was|were|isnt|arent|wasnt|does|do|did|doesnt|has|have|will|wont|whether"
    rf"|if) {_LIST}"
    rf"|can {_LIST}(?! be)"
    rf"|(?:is|are|was|were|does|do|did)(?: [^ .,@]+){{1,6}}? {_LIST}"
)
"""Questions that a value in the same clause makes a question for yes or no."""

TOLD = rf"{_LIST} (?:is|are|was|were|has|have|comes?|does|do you have|can)"
"""The same in the order of a statement, which a question mark makes a question."""

BARE = rf"(?:what is|whats|what are|who is|whos) {_LIST}(?= [.,]|$)"
"""The question for everything, with nothing after the item."""

_OF = "(?:of|on|for)"
_BE = r"\b(?:is|was|are|were)\b"
_CONTRACTED = r"\b(\w+) \(\?:is\|was\|are\|were\)"
_ITEM = "0item0"


def which(more: str) -> str:
    """Return the question which of some items is most of something, one of the words `more`."""
    among = rf"(?: (?:of|out of|from|among) {_SEVERAL})?"
    return (
        rf"which(?: one)?{among}(?: (?:is|are|has|was|s))?(?: the)? (?:{more}|better|best)(?: one)?"
        rf"{among}(?: for me)?(?= [.,]|$)"
        rf"|which(?: one)?{among} (?:would|should|shall|do|will|is your|are your)(?: (?:you|i|we))?"
        rf"(?: rather)? (?:{_SHOW}|take|go for|order|try|start with|prefer|favou?rite|favou?rites"
        rf"|choice|pick){among}(?: for me)?(?= [.,]|$)"
    )


def facet_questions(schema: Schema) -> dict[str, tuple[str, ...]]:
    """Return the questions for each facet, by its name; those for everything under ``""``."""
    by_facet = {
        facet.name: (*facet.asks, *_BY_ROLE.get(facet.role, ()), *_by_words(facet))
        for facet in schema.facets
    }
    return {"": ABOUT, **by_facet}


def pattern(questions: Sequence[str]) -> str:
    """Return `questions` as one regular expression; "who is" is also "who's" and "who was".

    A question that ends in a question mark names no item, and must end its clause.
    """
    return "|".join(dict.fromkeys(_one(question).replace(_ITEM, _LIST) for question in questions))


def cues(schema: Schema) -> str:
    """Return a regular expression of the words of a question after which a title may follow."""
    before = {
        _one(question).removesuffix(f" {_ITEM}")
        for questions in facet_questions(schema).values()
        for question in questions
        if "{item}" not in question and not question.endswith("?")
    }
    fixed = r"(?:compare|between|versus|vs)(?! \d)|why (?:not|isnt|wasnt|did you (?:pick|choose))"
    return "|".join((*sorted(before, key=lambda words: (-len(words), words)), fixed))


def _one(question: str) -> str:
    words = normalise(question.replace("{item}", _ITEM))
    words = words if _ITEM in words or question.endswith("?") else f"{words} {_ITEM}"
    # "Who plays the dad in" asks what "who plays in" does.
    words = re.sub(rf"^(who \w+) in (?={_ITEM})", r"\1(?: [^ .,@]+){0,4}? in ", words)
    words = re.sub(_BE, "(?:is|was|are|were)", words).replace(f" of {_ITEM}", f" {_OF} {_ITEM}")
    words = re.sub(_CONTRACTED, r"(?:\1 (?:is|was|are|were|s)|\1s)", words)
    return rf"{words}(?= [.,]|$)" if question.endswith("?") else words


def _by_words(facet: Facet) -> Iterator[str]:
    """Yield questions made of the facet's label, units and words for much and little."""
    for label in dict.fromkeys((facet.label, facet.name.replace("_", " "))):
        for form in dict.fromkeys((label, f"{label}s", label.removesuffix("s"))):
            yield from (f"what is the {form} of", f"what {form} is", f"which {form} is")
            yield from (f"what is {{item}} {form}", f"what {form} has", f"{{item}} {form} is what")
            if facet.kind == "number" and facet.role != "year":  # not "Year of the Dog"
                yield f"{form} of"
            yield from (f"what {form} does {{item}} have", f"what {form} {{item}} is")
            yield from (f"tell me the {form} of", f"do you know the {form} of")
            yield from (f"what is the {form}?", f"who is the {form}?")
    for word in (*facet.high, *facet.low):
        yield from (f"how {word} is", f"how {word} {{item}} is")
    for unit in (word for word in facet.units if len(word) > 1):
        yield from (f"how many {unit} is", f"how many {unit} does", f"how many {unit} {{item}}")
