"""A message as words: normalised for matching, with the way back to the original characters.

Owns: `Word`, `Text`, `normalise`. Does not own: what any word means. Normal form is casefolded,
without accents and apostrophes ("Amélie" is ``amelie``, "Ocean's" is ``oceans``); hyphens split
("Wall-E" is ``wall e``) and "&" is ``and``. Rules are regular expressions over `Text.flat`, the
words joined by single spaces with ``,`` and ``.`` kept as separators.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from itertools import chain

MAX_WORDS = 300
"""Longer messages are read up to here, which bounds the time of every rule."""

RATING = r"\d{1,2}(?:[.,]\d+)?/(?:10|5)(?![\w/])"
"""One word: "8.5/10"."""
BOUND = r"(?:[<>]=?|[≤≥])(?=\s*[$£€]?\d)"
"""A sign of comparison before an amount: "<130"."""
_WORD = re.compile(
    RATING
    + r"|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|\d+\.\d+(?!\w)|[^\W_]+(?:['’`´ʼ][^\W_]+)*|[&$£€+~#]"  # noqa: RUF001
    r"|<3(?![\w.])|" + BOUND
)
BOUNDS = {"<": "under", ">": "over", "<=": "max", ">=": "min", "≤": "max", "≥": "min"}
_SIGNS = {"&": "and", "<3": "love", **BOUNDS}
_COMPARES = re.compile(
    r"less|more|rather|other|fewer|(?:cheap|old|new|short|long|bett|small|bigg|larg)er"
)
"""Before "then", which is meant as "than"."""
_DRAWN_OUT = re.compile(r"([a-z])\1\1")
_QUOTED = re.compile(
    r"\"([^\"\n]{1,80})\"|“([^”\n]{1,80})”|«([^»\n]{1,80})»"
    r"|(?<!\w)['‘]([^'‘’\n]{2,80}(?:['’](?=[a-z])[^'‘’\n]{1,80})?)['’](?!\w)|\*([^*\n]{1,80})\*"  # noqa: RUF001
    r"|„([^“”\n]{1,80})[“”]|《([^》\n]{1,80})》|「([^」\n]{1,80})」"
)
_EMOTICON = re.compile(r"(?<!\w)(?:[:;=][-'^]?[DdPpOoSsXx3]+|[xX][dDpP]+)(?!\w)")
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
"""Markup, which says nothing: "<b>Heat</b>"; not "year <2000"."""
_STOP = re.compile(r"[.!?;\n…。！？；]")  # noqa: RUF001
_PAUSE = re.compile(r"[,:()\[\]|/—–，、：（）]|\s-+\s")  # noqa: RUF001
_NUMBERING = re.compile(r"(?:^|(?<=[\s(,;]))([1-9])[).:]\)?(?=\s)")
_TEXTING = {
    "luv": "love", "luvs": "loves", "luvd": "loved", "luved": "loved", "lurve": "love",
    "ur": "your", "sumthing": "something", "sumthin": "something", "smth": "something",
    "sth": "something", "anythin": "anything", "nuthin": "nothing", "wiv": "with",
    "coz": "because", "cos": "because", "bcuz": "because", "ppl": "people", "plz": "please",
    "pls": "please", "rly": "really", "realy": "really", "defo": "definitely",
    "def": "definitely", "prob": "probably", "somthing": "something", "somethng": "something",
    "teh": "the", "lyk": "like", "lik": "like", "em": "them", "btween": "between",
    "dolars": "dollars", "dollers": "dollars", "moive": "movie", "wnat": "want",
    "dint": "didnt", "didn": "didnt", "dunt": "dont", "tht": "that", "wht": "what",
    "liekd": "liked", "likd": "liked", "nite": "night", "dat": "that", "gimme": "give me",
    "movi": "movie", "flim": "film", "dont't": "dont", "wanna": "want to", "gonna": "going to",
    "cannae": "cant", "canny": "cant", "dinnae": "dont", "dinna": "dont", "didnae": "didnt",
    "wasnae": "wasnt", "wisnae": "wasnt", "isnae": "isnt", "wouldnae": "wouldnt",
    "havenae": "havent", "couldnae": "couldnt", "willnae": "wont", "thole": "stand", "nae": "no",
    "nowt": "nothing", "owt": "anything",
    "dnt": "dont", "abt": "about", "b4": "before", "tho": "though", "thru": "through",
    "2nite": "tonight", "tonite": "tonight", "u": "you", "somethin": "something",
    "nothin": "nothing", "cuz": "because", "thx": "thanks", "hte": "the", "betwen": "between",
    "fave": "favourite", "faves": "favourites", "fav": "favourite", "favs": "favourites",
    "recomend": "recommend", "tmrw": "tomorrow", "gr8": "great", "bcs": "because",
}  # fmt: skip
"""Spellings of chat; each is one word of the message whatever it stands for."""
_WILL = {"hell": "he", "shell": "she"}
"""Contractions that look like words without their apostrophe: "he'll" is no hell."""
_DOUBLED = frozenset({"good", "cool", "too", "soon", "free", "need", "see", "all", "hell", "well",
                     "kill", "still", "really", "boo", "off", "less", "loss", "boss"})  # fmt: skip
_SEPARATORS = {"": " ", "-": "-", ",": ", ", ".": ". "}
_CLOSING = re.compile(r"[?!]+$")
_NEXT_WORD = re.compile(r" +[^\W\d]{2}")
_APOSTROPHES = str.maketrans("", "", "'’`´ʼ,")  # noqa: RUF001


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message.

    Attributes
    ----------
    norm : str
        Normal form; never empty.
    start, end : int
        Characters ``message[start:end]``.
    gap : {"", "-", ",", "."}
        Strongest separator between the previous word and this one.
    capital : bool
        Whether it starts with an upper-case letter.
    """

    norm: str
    start: int
    end: int
    gap: str
    capital: bool


