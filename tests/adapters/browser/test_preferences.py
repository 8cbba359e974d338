"""What is typed into the address bar of a sign-in window by mistake, a password say, with a real window and real keys."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters import wording
from exoalias.adapters.browser import launch as starting
from exoalias.adapters.browser.find import find
from exoalias.adapters.browser.launch import launch
from exoalias.adapters.browser.preferences import preferences
from exoalias.adapters.browser.session import BrowserSession, ClosedList
from exoalias.domain.happenings import Which
from tests.adapters.browser.keyboard import Keyboard
from tests.adapters.browser.loopback import until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Screen

_TYPED = "pw-geheim7"
_OWN = ("google.com", "googleapis.com", "gvt1.com")  # the browser's errands of its own, with or without somebody who types
_SETTLE_S = 2.0  # so long after the last key nothing came any more


@contextmanager
def _proxy() -> Iterator[tuple[str, list[str]]]:
    """A proxy that lets nobody through; where it listens, and whom it was asked for."""
    asked: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.settimeout(5)
                    asked.append(line.recv(4096).decode(errors="replace").partition("\r\n")[0])
                    line.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")

        serving = threading.Thread(target=serve)
        serving.start()
        try:
            yield f"127.0.0.1:{server.getsockname()[1]}", asked
        finally:
            server.shutdown(socket.SHUT_RDWR)
    serving.join(10)


def _of_others(asked: list[str]) -> list[str]:
    hosts = [line.split()[1].removeprefix("http://").partition("/")[0].partition(":")[0] for line in asked if line]
    return [host for host in hosts if not host.endswith(_OWN)]


def _type_astray(folder: Path, screen: Screen) -> tuple[list[str], list[str], str]:
    """Whom the browser asked for while the text was typed into its address bar, and after Enter; and what is in front then."""
    keyboard = Keyboard(screen.display)
    with _proxy() as (proxy, asked):
        launched = launch(find(), folder / "profiles", simulated=True, proxy=proxy)
        with BrowserSession(launched, ClosedList("http://127.0.0.1:1")) as session:
            session.open(Which.A, "data:text/html,<title>The page</title>")
            keyboard.wait_for_window("The page")
            time.sleep(_SETTLE_S)
            asked.clear()
            keyboard.press("ctrl+l")
            keyboard.type(_TYPED)
            time.sleep(_SETTLE_S)
            typed, at_enter = _of_others(asked), len(asked)
            keyboard.press("Return")
            until(lambda: "The page" not in keyboard.in_front(), "another page", 20)
            time.sleep(_SETTLE_S)
            return typed, _of_others(asked[at_enter:]), keyboard.in_front()


@pytest.mark.browser
@pytest.mark.desktop
def test_what_is_typed_into_the_address_bar_goes_to_nobody(
    tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", screen.display)
    typed, entered, in_front = _type_astray(tmp_path, screen)
    assert (typed, entered) == ([], [])
    assert in_front.startswith("exoalias"), "a page that says so"


@pytest.mark.browser
@pytest.mark.desktop
def test_a_profile_as_the_browser_has_it_tells_a_search_engine(
    tmp_path: Path, screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The danger is real, and the test above would see it."""
    monkeypatch.setenv("DISPLAY", screen.display)
    monkeypatch.setattr(starting, "preferences", dict)
    typed, entered, _ = _type_astray(tmp_path, screen)
    assert typed
    assert entered


def test_the_page_says_so_in_the_persons_language() -> None:
    wording.use("de")
    try:
        said = str(preferences())
    finally:
        wording.use("en")
    assert "Nichts%20wurde" in said
    assert "Nothing" not in said
