"""What people do before they do what they came for: one move a page, in order.

A move waits for a page it fits; a page no move fits is gone through in the usual way. So any list of moves makes a story that
comes to an end, and a generator may throw them together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from collections import deque

PageKind = Literal["username", "password", "picker", "consent", "stay", "approve", "login"]

Move = Literal[
    "reload",  # the page, with the browser's own button
    "history-back",  # the browser's own button
    "back",  # the page's button
    "pause",  # look elsewhere for a moment
    "double-click",  # press the right button twice
    "second-tab",  # open the same address in another tab, and go on in both
    "pop-up",  # a window of nothing, left open
    "unknown-name",  # somebody nobody knows
    "colleagues-name",  # a colleague's user name, noticed on the next page
    "wrong-password",
    "deny",  # on the telephone: it was not me; noticed, and approved the next time
    "stay-no",  # "Stay signed in?" No
    "close",  # the window
    "close-later",  # go on, and close the window a moment later, whatever it shows then
    "other-credential",  # in another tab, ask for the token of the other credential too
    "home-tab",  # the instance's home page in another tab
]

_EVERYWHERE: Final = frozenset({"username", "password", "picker", "consent", "stay", "approve", "login"})
_AT_MICROSOFT: Final = _EVERYWHERE - {"login"}
_FITS: Final[dict[Move, frozenset[str]]] = {
    "reload": frozenset({"username", "login"}),
    "history-back": frozenset({"password"}),
    "back": frozenset({"password"}),
    "pause": _EVERYWHERE,
    "double-click": _EVERYWHERE,
    "second-tab": frozenset({"username", "login"}),
    "pop-up": _EVERYWHERE,
    "unknown-name": frozenset({"username"}),
    "colleagues-name": frozenset({"username"}),
    "wrong-password": frozenset({"password", "login"}),
    "deny": frozenset({"approve"}),
    "stay-no": frozenset({"stay"}),
    "close": _EVERYWHERE,
    "close-later": _EVERYWHERE,
    "other-credential": frozenset({"login"}),
    "home-tab": frozenset({"login"}),
}
# These load an address again, so they fit the page that came by its own address: not one that answered a form.
_FIRST_ONLY: Final[frozenset[str]] = frozenset({"reload", "second-tab"})


def take(moves: deque[Move], kind: PageKind, *, first: bool) -> Move | None:
    """The next move, if it fits this page; ``first``: the page came by its address, not by a form."""
    if not moves or kind not in _FITS[moves[0]] or (moves[0] in _FIRST_ONLY and not first):
        return None
    return moves.popleft()


# The right button is pressed by `press`; a double click presses it twice.
_AROUND: Final[dict[Move, str]] = {
    "reload": "location.reload();",
    "history-back": "if (history.length === 2) history.back(); else { STEP }",
    "back": "press(at('back'));",
    "pause": "setTimeout(() => { STEP }, 700);",
    "double-click": "const press = b => { if (b) { b.click(); b.click(); } }; STEP",
    "second-tab": "open(ADDRESS, '_blank'); STEP",
    "pop-up": "open('about:blank', '_blank', 'width=320,height=240'); STEP",
    "unknown-name": "type(at('username'), 'nobody@nowhere.example'); press(at('next'));",
    "colleagues-name": "type(at('username'), COLLEAGUE); press(at('next'));",
    "wrong-password": "WRONG",
    "deny": "press(at('deny'));",
    "stay-no": "press(at('no'));",
    "close": "window.close();",
    "close-later": "setTimeout(() => window.close(), 1200); STEP",
    "other-credential": "open(OTHER, '_blank'); STEP",
    "home-tab": "open('/navpage.do', '_blank'); STEP",
}


def script_of(move: Move, step: str, **words: str) -> str:
    """The move as a script for that page, in which ``step`` is what would be done there without it.

    *words*: JavaScript for the words in capitals, such as ``COLLEAGUE`` (a string) or ``WRONG`` (statements).
    """
    script = _AROUND[move]
    for word, meant in {"ADDRESS": "location.href", **words}.items():
        script = script.replace(word, meant)
    return "{{ {} }}".format(script.replace("STEP", step))
