"""How well messages are understood: labelled messages against the state that they lead to.

Owns: the labelled sets' format, slots, joint goal accuracy and slot F1 (Henderson et al. 2014, the
Dialog State Tracking Challenge). Does not own: the messages (`evaluation/understanding`), whose
README says how they were labelled.
"""

from __future__ import annotations

import gc
import json
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any, Literal, cast

import numpy as np

from assistant.profile import update_profile
from assistant.state import Context, Opinion, Preference, Understanding, UserProfile
from assistant.understanding import Tagger, Understander
from catalog import Catalog, Constraint, Operator, read_schema
from catalog import __file__ as catalog_package
from catalog.database import load_catalog, open_database
from catalog.demo.films import load_demo
from catalog.errors import ConfigurationError
from catalog.ingest import ingest

LABELLED = Path(__file__).parent / "understanding"
Part = Literal["tuned", "blind"]
Slots = frozenset[str]
_OPINIONS = ("likes", "dislikes", "seen", "later")
_TURN = 2
"""The turn that a message is read as; what is held came from the first."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One labelled message.

    Attributes
    ----------
    row : mapping of str to object
        The line of the file.
    """

    row: Mapping[str, Any]

    @property
    def catalogue(self) -> str:
        """Which catalogue it speaks of."""
        return str(self.row["catalogue"])

    def expected(self) -> Slots:
        """Return the slots of the state after the message."""
        return _slots(self.row.get("state", {}))

    def context(self, catalog: Catalog, names: Mapping[str, str]) -> Context:
        """Return what the message may refer to; `names` is display title to item id."""
        slate = tuple(_item(title, names) for title in self.row.get("slate", ()))
        return Context(_TURN, _profile(self.row.get("held", {}), catalog, names), slate)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one message was understood as.

    Attributes
    ----------
    message : Labelled
        With what was expected.
    found : frozenset of str
        The slots of the state that it led to, those that are optional left out.
    acts, asks : tuple of str
        Expected and not recognised.
    ms : float
        Time to understand it.
    """

    message: Labelled
    found: Slots
    acts: tuple[str, ...]
    asks: tuple[str, ...]
    ms: float

    @property
    def exact(self) -> bool:
        """Tell whether the state is right in every slot."""
        return self.found == self.message.expected()


@dataclass(frozen=True, slots=True)
class StateReport:
    """Scores of one part.

    Attributes
    ----------
    part : str
        ``"tuned"`` or ``"blind"``.
    scores : mapping of str to float
        By measure, in [0, 1]; NaN where nothing was to be found.
    by : mapping of str to (float, int)
        Joint goal accuracy and number of messages by catalogue, language and tag.
    ms : (float, float, float)
        Median, 95th percentile and longest time of a message.
    outcomes : tuple of Outcome
        In file order.
    """

    part: str
    scores: Mapping[str, float]
    by: Mapping[str, tuple[float, int]]
    ms: tuple[float, float, float]
    outcomes: tuple[Outcome, ...]

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON values, the wrong states included."""
        return {
            "part": self.part,
            "messages": len(self.outcomes),
            "scores": {name: round(score, 4) for name, score in self.scores.items()},
            "joint_goal_accuracy_by": {
                name: {"accuracy": round(score, 4), "n": n} for name, (score, n) in self.by.items()
            },
            "ms": dict(zip(("p50", "p95", "max"), (round(t, 2) for t in self.ms), strict=True)),
            "wrong": [
                {
                    "id": outcome.message.row["id"],
                    "missed": sorted(outcome.message.expected() - outcome.found),
                    "invented": sorted(outcome.found - outcome.message.expected()),
                }
                for outcome in self.outcomes
                if not outcome.exact
            ],
        }

    def to_text(self) -> str:
        """Return the scores as lines."""
        lines = [f"{self.part}: {len(self.outcomes)} messages"]
        lines += [f"  {name:<24}{score:.3f}" for name, score in self.scores.items()]
        lines.append("  milliseconds p50 {:.1f}, p95 {:.1f}, max {:.1f}".format(*self.ms))
        lines.append("  exact state by kind:")
        lines += [f"    {name:<14}{score:.2f} of {n}" for name, (score, n) in self.by.items()]
        return "\n".join(lines)


