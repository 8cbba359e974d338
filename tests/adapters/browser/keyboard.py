"""A person's keys and clicks in a real window, by xdotool."""

from __future__ import annotations

import os
import subprocess
import time

from tests.adapters.browser.loopback import until


class Keyboard:
    """Key events to whichever window has the focus."""

    def __init__(self, display: str) -> None:
        self._environment = {**os.environ, "DISPLAY": display}
        self._title = ""

    def _xdotool(self, *arguments: str, typed: str = "") -> str:
        command = ["xdotool", *arguments]
        done = subprocess.run(
            command, env=self._environment, input=typed, capture_output=True, text=True, check=False, timeout=30
        )
        return done.stdout.strip()

    def type(self, text: str) -> None:
        """One key after the other; the text is in nobody's arguments."""
        self._xdotool("type", "--delay", "25", "--file", "-", typed=text)

    def press(self, key: str) -> None:
        """One key."""
        self._xdotool("key", key)

    def in_front(self) -> str:
        """The title of the window with the focus."""
        return self._xdotool("getactivewindow", "getwindowname")

    def wait_for_window(self, title: str) -> None:
        """Until the window with the focus has this in its title, and its page has had a moment to set the focus."""
        until(lambda: title in self.in_front(), f"no window {title!r} came to the front", 40)
        self._title = title
        time.sleep(0.7)

    def bring_back(self) -> None:
        """Should something else have taken the focus meanwhile, give it back to the window waited for, as a person would."""
        if self._title not in self.in_front():
            self._xdotool("search", "--onlyvisible", "--name", self._title, "windowactivate")

    def into_the_page(self) -> None:
        """A click below what stands in the page: wherever in the window the focus was, the next Tab goes to the first line."""
        there = dict(
            line.partition("=")[::2] for line in self._xdotool("getactivewindow", "getwindowgeometry", "--shell").split()
        )
        if {"X", "Y", "WIDTH", "HEIGHT"} <= there.keys():
            at = (str(int(there["X"]) + int(there["WIDTH"]) // 2), str(int(there["Y"]) + int(there["HEIGHT"]) - 40))
            self._xdotool("mousemove", *at, "click", "1")
