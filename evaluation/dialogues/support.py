"""Whether a turn says only what it can vouch for, judged from outside.

Owns: `unsupported`. Does not own: the assistant's own check of a language model's sentences
(`assistant.grounding`), which is asked too, for every reason and every pick told in English.

Beside that, in every language: each number, each name and each quotation in the reply must stand
somewhere in what the turn is about: the person's messages, the items on the table and in the
profile, what is offered, or Vouch's own phrases and schema. An invented title, year, price or
person stands in none of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.evidence import evidence_for, liked
from assistant.phrasebook import Phrasebook, phrasebook
from assistant.query import search_text
from assistant.state import Evidence, Session, Turn, UserProfile
from assistant.templates import sentence
from assistant.vocabulary import PLAIN_STEMS, stem
from assistant.wording import short
from catalog import Catalog
from evaluation.dialogues.truth import Truth
from ranking.scoring import Scored

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
_QUOTED = re.compile(r"“([^”]*)”|«([^»]*)»|„([^“]*)“|《([^》]*)》|「([^」]*)」")
_PICK = re.compile(r"(\d+)\. (.*)")


def unsupported(session: Session, turn: Turn, truth: Truth) -> tuple[str, ...]:
    """Return every reason and sentence of `turn` that nothing supports, with what is wrong in it.

    Parameters
    ----------
    session : Session
        Before the turn.
    turn : Turn
        As it finished.
    truth : Truth
        What the catalogue knows.
    """
    catalog = truth.catalog
    grounds = _grounds(session, turn, catalog)
    told = [line for line in turn.reply.splitlines() if line.strip()]
    texts = [*told, *([turn.question.text] if turn.question else [])]
    fresh = not session.turns or session.turns[-1].cards != turn.cards
    if fresh:
        texts += [reason for card in turn.cards for reason in card.reasons]
    found = [f"{text!r}: {', '.join(odd)}" for text in texts if (odd := [*_foreign(text, grounds)])]
    if fresh and turn.language == "en":
        found += _ungrounded(turn, told, truth)
    return tuple(dict.fromkeys(found))


def _ungrounded(turn: Turn, told: Sequence[str], truth: Truth) -> Iterator[str]:
    """Yield reasons and picks told that are no facts of the catalogue's and fail the check."""
    catalog, book = truth.catalog, phrasebook(turn.language, truth.catalog.schema)
    picks = {int(found[1]): found[2] for line in told if (found := _PICK.fullmatch(line))}
    # What the catalogue lacks has no facts; that it is shown is another check's to say.
    cards = [card for card in turn.cards if card.item_id in catalog.rows]
    scored = [Scored(catalog.row(card.item_id), card.score, card.terms) for card in cards]
    told_of = evidence_for(scored, turn.profile, catalog, search_text(turn.profile, catalog))
    for evidence, card in zip(told_of, cards, strict=True):
        stated = {fact.text.casefold() for fact in evidence.facts}
        stated.add(sentence(evidence, catalog, book).casefold())
        lines = [*card.reasons, *([picks[evidence.slot]] if evidence.slot in picks else [])]
        for line in lines:
            if line.casefold() in stated:
                continue
            verdict = truth.grounding.check(_unnamed(line, evidence, catalog), evidence)
            if not verdict.ok:
                yield f"{line!r}: {', '.join(verdict.unsupported)}"


def _unnamed(line: str, evidence: Evidence, catalog: Catalog) -> str:
    """Return `line` with placeholders for the names of the pick and of the liked items."""
    names = {short(catalog.name(catalog.row(evidence.item_id))): "{pick}"}
    for number, item_id in enumerate(liked(evidence), start=1):
        names[short(catalog.item(item_id).title)] = f"{{like{number}}}"
    for name in sorted(names, key=len, reverse=True):
        line = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", names[name], line)
    return line


def _foreign(text: str, grounds: str) -> Iterator[str]:
    """Yield the numbers, names and quotations of `text` that stand nowhere in `grounds`."""
    for found in _QUOTED.finditer(text):
        quoted = next(group for group in found.groups() if group is not None).rstrip("….")
        if any(f" {word} " not in grounds for word in _plain(quoted).split()):
            yield found[0]
    for number in _NUMBER.findall(text):
        if not re.search(rf"(?<!\d){re.escape(number)}(?!\d)", grounds):
            yield number
    for word in _WORD.findall(text):
        named = word[0].isupper() and stem(word) not in PLAIN_STEMS
        if named and _plain(word) not in grounds:
            yield word


def _grounds(session: Session, turn: Turn, catalog: Catalog) -> str:
    """Return all that the turn may speak of, in lower case."""
    book = phrasebook(turn.language, catalog.schema)
    parts: list[object] = [turn.user, *(past.user for past in session.turns)]
    parts += [form for wording in book.wordings.values() for form in (*wording.one, *wording.many)]
    parts += [repr(catalog.schema), repr(catalog.schema.locales.get(turn.language))]
    items: set[str] = set()
    for one in (*session.turns, turn):
        items |= {card.item_id for card in one.cards}
        items |= {cause for card in one.cards for term in card.terms for cause in term.because}
        items |= set(one.answer.items) if one.answer else set()
        items |= _held(one.profile)
        parts += one.missing_titles
    items |= _held(session.memory)
    for item_id in items & catalog.rows.keys():
        item = catalog.item(item_id)
        parts += [catalog.name(catalog.row(item_id)), *item.texts.values()]
        for facet in catalog.schema.facets:
            values = item.labels.get(facet.name, ())
            parts += [*values, *(book.value(facet, value) for value in values)]
            number = item.numbers.get(facet.name)
            if number is not None:
                parts += [facet.display(number), book.value(facet, number), f"{number:g}"]
                parts.append(f"{int(number) // 10 * 10}s")
    parts += _shown(session, turn, book)
    return _plain(" ".join(str(part) for part in parts))


def _shown(session: Session, turn: Turn, book: Phrasebook) -> Iterator[object]:
    """Yield what the turn itself counts, offers and scores, and the ledger in words."""
    yield from range(len(turn.cards) + 1)
    for profile in (session.memory, *(one.profile for one in session.turns), turn.profile):
        for row in profile.constraints:
            yield from (row.text, book.condition(row))
            if not isinstance(row.value, str | bool):
                yield book.bound(row)
        for wish in profile.preferences:
            yield from (wish.value, wish.text, book.wish(wish), book.aim(wish))
        yield from profile.topics
    for relaxation in turn.relaxations:
        yield from (book.number(relaxation.items), book.number(relaxation.unknown))
    yield from (turn.question.options if turn.question else ())
    if turn.answer and turn.answer.comparison:
        yield from (cell for _, cells in turn.answer.comparison.rows for cell in cells)
    if turn.answer:
        yield from turn.answer.pointers
        for quote in turn.answer.quotes:
            yield from (quote.source, quote.text)
    for card in turn.cards:
        yield f"{card.score:.2f}"
        yield from (f"{term.contribution:.2f}" for term in card.terms)


def _held(profile: UserProfile) -> set[str]:
    opinions = (*profile.likes, *profile.dislikes, *profile.seen, *profile.later)
    return {opinion.item_id for opinion in opinions}


def _plain(text: str) -> str:
    words = re.findall(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['\u2019-][^\W\d_]+)*", text.casefold())
    return f" {' '.join(words)} "
