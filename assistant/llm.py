"""Language models behind one seam: none, the embedded one, or any OpenAI-compatible endpoint.

Owns: `ChatModel`, `Teller`, `LlmConfig`, `open_chat_model`, the endpoint tier. Does not own:
prompts, or any trust in what a model writes (`assistant.grounding`). LangChain and the OpenAI
client are imported when the endpoint tier is used.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from pydantic import SecretStr

from assistant.deadline import Emit, stream_within
from assistant.embedded import EmbeddedChatModel
from assistant.state import LlmStatus, Tier
from assistant.writer.brief import Brief
from catalog.errors import ChatModelError, ChatModelTimeoutError, ConfigurationError

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel
    from langchain_openai import ChatOpenAI

_VENDOR_URL = "https://api.openai.com/v1"
_MOST_BYTES = 4_000_000
_MOST_CHARACTERS = 20_000
# What a malformed answer makes of the client is not part of its interface.
_MALFORMED = (ValueError, TypeError, LookupError, AttributeError)


@dataclass(frozen=True, slots=True)
class LlmConfig:
    """Which language model to use.

    Attributes
    ----------
    tier : {"none", "embedded", "endpoint"}
        Templates only, the model in this process, or an endpoint.
    base_url : str
        Of the endpoint; empty is the vendor's own.
    model : str
        The endpoint's name for the model.
    api_key : SecretStr or None
        For the endpoint; one of your own on this machine may need none.
    model_path : Path or None
        Another GGUF file for the embedded tier.
    folder : Path or None
        Where the embedded tier keeps the weights that Vouch tuned; None leaves them as they come.
    threads : int
        For the embedded tier; 0 leaves the choice to it.
    retries : int
        Requests that the endpoint's client repeats after a refusal such as HTTP 429 or 500.
    """

    tier: Tier = "none"
    base_url: str = ""
    model: str = ""
    api_key: SecretStr | None = None
    model_path: Path | None = None
    folder: Path | None = None
    threads: int = 0
    retries: int = 1


class ChatModel(Protocol):
    """Something that answers a prompt with text. Safe to share between threads."""

    @property
    def name(self) -> str:
        """The model's name, for reports."""
        ...

    @property
    def status(self) -> LlmStatus:
        """Tier and model."""
        ...

    def complete(
        self, system: str, user: str, *, deadline_s: float, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the answer to `user` in pieces, as they come.

        Parameters
        ----------
        system, user : str
            Standing orders, and the request.
        deadline_s : float
            Seconds until the last piece, however the model stalls.
        stop : sequence of str
            The answer ends before any of these.

        Raises
        ------
        ChatModelTimeoutError
            When the deadline passes; what was yielded before remains valid.
        ChatModelError
            When the model cannot be reached, refuses, breaks off or writes without end.
        """
        ...


@runtime_checkable
class Teller(Protocol):
    """A chat model that may also have been taught to tell of a pick from its brief."""

    @property
    def tells(self) -> bool:
        """Whether it was."""
        ...

    def tell(self, briefs: Sequence[Brief], *, deadline_s: float) -> Iterator[str]:
        """Yield what it tells for each of `briefs`, in their order; raises as `ChatModel` does."""
        ...


def open_chat_model(config: LlmConfig) -> ChatModel | None:
    """Return the configured language model, or None for templates only. Nothing is sent yet.

    Raises
    ------
    ConfigurationError
        When the endpoint tier lacks a key or a model, or a package or the weights are missing
        (`MissingDependencyError`, `ModelError`).
    """
    match config.tier:
        case "none":
            return None
        case "embedded":
            return EmbeddedChatModel(config.model_path, config.threads, folder=config.folder)
        case "endpoint":
            return EndpointChatModel(config)


class EndpointChatModel:
    """Any server that speaks the OpenAI chat protocol, by LangChain's client."""

    def __init__(self, config: LlmConfig) -> None:
        if not config.model:
            raise ConfigurationError("llm.tier 'endpoint' needs llm.model, the model's name")
        if config.api_key is None and not config.base_url:
            raise ConfigurationError(
                "llm.tier 'endpoint' needs a key: set OPENAI_API_KEY, or llm.base_url for an "
                "endpoint of your own"
            )
        self._config = config

    @property
    def name(self) -> str:
        """The endpoint's name for the model."""
        return self._config.model

    @property
    def status(self) -> LlmStatus:
        """Endpoint, by model name."""
        return LlmStatus("endpoint", self.name)

    def complete(
        self, system: str, user: str, *, deadline_s: float, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the answer in pieces; see `ChatModel`."""

        def _produce(emit: Emit) -> None:
            with self.client(deadline_s) as chat:
                for chunk in chat.stream([("system", system), ("user", user)], stop=[*stop]):
                    if not emit(str(chunk.text)):
                        return

        return stream_within(_produce, deadline_s, _MOST_CHARACTERS)

    @contextmanager
    def client(self, timeout_s: float) -> Generator[BaseChatModel]:
        """Lend LangChain's own client, for what needs more of it than text.

        Parameters
        ----------
        timeout_s : float
            For each of its requests.

        Raises
        ------
        ChatModelError
            In place of whatever the client raises in the block.
        """
        import httpx
        import openai
        from langchain_core.exceptions import LangChainException

        with _bounded_client(timeout_s) as client:
            try:
                yield _chat(self._config, client, timeout_s)
            except (openai.APITimeoutError, httpx.TimeoutException) as error:
                raise ChatModelTimeoutError("the endpoint did not answer in time") from error
            except openai.APIStatusError as error:
                raise ChatModelError(f"the endpoint refused: HTTP {error.status_code}") from error
            except (openai.OpenAIError, httpx.HTTPError, httpx.StreamError) as error:
                raise ChatModelError("the connection to the endpoint failed") from error
            except (LangChainException, *_MALFORMED) as error:
                raise ChatModelError("the endpoint's answer is malformed") from error


def _chat(config: LlmConfig, client: httpx.Client, deadline_s: float) -> ChatOpenAI:
    from langchain_openai import ChatOpenAI

    return ChatOpenAI(
        model=config.model,
        base_url=config.base_url or _VENDOR_URL,
        api_key=config.api_key or SecretStr("none-needed"),
        timeout=deadline_s,
        max_retries=config.retries,
        http_client=client,
        use_responses_api=False,
    )


def _bounded_client(timeout_s: float) -> httpx.Client:
    """Return a client that reads a few plain megabytes at most and follows no redirects."""
    import httpx

    class _Bounded(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream) -> None:
            self._stream = stream

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in self._stream:
                size += len(piece)
                if size > _MOST_BYTES:
                    raise httpx.ReadError(f"more than {_MOST_BYTES:,} bytes")
                yield piece

        def close(self) -> None:
            self._stream.close()

    def _bound(response: httpx.Response) -> None:
        # A compressed answer could unfold to any size.
        if response.headers.get("content-encoding", "identity") != "identity":
            raise httpx.DecodingError("a compressed answer was not asked for")
        assert isinstance(response.stream, httpx.SyncByteStream)
        response.stream = _Bounded(response.stream)

    return httpx.Client(
        timeout=timeout_s,
        follow_redirects=False,
        headers={"Accept-Encoding": "identity"},
        event_hooks={"response": [_bound]},
    )
