"""The sentences of simulated people, by act; ``{noun}`` and ``{plural}`` are the schema's.

Owns: the forms. Does not own: what fills them (`evaluation.simulation.wording`).
"""

from __future__ import annotations

OPENING = (
    "{want}", "{want} please", "I'm looking for something {want}", "looking for {want}",
    "can you recommend a {noun}, {want}", "I want {want}", "any good {plural}? {want}",
    "I'd like {want}", "show me {plural}: {want}", "what have you got? {want}",
    "recommend me something: {want}", "we need a {noun} for tonight, {want}",
    "could you suggest {want}?", "hi, I'm after {want}", "in the mood for {want}",
    "need a {noun}. {want}", "help me pick a {noun}: {want}", "do you have {want}?",
)  # fmt: skip
ALSO_OPENING = (
    "{want}", "this time {want}", "today I'd like {want}", "{want} would be great",
    "and {want} please", "looking for {want}", "should be {want}", "I want {want}",
)  # fmt: skip
EXAMPLE = (
    "I loved {title}", "I really liked {title}", "something like {title}", "similar to {title}",
    "{title} is one of my favourites", "{plural} like {title}", "my favourite is {title}",
    "I enjoyed {title}", "more stuff like {title}", "a big fan of {title}", "{title} was great",
    "anything in the vein of {title}", "I was really into {title}",
)  # fmt: skip
VAGUE = (
    "recommend me a {noun}", "what should I pick?", "I don't know what I want", "any {noun} ideas?",
    "surprise me", "hi, can you help me find a {noun}", "something good", "suggest some {plural}",
)  # fmt: skip
JOINS = (". ", ", ", " - ", "; ", ". ")
ADDING = (
    "{want}", "{want} please", "it should be {want}", "I'd prefer {want}", "make it {want}",
    "also {want}", "and {want}", "oh and {want}", "ideally {want}", "I'd rather have {want}",
    "could it be {want}?", "maybe {want}", "let's try {want}", "how about {want}", "I want {want}",
)  # fmt: skip
OTHERS = (
    "something else", "anything else?", "show me others", "what else do you have?", "none of these",
    "not quite, more ideas please", "next", "other suggestions?", "can I see different ones",
    "none of those really, try again", "nope, keep going", "what else?",
)  # fmt: skip
CORRECTING = (
    "actually, {want}", "sorry, I meant {want}", "wait no, {want}", "scratch that, {want}",
    "on second thought, {want}", "I changed my mind, {want}", "hmm, make it {want} instead",
    "oops, I mean {want}", "no, {want} instead",
)  # fmt: skip
REFUSING = (
    "not {ref}", "I don't want {ref}", "{ref} is not for me", "no thanks on {ref}", "skip {ref}",
    "{ref} doesn't appeal to me", "I'm not interested in {ref}", "I don't like {ref}",
    "get rid of {ref}",
)  # fmt: skip
REFUSING_BECAUSE = (
    "not {ref}, {want}", "{ref} is not for me, {want}", "I don't like {ref}. {want}",
    "no thanks on {ref}, {want}", "skip {ref}, {want}", "not {ref} - {want}",
    "I'm not interested in {ref}, {want}",
)  # fmt: skip
SEEN = (
    "already {consumed} {ref}", "I've {consumed} {ref}", "I have already {consumed} {ref}",
    "{consumed} {ref} before", "I know {ref} already", "{consumed} {ref} already",
)  # fmt: skip
MORE_LIKE = (
    "more like {ref}", "{ref} looks close, more like that", "something like {ref}",
    "{ref} is nearly it, similar ones please", "I like the look of {ref}, more of those",
    "others in the style of {ref}",
)  # fmt: skip
COMPARING = (
    "compare {a} and {b}", "how do {a} and {b} compare", "{a} or {b}, which one is better",
    "what's the difference between {a} and {b}",
)  # fmt: skip
STRAYING = (
    "what's the weather like tomorrow?", "do you follow football?",
    "my cat just jumped on the desk",
    "are you a robot?", "what is 12 times 14?", "can you book me a table for dinner?",
    "lol", "who won the election?", "tell me a joke",
)  # fmt: skip
PASSING = (
    "don't mind", "no preference", "I don't know", "doesn't matter", "anything really", "no idea",
    "whatever", "not sure", "I don't care", "you choose", "either is fine",
)  # fmt: skip
ANSWERING = (
    "{want}", "{want}", "{want} please", "let's say {want}", "I guess {want}", "maybe {want}",
    "hmm, {want}", "definitely {want}", "{want} I think",
)  # fmt: skip
ADDING_WITHOUT = (
    "{want}", "{want} please", "also {want}", "and {want}", "oh and {want}", "but {want}",
    "one more thing, {want}", "{want} though", "{want} if possible", "forgot to say: {want}",
)  # fmt: skip
WITHOUT = (
    "no {value}", "nothing {value}", "not {value}", "no {value} {plural}", "I don't want {value}",
    "no {value}", "anything but {value}", "I hate {value}", "nothing {value}", "no {value} stuff",
)  # fmt: skip
WITHOUT_OTHER_WORDS = (
    "nothing {value}", "not {value}", "I don't want {value}", "anything but {value}",
)  # fmt: skip
HEADED = (
    "something {value}", "a {value} {noun}", "{value}", "{value} {plural}", "something {value}",
)  # fmt: skip
HEADS = ("something", "a {noun}", "{plural}", "")
VALUE = ("{value}", "{value}", "something {value}", "a {value} one")
DECADE = (
    "from the {decade}s",
    "from the {short}s",
    "{decade}s",
    "{short}s",
    "made in the {decade}s",
)
SINCE = (
    "from {value} on",
    "{value} or newer",
    "after {before}",
    "since {value}",
    "newer than {before}",
)
UNTIL = (
    "up to {value}",
    "{value} or older",
    "before {after}",
    "older than {after}",
    "not after {value}",
)
AT_MOST = (
    "at most {value}",
    "{value} or less",
    "no more than {value}",
    "up to {value}",
    "max {value}",
)
AT_LEAST = ("at least {value}", "{value} or more", "no less than {value}", "{value} minimum")
REFS = ("the {ordinal} one", "the {ordinal}", "number {number}", "#{number}", "the {ordinal} one")
FILLING = (
    "hey, {text}", "ok so {text}", "well, {text}", "{text}, thanks", "hmm, {text}", "umm {text}",
    "so basically {text}", "hello! {text}", "ok, {text}",
    "{text}, thank you", "{text} for my friends and me", "right, {text}",
)  # fmt: skip

_HEDGES = ("would be", "prefer", "rather", "ideally", "maybe", "try", "how about", "possible",
           "could it", "guess", "I'd like", "I think")  # fmt: skip


def firm(forms: tuple[str, ...]) -> tuple[str, ...]:
    """Return the forms that leave no room: "ideally from the 90s" asks for less than it says."""
    return tuple(form for form in forms if not any(hedge in form for hedge in _HEDGES))


ALL = (
    *OPENING, *ALSO_OPENING, *EXAMPLE, *VAGUE, *JOINS, *ADDING, *OTHERS, *CORRECTING, *REFUSING,
    *REFUSING_BECAUSE, *SEEN, *MORE_LIKE, *COMPARING, *STRAYING, *PASSING, *ANSWERING, *WITHOUT,
    *ADDING_WITHOUT, *WITHOUT_OTHER_WORDS, *HEADED, *HEADS,
    *VALUE, *DECADE, *SINCE, *UNTIL, *AT_MOST, *AT_LEAST, *REFS, *FILLING,
)  # fmt: skip
"""Every form."""
