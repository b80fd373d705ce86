"""Links words to the titles of items.

Owns: the evidence that words are meant as a title. Does not own: the written forms
(`title_index`), misspelt or missing titles (`guesses`), or the stand taken (`polarity`).

A title of everyday words is one only with evidence: quotation marks or the year, a capital letter
inside a sentence, or a cue such as "loved" right before it. A title that the catalogue lacks is
never linked to a near one: "Die Hard 9" is not "Die Hard".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from rapidfuzz.distance import OSA

from assistant.understanding.english import CALENDAR, FILLER, FUNCTION
from assistant.understanding.english_words import EVERYDAY
from assistant.understanding.mentions import Mention
from assistant.understanding.namesakes import Namesakes
from assistant.understanding.naming import (
    JOINING,
    TitleSigns,
    answered,
    judged,
    list_goes_on,
    numbered,
    trimmed,
)
from assistant.understanding.no_titles import elsewhere
from assistant.understanding.text import Text, normalise
from assistant.understanding.title_index import TitleIndex, title_form
from assistant.understanding.vocabulary import Vocabulary
from catalog import Catalog

_WHEN = FILLER | CALENDAR | {"last", "next"}
_OPENERS = frozenset(
    {"oh", "and", "but", "yeah", "yes", "btw", "ok", "so", "thought", "though", "think"}
)
_POINTING = frozenset(
    {"it", "this", "that", "these", "those", "they", "which", "what", "who", "one"}
)
_HEARD_OF = 5.0
"""Interactions from which on an unusual word in lower case is taken for a title."""
_LONG = 3
"""Words beyond which a whole title is itself, whatever name stands next to it."""
_SOME = frozenset({"a", "an"})
_FEELINGS = frozenset({"hated", "loved", "liked", "adored", "seen", "watched", "love", "hate"})
_COURTESY = frozenset({"please", "thanks", "etc", "lol", "too", "basically", "obviously"})
_JOINS = frozenset({"and", "or", "n", "also", "+"})
_SHELVES = frozenset({"stories", "books", "comics", "characters", "novels"})
_LONGEST_PART = 4
"""Words of the longest beginning by which a title on the table is called."""
_LONG_WORD = 5
_KNOWN = 20.0
"""Interactions from which on a title of everyday words is recognised without evidence."""


class TitleLinker:
    """Finds the titles that a message names."""

    def __init__(
        self,
        catalog: Catalog,
        index: TitleIndex,
        vocabulary: Vocabulary,
        signs: TitleSigns,
        namesakes: Namesakes,
    ) -> None:
        self._catalog = catalog
        self._index = index
        self._vocabulary = vocabulary
        self._signs = signs
        self._namesakes = namesakes

    def link(self, text: Text, slate: Collection[str] = ()) -> list[Mention]:
        """Return item mentions with their strength, and numbered titles that are ``missing``.

        Titles of the cards on the table (`slate`, item ids) need less evidence.

        Mentions may overlap values; `understand` decides between them.
        """
        listed = self._listed(text)
        shown = self._shown(text, slate)
        in_part = self._shown_in_part(text, slate)
        cued = self._signs.cued(text) | shown
        found: list[Mention] = []
        at = 0
        while at < len(text):
            mention = max(listed.get(at), self._at(text, at, cued, shown), key=_length)
            part = in_part.get(at)
            if part and (mention is None or (len(part) >= len(mention) and not mention.whole)):
                mention = part
            if mention:
                mention = self._with_kind(text, mention)
                if found and at in list_goes_on(text, found[-1]):
                    mention = self._listed_on(text, mention)
                found.append(mention)
                cued |= list_goes_on(text, mention)
            elif at in cued and text.words[at].capital:
                # A title that the catalogue lacks does not end the list that it stands in.
                cued |= list_goes_on(text, Mention(at, _name_end(text, at), "missing"))
            at = mention.end if mention else at + 1
        return found

    def _listed(self, text: Text) -> dict[int, Mention]:
        """Return the titles of a sentence that is nothing but titles, by where they start."""
        found: dict[int, Mention] = {}
        for begin, end in _sentences(text):
            items = _items_of_list(text, begin, end)
            rows = [
                self._index.rows(title_form(word.norm for word in text.words[first:last]))
                for first, last in items
            ]
            if len(items) > 1 and all(rows) and any(last - first > 1 for first, last in items):
                for (first, last), known in zip(items, rows, strict=True):
                    found[first] = self._item(known[0], first, last, 1)
        return found

    def _shown(self, text: Text, slate: Collection[str]) -> set[int]:
        """Return where titles start that are on the table, of one word only as a name."""
        rows = {self._catalog.row(item_id) for item_id in slate}
        starts: set[int] = set()
        for at in range(len(text) if rows else 0):
            longest = self._index.longest(text.words[at].norm)
            words = [word.norm for word in text.words[at : at + longest]]
            for length in range(1 if text.words[at].capital else 2, len(words) + 1):
                entries = self._index.forms.get(title_form(words[:length]), ())
                if any(entry.row in rows for entry in entries):
                    starts.add(at)
        return starts

    def _shown_in_part(self, text: Text, slate: Collection[str]) -> dict[int, Mention]:
        """Return the titles on the table that words begin, by where they start: "the Vireo Pet".

        A single word only where it is written as a name or no everyday one.
        """
        rows = [self._catalog.row(item_id) for item_id in slate]
        found: dict[int, Mention] = {}
        for at in range(len(text) if rows else 0):
            last = next((n for n in range(at + 1, len(text)) if not text.joined(n)), len(text))
            word = text.words[at]
            if word.norm in FUNCTION:
                continue
            single = text.named(at) or not self._vocabulary.ordinary(word.norm)
            for end in range(min(at + _LONGEST_PART, last), at, -1):
                content = [w.norm for w in text.words[at:end] if w.norm not in FUNCTION]
                if not content or (len(content) == 1 and not single):
                    break
                row = self._index.begun(title_form(w.norm for w in text.words[at:end]), rows)
                if row is not None:
                    found[at] = self._item(row, at, end, 1)
                    break
        return found

    def _with_kind(self, text: Text, mention: Mention) -> Mention:
        """Return `mention` with what the thing is, mistyped: "the Pip robot vacum"."""
        if len(mention.items) != 1 or not text.joined(mention.end) or mention.whole:
            return mention
        title = self._catalog.item(mention.items[0]).title
        said = [word.norm for word in text.words[mention.start : mention.end + 1]]
        words = normalise(title).split()
        ends = len(words) > 1 and said[-2:-1] == words[-2:-1]
        near = ends and len(words[-1]) >= _LONG_WORD and OSA.distance(said[-1], words[-1]) == 1
        return replace(mention, end=mention.end + 1) if near else mention

    def _listed_on(self, text: Text, mention: Mention) -> Mention:
        """Return `mention`, which follows another title in a list, surer where it is well known.

        The "taxi driver" of "clockwork orange, taxi driver" is no theme.
        """
        form = title_form(word.norm for word in text.words[mention.start : mention.end])
        known = mention.whole and self._index.popularity(form) >= _KNOWN
        if not known or len(mention) < 2 or self._signs.qualifies(text, mention.end):
            return mention
        return replace(mention, strength=max(2, mention.strength), cued=True)

    def _at(self, text: Text, at: int, cued: set[int], shown: set[int]) -> Mention | None:
        first = text.words[at].norm
        if text.possessive(at):  # "Inception's boring"
            first = max(first, first.removesuffix("s"), key=self._index.longest)
        longest = self._index.longest(first)
        words = [word.norm for word in text.words[at : at + longest]]
        for length in range(len(words), 0, -1):
            form = title_form(words[:length])
            if form not in self._index.forms and text.possessive(at + length - 1):
                form = title_form([*words[: length - 1], words[length - 1].removesuffix("s")])
            if form in self._index.forms:
                mention = self._judge(text, at, at + length, form, cued, shown)
                if mention:
                    return mention
        return None

    def _judge(
        self, text: Text, start: int, end: int, form: str, cued: set[int], shown: set[int]
    ) -> Mention | None:
        """Return what `form` at words ``[start, end)`` means, or None when it is no title."""
        rows = self._index.rows(form)
        told = self._namesakes.told_apart(text, start, end, form)
        if told:
            return told
        if text.quoted(start, end):
            return self._item(rows[0], start, end, 3)
        if numbered(text, end):
            cue = start in cued and text.words[start].norm not in FILLER
            named = text.words[start].capital or cue
            return Mention(start, end + 1, "missing", strength=2) if named else None
        strength = self._strength(text, start, end, form, cued, shown)
        whole = self._index.is_whole(form)
        long = end - start > _LONG and whole
        named_on = not long and self._signs.in_longer_name(text, start, end)
        inside = named_on or (not whole and _end_of_name(text, start))
        if strength is None or inside or elsewhere(text, start, end):
            return None
        last = self._subtitle(text, end)
        if last > end:
            return self._subtitled(text, start, end, last)
        item = self._item(rows[0], start, end, strength)
        cue = start in cued or judged(text, end) or _named_by(text, start, end)
        cue = cue or self._answered(text, end, form)
        return replace(item, cued=cue, whole=whole)

    def _subtitled(self, text: Text, start: int, end: int, last: int) -> Mention:
        """Return the item that "Title: Subtitle" means with typing mistakes, else ``missing``."""
        for stop in range(last, end, -1):
            form = self._index.closest(title_form(w.norm for w in text.words[start:stop]), True)
            if form and self._index.is_whole(form):
                return self._item(self._index.rows(form)[0], start, stop, 2)
        for at in range(end + 1, last - 1):
            rest = title_form(word.norm for word in text.words[at + 1 : last])
            if text.words[at].norm == "and" and rest in self._index.forms:
                last = at  # "Alien: Covenant and Seven"
                break
        return Mention(start, last, "missing", strength=2)

    def _subtitle(self, text: Text, end: int) -> int:
        """Return where a subtitle ends that makes a title another: "Alien: Covenant"; else `end`.

        The longest known form was tried first, so what follows a colon here is in no title.
        """
        between = text.message[text.words[end - 1].end :][:2] if end < len(text) else ""
        if between != ": " or not text.words[end].capital or text.shouting:
            return end
        last = end
        while last < len(text) and (last == end or text.words[last].gap in {"", "-"}):
            word = text.words[last]
            if not (word.capital or word.norm in JOINING | {"and"} or word.norm.isdigit()):
                break
            last += 1
        last = trimmed(text, end, last)
        content = [word.norm for word in text.words[end:last]]
        return last if not set(content) <= FUNCTION | FILLER else end

    def _strength(
        self, text: Text, start: int, end: int, form: str, cued: set[int], shown: set[int]
    ) -> int | None:
        words = range(start, end)
        content = [at for at in words if text.words[at].norm not in FUNCTION]
        spelt = content or words
        cue = start in cued and not self._signs.qualifies(text, end)
        cue = cue or (start in shown and text.upper(start))
        cue = cue or self._praised(text, start, end, form) or _told_apart(text, end)
        cue = cue or _named_by(text, start, end)
        # "Cars 2, no. Shrek, yes." names what it opens with.
        numbered = text.words[start].capital and form[-1].isdigit() and self._index.is_whole(form)
        named = numbered or any(text.named(at) for at in spelt)
        # "Not about a Wedding" names no film.
        some = text.words[start].norm in _SOME and not text.words[start].capital
        named = named and not (some and len(content) == 1)
        named = named and all(
            text.words[at].capital or text.words[at].norm.isdigit() for at in spelt
        )
        if self._index.is_series(form):
            known = self._distinctive(form, content, text)
            return 2 if named else 1 if start in cued else 0 if known else None
        if not content:
            named = named and all(text.words[at].capital for at in words)
            # After a pause "It" opens a clause, unless it closes a list: "Up, Her and It".
            direct = text.words[start].gap == "" or end == len(text) or not text.joined(end)
            direct = direct or text.words[end].norm in {"and", "or"}
            return 2 if named and ((cue and direct) or len(words) > 2) else None
        if len(content) == 1:
            return self._single(text, content[0], named, cue)
        if not named and all(text.words[at].norm in _WHEN for at in content):
            return None  # "last night" is when, unless it is written as a name
        if named or cue:
            return 2 if named else 1
        return 0 if self._distinctive(form, content, text) else None

    def _praised(self, text: Text, start: int, end: int, form: str) -> bool:
        """Tell whether a judgement opens on the words: "the station agent was wonderful"."""
        opens = start == 0 or not text.joined(start) or text.words[start - 1].norm in _OPENERS
        several = sum(word.norm not in FUNCTION for word in text.words[start:end]) > 1
        known = (
            several
            or self._index.popularity(form) >= _KNOWN
            or not all(self._vocabulary.ordinary(word.norm) for word in text.words[start:end])
        )
        whole = self._index.is_whole(form) and text.words[start].norm in (
            form.split(maxsplit=1)[0],
            "the",
        )
        return (
            opens
            and whole
            and known
            and text.words[start].norm not in _POINTING
            and judged(text, end)
        )

    def _single(self, text: Text, at: int, named: bool, cue: bool) -> int | None:
        """Return the strength of a title with one word of content, at word `at`."""
        word = text.words[at]
        number = title_form([word.norm]).isdigit()
        if len(word.norm) == 1 or number:
            after = text.words[at + 1].norm if at + 1 < len(text) else ""
            compared = at and text.words[at - 1].norm == "than"
            spelt = word.capital or number
            return (
                1 if cue and spelt and not compared and after not in self._signs.generic else None
            )
        if text.norms(at + 1, at + 2) in _SHELVES or word.norm in _FEELINGS:
            return None
        if word.norm in CALENDAR or word.norm in FILLER:
            return 2 if (named and cue) or (word.capital and judged(text, at + 1)) else None
        contrasted = at > 1 and text.norms(at - 2, at) == "but not"  # "liked Heat but not casino"
        told = judged(text, at + 1) or self._answered(text, at + 1, word.norm)
        if named or contrasted or (word.capital and told):
            return 2
        if cue:
            return 1
        plain = self._vocabulary.ordinary(word.norm) or len(word.norm) < 5
        return None if plain or self._index.popularity(word.norm) < _HEARD_OF else 0

    def _answered(self, text: Text, end: int, form: str) -> bool:
        """Tell whether a well-known title gets a yes or a no: "Alien yes", not "Vampires yes"."""
        return self._index.popularity(form) >= _KNOWN and answered(text, end)

    def _distinctive(self, form: str, content: Sequence[int], text: Text) -> bool:
        """Tell whether the words could hardly mean anything else."""
        if form in self._vocabulary.phrases:
            return False
        rare = (text.words[at].norm for at in content if not text.words[at].norm.isdigit())
        if any(not self._vocabulary.ordinary(word) for word in rare):
            return True
        plain = FUNCTION | FILLER | EVERYDAY
        if (
            form.startswith("the ")
            and len(content) > 1
            and any(text.words[at].norm not in plain for at in content)
        ):
            return True
        return len(form.split()) > 3 or self._index.popularity(form) >= _KNOWN

    def _item(self, row: int, start: int, end: int, strength: int) -> Mention:
        item = self._catalog.items[row]
        return Mention(start, end, "item", items=(item.item_id,), strength=strength)


def _length(mention: Mention | None) -> int:
    return len(mention) if mention else 0


def _sentences(text: Text) -> Iterator[tuple[int, int]]:
    begin = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or text.words[at].gap == ".":
            yield begin, at
            begin = at


def _items_of_list(text: Text, begin: int, end: int) -> list[tuple[int, int]]:
    """Return the word ranges that commas, "and" and "or" separate, without words of courtesy."""
    while end > begin and text.words[end - 1].norm in _COURTESY:
        end -= 1
    items: list[tuple[int, int]] = []
    first = begin
    for at in range(begin, end):
        joins = text.words[at].norm in _JOINS
        if joins or (at > first and text.words[at].gap == ","):
            if at > first:
                items.append((first, at))
            first = at + 1 if joins else at
    return [*items, (first, end)] if end > first else items


def _told_apart(text: Text, end: int) -> bool:
    """Tell whether words like "the Villeneuve one" follow, which only a title needs."""
    if end >= len(text) or text.words[end].gap != "," or text.words[end].norm != "the":
        return False
    return any(word.norm in {"one", "version"} for word in text.words[end + 1 : end + 4])


def _end_of_name(text: Text, start: int) -> bool:
    """Tell whether the word before is part of a name: "Old Henry" is not "Henry: Portrait of"."""
    before = start > 0 and text.joined(start) and text.upper(start - 1)
    return before and text.words[start - 1].norm not in FUNCTION


def _named_by(text: Text, start: int, end: int) -> bool:
    """Tell whether "not Commando" or "Get Out especially" can only name something."""
    contrasted = start > 1 and text.norms(start - 2, start) == "but not"
    denied = start > 0 and text.norms(start - 1, start) == "not" and text.joined(start)
    singled = text.norms(end, end + 1) in {"especially", "particularly", "mainly", "vs", "versus"}
    written = text.named(start) or (text.upper(start) and not text.shouting)
    return contrasted or (written and (denied or singled))


def _name_end(text: Text, start: int) -> int:
    end = start + 1
    while end < len(text) and text.words[end].capital and text.joined(end):
        end += 1
    return end
