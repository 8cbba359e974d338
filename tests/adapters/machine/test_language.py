"""The system's language: out of the environment, a Windows number, or what macOS prints."""

from __future__ import annotations

import subprocess
import sys

import pytest

from exoalias.adapters.machine import language
from exoalias.adapters.machine.language import of_environment, of_macos, of_windows, spoken, system_language


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "de"),
        ({"LANG": "de"}, "de"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "de_AT@euro"}, "de"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_ALL": "C", "LANGUAGE": "de"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LANGUAGE": "de:en"}, "de"),
        ({"LANG": "de_CH.UTF-8", "LANGUAGE": ""}, "de"),
        ({"LANG": "de_CH.UTF-8", "LANGUAGE": "C"}, "de"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "../../x"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
    ],
)
def test_of_the_environment(variables: dict[str, str], expected: str) -> None:
    assert of_environment(variables) == expected


@pytest.mark.parametrize(("identifier", "expected"), [(0x0407, "de"), (0x0C07, "de"), (0x0409, "en"), (0x040C, "en"), (0, "en")])
def test_of_windows(identifier: int, expected: str) -> None:
    assert of_windows(identifier) == expected


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        ('(\n    "de-DE",\n    "en-US"\n)\n', "de"),
        ("(\n    en\n)\n", "en"),
        ("", ""),
        ("()", ""),
        ("The domain does not exist", ""),
    ],
)
def test_of_macos(listed: str, expected: str) -> None:
    assert of_macos(listed) == expected


def test_a_setting_goes_before_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "system_language", lambda: "de")
    assert spoken("system") == "de"
    assert spoken("en") == "en"


@pytest.mark.skipif(sys.platform in {"win32", "darwin"}, reason="they don't look at the environment first")
def test_here_it_is_the_environments(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LC_ALL", "LC_MESSAGES", "LANGUAGE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    system_language.cache_clear()
    try:
        assert system_language() == "de"
    finally:
        system_language.cache_clear()


@pytest.mark.parametrize("trouble", [FileNotFoundError(), subprocess.TimeoutExpired("defaults", 2)])
def test_a_mac_that_says_nothing_is_no_trouble(monkeypatch: pytest.MonkeyPatch, trouble: Exception) -> None:
    def run(*_args: object, **_kwargs: object) -> subprocess.CompletedProcess[str]:
        raise trouble

    monkeypatch.setattr(subprocess, "run", run)
    assert language._first_of_macos() == ""


def test_a_mac_that_says_something_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    said = subprocess.CompletedProcess([], 0, '(\n    "de-DE"\n)\n', "")
    monkeypatch.setattr(subprocess, "run", lambda *_args, **_kwargs: said)
    assert of_macos(language._first_of_macos()) == "de"
