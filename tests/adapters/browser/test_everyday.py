"""The person's own browser, by the name the system gives it; and a private window of it."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from exoalias.adapters.browser import everyday as module
from exoalias.adapters.browser.everyday import Everyday, default_name, everyday, open_private
from exoalias.adapters.browser.find import Browser

INSTALLED = (Browser("Chromium", Path("/usr/bin/chromium")), Browser("Microsoft Edge", Path("/opt/edge")))


@pytest.fixture(autouse=True)
def _installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "installed", lambda: INSTALLED)
    paths = {"firefox": "/usr/bin/firefox"}
    monkeypatch.setattr("exoalias.adapters.browser.everyday.shutil.which", paths.get)


@pytest.mark.parametrize(
    ("named", "command"),
    [
        ("chromium.desktop", ("/usr/bin/chromium", "--incognito")),
        ("MSEdgeHTM", ("/opt/edge", "--inprivate")),
        ("microsoft-edge.desktop", ("/opt/edge", "--inprivate")),
        ("firefox-esr.desktop", ("/usr/bin/firefox", "--private-window")),
        ("google-chrome.desktop", None),
        ("org.gnome.Epiphany.desktop", None),
        ("", None),
    ],
)
def test_by_its_name(named: str, command: tuple[str, ...] | None) -> None:
    found = everyday(lambda: named)
    assert (found.command if found is not None else None) == command


def test_the_system_may_say_nothing() -> None:
    assert default_name() == ""
    assert everyday() is None


def test_it_is_started_with_the_address_last(tmp_path: Path) -> None:
    said = tmp_path / "said"
    program = tmp_path / "browser"
    program.write_text(f'#!/bin/sh\necho "$@" > {said}.part && mv {said}.part {said}\n')
    program.chmod(0o700)
    assert open_private(Everyday("One", (str(program), "--incognito")), "https://acme.example/navpage.do")
    end = time.monotonic() + 5
    while not said.exists():
        assert time.monotonic() < end
        time.sleep(0.02)
    assert said.read_text() == "--incognito https://acme.example/navpage.do\n"


def test_one_that_cannot_be_started(tmp_path: Path) -> None:
    assert not open_private(Everyday("None", (str(tmp_path / "none"), "--incognito")), "https://acme.example/")
