"""What other people's agents can have done: search, look up, compare, recommend, explain, edit.

Owns: `Toolbox`, `Capability`, the results' form. Does not own: what is taken
(`assistant.tool_forms`), any answer (`assistant.engine`), or any agent's protocol
(`assistant.tools`, `ui.mcp_server`).

Values in and out are plain JSON. A session id opens its conversation: who may know one is the
caller's to decide.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from assistant.chips import chips
from assistant.commands import Command, apply_command
from assistant.conditions import Condition, constraints_of, facet_guide
from assistant.engine import Assistant
from assistant.events import Finished
from assistant.state import Ask, Asker, Card, Session, Turn
from assistant.tool_forms import (
    CompareItems,
    Edit,
    Explain,
    LookupItem,
    Recommend,
    SearchCatalog,
    ToolForm,
    UpdateProfile,
)
from assistant.wire import Json, turn_json
from catalog import Item
from catalog.errors import CommandError

_CLOSEST = 3
_OF_A_TURN = ("reply", "question", "options", "missing_titles", "relaxations", "warnings")


@dataclass(frozen=True, slots=True)
class Capability:
    """One tool.

    Attributes
    ----------
    name, description : str
        As agents see them.
    form : type of ToolForm
        What it takes.
    run : callable
        Takes the form's fields by name.
    changes : bool
        Whether it changes anything.
    """

    name: str
    description: str
    form: type[ToolForm]
    run: Callable[..., Json]
    changes: bool = False


class Toolbox:
    """The capabilities of `assistant`. Safe to share between threads.

    Parameters
    ----------
    assistant : Assistant
        Does everything.
    asker : Asker
        For whom `search_catalog` searches and `compare_items` compares, where that is not left to
        a session id.
    """

    def __init__(self, assistant: Assistant, asker: Asker = Asker()) -> None:
        self._assistant = assistant
        self._asker = asker

    @cached_property
    def capabilities(self) -> tuple[Capability, ...]:
        """All tools, in a fixed order."""
        schema = self._assistant.catalog.schema
        told = f"The catalogue has {schema.plural}."
        facets = f"{told} Facets: {facet_guide(self._assistant.catalog)}."
        rows: tuple[tuple[type[ToolForm], Callable[..., Json], str, bool], ...] = (
            (SearchCatalog, self.search_catalog, facets, False),
            (LookupItem, self.lookup_item, told, False),
            (CompareItems, self.compare_items, told, False),
            (Recommend, self.recommend, told, True),
            (Explain, self.explain, "", False),
            (UpdateProfile, self.update_profile, "", True),
        )
        return tuple(
            Capability(run.__name__, f"{_words(form)} {more}".strip(), form, run, changes)
            for form, run, more, changes in rows
        )

    def call(self, name: str, arguments: Mapping[str, Any]) -> Json:
        """Return what the tool `name` answers to `arguments`, which are checked.

        Raises
        ------
        CommandError
            When there is no such tool, or the arguments are not what it takes.
        VouchError
            As the tool raises it.
        """
        named = {capability.name: capability for capability in self.capabilities}
        if name not in named:
            raise CommandError(f"no tool {name!r}; there are: {', '.join(named)}")
        try:
            form = named[name].form.model_validate(arguments)
        except ValidationError as error:
            faults = "; ".join(
                f"{'.'.join(map(str, fault['loc'])) or 'arguments'}: {fault['msg']}"
                for fault in error.errors()
            )
            raise CommandError(f"{name} cannot take these arguments: {faults}") from error
        return named[name].run(**dict(form))

    def search_catalog(
        self, query: str = "", conditions: Sequence[Condition] = (), limit: int = 5
    ) -> Json:
        """Return the best items, best first, with score and reasons.

        Raises
        ------
        ConstraintError
            For a facet or a value that the catalogue lacks; the message lists those there are.
        """
        rows = constraints_of(conditions, self._assistant.catalog)
        found = self._assistant.search(query.strip(), rows, limit, self._asker)
        items = [self._card(card) for card in found.cards]
        return {"items": items, "warnings": list(found.warnings)}

    def lookup_item(self, item_id: str = "", title: str = "") -> Json:
        """Return all that is known of the item, or of each that has `title`.

        A title that the catalogue lacks gives no items, and the closest ones by name only.

        Raises
        ------
        UnknownItemError
            When there is no item with that id.
        """
        catalog = self._assistant.catalog
        if item_id:
            return {"items": [self._item(catalog.item(item_id), texts=True)]}
        sought = " ".join(title.casefold().split())
        found = [
            item
            for row, item in enumerate(catalog.items)
            if sought
            in {name.casefold() for name in (item.title, catalog.name(row), *item.aliases)}
        ]
        if found:
            return {"items": [self._item(item, texts=True) for item in found]}
        near = self._assistant.search(title, limit=_CLOSEST).cards
        return {"items": [], "closest": [_named(card.item_id, card.title) for card in near]}

    def compare_items(self, item_ids: Sequence[str], session_id: str = "") -> Json:
        """Return the items side by side, and which fits the person of the session better."""
        session = self._assistant.resume(session_id) if session_id else self._asker.session
        answer = self._assistant.answer([Ask("compare", tuple(item_ids))], session)
        table = answer.comparison
        assert table is not None
        return {
            "text": answer.text,
            "titles": list(table.titles),
            "rows": [{"name": name, "values": list(values)} for name, values in table.rows],
        }

    def recommend(self, message: str, session_id: str | None = None) -> Json:
        """Take a turn and return its recommendations, with the session's id for the next one."""
        session = self._session(session_id)
        return self._taken(session, message)

    def explain(self, session_id: str, item_id: str) -> Json:
        """Return why the item was shown in the session, or why it was not: from the score itself.

        Raises
        ------
        UnknownItemError, UnknownSessionError
            When there is no such item, or session.
        """
        session = self._assistant.resume(session_id)
        shown = any(card.item_id == item_id for turn in session.turns for card in turn.cards)
        ask = Ask("why" if shown else "why_not", (item_id,))
        answer = self._assistant.answer([ask], session)
        return {"item_id": item_id, "shown": shown, "text": answer.text,
                "sources": list(answer.sources)}  # fmt: skip

    def update_profile(self, session_id: str, edits: Sequence[Edit]) -> Json:
        """Make `edits` in their order and return the recommendations after the last.

        Raises
        ------
        CommandError, UnknownItemError
            When one of them cannot be made; then none is.
        """
        session = self._assistant.resume(session_id)
        commands = [Command(edit.action, edit.target) for edit in edits]
        profile, number = session.profile, len(session.turns) + 1
        for command in commands:
            if command.kind != "undo":
                profile = apply_command(profile, command, self._assistant.catalog, number)
        for command in commands[:-1]:
            session = self._finished(session, command).session
        return self._taken(session, commands[-1])

    def _session(self, session_id: str | None) -> Session:
        assistant = self._assistant
        return assistant.resume(session_id) if session_id else assistant.start()

    def _finished(self, session: Session, message: str | Command) -> Finished:
        *_, last = self._assistant.respond(session, message)
        assert isinstance(last, Finished)
        return last

    def _taken(self, session: Session, message: str | Command) -> Json:
        done = self._finished(session, message)
        return {"session_id": done.session.session_id, **self._turn(done.turn)}

    def _turn(self, turn: Turn) -> Json:
        schema = self._assistant.catalog.schema
        whole = turn_json(turn, schema)
        shown = [
            {"key": chip.key, "label": chip.label, "kind": chip.kind}
            for chip in chips(turn.profile, schema)
        ]
        return {
            **{name: whole[name] for name in _OF_A_TURN},
            "items": [self._card(card) for card in turn.cards],
            "profile": {"summary": whole["profile"]["summary"], "chips": shown},
        }

    def _card(self, card: Card) -> Json:
        return {
            **self._item(self._assistant.catalog.item(card.item_id)),
            "score": round(card.score, 4),
            "reasons": list(card.reasons),
            "satisfies": list(card.satisfies),
        }

    def _item(self, item: Item, *, texts: bool = False) -> Json:
        """Return an item with its facts as values that conditions can be made of."""
        return {
            **_named(item.item_id, item.title),
            "url": item.url,
            "facts": {
                facet.name: value
                for facet in self._assistant.catalog.schema.facets
                if (value := _fact(item, facet.name)) is not None
            },
            **({"texts": dict(item.texts)} if texts else {}),
        }


def _named(item_id: str, title: str) -> Json:
    return {"item_id": item_id, "title": title}


def _fact(item: Item, facet: str) -> list[str] | float | bool | None:
    if facet in item.labels:
        return list(item.labels[facet])
    number = item.numbers.get(facet)
    if number is not None:
        return int(number) if float(number).is_integer() else number
    return item.flags.get(facet)


def _words(form: type[ToolForm]) -> str:
    return " ".join((form.__doc__ or "").split())
