"""What a message or a button does to the profile.

Owns: `Reader`: words through the understanding, buttons through the commands, undo through the
past, and the language model's second reading. Does not own: any of those, nor the turn.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from assistant.commands import Command, apply_command, is_command, parse_command
from assistant.parts import Parts
from assistant.phrasebook import phrasebook
from assistant.profile import update_profile
from assistant.recall import before_last_change, within
from assistant.state import Answer, Context, Session, Understanding, UserProfile
from catalog import Catalog
from catalog.errors import ChatModelError, CommandError, UnknownItemError

if TYPE_CHECKING:
    from assistant.help_desk import HelpReading

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood, and the profile after it.

    Attributes
    ----------
    understood : Understanding
        Of the message or button.
    profile : UserProfile
        After it.
    warnings : tuple of str
        What could not be done.
    help : Answer or None
        From the help pages, where they were asked.
    said : str
        The message without what the help pages were asked; empty for a button.
    picks : tuple of str
        Item ids that the slate is to be made of, where an agent chose them.
    """

    understood: Understanding
    profile: UserProfile
    warnings: tuple[str, ...] = ()
    help: Answer | None = None
    said: str = ""
    picks: tuple[str, ...] = ()


class Reader:
    """Reads what a person says and presses."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._catalog = parts.catalog

    def read(self, session: Session, message: str | Command, number: int) -> Reading:
        """Return what `message` means in `session`, as its turn `number`."""
        before, slate = session.profile, session.slate
        if isinstance(message, str) and is_command(message):
            try:
                message = parse_command(message, slate)
            except CommandError as error:
                return Reading(_button(session), before, (str(error),))
        if isinstance(message, Command):
            return self._press(session, message, number)
        context = Context(
            number,
            before,
            slate,
            language=_language(session),
            asked=_asked(session, self._catalog),
            asked_for=_asked_for(session, self._catalog),
        )
        understood = self._parts.understander.understand(message, context)
        if understood.undo:
            return Reading(understood, self._undone(session))
        if self._parts.help_desk is not None:
            found = self._parts.help_desk.read(message, understood)
            if found is not None:
                return self._helped(found, understood, context)
        return Reading(understood, update_profile(before, understood, number), said=message)

    def read_again(self, message: str | Command, first: Reading, number: int) -> Reading | None:
        """Return what a language model makes of `message`, or None where none is to be asked."""
        understood = first.understood
        said = isinstance(message, str) and not is_command(message)
        if self._parts.second_reader is None or not said or understood.reset or understood.undo:
            return None
        if understood.only_asks:
            return None
        try:
            better = self._parts.second_reader(first.said, understood, number)
        except ChatModelError as error:
            logger.info("understanding stays with the rules: %s", error)
            return None
        # What the rules found is in the profile already; adding it again changes nothing.
        profile = update_profile(first.profile, better, number)
        return replace(first, understood=better, profile=profile)

    def _helped(self, found: HelpReading, understood: Understanding, context: Context) -> Reading:
        """Return what is left to do beside answering from the help pages."""
        from assistant.help_desk.reply import reply

        language = understood.language
        asked = Understanding(("policy",), findings=found.findings, language=language)
        if found.rest:
            rest = self._parts.understander.understand(found.rest, context)
            findings = sorted((*rest.findings, *found.findings), key=lambda one: one.start)
            asked = replace(
                rest, acts=("policy", *rest.acts), findings=tuple(findings), language=language
            )
        answer = reply(found, phrasebook(language, self._catalog.schema))
        profile = update_profile(context.profile, asked, context.turn)
        return Reading(asked, profile, help=answer, said=found.rest)

    def _press(self, session: Session, command: Command, number: int) -> Reading:
        pressed = _button(session)
        if command.kind == "undo":
            undone = replace(pressed, acts=("button", "undo"), undo=True)
            return Reading(undone, self._undone(session))
        if command.kind == "reset":
            return Reading(replace(pressed, acts=("button", "reset"), reset=True), UserProfile())
        try:
            after = apply_command(session.profile, command, self._catalog, number)
        except (CommandError, UnknownItemError) as error:
            return Reading(pressed, session.profile, (str(error),))
        return Reading(pressed, after)

    def _undone(self, session: Session) -> UserProfile:
        return within(before_last_change(session), self._catalog)


def _button(session: Session) -> Understanding:
    """Return a press without effect; it speaks the language of the conversation."""
    return Understanding(("button",), language=_language(session))


def _language(session: Session) -> str:
    """Return what the last reply was in; English before the first."""
    return session.turns[-1].language if session.turns else "en"


def _asked(session: Session, catalog: Catalog) -> tuple[str, ...]:
    """Return the items that the last turn answered about."""
    last = session.turns[-1].answer if session.turns else None
    return tuple(item for item in last.items if item in catalog.rows) if last else ()


def _asked_for(session: Session, catalog: Catalog) -> str:
    """Return the one facet that the last turn told of items; empty where there is none."""
    last = session.turns[-1].answer if session.turns else None
    told = last.sources if last and last.items and not last.comparison else ()
    names = {facet.name for facet in catalog.schema.facets}
    return told[0] if len(told) == 1 and told[0] in names else ""
