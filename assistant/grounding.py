"""Whether a sentence says only what the evidence says.

Owns: `Grounding.check`, `Verdict`. Does not own: the evidence, or what takes
the place of a refused sentence (`assistant.explanation`).

The check is a closed world. Everything that the evidence states is struck out of the sentence, and
every word that is left must be plain English that claims nothing (`assistant.vocabulary`), or a
lower-case word of the pick's own description. An invented title, name, number, award, link or tag
fails because nothing supports it, not because it was foreseen. A few rules then look at how the
supported words are put together: who is said to have directed, what is said to be shared.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.claims import misattributed, miscast
from assistant.evidence import liked
from assistant.state import Evidence
from assistant.support import MARK, strike, supports
from assistant.vocabulary import CLAIMS, FUNCTION, PLAIN_STEMS, stem
from catalog import Catalog, Item, Schema

_MOST_CHARACTERS = 320
_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")
_PUNCTUATION = " ,.;:!?()\"'-"
# Typography that good models use; everything else outside ASCII needs support.
_TYPOGRAPHY = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u2013": "-",
        "\u2014": "-",
        "\u2026": "...",
    }
)
# A capital that only opens a sentence makes no name.
_LOWER = re.compile(r"(?:(?:^|(?<=[.!?] ))[^\W\d_]|\b[^\W\d_A-Z])[^\W\d_A-Z]*\b")
_TOKEN = re.compile(r"\x00\d+\x00|[^\W\d_]+(?:'[^\W\d_]+)?|.", re.DOTALL)
_BROKEN = re.compile(r"\w[.:]\w|\w\(|//")
_QUOTED = re.compile(r"\"([^\"]*)\"|(?<![\w\x00])'([^']*)'(?!\w)")
_REFUSED_CATEGORIES = frozenset(["Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"])


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a sentence may be shown, and what in it has no support, in order of discovery."""

    ok: bool
    unsupported: tuple[str, ...] = ()


class Grounding:
    """Checks sentences about one catalogue's items.

    Building it indexes titles of two words and more: linear in the number of items.
    """

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog
        self._titles = frozenset(
            words for item in catalog.items if len(words := _words(item.title)) > 1
        )
        self._longest = max((len(words) for words in self._titles), default=0)
        self._short_titles = frozenset(
            words[0] for item in catalog.items if len(words := _words(item.title)) == 1
        )
        self._schema_words = _schema_words(catalog.schema)

    def check(self, sentence: str, evidence: Evidence) -> Verdict:
        """Tell whether `sentence` claims only what `evidence` supports.

        Items are named by placeholder only: ``{pick}``, and ``{like1}`` on for the liked items of
        the evidence in the order of `assistant.evidence.liked`.

        Parameters
        ----------
        sentence : str
            One sentence as a language model wrote it, placeholders not yet filled.
        evidence : Evidence
            Of the pick that the sentence is about.

        Notes
        -----
        Linear in the length of the sentence times the number of facts: a few milliseconds. It errs
        on the side of refusal: a refused truth costs a template sentence, an accepted lie costs
        the person's trust.
        """
        item = self._catalog.item(evidence.item_id)
        sentence = sentence.translate(_TYPOGRAPHY)
        faults = [*_form(sentence), *_placeholders(sentence, len(liked(evidence)))]
        if faults:
            return Verdict(False, tuple(faults))
        item = self._catalog.item(evidence.item_id)
        bare, struck = strike(sentence, supports(evidence, item, self._catalog.schema))
        faults = [
            *(found[0] for found in _BROKEN.finditer(bare)),
            *self._unknown(bare, item),
            *self._titles_in(bare),
            *_misquoted(bare),
            *miscast(bare, struck, self._catalog.schema),
            *misattributed(bare, struck, evidence),
        ]
        return Verdict(not faults, tuple(dict.fromkeys(faults)))

    def _unknown(self, bare: str, item: Item) -> Iterator[str]:
        """Yield every token that neither plain English nor the pick's description accounts for."""
        texts = " ".join(item.texts.values())
        described = {stem(word) for word in _LOWER.findall(texts)}
        names = set(_WORD.findall(texts)) - set(_LOWER.findall(texts))
        first = True
        for token in _TOKEN.findall(bare):
            if MARK.fullmatch(token) or token in _PUNCTUATION:
                first = first and not MARK.fullmatch(token)
                continue
            lower = token.casefold()
            known = stem(lower) in self._schema_words
            known = known or (stem(lower) in PLAIN_STEMS and lower not in CLAIMS)
            lent = stem(lower) in described and lower not in CLAIMS
            named = first and not token.islower() and not known and lower in self._short_titles
            plain = (known or lent) and _is_cased(token, first=first) and not named
            # A name that the description has may be repeated, as it is written there.
            if not plain and (token not in names or lower in CLAIMS):
                yield token
            first = False

    def _titles_in(self, bare: str) -> Iterator[str]:
        for stretch in MARK.split(bare)[::2]:
            words = _words(stretch)
            for start in range(len(words)):
                for end in range(start + 2, min(start + self._longest, len(words)) + 1):
                    named = words[start:end]
                    if named in self._titles and not FUNCTION.issuperset(named):
                        yield " ".join(named)


def _form(sentence: str) -> Iterator[str]:
    """Yield what no sentence may have: excess length, hidden or disguised characters."""
    if len(sentence) > _MOST_CHARACTERS:
        yield f"{len(sentence)} characters"
    for character in sentence:
        disguised = unicodedata.normalize("NFKC", character) != character
        if disguised or unicodedata.category(character) in _REFUSED_CATEGORIES:
            yield f"U+{ord(character):04X}"


def _placeholders(sentence: str, likes: int) -> Iterator[str]:
    """Yield braces that are not one of the declared placeholders, standing free."""
    allowed = {"{pick}"} | {f"{{like{n}}}" for n in range(1, likes + 1)}
    for found in re.finditer(r"\w?\{[^{}]*\}\w?|[{}]", sentence):
        if found[0] not in allowed:
            yield found[0]


def _misquoted(bare: str) -> Iterator[str]:
    for found in _QUOTED.finditer(bare):
        quoted = found[1] or found[2] or ""
        if MARK.sub("", quoted).strip(_PUNCTUATION):
            yield found[0]


def _is_cased(token: str, *, first: bool) -> bool:
    """Tell whether `token` is written as plain English is: a capital only opens a sentence."""
    if token.islower() or token[:2] in ("I", "I'"):
        return True
    return first and token[0].isupper() and token[1:] == token[1:].lower()


def _schema_words(schema: Schema) -> frozenset[str]:
    """Return the stems of the words in which `schema` speaks of its items."""
    words = [schema.noun, schema.plural, schema.consumed]
    for facet in schema.facets:
        words += [facet.label, facet.phrase.replace("{value}", " ")]
        if facet.kind == "people":
            words += facet.cues
    return frozenset(stem(word) for text in words for word in _WORD.findall(text))


def _words(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+", text.casefold()))
