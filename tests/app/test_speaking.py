"""The language is the setting's, else the system's, before anything is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters import wording
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.machine.language import system_language
from exoalias.app.speaking import speak, speak_as_environment, speak_as_set

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    system_language.cache_clear()
    yield
    system_language.cache_clear()
    wording.use("en")


def test_the_setting_decides() -> None:
    speak("de")
    assert wording.language() == "de"
    speak("en")
    assert wording.language() == "en"


def test_else_the_system_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "de_AT.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    speak_as_set()
    assert wording.language() == "de"


def test_before_anything_is_loaded_the_environment_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_LANGUAGE", "de")
    speak_as_environment()
    assert wording.language() == "de"
    monkeypatch.setenv("EXOALIAS_LANGUAGE", "klingon")
    speak_as_environment()
    assert wording.language() == "en"
    monkeypatch.delenv("EXOALIAS_LANGUAGE")
    monkeypatch.setenv("LC_ALL", "de_CH.UTF-8")
    monkeypatch.delenv("LANGUAGE", raising=False)
    speak_as_environment()
    assert wording.language() == "de"


def test_the_settings_file_is_looked_into(monkeypatch: pytest.MonkeyPatch) -> None:
    file = Places.of_this_user().settings_file
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text('[settings]\nlanguage = "de"\n', "utf-8")
    try:
        speak_as_set()
        assert wording.language() == "de"
        monkeypatch.setenv("EXOALIAS_LANGUAGE", "en")
        speak_as_set()
        assert wording.language() == "en"
    finally:
        file.unlink()
