"""B as a real private window: the same browser started again on the same profile, which hands the window to the running one.

A private window can't be opened over the pipe, and no page is attached to lead it anywhere. So it is opened with an address of
the closed list that tells nothing, ``oauth_redirect.do?exoalias=NONCE``: that request is stopped in the browser, shows by its jar
whether the window is a fresh private one, and is then answered with a redirect to where B begins. The authorize address is in no
argument, and the instance never sees the other one. A blank page would leave the keyboard in the address bar, too.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from exoalias.adapters.browser.launch import start
from exoalias.adapters.browser.pipe import CommandError, PipeClosedError
from exoalias.domain.private_window import Jars, why_not_fresh
from exoalias.domain.problems import BrowserForbidden
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exoalias.adapters.browser.launch import Launched, Process
    from exoalias.adapters.browser.pipe import Pipe

PATIENCE_S = 20.0  # a window that has not come up by then will not; measured: 0.3 to 0.7 s
_CLOSE_S = 3.0
_STEP_S = 0.02
_GOODBYE_S = 1.0
_STDERR = "again.log"
_HOW = "Choose another way to keep the sign-in apart (the setting strategy), use another browser, or sign in on another machine."


def switch(name: str) -> str:
    """How that browser is asked for a private window."""
    return "--inprivate" if "edge" in name.lower() else "--incognito"


def arguments(launched: Launched, url: str) -> list[str]:
    """The command line of the second start."""
    return [os.fspath(launched.browser.path), *launched.again, switch(launched.browser.name), url]


@dataclass(slots=True)
class PrivateWindow:
    """One private window, from asking for it until its jar is gone."""

    launched: Launched
    pipe: Pipe
    address: str  # on the closed list: "https://acme.service-now.com/oauth_redirect.do"
    jar: str = ""  # its browser context, once it has come up and is a fresh one
    _before: Jars = field(default_factory=lambda: Jars(""))
    _leads: dict[str, str] = field(default_factory=dict)  # the address it was opened with → where it is to go
    _stale: set[str] = field(default_factory=set)  # addresses of windows nobody waits for any more
    _until: float = 0.0
    _starts: list[tuple[Process, int, int]] = field(default_factory=list)

    def ask(self, url: str, seen: Iterable[str], ordinary: str = "") -> None:
        """Ask for the window, which is to go to *url*. ``seen``: jars known so far. BrowserForbidden, CommandError, …"""
        told = self.pipe.call("Target.getBrowserContexts")
        ordinary = str(told.get("defaultBrowserContextId", "")) or ordinary
        ours = frozenset(map(str, told.get("browserContextIds", ())))
        self._before = Jars(ordinary, ours, frozenset(seen) - {ordinary} - ours)
        self._close(lambda jar: jar not in {ordinary, *ours})
        self._until = time.monotonic() + PATIENCE_S
        self._start(url)

    def add(self, url: str) -> None:
        """A further page in it, which is to go to *url*."""
        self._start(url)

    def _start(self, url: str) -> None:
        opened = f"{self.address}?exoalias={secrets.token_hex(16)}"
        self._leads[opened] = url
        program, *rest = arguments(self.launched, opened)
        try:
            started = start(Path(program), rest, self.launched.profile.path / _STDERR)
        except OSError as failed:
            raise self.refused(say("it can't be started a second time ({strerror}).", strerror=failed.strerror)) from failed
        self._starts.append(started)

    # -- what comes of it ------------------------------------------------------------------------------------------------

    def is_about(self, url: str) -> bool:
        """Whether a stopped request is of a window asked for here."""
        return url in self._leads or url in self._stale

    def came(self, url: str, window: str, jar: str) -> str:
        """Where the window that came up is to go; "" where nobody waits for it. BrowserForbidden where it isn't a fresh one."""
        leads = self._leads.pop(url, "")
        if not leads:
            return ""
        why = why_not_fresh(jar, self._before) if not self.jar else "" if jar == self.jar else "its page came up elsewhere."
        if why or not window:
            raise self.refused(why or "what came up is no window.")
        self.jar, self._until = jar, 0.0
        return leads

    def look(self) -> None:
        """BrowserForbidden where the window should have come up by now."""
        if self._until and time.monotonic() > self._until:
            self._until = 0.0
            raise self.refused("it opened no private window in time (a policy may forbid them, or it runs without a screen).")

    def refused(self, why: str) -> BrowserForbidden:
        """The Problem of a private window that is none."""
        return BrowserForbidden(browser=self.launched.browser.name, why=why, how=_HOW)

    def end(self) -> None:
        """Close it with all its pages, so that its jar is gone; one that still comes up is closed then."""
        self._stale |= set(self._leads)
        self._leads.clear()
        self._until = 0.0
        jar, self.jar = self.jar, ""
        if jar:
            with contextlib.suppress(CommandError, PipeClosedError, BrowserForbidden):
                self._close(lambda other: other == jar)

    def _close(self, meant: Callable[[str], bool]) -> None:
        """Close all windows in the jars meant, and wait until they are gone. BrowserForbidden where they stay."""
        end = time.monotonic() + _CLOSE_S
        while windows := [w for w, jar in self._pages() if meant(jar)]:
            if time.monotonic() > end:
                raise self.refused("a private window that was open before can't be closed.")
            for window in windows:
                with contextlib.suppress(CommandError):
                    self.pipe.call("Target.closeTarget", targetId=window)
            threading.Event().wait(_STEP_S)

    def _pages(self) -> list[tuple[str, str]]:
        infos = self.pipe.call("Target.getTargets").get("targetInfos", ())
        return [(str(i.get("targetId")), str(i.get("browserContextId", ""))) for i in infos if i.get("type") == "page"]

    def leave_nothing(self) -> None:
        """End what the second starts left of themselves: each should have ended once it had handed its window over.

        One that found no running browser became one itself. It has a pipe of ours too, and ends with it, as when we are killed.
        """
        for process, *ends in self._starts:
            for end in ends:
                os.close(end)
            if not process.ended(_GOODBYE_S):
                process.kill()
        self._starts.clear()