def read_labelled(part: Part, folder: Path = LABELLED) -> tuple[Labelled, ...]:
    """Return the messages of `part`, files in order of name.

    Raises
    ------
    ConfigurationError
        When there are none.
    """
    files = sorted(folder.glob(f"{part}_*.jsonl"))
    lines = [line for file in files for line in file.read_text(encoding="utf-8").splitlines()]
    if not lines:
        raise ConfigurationError(f"no labelled messages {part!r} in {str(folder)!r}")
    return tuple(Labelled(json.loads(line)) for line in lines)


def labelled_catalogs() -> dict[str, Catalog]:
    """Return the catalogues that the messages speak of, built from nothing (five seconds)."""
    shop = Path(catalog_package).parent / "examples" / "shop"
    with tempfile.TemporaryDirectory() as folder:
        films = open_database(f"sqlite:///{Path(folder) / 'films.db'}")
        load_demo(films)
        household = open_database(f"sqlite:///{Path(folder) / 'shop.db'}")
        ingest(household, shop / "items.csv", schema=read_schema(shop / "schema.toml"))
        catalogs = {"films": load_catalog(films), "shop": load_catalog(household)}
        films.dispose()
        household.dispose()
    return catalogs


def measure(
    part: str, messages: Sequence[Labelled], catalogs: Mapping[str, Catalog]
) -> StateReport:
    """Return how the rules do on `messages`; `catalogs` by the name that the messages use."""
    tagger = Tagger.load()
    understanders = {name: Understander(catalog, tagger) for name, catalog in catalogs.items()}
    names = {name: display_names(catalog) for name, catalog in catalogs.items()}
    gc.collect()
    gc.freeze()  # as `vouch run` does: the catalogue stays
    outcomes = tuple(
        read_message(
            message,
            understanders[message.catalogue],
            catalogs[message.catalogue],
            names[message.catalogue],
        )
        for message in messages
    )
    gc.unfreeze()
    times = np.array([outcome.ms for outcome in outcomes])
    return StateReport(
        part=part,
        scores=_scores(outcomes),
        by=_breakdown(outcomes),
        ms=(float(np.median(times)), float(np.percentile(times, 95)), float(times.max())),
        outcomes=outcomes,
    )


def read_message(
    message: Labelled, understander: Understander, catalog: Catalog, names: Mapping[str, str]
) -> Outcome:
    """Return what `message` is understood as."""
    context = message.context(catalog, names)
    started = perf_counter()
    understood = understander.understand(str(message.row["message"]), context)
    ms = 1000 * (perf_counter() - started)
    after = context.profile if understood.undo else None
    profile = after or update_profile(context.profile, understood, _TURN)
    found = profile_slots(profile, catalog) | {
        f"missing: {_fold(title)}" for title in understood.missing_titles
    }
    optional = _slots(message.row.get("optional", {})) - message.expected()
    asks = set(_asks(understood, catalog))
    return Outcome(
        message,
        frozenset(found - optional),
        tuple(act for act in message.row.get("acts", ()) if act not in understood.acts),
        tuple(ask for ask in message.row.get("asks", ()) if ask not in asks),
        ms,
    )


def display_names(catalog: Catalog) -> dict[str, str]:
    """Return display title to item id; of two items of one title, the better known."""
    order = np.argsort(catalog.popularity, kind="stable")
    return {catalog.name(int(row)): catalog.items[int(row)].item_id for row in order}


def profile_slots(profile: UserProfile, catalog: Catalog) -> Slots:
    """Return `profile` as slots, in the form of the labels."""
    slots = {
        f"{kind}: {catalog.name(catalog.row(opinion.item_id))}"
        for kind in _OPINIONS
        for opinion in cast("tuple[Opinion, ...]", getattr(profile, kind))
    }
    slots |= {f"constraints: {_condition(row)}" for row in profile.constraints}
    slots |= {
        f"preferences: {'' if row.weight > 0 else 'not '}{row.facet}: {row.value}"
        for row in profile.preferences
    }
    return _pinned(slots)


def _pinned(slots: Iterable[str]) -> Slots:
    """Return `slots` with "at least 1977" and "at most 1977" as the "= 1977" that they are."""
    found = set(slots)
    for slot in tuple(found):
        head, op, value = slot.rpartition(" >= ")
        other = f"{head} <= {value}"
        if op and other in found:
            found -= {slot, other}
            found.add(f"{head} = {value}")
    return frozenset(found)


def _slots(state: Mapping[str, Sequence[str]]) -> Slots:
    return _pinned(
        f"missing: {_fold(value)}" if kind == "missing" else f"{kind}: {value}"
        for kind, values in state.items()
        for value in values
    )


