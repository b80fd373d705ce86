"""A conversation in a terminal, and scripts of one.

Owns: drawing turns with rich, and the JSON lines of scripted runs. Does not own: the turn.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.table import Table

from assistant.chips import chips, condition_labels
from assistant.engine import Assistant
from assistant.events import Finished
from assistant.state import Card, Session, Turn
from assistant.wire import turn_json
from catalog import Schema
from catalog.errors import ConfigurationError
from ui.tables import table_view, text_table

_HELP = (
    "Say what you like in your own words. Buttons: /like N, /dislike N, /seen N, /later N, "
    "/more N, /remove CHIP, /always CHIP, /now CHIP, /undo, /reset. A number alone takes the hint "
    "with that number. Leave with Ctrl-D."
)


def run_scripts(
    assistant: Assistant, scripts: Sequence[Path], user: str | None, as_json: bool
) -> None:
    """Run each script in a fresh session, one message a line, blank lines skipped.

    With `as_json`, prints one JSON object a turn on stdout and nothing else; where there are
    several scripts each object names its own.

    Raises
    ------
    ConfigurationError
        When a script cannot be read; before any of them is run.
    """
    console = Console()
    for path, lines in [(path, _lines(path)) for path in scripts]:
        session = assistant.start(user)
        for line in lines:
            session, turn = _take(assistant, session, line)
            if not as_json:
                console.print(f"\n[bold]> {escape(line)}[/bold]")
                _draw(console, assistant, turn)
                continue
            value = turn_json(turn, assistant.catalog.schema)
            if len(scripts) > 1:
                value["script"] = path.name
            sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
            sys.stdout.flush()


def converse(assistant: Assistant, user: str | None) -> None:
    """Talk until the person leaves."""
    console = Console()
    console.print(Panel(_HELP, title="Vouch", border_style="dim"))
    session = assistant.start(user)
    offered: tuple[Hint, ...] = ()
    for typed in _typed(console):
        chosen = typed.isdecimal() and 1 <= int(typed) <= len(offered)
        line = offered[int(typed) - 1].line if chosen else typed
        session, turn = _take(assistant, session, line)
        _draw(console, assistant, turn)
        offered = hints(turn, assistant.catalog.schema)


@dataclass(frozen=True, slots=True)
class Hint:
    """What may be said or pressed next: how it reads, and the line that does it."""

    label: str
    line: str


def hints(turn: Turn, schema: Schema) -> tuple[Hint, ...]:
    """Return what `turn` offers, in the order shown: answers, ways out of nothing, critiques."""
    answers = turn.question.options if turn.question else ()
    found = [Hint(answer, answer) for answer in answers]
    for relaxation in turn.relaxations:
        labels = " and ".join(condition_labels(relaxation.drop, schema))
        rows = "\n".join(map(str, relaxation.drop))
        found.append(Hint(f"without “{labels}” ({relaxation.items:,})", f"/remove {rows}"))
    found += [Hint(f"{one.label} ({one.items:,})", one.message) for one in turn.suggestions]
    return tuple(found)


def _take(assistant: Assistant, session: Session, line: str) -> tuple[Session, Turn]:
    for event in assistant.respond(session, line):
        if isinstance(event, Finished):
            return event.session, event.turn
    raise AssertionError("a turn always finishes")


def _lines(path: Path) -> list[str]:
    try:
        text = sys.stdin.read() if str(path) == "-" else path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"cannot read script {str(path)!r}: {error}") from error
    return [line.strip() for line in text.splitlines() if line.strip()]


def _typed(console: Console) -> Iterator[str]:
    while True:
        try:
            line = console.input("\n[bold]> [/bold]").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if line:
            yield line


def _draw(console: Console, assistant: Assistant, turn: Turn) -> None:
    for warning in turn.warnings:
        console.print(f"[yellow]{escape(warning)}[/yellow]")
    console.print(escape(turn.reply))
    if table := table_view(turn, assistant.catalog.schema):
        console.print(text_table(table))
    for number, card in enumerate(turn.cards, start=1):
        console.print(_card(number, card))
    if turn.question is not None:
        console.print(f"[cyan]{escape(turn.question.text)}[/cyan]")
    offered = hints(turn, assistant.catalog.schema)
    if offered:
        listed = (f"[cyan]{n}[/cyan] {escape(hint.label)}" for n, hint in enumerate(offered, 1))
        console.print("   ".join(listed))
    entries = chips(turn.profile, assistant.catalog.schema)
    if entries:
        shown = "  ".join(f"[{escape(chip.label)}]" for chip in entries)
        console.print(f"[dim]Profile: {escape(shown)}[/dim]")


def _card(number: int, card: Card) -> Table:
    table = Table.grid(padding=(0, 1))
    year = f" ({card.year})" if card.year else ""
    table.add_row(f"[bold]{number}.[/bold]", f"[bold]{escape(card.title)}[/bold]{year}")
    for reason in card.reasons:
        table.add_row("", f"[dim]·[/dim] {escape(reason)}")
    return table
