"""The glance before the first paint says no only where nothing could count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.first_look import may_say
from exoalias.adapters.machine.ladder import climb

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("appearance", "one_window")


def test_nothing_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "exoalias.toml"
    assert not may_say(file, NAMES)
    file.write_text('[settings]\nidle_minutes = 3\n[instance.acme]\norigin = "https://acme.service-now.com"\n', "utf-8")
    assert not may_say(file, NAMES)
    monkeypatch.setenv("EXOALIAS_IDLE_MINUTES", "3")
    assert not may_say(file, NAMES)


@pytest.mark.parametrize(
    "text",
    [
        "[settings]\none_window = false",
        '[settings]\n"one\\u005fwindow" = false',
        '["\\U00000073ettings"]\n"one_windo\\u0077"=false',
    ],
)
def test_whatever_the_file_says_is_seen(tmp_path: Path, text: str) -> None:
    file = tmp_path / "exoalias.toml"
    file.write_text(text, "utf-8")
    assert climb(file, environment={}, policy=()).settings.one_window is False
    assert may_say(file, NAMES)


def test_a_variable_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EXOALIAS_APPEARANCE", "dark")
    assert may_say(tmp_path / "none", NAMES)
