"""What an assertion means for a turn.

Owns: `Observed`, `Check`, `check`: each assertion becomes single statements that hold or do not,
so that a report shows what differs and nothing else, and so that ``not`` turns each round. Does not
own: what counts as supported (`evaluation.dialogues.support`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from assistant.state import Answer, Opinion, Session, Turn, UserProfile
from catalog import Catalog, Constraint
from evaluation.dialogues.form import (
    AnswerClaim,
    Assertion,
    ItemsClaim,
    ProfileClaim,
    QuestionClaim,
    RelaxationsClaim,
    Stage,
    TextClaim,
    WholeState,
)
from evaluation.dialogues.support import unsupported
from evaluation.dialogues.truth import Truth

_OPINIONS = ("likes", "dislikes", "seen", "later")
_NOTHING = "(nothing)"
CONTRACTS = Assertion(
    items=ItemsClaim(in_catalogue=True, satisfy="constraints", never_again=True),
    facts="supported",
)
"""What is checked after every turn, asked or not."""


@dataclass(frozen=True, slots=True)
class Observed:
    """One turn, and what it is to be judged by.

    Attributes
    ----------
    truth : Truth
        What the catalogue knows.
    session : Session
        Before the turn.
    turn : Turn
        As it finished.
    """

    truth: Truth
    session: Session
    turn: Turn

    @property
    def catalog(self) -> Catalog:
        """Return the catalogue."""
        return self.truth.catalog

    @property
    def shown(self) -> tuple[str, ...]:
        """Return the item ids on the cards, best first."""
        return tuple(card.item_id for card in self.turn.cards)


@dataclass(frozen=True, slots=True)
class Check:
    """One statement about a turn.

    Attributes
    ----------
    what : str
        Which part of it: ``"profile.constraints"``.
    expected, found : str
        For a person to compare; only what differs.
    holds : bool
        Whether it is so.
    """

    what: str
    expected: str
    found: str
    holds: bool


def check(assertion: Assertion, seen: Observed, *, timings: bool = False) -> Iterator[Check]:
    """Yield every statement of `assertion` about a turn, those that hold included.

    Parameters
    ----------
    timings : bool
        Whether latencies are checked too; a machine that plays several dialogues at once says
        little about them.

    Raises
    ------
    ConfigurationError
        When it names an item, a facet or a value that the catalogue lacks.
    """
    parts: dict[str, Callable[[Any, Observed], Iterator[Check]]] = {
        "profile": _profile,
        "items": _items,
        "acts": lambda claim, seen: _words("acts", claim, seen.turn.acts),
        "question": _question,
        "missing_titles": lambda names, seen: _titles("missing_titles", names, seen),
        "relaxations": _relaxations,
        "facts": lambda _, seen: _facts(seen),
        "reply": lambda claim, seen: _text("reply", claim, seen.turn.reply),
        "answer": _answer,
        "language": lambda code, seen: _equal("language", code, seen.turn.language),
        "warnings": _warnings,
    }
    for name, part in parts.items():
        claim = getattr(assertion, name)
        if claim is not None:
            yield from part(claim, seen)
    if timings:
        yield from _latency(dict(assertion.latency_ms or {}), seen)
    if assertion.negated is not None:
        for one in check(assertion.negated, seen, timings=timings):
            yield replace(one, expected=f"not {one.expected}", holds=not one.holds)


def _profile(claim: ProfileClaim, seen: Observed) -> Iterator[Check]:
    truth = seen.truth
    state = _state(seen.turn.profile, truth)
    for kind in (*_OPINIONS, "constraints", "preferences"):
        asked = getattr(claim, kind)
        if asked is not None:
            found = state[kind]
            for name in _read(kind, asked, truth):
                yield Check(f"profile.{kind}", name, _listed(found), name in found)
    if claim.missing_titles is not None:
        yield from _titles("profile.missing_titles", claim.missing_titles, seen)
    if claim.exactly is not None:
        yield _exactly(claim.exactly, state, truth)


def _exactly(claim: WholeState, state: Mapping[str, Sequence[str]], truth: Truth) -> Check:
    missed: list[str] = []
    beside: list[str] = []
    for kind, found in state.items():
        asked = _read(kind, getattr(claim, kind), truth)
        missed += (f"{kind}: {name}" for name in asked if name not in found)
        beside += (f"{kind}: {name}" for name in found if name not in asked)
    holds = not missed and not beside
    return Check("profile.exactly", _listed(missed), _listed(beside), holds)


def _read(kind: str, asked: Sequence[Any], truth: Truth) -> list[str]:
    """Return what a file asks for in the words in which a state is shown."""
    if kind in _OPINIONS:
        return [truth.shown(truth.item(name)) for name in asked]
    if kind == "constraints":
        return [truth.words(truth.constraint(condition)) for condition in asked]
    return [truth.wish(wish) for wish in asked]


def _state(profile: UserProfile, truth: Truth) -> dict[str, list[str]]:
    def titles(opinions: Sequence[Opinion]) -> list[str]:
        return [truth.shown(opinion.item_id) for opinion in opinions]

    return {
        **{kind: titles(getattr(profile, kind)) for kind in _OPINIONS},
        "constraints": [truth.words(row) for row in profile.constraints],
        "preferences": [
            f"{'not ' if row.weight < 0 else ''}{row.facet}: {row.value}"
            for row in profile.preferences
        ],
    }


def _items(claim: ItemsClaim, seen: Observed) -> Iterator[Check]:
    truth, shown = seen.truth, seen.shown
    titles = [truth.shown(item_id) for item_id in shown]
    count = len(shown)
    if claim.in_catalogue:
        yield from _in_catalogue(seen)
    if claim.satisfy is not None:
        rows = seen.turn.profile.constraints
        if claim.satisfy != "constraints":
            rows = tuple(truth.constraint(condition) for condition in claim.satisfy)
        yield from _satisfy(rows, seen, truth)
    for name in claim.contains or ():
        item = truth.item(name)
        yield Check("items.contains", truth.shown(item), _listed(titles), item in shown)
    for name in claim.excludes or ():
        item = truth.item(name)
        expected = f"without {truth.shown(item)}"
        yield Check("items.excludes", expected, _listed(titles), item not in shown)
    if claim.first is not None:
        first = [truth.shown(truth.item(name)) for name in claim.first]
        found = titles[: len(first)]
        yield Check("items.first", _listed(first), _listed(found), first == found)
    for pair in claim.above or ():
        yield _above(pair, shown, titles, truth)
    if claim.min is not None:
        yield Check("items.min", f"at least {claim.min}", str(count), count >= claim.min)
    if claim.max is not None:
        yield Check("items.max", f"at most {claim.max}", str(count), count <= claim.max)
    if claim.never_again:
        back = [truth.shown(i) for i in shown if i in gone(seen.session, seen.turn, seen.catalog)]
        expected = "nothing refused, seen or put off"
        yield Check("items.never_again", expected, _listed(back), not back)
    if claim.changed is not None:
        changed = shown != seen.session.slate
        words = {True: "another slate", False: "the same slate"}
        yield Check("items.changed", words[claim.changed], words[changed], changed == claim.changed)


def _in_catalogue(seen: Observed) -> Iterator[Check]:
    for card in seen.turn.cards:
        row = seen.catalog.rows.get(card.item_id)
        title = "(no such item)" if row is None else seen.catalog.items[row].title
        found = f"{card.item_id}: {title}"
        expected = f"{card.item_id}: {card.title}"
        yield Check("items.in_catalogue", expected, found, expected == found)


def _satisfy(rows: Sequence[Constraint], seen: Observed, truth: Truth) -> Iterator[Check]:
    """Yield, per card that fails, the conditions that it fails; alternatives hold together."""
    catalog = seen.catalog
    words = ", ".join(truth.words(row) for row in rows)
    for item_id in seen.shown:
        row = catalog.rows.get(item_id)
        holds = row is not None and catalog.facets.satisfies(row, rows)
        if row is not None and not holds:
            failed = [one for one in rows if not catalog.facets.satisfies(row, (one,))]
            words = ", ".join(truth.words(one) for one in failed) or words
        shown = truth.shown(item_id)
        facts = ", ".join(dict.fromkeys(truth.fact(item_id, one.facet) for one in rows))
        yield Check("items.satisfy", f"{shown}: {words}", f"{shown}: {facts}", holds)


def _above(
    pair: tuple[str, str], shown: Sequence[str], titles: Sequence[str], truth: Truth
) -> Check:
    upper, lower = (truth.item(name) for name in pair)
    holds = upper in shown and (lower not in shown or shown.index(upper) < shown.index(lower))
    expected = f"{truth.shown(upper)} above {truth.shown(lower)}"
    return Check("items.above", expected, _listed(titles), holds)


def gone(session: Session, turn: Turn, catalog: Catalog) -> frozenset[str]:
    """Return what was refused, seen or put off so far and not taken back: it may not be shown.

    A fresh start takes nothing back.
    """
    away: set[str] = set()
    before = session.memory
    for one in (*session.turns, turn):
        if "reset" not in one.acts:
            away -= _away(before) - _away(one.profile)
        away |= _away(one.profile)
        before = one.profile
    # What is asked for by name may come back.
    named = turn.user.casefold()
    return frozenset(i for i in away if catalog.item(i).title.casefold() not in named)


def _away(profile: UserProfile) -> set[str]:
    return {o.item_id for o in (*profile.dislikes, *profile.seen, *profile.later)}


def _question(claim: QuestionClaim, seen: Observed) -> Iterator[Check]:
    question = seen.turn.question
    found = f"asks: {question.text}" if question else "asks nothing"
    if claim.asked is not None:
        expected = "asks" if claim.asked else "asks nothing"
        yield Check("question.asked", expected, found, claim.asked == bool(question))
    if claim.facet is not None:
        facet = seen.truth.facet(claim.facet).name
        asked = question.facet if question else _NOTHING
        yield Check("question.facet", facet, asked, facet == asked)


def _titles(what: str, names: Sequence[str], seen: Observed) -> Iterator[Check]:
    found = seen.turn.missing_titles
    for name in names:
        yield Check(what, name, _listed(found), _fold(name) in {_fold(title) for title in found})


def _fold(title: str) -> str:
    return " ".join(title.casefold().strip(" \"'“”.,!?").split()).removeprefix("the ")


def _relaxations(claim: RelaxationsClaim, seen: Observed) -> Iterator[Check]:
    offered, truth = seen.turn.relaxations, seen.truth
    count = len(offered)
    dropped = [truth.words(row) for one in offered for row in one.drop]
    if claim.min is not None:
        yield Check("relaxations.min", f"at least {claim.min}", str(count), count >= claim.min)
    if claim.max is not None:
        yield Check("relaxations.max", f"at most {claim.max}", str(count), count <= claim.max)
    for condition in claim.drop or ():
        words = truth.words(truth.constraint(condition))
        yield Check("relaxations.drop", words, _listed(dropped), words in dropped)


def _facts(seen: Observed) -> Iterator[Check]:
    found = unsupported(seen.session, seen.turn, seen.truth)
    for sentence in found or (_NOTHING,):
        yield Check("facts", "every reason and sentence supported", sentence, not found)


def _answer(claim: AnswerClaim, seen: Observed) -> Iterator[Check]:
    answer = seen.turn.answer
    if claim.given is not None:
        words = {True: "an answer", False: "no answer"}
        found = bool(answer)
        yield Check("answer.given", words[claim.given], words[found], claim.given == found)
    yield from _text("answer", claim, _told(answer) if answer else "")
    sources = answer.sources if answer else ()
    for source in claim.sources or ():
        yield Check("answer.sources", source, _listed(sources), source in sources)


def _told(answer: Answer) -> str:
    """Return an answer with its table as text."""
    rows = answer.comparison.rows if answer.comparison else ()
    titles = answer.comparison.titles if answer.comparison else ()
    table = [" | ".join(titles), *(f"{name}: {' | '.join(cells)}" for name, cells in rows)]
    return "\n".join([answer.text, *filter(None, table)])


def _warnings(claim: str | TextClaim, seen: Observed) -> Iterator[Check]:
    found = seen.turn.warnings
    if isinstance(claim, TextClaim):
        yield from _text("warnings", claim, " ".join(found))
    else:
        yield Check("warnings", "none", _listed(found), not found)


def _latency(limits: Mapping[Stage, float], seen: Observed) -> Iterator[Check]:
    for stage, limit in limits.items():
        took = seen.turn.timings_ms.get(stage, 0.0)
        yield Check(f"latency_ms.{stage}", f"at most {limit:g}", f"{took:.0f}", took <= limit)


def _text(what: str, claim: TextClaim, text: str) -> Iterator[Check]:
    shown = text or _NOTHING
    for words in claim.contains or ():
        yield Check(f"{what}.contains", words, shown, words.casefold() in text.casefold())
    for words in claim.lacks or ():
        holds = words.casefold() not in text.casefold()
        yield Check(f"{what}.lacks", f"without {words}", shown, holds)
    if claim.matches is not None:
        holds = re.search(claim.matches, text, re.IGNORECASE | re.DOTALL) is not None
        yield Check(f"{what}.matches", claim.matches, shown, holds)


def _words(what: str, claim: Any, found: Sequence[str]) -> Iterator[Check]:  # noqa: ANN401
    for word in claim.contains or ():
        yield Check(f"{what}.contains", word, _listed(found), word in found)
    for word in claim.lacks or ():
        yield Check(f"{what}.lacks", f"without {word}", _listed(found), word not in found)


def _equal(what: str, expected: str, found: str) -> Iterator[Check]:
    yield Check(what, expected, found, expected == found)


def _listed(words: Sequence[str]) -> str:
    return "; ".join(words) or _NOTHING
