"""Real conversations as marked lines: where a title stands in what people say.

Owns: reading ReDial's training file (Li et al., NeurIPS 2018, CC BY 4.0). Does not own: the
mark-up (`marked`). Its titles are inserted by number, so their places are exact; where a person
stands on them is not told.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.understanding.marked import MarkedMessage, parse
from catalog.errors import ConfigurationError

TRAINING_FILE = "train_subset.jsonl"
_INSERTED = re.compile(r"@(\d+)")
_YEAR = re.compile(r"\s*\(\d{4}\)\s*$")
_LONGEST = 300


def marked_lines(folder: Path) -> list[MarkedMessage]:
    """Return the messages of the conversations in `folder` that name titles, and a few that do not.

    In their order; of those without a title one in four is kept.

    Raises
    ------
    ConfigurationError
        When the file is missing or damaged.
    """
    file = folder / TRAINING_FILE
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
        messages = [message for line in lines for message in _messages(json.loads(line))]
    except (OSError, ValueError, KeyError) as error:
        raise ConfigurationError(f"cannot read conversations in {str(file)!r}: {error}") from error
    return [one for at, one in enumerate(messages) if one.spans or at % 4 == 0]


def _messages(conversation: Mapping[str, Any]) -> Iterator[MarkedMessage]:
    titles = dict(conversation["movieMentions"] or {})
    for message in conversation["messages"]:
        text = " ".join(message["text"].split())
        named = [_YEAR.sub("", titles.get(number) or "") for number in _INSERTED.findall(text)]
        if all(named) and len(text) <= _LONGEST and not {"{", "}", "|"} & {*text, *"".join(named)}:
            rest = iter(named)
            marked = _INSERTED.sub(lambda _: f"{{t?|{next(rest)}}}", text)  # noqa: B023
            yield parse(marked, only_titles=True)
