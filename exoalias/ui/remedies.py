"""What to do about a Problem, in the window's words: menus and buttons, where the terminal's words name a command.

Every place of the window that shows a Problem asks here; a law in the tests sees to it that no command is left.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain.words import say_of
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.domain.problems import Problem

# By the code of the Problem. "" where a button of the banner says it all.
INSTEAD: dict[str, str] = {
    "first-use": "Enter the object id of {upn} under “What should be true” (Ctrl+T), then sign in again.",
    "identity-unreadable": "For a second opinion enter a public-client id under “What should be true” (Ctrl+T); sign in again.",
    "unknown-instance": "The list on the left shows the known instances; Ctrl+N adds one.",
    "answer-not-usable": "Run the script shown (Ctrl+Shift+W), and paste the line that begins with exoalias-answer.",
    "no-target": "Say under “What should be true” (Ctrl+T) who the delegated user is, and choose the profile.",
    "unknown-credential": "Check the instance again (F5): the checklist shows its credentials.",
    "unknown-profile": "Choose one of the profiles listed under “What should be true” (Ctrl+T).",
    "no-browser": "Install one of them, or name it in the settings.",
    "secret-too-long": "Tick “for this run only” where it is asked for, or have a shorter one made.",
    "import-refused": "Put right what is named, then import again: the list is shown before anything is taken.",
    "owner-unconfirmed": "Ask the instance by hand whose token it is, or sign in again where exoalias can steer the browser.",
    "strategy-impossible": "The doctor (Ctrl+D) shows what this machine allows. The setting “auto” takes the best (Ctrl+,).",
    "read-only": "Unlock it for a while by typing its name.",
    "person-needed": "Check it by itself (F5): a window opens in which you sign in. Or choose a way in without a person.",
    "way-forbidden": "Choose another way in under “Change this instance”. Allowed: {allowed}.",
    "proxy-unreachable": "Check the proxy's address and the network. The doctor (Ctrl+D) shows where the address comes from.",
    "no-secret": "Give it once: exoalias keeps it in this computer's keyring.",
}

# Parts of sentences that come with a Problem's facts or a probe.
PHRASES: dict[str, str] = {
    "or run with --this-run-only": "or tick “for this run only” where the password is asked for",
    "or name it: exoalias --browser PATH": "or name it in the settings",
}


def remedy(problem: Problem) -> str:
    """What to do about it at the window; "" where nothing can be done."""
    instead = INSTEAD.get(problem.code)
    if instead is None:
        return in_window(problem.remedy)
    return told(say_of(instead, problem.facts))


def in_window(text: str) -> str:
    """A remedy that came as text, with the window's ways in place of options of the command line."""
    text = told(text)
    for spoken, shown in PHRASES.items():
        text = text.replace(_(spoken), _(shown))
    return text
