"""One scripted chat model for every test that is not about the language model itself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from assistant.deadline import Emit, stream_within
from assistant.state import LlmStatus, Tier
from catalog.errors import ChatModelError

Reply = str | ChatModelError | Callable[[str, str], str]


@dataclass
class ScriptedChatModel:
    """Answers from a queue and keeps a history.

    Attributes
    ----------
    replies : list
        Taken in order, the last one kept: a text, an error to raise, or a function of the system
        and the user message.
    history : list of (str, str)
        The messages it was asked.
    """

    replies: list[Reply] = field(default_factory=lambda: ["Hello."])
    tier: Tier = "endpoint"
    history: list[tuple[str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        return "scripted"

    @property
    def status(self) -> LlmStatus:
        return LlmStatus(self.tier, self.name)

    def complete(
        self, system: str, user: str, *, deadline_s: float, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        self.history.append((system, user))
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, ChatModelError):
            raise reply
        text = reply(system, user) if callable(reply) else reply
        for mark in stop:
            text = text.split(mark, 1)[0]

        def _produce(emit: Emit) -> None:
            for start in range(0, len(text), 5):
                emit(text[start : start + 5])

        return stream_within(_produce, deadline_s, 20_000)
