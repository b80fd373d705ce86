"""What the rules take from the tagger's reading of a message: titles they missed, stands unsaid.

Owns: `Hints`. Does not own: the reading itself (`tagger`). The rules go first: a phrase they know
is sure and can be pointed at; the reading speaks where they have nothing to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import replace
from functools import cached_property

from assistant.understanding.english import ARTICLES, FILLER, FUNCTION
from assistant.understanding.mentions import Mention, Stance, covered
from assistant.understanding.naming import led_in, trimmed
from assistant.understanding.no_titles import elsewhere, is_code
from assistant.understanding.ratings_said import ratings
from assistant.understanding.reach import DENYING, NEGATIVE
from assistant.understanding.tagger import Reading
from assistant.understanding.text import Text
from assistant.understanding.title_index import TitleIndex, title_form
from assistant.understanding.vocabulary import english
from catalog import Catalog

_TITLE = 0.5
"""Probability from which on words that no rule took are a title."""
_DOUBT = 0.2
"""Probability below which words that only look like a title are none."""
_UNKNOWN = 0.15
"""The same for words that no catalogue knows."""
_STRANGE = 0.2
"""The same for each word of them in another language, where the rules see no end of a title."""
_UNHEARD = 0.85
"""Probability from which on words that nothing knows are a title."""
_STAND = 0.6
"""Probability from which on a stand counts that no phrase shows."""
_VALUE = 0.75
"""The same for a refusal of a value."""
_NAMED = 0.5
"""Probability that a value is spoken of from which on its refusal counts."""
_BESIDE = 0.6
"""Probability from which on a judgement counts beside "seen"."""
_OVERRULE = 0.9
"""The same against what a phrase shows."""
_SURELY = 0.9
"""Probability from which on a title wins over a value of the same words."""
_CERTAIN, _NONE = 0.8, 0.1
"""Probabilities from which on a word is as good as sure to be of a title, and below which not."""
_JUDGED: frozenset[Stance] = frozenset({"like", "dislike", "seen"})
_LIKE: frozenset[Stance] = frozenset({"like", "want", "require", "waive"})
"""Stances that speak for an item."""
_LONGEST, _PARTS = 9, 2
_JOINS = frozenset({"and", "or", "n"})
_WITH = frozenset({"with", "by", "starring", "featuring", "from"})
_OURS = frozenset({"me and", "my wife", "my husband", "my partner", "my mum", "my dad", "my mate"})
"""Beginnings of those who choose: "Me and the missus loved Philomena"."""
_SHORTENED = frozenset({"mr", "mrs", "ms", "dr", "st", "jr", "sr", "vol", "vs", "no", "pt"})


class Hints:
    """The tagger's reading of one message, beside what the rules found."""

    def __init__(
        self,
        catalog: Catalog,
        index: TitleIndex,
        open_facets: Set[str],
        text: Text,
        pending: Callable[[], Reading],
    ) -> None:
        self._catalog = catalog
        self._open = open_facets
        self._index = index
        self._text = text
        self._pending = pending

    @cached_property
    def _reading(self) -> Reading:
        return self._pending().without(covered(ratings(self._text)))

    def titles(self, taken: Sequence[Mention], said: Sequence[Mention] = ()) -> list[Mention]:
        """Return titles that `taken` lacks: items, as written or mistyped, else ``missing``.

        One that takes in all it overlaps wins over it: "The Lady in the Van" is not "The Van", but
        not by a manner of speaking, as those of `said`: "seen Hacksaw Ridge to death".
        """
        found: list[Mention] = []
        for start, end in self._pieces():
            title = self._title(start, end)
            if title is None or elsewhere(self._text, title.start, title.end):
                continue
            over = [mention for mention in taken if mention.overlaps(title)]
            wider = all(start <= mention.start and mention.end <= title.end for mention in over)
            longer = all(
                len(title) > len(mention) or self._yields(mention, title) for mention in over
            )
            sure = any(mention.kind == "item" and mention.strength == 3 for mention in over)
            empty = all(
                word.norm in FUNCTION or len(word.norm) == 1
                for word in self._text.words[title.start : title.end]
            )
            least = _PARTS if title.kind == "item" else _PARTS + 1  # "Get Out", "Anyone But You"
            certain = len(title) >= least and self._certain(title.start, title.end)
            empty = empty and not certain
            sure = sure or self._told(title, over, covered(said))
            ours = title.kind == "missing" and self._text.norms(start, start + 2) in _OURS
            if wider and longer and not (sure or empty or ours or len(title) > _LONGEST):
                found.append(title)
        return found

    def _yields(self, mention: Mention, title: Mention) -> bool:
        """Tell whether `title` wins over `mention`, the same words: nobody known, or mere words."""
        if mention.kind != "value":
            return mention.kind == "stranger"
        if title.kind != "item" and not self._certain(title.start, title.end):
            return False
        facet = self._catalog.schema.facet(mention.facet)
        plain = facet.kind != "people" and facet.stance != "require"
        return plain and self._reading.title(mention.start, mention.end) >= _SURELY

    def _certain(self, start: int, end: int) -> bool:
        """Tell whether each of words ``[start, end)`` is as good as sure to be of a title."""
        return all(self._reading.title(at, at + 1) >= _CERTAIN for at in range(start, end))

    def _told(self, title: Mention, over: Sequence[Mention], said: Set[int]) -> bool:
        """Tell whether `title`, which no one knows, adds but words of no content to known ones.

        "All the President's Men and Spotlight" is two titles, "Moulin Rouge so ..." is one.
        """
        items = [mention for mention in over if mention.kind == "item"]
        rest = set(range(title.start, title.end)) - covered(items) - said
        plain = all(
            self._text.words[at].norm in FUNCTION | FILLER and self._reading.inside[at] < _SURELY
            for at in rest
        )
        plain = plain or bool(self._text.foreign)
        return bool(items) and title.kind == "missing" and plain

    def _pieces(self) -> Iterator[tuple[int, int]]:
        """Yield the ranges of titles; what holds a pause and is no title as a whole, in parts."""
        for start, end in self._reading.titles(_TITLE):
            if is_code(self._text, start, end):
                continue
            cut = self._text.words[end - 1].norm in ARTICLES and self._goes_on(end)
            known = self._form(start, end + 1) in self._index.forms
            if cut and (known or not self._whole(start, end)):
                end += 1  # noqa: PLW2901 - "the | insider", "Late Night with the | Devil"
            named = self._quoted_within(start, end)
            if named:
                yield named
                continue
            if self._form(start, end) not in self._index.forms:
                for at in range(start + 1, end):
                    if self._ends_before(at):
                        yield from self._joined(start, at)
                        start = at  # noqa: PLW2901
            yield from self._joined(start, end)

    def _whole(self, start: int, end: int) -> bool:
        """Tell whether words ``[start, end)`` are a title, or an article that is no part of one."""
        form = self._form(start, end)
        return form in self._index.forms or end - start == 1

    def _goes_on(self, at: int) -> bool:
        """Tell whether word `at` is what the article before it goes with, in this word order."""
        words = self._text.words
        plain = not self._text.joined(at) or words[at].norm in FUNCTION | FILLER
        return not (plain or self._text.foreign or words[max(0, at - 2)].norm in _JOINS)

    def _quoted_within(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the first quotation that is a part of words ``[start, end)``: the title."""
        return next(
            (
                (first, last)
                for first, last in self._text.quotes
                if start <= first and last <= end and (first, last) != (start, end)
            ),
            None,
        )

    def _joined(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Yield the two titles that "and" or "or" joins where one of them is known, else one."""
        known = self._index.forms
        if self._form(start, end) not in known:
            for at in range(start + 1, end - 1):
                halves = self._form(start, at), self._form(at + 1, end)
                joins = self._text.words[at].norm in _JOINS
                if joins and (any(h in known for h in halves) or all(map(self._closest, halves))):
                    yield start, at
                    yield at + 1, end
                    return
        yield start, end

    def _ends_before(self, at: int) -> bool:
        """Tell whether a comma stands before word `at`, or a stop that no "Mr." explains."""
        gap, before = self._text.words[at].gap, self._text.words[at - 1].norm
        return gap == "," or (gap == "." and before not in _SHORTENED)

    def doubted(self, mention: Mention) -> bool:
        """Tell whether `mention` names something to the rules alone, and hardly in this place.

        Only what rests on little: an unknown title, a title in lower case, a single word of an
        open vocabulary ("wore the tape out, it was my whole childhood").
        """
        span = (mention.start, mention.end)
        if mention.kind == "value":
            loose = mention.facet in self._open and mention.strength < 1 and len(mention) == 1
            return loose and self._reading.value(*span) < _DOUBT
        unsure = mention.kind == "missing" or (mention.kind == "item" and mention.strength < 2)
        if self._text.foreign and mention.kind == "missing":
            each = [self._reading.title(at, at + 1) for at in range(*span)]
            return not self._text.quoted(*span) and min(each) < _STRANGE
        least = _UNKNOWN if mention.kind == "missing" else _DOUBT
        return unsure and not self._text.quoted(*span) and self._reading.title(*span) < least

    def bounded(self, title: Mention) -> Mention:
        """Return `title`, which nobody knows, without what surely is none of it: "is | The ..."."""
        start, end = title.start, title.end
        while start < end and self._reading.title(start, start + 1) < _NONE:
            start += 1
        while start < end and self._reading.title(end - 1, end) < _NONE:
            end -= 1
        shorter = start < end and (start, end) != (title.start, title.end)
        if shorter and self._certain(start, end) and not self._text.quoted(title.start, title.end):
            return replace(title, start=start, end=end)
        return title

    def stances(self, mention: Mention, shown: tuple[Stance, ...]) -> tuple[Stance, ...]:
        """Return the stand on `mention`, where phrases show the stances `shown`.

        On an item, where nothing is shown, a judgement beside "seen", and whatever the reading is
        as good as certain of. On a value, only a refusal, for without a stand it is wished for.
        """
        stance, chance = self._reading.stand(mention.start, mention.end)
        if mention.kind == "value":
            named = self._reading.value(mention.start, mention.end) >= _NAMED
            refused = not shown and named and stance == "dislike" and chance >= _VALUE
            needed = self._catalog.schema.facet(mention.facet).stance == "require"
            denies = self._text.words[mention.start].norm in DENYING
            refused = refused and not (needed or denies or self._opens_with(mention.start))
            return ("exclude",) if refused else shown
        if mention.kind not in {"item", "reference"}:
            return shown
        if not shown:
            return (stance,) if chance >= _STAND else ()
        if "seen" in shown:
            judged = shown == ("seen",) and stance in {"like", "dislike"} and chance >= _BESIDE
            return ("seen", stance) if judged else shown
        kind = "like" if shown[0] in _LIKE else "dislike" if shown[0] in NEGATIVE else shown[0]
        allowed = shown == ("waive",) and stance == "like"  # "happy with Heat"
        least = _STAND if allowed else _OVERRULE
        said = stance == kind and not allowed
        if chance < least or said or {"ask", "later"} & set(shown):
            return shown
        return ("seen", *shown) if stance == "seen" and kind in {"like", "dislike"} else (stance,)

    def judged(self) -> frozenset[int]:
        """Return the words that stand for a card or title, surely judged: "happy with it"."""
        found = (at for at in range(len(self._text)) if self._reading.names[at] >= _NAMED)
        stands = ((at, *self._reading.stand(at, at + 1)) for at in found)
        return frozenset(
            at for at, stance, chance in stands if stance in _JUDGED and chance >= _BESIDE
        )

    def _opens_with(self, start: int) -> bool:
        """Tell whether a plain "with" that opens a clause leads to word `start`, a wish."""
        opens = start > 0 and (start == 1 or not self._text.joined(start - 1))
        return opens and self._text.words[start - 1].norm in _WITH

    def _title(self, start: int, end: int) -> Mention | None:
        """Return the title that words ``[start, end)`` are; None where "a man" is not "The Man"."""
        form = self._form(start, end)
        if form not in self._index.forms:
            end = self._owned(start, end)
            start, end = led_in(self._text, start, end), trimmed(self._text, start, end)
            if start >= end:
                return None
            form = self._form(start, end)
        article = end - start > 1 and self._text.words[start].norm in ARTICLES
        if article and form not in self._index.forms:
            bare = self._form(start + 1, end)
            if bare in self._index.forms and self._text.words[start].norm != "the":
                return None
            start, form = (start + 1, bare) if bare in self._index.forms else (start, form)
        known = form if form in self._index.forms else self._closest(form)
        if known is None:
            return self._in_part(start, end) or (
                Mention(start, end, "missing", strength=2)
                if self._reading.title(start, end) >= _UNHEARD
                else None
            )
        item = self._catalog.items[self._index.rows(known)[0]]
        return Mention(start, end, "item", items=(item.item_id,), strength=1)

    def _owned(self, start: int, end: int) -> int:
        """Return where a name ends that is only said to be something: "Artisan's lovely"."""
        for at in range(start, end - 1):
            if self._text.possessive(at) and not self._text.upper(at + 1):
                return at + 1
        return end

    def _in_part(self, start: int, end: int) -> Mention | None:
        """Return the item that words ``[start, end)`` name in part, or not as they are spelt.

        "The iron gaint wen": a word at the end that nobody knows may be none of the title.
        """
        row = self._index.in_part(self._form(start, end))
        if row is None and end - start > _PARTS and self._unheard(end - 1):
            end -= 1
            known = self._closest(self._form(start, end))
            row = self._index.rows(known)[0] if known else None
        if row is None:
            return None
        return Mention(start, end, "item", items=(self._catalog.items[row].item_id,), strength=1)

    def _unheard(self, at: int) -> bool:
        word = self._text.words[at].norm
        return word not in english() and word not in self._index.words

    def _closest(self, form: str) -> str | None:
        """Return the title that `form` mistypes; a single English word is no mistake."""
        return None if form in english() else self._index.closest(form, cued=True)

    def _form(self, start: int, end: int) -> str:
        words = [word.norm for word in self._text.words[start:end]]
        form = title_form(words)
        last = start + len(words) - 1
        if form in self._index.forms or not words or not self._text.possessive(last):
            return form
        stem = title_form([*words[:-1], words[-1].removesuffix("s")])  # "Braveheart's great"
        return stem if stem in self._index.forms else form