def _profile(
    held: Mapping[str, Sequence[str]], catalog: Catalog, names: Mapping[str, str]
) -> UserProfile:
    def opinions(kind: str) -> tuple[Opinion, ...]:
        ids = [_item(title, names) for title in held.get(kind, ())]
        return tuple(Opinion(item_id, catalog.item(item_id).title, 1) for item_id in ids)

    return UserProfile(
        likes=opinions("likes"),
        dislikes=opinions("dislikes"),
        seen=opinions("seen"),
        later=opinions("later"),
        constraints=tuple(_constraint(text, catalog) for text in held.get("constraints", ())),
        preferences=tuple(_preference(text) for text in held.get("preferences", ())),
    )


def _item(title: str, names: Mapping[str, str]) -> str:
    if title not in names:
        raise ConfigurationError(
            f"no item is called {title!r} in the catalogue of the labelled messages"
        )
    return names[title]


def _constraint(text: str, catalog: Catalog) -> Constraint:
    facet, op, value = text.split(" ", 2)
    kind = catalog.schema.facet(facet).kind
    typed = float(value) if kind == "number" else value == "yes" if kind == "flag" else value
    return Constraint(facet, cast(Operator, op), typed, 1)


def _preference(text: str) -> Preference:
    facet, _, value = text.removeprefix("not ").partition(": ")
    return Preference(facet, value, -1.0 if text.startswith("not ") else 1.0, 1)


def _condition(row: Constraint) -> str:
    if isinstance(row.value, bool):
        return f"{row.facet} {row.op} {'yes' if row.value else 'no'}"
    shown = row.value if isinstance(row.value, str) else f"{row.value:g}"
    return f"{row.facet} {row.op} {shown}"


def _asks(understood: Understanding, catalog: Catalog) -> Iterable[str]:
    for ask in understood.asks:
        titles = " | ".join(catalog.name(catalog.row(item_id)) for item_id in ask.items)
        yield f"{ask.kind}{f' {ask.facet}' if ask.facet else ''}: {titles}"


def _fold(words: str) -> str:
    return " ".join(words.casefold().strip(" \"'“”.,!?").split()).removeprefix("the ")


def _scores(outcomes: Sequence[Outcome]) -> dict[str, float]:
    expected = [(place, slot) for place, o in enumerate(outcomes) for slot in o.message.expected()]
    found = [(place, slot) for place, o in enumerate(outcomes) for slot in o.found]
    # What was held before says nothing of how this message was understood.
    held = [_slots(outcome.message.row.get("held", {})) for outcome in outcomes]
    against = {(n, slot) for n, slot in expected if _refuses(slot) and slot not in held[n]}
    missing = {pair for pair in expected if pair[1].startswith("missing")}
    said = {pair for pair in found if pair[1].startswith("missing")}
    acts = sum(len(o.message.row.get("acts", ())) for o in outcomes)
    asks = sum(len(o.message.row.get("asks", ())) for o in outcomes)
    return {
        "joint_goal_accuracy": float(np.mean([outcome.exact for outcome in outcomes])),
        "slot_f1": _f1(set(expected), set(found)),
        "dislike_recall": len(against & set(found)) / len(against) if against else float("nan"),
        "missing_title_f1": _f1(missing, said),
        "act_recall": 1 - sum(len(o.acts) for o in outcomes) / acts if acts else float("nan"),
        "ask_recall": 1 - sum(len(o.asks) for o in outcomes) / asks if asks else float("nan"),
    }


def _refuses(slot: str) -> bool:
    return slot.startswith(("dislikes", "preferences: not ")) or (
        slot.startswith("constraints") and " != " in slot
    )


def _f1(expected: set[tuple[int, str]], found: set[tuple[int, str]]) -> float:
    total = len(expected) + len(found)
    return 2 * len(expected & found) / total if total else float("nan")


def _breakdown(outcomes: Sequence[Outcome]) -> dict[str, tuple[float, int]]:
    groups: dict[str, list[bool]] = {}
    for outcome in outcomes:
        row = outcome.message.row
        for name in (row["catalogue"], row.get("language", "en"), *row.get("tags", ())):
            groups.setdefault(str(name), []).append(outcome.exact)
    return {name: (float(np.mean(right)), len(right)) for name, right in sorted(groups.items())}
