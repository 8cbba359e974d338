"""The pages of ours a person may see in the sign-in windows: what happened, that nothing was stored, what to do.

They carry nothing to copy: no code, no address of the request they answer (the script takes it out of the address bar), no
referrer, and a content policy of none but their own style and that one script.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING

from exoalias.adapters import assets
from exoalias.domain.happenings import Notice

if TYPE_CHECKING:
    from exoalias.domain.problems import Problem

_CLOSE = "You can close this window. exoalias shows what to do next."
_HEADINGS = {
    Notice.REFUSED: "This sign-in was stopped",
    Notice.ENDED: "This sign-in is over",
    Notice.ALREADY_OPEN: "A sign-in is open already",
    Notice.NOT_PLANNED: "This was not part of the sign-in",
    Notice.SIGNED_IN: "You are signed in to ServiceNow",
}
_SENTENCES = {
    Notice.REFUSED: ("Nothing was stored on the instance.",),
    Notice.ENDED: ("It ended before this page was reached. Nothing more was stored.",),
    Notice.ALREADY_OPEN: ("Please finish the one in the Microsoft window first. This second request was not sent on.",),
    Notice.NOT_PLANNED: ("This page was asked for outside the sign-in. It was not sent on, and nothing was stored.",),
    Notice.SIGNED_IN: (
        "exoalias now reads the instance as you, in this session.",
        "You may leave this window in the background. It serves the sign-ins that follow.",
    ),
}
_FOOTERS = {
    Notice.ALREADY_OPEN: "You can close this tab.",
    Notice.SIGNED_IN: "You can close this tab, or leave it. Go back to exoalias.",
}


def render(notice: Notice, problem: Problem | None = None) -> tuple[bytes, dict[str, str]]:
    """The page and its headers. A problem's words and remedy come first where there is one."""
    said = [problem.words, problem.remedy] if problem is not None else list(_SENTENCES[notice])
    calm = problem is not None and problem.exit_code == 6
    template = assets.text("pages", "notice.html")
    if calm or notice in {Notice.ENDED, Notice.ALREADY_OPEN, Notice.SIGNED_IN}:
        template = template.replace('<html lang="en">', '<html lang="en" class="calm">')
    page = (
        template.replace("{{title}}", html.escape(f"{_HEADINGS[notice]} – exoalias"))
        .replace("{{heading}}", html.escape(_HEADINGS[notice]))
        .replace("{{sentences}}", "\n".join(f"<p>{html.escape(s)}</p>" for s in said if s))
        .replace("{{footer}}", html.escape(_FOOTERS.get(notice, _CLOSE)))
    )
    return page.encode(), {
        "Content-Type": "text/html; charset=utf-8",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _policy(page),
    }


def _policy(page: str) -> str:
    """Nothing may be loaded, sent or framed; the page's own style and script are named by their hashes."""
    style, script = (_hash(re.search(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)) for tag in ("style", "script"))
    rest = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src '{style}'; script-src '{script}'; {rest}"


def _hash(found: re.Match[str] | None) -> str:
    digest = hashlib.sha256((found.group(1) if found else "").encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
