"""Prompts as files, with declared variables.

Owns: `Prompt`, `load_prompt`, `inert`. Does not own: the prompts (``prompts/*.md``), their values.

A prompt file starts with ``variables: name, name``, then has ``# System`` and
``# User``; a variable is written ``$name``, so that braces are free for placeholders.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from string import Template

from catalog.errors import ConfigurationError

_FORM = re.compile(
    r"variables:(?P<names>[^\n]*)\n+# System\n(?P<system>.*)\n# User\n(?P<user>.*)", re.S
)


@dataclass(frozen=True, slots=True)
class Prompt:
    """A system and a user message with variables in both."""

    name: str
    variables: frozenset[str]
    system: str
    user: str

    def fill(self, **values: str) -> tuple[str, str]:
        """Return the system and the user message with `values` in place.

        Raises
        ------
        ConfigurationError
            When a declared variable is missing, or a value is not declared.
        """
        if values.keys() != self.variables:
            wrong = ", ".join(sorted(values.keys() ^ self.variables))
            raise ConfigurationError(f"prompt {self.name!r} and its values differ in: {wrong}")
        return Template(self.system).substitute(values), Template(self.user).substitute(values)


def parse_prompt(name: str, text: str) -> Prompt:
    """Return the prompt written in `text`; raises `ConfigurationError` when it is malformed."""
    found = _FORM.fullmatch(text)
    if found is None:
        raise ConfigurationError(f"prompt {name!r} needs 'variables:', '# System' and '# User'")
    declared = frozenset(word for word in re.split(r"[,\s]+", found["names"]) if word)
    system, user = found["system"].strip(), found["user"].strip()
    used = frozenset(Template(f"{system}{user}").get_identifiers())
    if used != declared:
        wrong = ", ".join(sorted(used ^ declared))
        raise ConfigurationError(f"prompt {name!r} declares and uses different variables: {wrong}")
    return Prompt(name, declared, system, user)


@cache
def load_prompt(name: str) -> Prompt:
    """Return the prompt in ``prompts/<name>.md``."""
    file = resources.files("assistant") / "prompts" / f"{name}.md"
    return parse_prompt(name, file.read_text(encoding="utf-8"))


def inert(text: str, limit: int = 400) -> str:
    """Return untrusted `text` unable to end its delimiter or pose as a placeholder.

    Brackets, braces, backticks and line ends become blanks; the rest is cut at `limit` characters.
    """
    return " ".join(re.sub(r"[<>{}\[\]`$\x00-\x1f\x7f]", " ", text).split())[:limit]
