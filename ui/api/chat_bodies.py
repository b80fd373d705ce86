"""What OpenAI's chat protocol takes and gives, as far as Vouch speaks it.

Owns: the bodies' types, what of a request is refused, the transcript in it. Does not own: the
turn inside an answer (`ui.api.bodies`), its text (`ui.api.chat_markdown`).

Specification: https://platform.openai.com/docs/api-reference/chat. Parts of a request that are not
named here are accepted and ignored: clients send many (``temperature``, ``seed``, ``max_tokens``),
and nothing that is picked depends on them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.wire import Json
from ui.api.bodies import MOST_CHARACTERS, TurnOut
from ui.api.chat_errors import RefusedError

MODEL = "vouch"
MOST_MESSAGES = 200
_CHARACTERS_A_TOKEN = 4


class _In(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Out(BaseModel):
    model_config = ConfigDict(frozen=True)


class Part(_In):
    """One part of a message; only text is read."""

    type: str = Field(max_length=40)
    text: str = Field(default="", max_length=100_000)


class ChatMessage(_In):
    """One message. Of the user's every word counts, the assistant's only tell transcripts apart."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | tuple[Part, ...] | None = Field(default=None, max_length=100_000)

    @property
    def text(self) -> str:
        """Its text, of all parts."""
        if isinstance(self.content, tuple):
            return "\n".join(part.text for part in self.content if part.text)
        return self.content or ""


class StreamOptions(_In):
    """What to stream beside the answer."""

    include_usage: bool = False


class VouchOptions(_In):
    """Vouch's own options."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    markdown: bool = Field(
        default=True, description="Whether the picks are listed in the text, as Markdown."
    )


class ChatRequest(_In):
    """A transcript whose last message is to be answered."""

    model_config = ConfigDict(
        frozen=True,
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "something funny, not too long"}],
                }
            ]
        },
    )

    model: str = Field(max_length=200, description="`vouch`.")
    messages: tuple[ChatMessage, ...] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: int | None = 1
    user: str | None = Field(
        default=None,
        min_length=1,
        max_length=128,
        description="The site's own id of a person to remember; nobody without the site's secret.",
    )
    tool_choice: Any = None
    response_format: Any = None
    vouch: VouchOptions = VouchOptions()


class ModelOut(_Out):
    """A model."""

    id: str
    object: Literal["model"]
    created: int
    owned_by: str


class ModelsOut(_Out):
    """All models."""

    object: Literal["list"]
    data: list[ModelOut]


class UsageOut(_Out):
    """Sizes, in tokens of four characters: an estimate, for clients that watch their limits."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class AnswerOut(_Out):
    """The answer, with where each pick is listed in it."""

    role: Literal["assistant"]
    content: str
    refusal: None
    annotations: list[Json]


class ChoiceOut(_Out):
    """The only choice."""

    index: int
    message: AnswerOut
    logprobs: None
    finish_reason: Literal["stop"]


class CompletionOut(_Out):
    """A turn in OpenAI's form, and whole."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    choices: list[ChoiceOut]
    usage: UsageOut
    vouch: TurnOut


class ErrorOut(_Out):
    """An error: `message`, `type`, `param`, `code`."""

    error: dict[str, str | None]


def check(request: ChatRequest) -> None:
    """Refuse what would have to be answered in a form that Vouch does not speak."""
    if request.n not in (None, 1):
        raise RefusedError("there is one answer to a transcript: n must be 1", "n")
    if request.tool_choice not in (None, "none", "auto"):
        raise RefusedError("tools are not called; leave tool_choice at 'auto'", "tool_choice")
    form: Any = request.response_format
    if form is not None and (not isinstance(form, dict) or form.get("type") != "text"):
        detail = "answers are text; the items are data in the member `vouch` of the answer"
        raise RefusedError(detail, "response_format")


def spoken(messages: Sequence[ChatMessage]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what the user said, oldest first, and what was answered to each.

    Instructions and tools' messages are passed over: what is recommended depends on the person and
    the catalogue only.

    Raises
    ------
    RefusedError
        When there is too much of it, a user's message is not text, or none is left to answer.
    """
    if len(messages) > MOST_MESSAGES:
        detail = f"{len(messages)} messages, and {MOST_MESSAGES} at most are read: start a new chat"
        raise RefusedError(detail, "messages", "context_length_exceeded")
    said: list[str] = []
    replied: list[str] = []
    for place, message in enumerate(messages):
        if message.role == "user":
            said.append(_words(message, f"messages.{place}.content"))
            replied.append("")
        elif message.role == "assistant" and said:
            replied[-1] += message.text
    if not said or replied[-1]:
        raise RefusedError("the last message must be the user's", "messages")
    return tuple(said), tuple(replied)


def usage(messages: Sequence[ChatMessage], answer: str) -> Json:
    """Return the sizes of a transcript and its answer, as `UsageOut` describes them."""
    prompt = _tokens(sum(len(message.text) for message in messages))
    completion = _tokens(len(answer))
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }


def _words(message: ChatMessage, param: str) -> str:
    parts = message.content if isinstance(message.content, tuple) else ()
    for kind in (part.type for part in parts if part.type != "text"):
        raise RefusedError(f"only text is read, not {kind!r}", param, "unsupported_content")
    words = message.text.strip()
    if not words:
        raise RefusedError("the user's message is empty", param)
    if len(words) > MOST_CHARACTERS:
        detail = f"{len(words)} characters, and {MOST_CHARACTERS} at most are read of a message"
        raise RefusedError(detail, param, "context_length_exceeded")
    return words


def _tokens(characters: int) -> int:
    return -(-characters // _CHARACTERS_A_TOKEN)