class Text:
    """A message, tokenised once.

    Attributes
    ----------
    message : str
        As the person wrote it.
    words : tuple of Word
        In order, at most `MAX_WORDS`.
    flat : str
        Normal forms joined by spaces, separators included: ``"no horror , please"``.
    quotes : tuple of (int, int)
        Half-open word ranges that stand in quotation marks.
    shouting : bool
        Whether capital letters carry no information (all capitals, or every word capitalised).
    foreign : frozenset of str
        Words of another language that `languages` left as they are; empty in English.
    """

    def __init__(self, message: str) -> None:
        self._set(message, tuple(_words(message)))
        self.quotes = tuple(self._quotes())
        self.foreign: frozenset[str] = frozenset()
        self._translated = False

    @classmethod
    def translated(
        cls,
        message: str,
        words: Iterable[Word],
        quotes: Iterable[tuple[int, int]],
        foreign: Iterable[str],
    ) -> Text:
        """Return `message` with the English `words` for it, which point to where it says them.

        Several words may share a span, and their spans may be in another order than they are.
        """
        text = cls.__new__(cls)
        text._set(message, tuple(words)[:MAX_WORDS])
        text.quotes = tuple(quotes)
        text.foreign = frozenset(foreign)
        text._translated = True
        return text

    def respelt(self, words: Iterable[Word]) -> Text:
        """Return the same message with `words`, as many as it has, in other normal forms."""
        text = copy(self)
        text._set(self.message, tuple(words))
        return text

    def _set(self, message: str, words: tuple[Word, ...]) -> None:
        self.message = message
        self.words = words
        self.flat, self._offsets = _flatten(words)
        letters = [word for word in self.words if message[word.start].isalpha()]
        upper = sum(letter.isupper() for letter in message)
        lower = sum(letter.islower() for letter in message)
        every = all(word.capital for word in letters)
        loud = len(letters) > 1 and upper > 2 * lower
        self.shouting = loud or (len(letters) > 3 and every)

    def __len__(self) -> int:
        return len(self.words)

    def find(self, pattern: re.Pattern[str]) -> Iterator[tuple[int, int, re.Match[str]]]:
        """Yield ``(start, end, match)`` in words for every match of `pattern` in `flat`."""
        for match in pattern.finditer(self.flat):
            start, end = self.word_range(match.start(), match.end())
            if end > start:
                yield start, end, match

    def word_range(self, start: int, end: int) -> tuple[int, int]:
        """Return the half-open word range that lies in ``flat[start:end]``."""
        return bisect_left(self._offsets, start), bisect_left(self._offsets, end)

    def flat_at(self, index: int) -> int:
        """Return where word `index` starts in `flat`; its length past the last word."""
        return self._offsets[index] if index < len(self._offsets) else len(self.flat)

    def norms(self, start: int, end: int) -> str:
        """Return the normal forms of words ``[start, end)``, joined by spaces."""
        return " ".join(word.norm for word in self.words[start:end])

    def characters(self, start: int, end: int) -> tuple[int, int]:
        """Return the character span of words ``[start, end)``."""
        words = self.words[start:end]
        first, last = words[0].start, words[-1].end
        if self._translated:  # words stand in the order of English
            first, last = min(w.start for w in words), max(w.end for w in words)
        span = self.message[first:last]
        if span.count("(") > span.count(")") and self.message[last : last + 1] == ")":
            last += 1  # "Heat (1995)"
        return first, last

    def surface(self, start: int, end: int) -> str:
        """Return words ``[start, end)`` as the person wrote them."""
        first, last = self.characters(start, end)
        return self.message[first:last]

    def english(self, start: int, end: int) -> str:
        """Return words ``[start, end)`` for a search: as written, or in English."""
        return self.norms(start, end) if self._translated else self.surface(start, end)

    def joined(self, index: int) -> bool:
        """Tell whether word `index` follows the one before without a separator."""
        return 0 < index < len(self.words) and self.words[index].gap == ""

    def sentence_start(self, index: int) -> bool:
        """Tell whether word `index` opens a sentence, where a capital letter says nothing."""
        return index == 0 or self.words[index].gap == "."

    def sentence_end(self, index: int) -> int:
        """Return the first word from `index` on that opens a sentence; the length where none is."""
        later = range(index, len(self.words))
        return next((at for at in later if self.words[at].gap == "."), len(self.words))

    def named(self, index: int) -> bool:
        """Tell whether the capital letter of word `index` is evidence of a name."""
        word = self.words[index]
        return word.capital and not self.shouting and not self.sentence_start(index)

    def possessive(self, index: int) -> bool:
        """Tell whether word `index` ends in an apostrophe and s: "Heat's"."""
        word = self.words[index]
        return self.message[word.end - 2 : word.end] in {"'s", "’s"}  # noqa: RUF001

    def upper(self, index: int) -> bool:
        """Tell whether the person wrote word `index` with a capital letter."""
        return self.message[self.words[index].start].isupper() if index < len(self) else False

    def spelt(self) -> tuple[str, list[int]]:
        """Return the message in plain spelling, and where each word starts in it.

        Capital letters and all between the words stay; "luv" is "love". What was of another
        language is its English words.
        """
        if self._translated:
            return self._spelt_in_english()
        parts: list[str] = []
        starts: list[int] = []
        at = length = 0
        for word in self.words:
            written = self.message[word.start : word.end]
            as_is = word.norm in {_norm(written), written} and written[0] not in "<>≤≥"
            plain = written if as_is else word.norm
            between = _TAG.sub(" ", self.message[at : word.start])
            parts += [between, plain]
            starts.append(length + len(between))
            length = starts[-1] + len(plain)
            at = word.end
        return "".join([*parts, _TAG.sub(" ", self.message[at:])]), starts

    def _spelt_in_english(self) -> tuple[str, list[int]]:
        spelt = ""
        starts: list[int] = []
        for word in self.words:
            spelt += _SEPARATORS[word.gap] if spelt else ""
            starts.append(len(spelt))
            named = word.capital and not self.shouting
            spelt += word.norm.capitalize() if named else word.norm
        return spelt + "".join(_CLOSING.findall(self.message)), starts

    def quoted(self, start: int, end: int) -> bool:
        """Tell whether words ``[start, end)`` are exactly a quotation."""
        return (start, end) in self.quotes

    def _quotes(self) -> Iterator[tuple[int, int]]:
        starts = [word.start for word in self.words]
        for begin, end in quotations(self.message):
            first, last = bisect_left(starts, begin), bisect_right(starts, end - 1)
            if last > first:
                yield first, last


