"""English word classes: what carries no content, what asks, what counts.

Owns: words in normal form (no apostrophes, so "don't" is ``dont``). Does not own: phrases that
show a stand (`phrases`), frequent words (`english_words`), or any word about what a catalogue
holds (its schema does). Another language is another set of these three modules.
"""

from __future__ import annotations


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


ARTICLES = _words("the a an")

FUNCTION = _words(
    """
    a an the and or nor but if so as than then of in on at to for from by with without into
    onto over under about after before since until till during between among against around
    near off out up down is are was were be been being am im ive id ill its it he she they we
    you i me my mine your yours his her hers him our ours us them their theirs this that these
    those there here who whom whose which what whats when where why how do does did done doing
    dont doesnt didnt have has had having havent hasnt hadnt can cant could couldnt will wont
    would wouldnt shall should shouldnt may might must mustnt isnt arent wasnt werent not no
    yes one ones some any all both each every either neither other another such same own more
    most less least few fewer many much lot lots very too quite rather really just only even
    also still yet already ever never always often again now once here there something
    anything nothing everything someone anyone everyone somebody anybody nobody like let lets
    get got go going goes gonna wanna gotta please thanks thank ok okay hi hello hey oh ah
    well yeah yep nope sure maybe perhaps youre theyre hes shes thats theres heres wed weve
    theyve youve im et al etc vs versus per
    """
)
"""Words that carry no content of their own."""

FILLER = _words(
    """
    recommend recommendation recommendations suggest suggestion suggestions show find give
    tell want wants wanted need needs looking look search searching see watch watching seeing
    seen watched try trying love loved loves enjoy enjoyed liked likes hate hated think
    thinking know feel feeling fancy mood love hoping hope wondering wonder prefer preferably
    ideally help something anything thing things stuff kind kinds type types sort sorts bit
    tonight today tomorrow weekend evening good great nice best better cool awesome amazing
    interesting decent fine bad favourite favorite favourites favorites similar actually
    basically instead maybe perhaps option options pick picks choose choice idea ideas movie
    movies film films flick flicks title titles hey guys guy folks buy get gift recommendatons
    pls plz thx u ur lol title old-ish fan fans big huge few couple number must definitely
    hm hmm hmmm um umm uh uhh er erm eh huh wait
    absolutely totally kinda vibe vibes energy day night also said say says mean meant called
    named name lately recently recent new newer older old shorter longer cheaper make makes
    made put add include included including surprise random whatever
    dunno idk changed change mind year years link
    links download online stream tried attempted finished started binged caught streamed rented
    """
)
"""Words of asking and judging: no help to a search when they stand alone."""

CALENDAR = _words(
    """
    monday tuesday wednesday thursday friday saturday sunday january february march april may
    june july august september october november december christmas xmas halloween easter
    thanksgiving hanukkah valentines god internet netflix amazon prime hulu disney pixar
    marvel dc hbo imdb hollywood oscar oscars emmy youtube tv dvd bluray english french german
    italian spanish british american european asian european london paris america europe
    england mum mom dad grandma grandpa mr mrs ms dr covid vouch ai chatgpt
    """
)
"""Names that are written with a capital letter and are seldom a title."""

_ONES = """
    zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen
    """
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
UNITS = {
    **{word: value for value, word in enumerate(_ONES.split())},
    **{word: 10 * tens for tens, word in enumerate(_TENS.split(), 2)},
}
"""Number words below a hundred."""

ROMAN = {"ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9}
"""Roman numerals that are no everyday words."""

_DECADES = "twenties thirties forties fifties sixties seventies eighties nineties"
DECADES = {
    **{word: 10 * tens for tens, word in enumerate(_DECADES.split(), 2)},
    **{"ninetees": 90, "noughties": 0, "naughties": 0, "aughts": 0},
}
"""Names of decades, in years since the century."""

_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth"
_SHORT = "1st 2nd 3rd 4th 5th 6th 7th 8th 9th 10th"
ORDINALS = {
    **{word: place for place, word in enumerate(_ORDINALS.split(), 1)},
    **{word: place for place, word in enumerate(_SHORT.split(), 1)},
}
"""Places in a list."""
