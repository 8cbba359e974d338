"""What happens in the sign-in browser, and what may be done about it: the values the state machines are fed with and answer.

They name requests, windows and cookie jars by the browser's own ids. None holds a header, a body or the content of a page.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exoalias.domain.problems import Problem

# -- what happens --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Paused:
    """The browser holds a request of the closed list. ``window`` is its main frame, "" for anything else (a subframe)."""

    request: str
    url: str
    method: str
    window: str
    context: str  # browser context: A's, B's, or another
    follows: str = ""  # the held request this one is the redirect of


@dataclass(frozen=True, slots=True)
class Opened:
    """A window asked for is there, or its jar is and the window will appear (``window`` is "")."""

    which: Which
    window: str
    context: str


@dataclass(frozen=True, slots=True)
class Appeared:
    """A window nobody here asked for: a pop-up, a second tab. It belongs to the jar it is in."""

    window: str
    context: str


@dataclass(frozen=True, slots=True)
class Closed:
    """A window is gone; ``crashed`` when its renderer died."""

    window: str
    crashed: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """A window went to another page. Which one is not known, and not asked."""

    window: str


@dataclass(frozen=True, slots=True)
class BrowserGone:
    """The whole browser ended."""

    why: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A held request could not be answered: its window went elsewhere or was closed."""

    request: str


@dataclass(frozen=True, slots=True)
class Tick:
    """Time passed; ``now`` in seconds of a steady clock."""

    now: float


@dataclass(frozen=True, slots=True)
class Wished:
    """The person pressed something: cancel, continue, agree or disagree (to first use)."""

    wish: str


InBrowser = Paused | Opened | Appeared | Closed | Moved | BrowserGone | Lost  # what a browser can tell

# -- what to do about it ---------------------------------------------------------------------------------------------


class Which(Enum):
    """The two windows."""

    A = "ServiceNow"
    B = "Microsoft"


class Notice(Enum):
    """The pages of ours a person may see in a window."""

    REFUSED = "refused"
    ENDED = "ended"
    ALREADY_OPEN = "already-open"
    NOT_PLANNED = "not-planned"
    SIGNED_IN = "signed-in"  # to the instance, in A
    FAREWELL = "farewell"  # the right user, in B, before it closes
    CHECKED = "checked"  # the second opinion's own tab


@dataclass(frozen=True, slots=True)
class LetPass:
    """Send the request on exactly as it came."""

    request: str


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer the held request with a redirect to that address: the only way a code comes to the instance."""

    request: str
    url: str


@dataclass(frozen=True, slots=True)
class Show:
    """Answer the request with a page of ours; nothing is sent on."""

    request: str
    notice: Notice
    problem: Problem | None = None


@dataclass(frozen=True, slots=True)
class Open:
    """Open a window: A in the shared jar, B in a new empty one."""

    which: Which
    url: str
    background: bool = False