def quotations(message: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of `message` that stand in quotation marks, without the marks."""
    for match in _QUOTED.finditer(message):
        yield match.span(match.lastindex or 0)


def normalise(text: str) -> str:
    """Return `text` in the normal form of `Text`: words joined by single spaces."""
    return " ".join(_norm(match.group()) for match in _WORD.finditer(text))


def _norm(surface: str) -> str:
    if surface in _SIGNS:
        return _SIGNS[surface]
    if surface.isascii() and surface.isalnum():
        return surface.lower()
    plain = surface.translate(_APOSTROPHES)
    if plain.isascii():
        return plain.lower()
    decomposed = unicodedata.normalize("NFKD", plain)
    kept = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return kept.casefold() or plain


def _words(message: str) -> Iterator[Word]:
    previous, slash, initial, last = 0, 0, False, ""
    numbered = _numbering(message)
    marks = chain(_EMOTICON.finditer(message), _TAG.finditer(message))
    silent = {place for mark in marks for place in range(*mark.span())}
    for count, match in enumerate(_WORD.finditer(message)):
        if count == MAX_WORDS:
            return
        start, end = match.span()
        if start < slash or start in silent:
            continue  # the "o" of "w/o", the "D" of ":D"
        norm = "".join(_norm(match.group()).split())
        norm = _TEXTING.get(norm, norm)
        if norm in _WILL and not match.group().isalpha():
            norm = _WILL[norm]
        if match.group() == "w" and _NEXT_WORD.match(message, end):
            norm = "with"
        if norm == "w" and message[end : end + 1] == "/":
            without = message[end + 1 : end + 3].casefold() in {"o ", "o"}
            norm, slash = ("without", end + 2) if without else ("with", end + 1)
            end += 2 if without else 1
        norm = _shortened(norm) if _DRAWN_OUT.search(norm) else norm
        norm = "than" if norm == "then" and _COMPARES.fullmatch(last) else norm
        last = norm
        gap = gap_of(message[max(previous, slash) : start]) if previous else ""
        if gap == "." and message[previous:start] == ". " and initial:
            gap = ""  # "E.T. phones home"
        gap = "." if previous and start in numbered else gap
        initial = end - start == 1 and message[start].isupper()
        yield Word(norm, start, end, gap, message[start].isupper())
        previous = end


def _numbering(message: str) -> set[int]:
    """Return where the numbers of a list stand, which open a sentence: "1) funny 2) short"."""
    marks = list(_NUMBERING.finditer(message))
    counts = [int(mark[1]) for mark in marks]
    listed = len(counts) > 1 and counts == list(range(1, len(counts) + 1))
    return {mark.start(1) for mark in marks} if listed else set()


def _shortened(norm: str) -> str:
    """Return "sooo" as "so" and "gooood" as "good": letters drawn out, as in speech."""
    double = re.sub(r"([a-z])\1{2,}", r"\1\1", norm)
    single = re.sub(r"([a-z])\1{2,}", r"\1", norm)
    return double if double in _DOUBLED else single if len(single) > 1 else norm


def gap_of(between: str) -> str:
    """Return what separates two words with the characters `between` them; see `Word.gap`."""
    if between in {" ", "."}:  # "E.T.", "U.S."
        return ""
    if _STOP.search(between):
        return "."
    if between.strip() in {"-", "–"}:
        return "-" if between.strip() == between else ","
    return "," if _PAUSE.search(between) else ""


def _flatten(words: tuple[Word, ...]) -> tuple[str, list[int]]:
    parts: list[str] = []
    offsets: list[int] = []
    length = 0
    for word in words:
        if word.gap in {",", "."}:
            parts.append(word.gap)
            length += 2
        offsets.append(length)
        parts.append(word.norm)
        length += len(word.norm) + 1
    return " ".join(parts), offsets
