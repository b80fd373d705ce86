"""Settings come from where they may, and a misspelt one is an error."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.settings import load_settings
from catalog.errors import ConfigurationError


def test_options_beat_environment_beats_file_beats_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "vouch.toml").write_text("k = 3\nthreads = 2\n[llm]\ntier = 'embedded'\n")
    monkeypatch.setenv("VOUCH_K", "4")
    monkeypatch.setenv("VOUCH_LLM__DEADLINE_S", "9")
    settings = load_settings(k=6, home=None)
    assert (settings.k, settings.threads, settings.llm.tier, settings.llm.deadline_s) == (
        6, 2, "embedded", 9.0,
    )  # fmt: skip
    assert load_settings().k == 4
    assert settings.home == tmp_path / "home"  # from VOUCH_HOME


def test_the_key_is_masked_and_never_read_from_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    assert "sk-secret" not in repr(load_settings())
    assert "sk-secret" not in load_settings().model_dump_json()
    (tmp_path / "vouch.toml").write_text("openai_api_key = 'sk-secret'\n")
    with pytest.raises(ConfigurationError, match="OPENAI_API_KEY"):
        load_settings()


@pytest.mark.parametrize("text", ["colour = 'red'", "[llm]\ntire = 'none'", "k = 0", "k = ["])
def test_what_is_wrong_in_the_file_is_named(tmp_path: Path, text: str) -> None:
    (tmp_path / "vouch.toml").write_text(text)
    with pytest.raises(ConfigurationError):
        load_settings()


def test_a_misspelt_variable_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOUCH_LLM_TIER", "none")
    with pytest.raises(ConfigurationError, match="VOUCH_LLM_TIER"):
        load_settings()
