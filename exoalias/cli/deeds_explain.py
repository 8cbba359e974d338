"""The verb ``explain``: what an error of a sign-in means. Offline; of a text nothing is repeated but a code that was checked."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _, told
from exoalias.domain.problems import WouldPrompt
from exoalias.domain.strategies import speaks_of_the_device

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.cli.run import Run
    from exoalias.domain.meaning import Meaning

_ON_A_MANAGED_DEVICE = "On a managed device: exoalias sign-in NAME … --strategy managed-device (weaker, see SECURITY.md)."
_MOST = 1_000_000  # characters of a text on standard input


def explain(run: Run) -> int:
    """Print the meaning; 1 where it is not known."""
    from exoalias.domain.microsoft_errors import explain as meaning_of

    meaning = meaning_of(_asked(run))
    run.result = {
        "known": meaning.known,
        "code": meaning.code,
        "title": meaning.title,
        "cause": meaning.cause,
        "remedy": meaning.remedy,
        "who": meaning.who.value,
        "source": {"title": meaning.source.title, "url": meaning.source.url},
    }
    run.terminal.result(text(meaning, run.terminal.strong))
    if speaks_of_the_device(meaning.code):
        run.terminal.result(_ON_A_MANAGED_DEVICE)
    return 0 if meaning.known else 1


def _asked(run: Run) -> str:
    """What stands on the command line; a page's text from standard input, whole; or a line that is asked for."""
    said = " ".join(run.args.code)
    if said and said != "-":
        return said
    if said == "-" or (sys.stdin is not None and not sys.stdin.isatty()):
        return sys.stdin.read(_MOST) if sys.stdin is not None else ""
    try:
        return run.terminal.line("Code or sentence on the page: ", what="A code", how="Name it: exoalias explain AADSTS50126.")
    except WouldPrompt:
        return ""


def text(meaning: Meaning, strong: Callable[[str], str] = str) -> str:
    """The meaning in lines."""
    heading = f"{meaning.code} · {told(meaning.title)}" if meaning.code else told(meaning.title)
    source = f"{told(meaning.source.title)}\n               {meaning.source.url}"
    return _(
        "{heading}\n{cause}\nWhat to do:    {remedy}\nWho can do it: {who_value}\nSource:        {source}",
        heading=strong(heading),
        cause=meaning.cause,
        remedy=meaning.remedy,
        who_value=_(meaning.who.value),
        source=source,
    )
