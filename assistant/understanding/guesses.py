"""Titles that are not written as the catalogue writes any: misspelt, or not in it at all.

Owns: `TitleGuesser`. Does not own: titles written correctly (`titles`). Both kinds need a sign
(quotation marks, a cue, a capital letter) and a word that is not ordinary, so that plain talk is
neither corrected nor taken for a missing title.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from assistant.understanding.english import ARTICLES, CALENDAR, FILLER, FUNCTION
from assistant.understanding.mentions import Mention, covered
from assistant.understanding.naming import (
    JOINING,
    TitleSigns,
    judged,
    led_in,
    list_goes_on,
    trimmed,
)
from assistant.understanding.no_titles import elsewhere, is_code
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex, title_form
from assistant.understanding.value_index import ValueIndex
from assistant.understanding.vocabulary import Vocabulary, english
from catalog import Catalog

_LONGEST = 6
"""Words of the longest title that is corrected."""
_MAX_ANCHORS = 12
"""Places of one message where a correction is tried, which bounds the time."""
_STRANGE = 4
_UNPOINTED, _UNPOINTED_LETTERS = 3, 10
"""Words and letters of the shortest title that is corrected where nothing points to one."""
_WHEN = frozenset({"tonight", "today", "now", "again"})
_VERDICTS = frozenset(
    {"on here", "on there", "in here", "any good", "no thanks", "no thank", "yes please", "no way"}
)
_MET = frozenset({"loved", "hated", "enjoyed", "watched", "seen", "saw", "adored"})
"""What one says of an item met, seldom of a kind of item."""
_LEADS_TEXT = """
    by with starring featuring in from at near to on via per my friend named mr mrs ms dr uncle
    aunt director actor actress host brand
    """
_LEADS_ELSEWHERE = frozenset(_LEADS_TEXT.split())
"""Words before the name of a person or a place."""
_SELF = frozenset({"i", "im", "ive", "id", "ill"})
_SAYING = frozenset({"say", "says", "said", "saying", "goes", "yells", "shouts", "asks", "told"})
_HEARD_OF = 5.0
_LONGEST_QUOTE = 9


class TitleGuesser:
    """Finds misspelt titles and titles that the catalogue lacks."""

    def __init__(
        self,
        catalog: Catalog,
        index: TitleIndex,
        values: ValueIndex,
        vocabulary: Vocabulary,
        signs: TitleSigns,
    ) -> None:
        self._catalog = catalog
        self._values = values
        self._index = index
        self._vocabulary = vocabulary
        self._signs = signs
        self._english = english()
        self._people = {f.name for f in catalog.schema.facets if f.kind == "people"}

    def misspelt(self, text: Text, taken: Sequence[Mention]) -> list[Mention]:
        """Return titles with typing mistakes, where a cue, a capital or quotes point to one.

        Where a cue or a capital points to one, it may overlap shorter values, which then give
        way: the "history" of "A History of Volence" is no keyword, nor is "being jhon malkovich" a
        wish for him.
        """
        plain = [m for m in taken if m.kind == "value"]
        blocked = covered(mention for mention in taken if mention not in plain)
        cued = self._signs.cued(text)
        for mention in taken:
            cued |= list_goes_on(text, mention) if mention.kind == "item" else set()
        found: list[Mention] = []
        for anchor in self._anchors(text, blocked)[:_MAX_ANCHORS]:
            mention = None
            if anchor not in blocked:
                mention = self._misspelt_at(text, anchor, blocked, anchor in cued)
            pointed = anchor in cued or text.words[anchor].capital
            if mention and all(
                pointed and len(mention) > len(value) for value in plain if mention.overlaps(value)
            ):
                found.append(mention)
                blocked |= covered([mention])
                cued |= list_goes_on(text, mention)
        return found

    def missing(self, text: Text, taken: Sequence[Mention]) -> list[Mention]:
        """Return titles named with a sign that the catalogue lacks.

        They may overlap plain values of `taken`, which then give way: the "Quiet" of "The Quiet
        Zorblax" is no mood.
        """
        plain = [m for m in taken if m.kind == "value" and m.facet not in self._people]
        blocked = covered(mention for mention in taken if mention not in plain)
        found = [
            Mention(start, end, "missing", strength=3)
            for start, end in text.quotes
            if end - start <= _LONGEST_QUOTE
            and not is_code(text, start, end)
            and not blocked & set(range(start, end))
            and not _SAYING & {word.norm for word in text.words[max(0, start - 2) : start]}
        ]
        starts = self._signs.cued(text)
        starts |= {
            at + 1 for at, w in enumerate(text.words) if w.norm == "also" and text.upper(at + 1)
        }
        for mention in taken:
            if mention.kind == "item":
                goes_on = list_goes_on(text, mention)
                goes_on -= {at for at in goes_on if text.norms(at, at + 1) in FILLER}
                starts |= {at for at in goes_on if not text.foreign or text.upper(at)}
        starts |= self._judged_names(text, blocked) | self._named_runs(text, blocked)
        starts |= _foreign_sentences(text)
        pending = sorted(starts)
        while pending:
            start = pending.pop(0)
            blocked |= covered(found)
            end = trimmed(text, start, self._name_end(text, start, blocked))
            start = led_in(text, start, end)
            named = end > start and not elsewhere(text, start, end)
            if named and self._is_name(text, start, end) and self._written(text, start, end):
                article = text.words[start].norm in ARTICLES and not text.words[start].capital
                article = article and not text.foreign  # "la sociedad de la nieve"
                first = start + article - _led(text, start)
                found.append(self._named(text, first, end))
                follows = list_goes_on(text, found[-1])
                pending += [at for at in follows if text.upper(at) and at not in starts]
        titles = [mention for mention in (*taken, *found) if mention.kind in {"item", "missing"}]
        return [name for name in found if self._outweighs(text, name, plain, titles)]

    def _named(self, text: Text, start: int, end: int) -> Mention:
        """Return the item that words ``[start, end)`` name in part, or a missing title."""
        row = self._index.in_part(title_form(word.norm for word in text.words[start:end]))
        if row is None:
            return Mention(start, end, "missing", strength=2)
        return Mention(start, end, "item", items=(self._catalog.items[row].item_id,), strength=1)

    def _outweighs(
        self, text: Text, name: Mention, plain: Sequence[Mention], titles: Sequence[Mention]
    ) -> bool:
        """Tell whether `name` is a title rather than the values of `plain` that its words are.

        It is where some word is no value, where it joins several ("Cocaine Bear"), or where a word
        that the catalogue writes small is written as a name after "loved" ("Migration") or in a
        list of titles.
        """
        inside = [value for value in plain if value.overlaps(name)]
        if name.strength == 3 or not set(range(name.start, name.end)) <= covered(inside):
            return True
        entries = self._values.lookup(text.norms(name.start, name.end))
        listed = entries and not any(entry.exact or entry.partial for entry in entries)
        if listed and len(name) > 2:
            return False  # words that the schema lists: "the First World War", not "Hit Man"
        small = all(value.islower() for mention in inside for value in mention.values)
        places = range(name.start, name.end)
        named = all(text.words[at].capital for at in places) and any(map(text.named, places))
        met = text.norms(name.start - 1, name.start) in _MET if name.start else False
        in_list = any(
            0 <= name.start - title.end <= 1 or 0 <= title.start - name.end <= 1
            for title in titles
            if title is not name
        )
        return small and named and (len(name) > 1 or in_list or met)

    def _judged_names(self, text: Text, blocked: set[int]) -> set[int]:
        """Return where capitalised words start that are judged or put off: "Morbius was bad"."""
        starts: set[int] = set()
        for start, word in enumerate(text.words):
            name = word.capital or word.norm in text.foreign
            opens = start == 0 or not text.words[start - 1].capital or not text.joined(start)
            if not (name and opens) or text.shouting:
                continue
            end = self._name_end(text, start, blocked)
            denied = start > 0 and text.words[start - 1].norm == "not" and word.capital
            waved_off = end < len(text) and text.norms(end, end + 2) in _VERDICTS
            if end == start + 1 and word.norm.endswith("ing"):
                continue  # "Rewatching changed me"
            put_off = denied and (end > start + 1 or text.norms(end, end + 1) in _WHEN)
            if end > start and (judged(text, end) or waved_off or put_off):
                starts.add(start)
        return starts

    def _named_runs(self, text: Text, blocked: set[int]) -> set[int]:
        """Return where capitalised words start that can hardly be but a title.

        Two or more that are no values, or one that no one knows; not after words that lead to
        people and places. What opens a sentence is capitalised anyway, so it needs more.
        """
        starts: set[int] = set()
        for start, word in enumerate(text.words):
            led = start - 1
            while led > 0 and text.words[led].norm in ARTICLES and text.joined(led):
                led -= 1
            before = text.words[led] if start and text.joined(start) else None
            plain = word.norm in FUNCTION | FILLER and word.norm not in ARTICLES
            if text.shouting or not word.capital or start in blocked or word.norm in _SELF:
                continue
            if plain and text.sentence_start(start):
                continue  # the "Loved" of "Loved Rye Lane"
            if before is not None and before.norm in _LEADS_ELSEWHERE:
                continue
            if before is not None and before.capital and not self._opening(text, led):
                continue
            end = self._name_end(text, start, blocked)
            content = [
                at
                for at in range(start, end)
                if text.words[at].norm not in FUNCTION | FILLER | CALENDAR | self._signs.generic
            ]
            named = [at for at in content if text.named(at)]
            unknown = [at for at in content if self._unheard(text.words[at].norm)]
            opens = text.sentence_start(start)
            several = len(named) > 1 or (len(content) > 1 and bool(named))
            alone = opens and (end == len(text) or text.words[end].gap == ".")
            if several or (unknown and (named or alone)):
                starts.add(start)
        return starts

    def _opening(self, text: Text, at: int) -> bool:
        """Tell whether word `at` is only capitalised because it opens a sentence."""
        return text.sentence_start(at) and text.words[at].norm in FUNCTION | FILLER

    def _anchors(self, text: Text, blocked: set[int]) -> list[int]:
        starts = {start for start, _ in text.quotes} | self._signs.cued(text)
        starts |= {at for at in range(len(text)) if text.words[at].capital and not text.shouting}
        starts |= {at for at in range(len(text)) if text.sentence_start(at)}
        starts |= {at + 1 for at in range(len(text)) if text.words[at].norm == "also"}
        starts |= self._around_strange(text, blocked)
        return sorted(start for start in starts if start < len(text) and start not in blocked)

    def _around_strange(self, text: Text, blocked: set[int]) -> set[int]:
        """Return words from which a long title may run over a word that nobody knows."""
        strange = [
            at
            for at, word in enumerate(text.words)
            if at not in blocked and len(word.norm) > _STRANGE and not self._usual(word.norm)
        ]
        return {
            start
            for at in strange[:2]
            for start in range(max(0, at - 4), at + 1)
            if not blocked & set(range(start, at + 1))
        }

    def _misspelt_at(
        self, text: Text, anchor: int, blocked: set[int], cued: bool
    ) -> Mention | None:
        limit = next((at for at in range(anchor, len(text)) if at in blocked), len(text))
        pauses = (
            at
            for at in range(anchor + 1, limit)
            if text.words[at].gap == "." or (text.words[at].gap == "," and not text.upper(at))
        )
        limit = next(pauses, limit)
        for end in range(min(anchor + _LONGEST, limit), anchor, -1):
            words = [word.norm for word in text.words[anchor:end]]
            shorter = words[-1] in FUNCTION and len(words) > 1
            if shorter and title_form(words[:-1]) in self._index.forms:
                continue  # "Groundhog Day at work" mistypes nothing
            if elsewhere(text, anchor, end) or _in_quotation(text, anchor, end):
                continue
            # After "loved", words of other titles are no everyday words.
            usual = self._vocabulary.ordinary if cued and len(words) > 1 else self._usual
            strange = not all(usual(word) for word in words)
            framed = words[0] in FUNCTION or words[-1] in FUNCTION
            content = [word for word in text.words[anchor:end] if word.norm not in FUNCTION]
            named = any(text.named(at) for at in range(anchor, end)) and all(
                word.capital for word in content
            )
            named = named and len(words) > 1 and bool(content)
            if not strange and not named and (len(words) < 3 or framed):
                continue
            pointed = cued or text.words[anchor].capital or text.quoted(anchor, end)
            pointed = pointed or judged(text, end) or (anchor == 0 and len(text) <= _LONGEST)
            letters = sum(map(len, words))
            enough = strange and len(words) >= _UNPOINTED and letters >= _UNPOINTED_LETTERS
            if not (pointed or enough):
                continue
            form = self._index.closest(title_form(words), cued)
            # One word that is no title as it stands is seldom meant for a film nobody knows.
            obscure = form and len(words) < 2 and self._index.popularity(form) < _HEARD_OF
            person = form is not None and self._values.names_person(form)
            if (
                form
                and not (obscure or person)
                and not self._signs.in_longer_name(text, anchor, end)
            ):
                rows = self._index.rows(form)
                dated_end, year = self._signs.year_after(text, end)
                dated = self._index.with_year(rows, year) if year else []
                item = self._catalog.items[(dated or rows)[0]]
                last = dated_end if dated else end
                return Mention(anchor, last, "item", items=(item.item_id,), strength=1)
        return None

    def _known(self, word: str) -> bool:
        listed = word in self._index.words or word in self._english
        return listed or self._vocabulary.ordinary(word)

    def _unheard(self, word: str) -> bool:
        return len(word) > 2 and not self._known(word)

    def _usual(self, word: str) -> bool:
        return len(word) < 4 or self._known(word)

    def _name_end(self, text: Text, start: int, blocked: set[int]) -> int:
        """Return the end of the run of capitalised, unknown and joining words from `start`."""
        end = start
        for at in range(start, len(text)):
            word = text.words[at]
            if at in blocked or (at > start and word.gap not in {"", "-"}):
                break
            number = any(letter.isdigit() for letter in word.norm)
            capital = word.capital and not text.shouting and word.norm not in _SELF
            # In another language what no phrase knew is as telling as a capital letter.
            foreign = word.norm in text.foreign and len(word.norm) > 1
            capital = capital or foreign
            doing = word.norm.endswith("ing") and not word.capital  # "like sleeping in a tent"
            if (
                capital
                or (number and (at > start or not word.norm.isdigit()))
                or not (number or doing or text.words[start].capital or self._usual(word.norm))
            ):
                end = at + 1
            elif word.norm not in JOINING and not (foreign and text.upper(at + 1)):
                break
        return end

    def _written(self, text: Text, start: int, end: int) -> bool:
        """Tell whether the words look like a name, as "a voucher" and "at the Curzon" do not."""
        words = text.words[start:end]
        if any(word.capital for word in words):
            return words[0].capital or words[0].norm not in JOINING - {"the", "a", "an"}
        vague = words[-1].norm.endswith(("ly", "s")) and len(words) == 1
        return words[0].norm not in JOINING - {"the"} and not vague

    def _is_name(self, text: Text, start: int, end: int) -> bool:
        words = (word.norm for word in text.words[start:end])
        content = [
            word
            for word in words
            if word not in FUNCTION | self._signs.generic
            and not {word, word.removesuffix("s")} & CALENDAR
        ]
        if not content:  # "Anyone But You" is written as a name, "The One" may be anything
            return end - start > 2 and all(word.capital for word in text.words[start:end])
        return not all(word.removesuffix("s").isdigit() for word in content)


def _in_quotation(text: Text, start: int, end: int) -> bool:
    """Tell whether words ``[start, end)`` are some of a quotation, not all of it."""
    around = any(first <= start < last for first, last in text.quotes)
    return around and not text.quoted(start, end)


def _led(text: Text, start: int) -> bool:
    """Tell whether an article opens the sentence and the foreign name: "la sociedad de ..."."""
    led = start > 0 and text.words[start - 1].norm in ARTICLES and text.joined(start)
    return bool(text.foreign) and led and text.sentence_start(start - 1)


def _foreign_sentences(text: Text) -> set[int]:
    """Return where sentences start that are a name in another language: "Der Schuh des Manitu!"."""
    ends = [at for at in range(1, len(text)) if text.words[at].gap == "."] if text.foreign else []
    starts: set[int] = set()
    for begin, end in pairwise([0, *ends, len(text)] if text.foreign else []):
        places = range(begin, end)
        strange = [at for at in places if text.words[at].norm in text.foreign]
        joins = all(text.words[at].norm in JOINING for at in places if at not in strange)
        if len(places) > 1 and joins and len(strange) > 1 and all(map(text.upper, strange)):
            starts.add(begin)
    return starts
