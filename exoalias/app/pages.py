"""The pages of ours a person may see in the sign-in windows: what happened, that nothing was stored, what to do.

They carry nothing to copy: no code, no address of the request they answer (the script takes it out of the address bar), no
referrer, and a content policy of none but their own style and that one script.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from typing import TYPE_CHECKING, Final

from exoalias.adapters import assets
from exoalias.app.page_words import Facts, words_of
from exoalias.domain.happenings import Notice, Which

if TYPE_CHECKING:
    from exoalias.app.page_words import PageWords, Sentence
    from exoalias.domain.problems import Problem

# What the padlock of the icon shows, so that colour never speaks alone: a tick, a bar, or three dots for what goes on.
_TICK, _BAR, _DOTS = "M23.5 41.5 29.5 47.5 41 36", "M24 41.5H40", "M22 41.5h.1M32 41.5h.1M42 41.5h.1"
_GLYPHS: Final = {
    Notice.SIGNED_IN: _TICK,
    Notice.FAREWELL: _TICK,
    Notice.CHECKED: _DOTS,
    Notice.ALREADY_OPEN: _DOTS,
}
_NO_FACTS: Final = Facts()
_STOPS: Final = (Notice.REFUSED, Notice.NOT_PLANNED)  # what is shown in the colour of something stopped


def render(
    notice: Notice,
    problem: Problem | None = None,
    *,
    which: Which = Which.A,
    language: str = "en",
    facts: Facts = _NO_FACTS,
) -> tuple[bytes, dict[str, str]]:
    """The page for that window, and its headers."""
    words = words_of(notice, problem, which, language, facts)
    calm = problem is not None and problem.exit_code == 6  # a choice of the person is nothing that went wrong
    filled = {
        "lang": words.language,
        "tone": "stopped" if (notice in _STOPS or problem is not None) and not calm else "calm",
        "title": f"{html.escape(_plain(words.heading))} – exoalias",
        "glyph": _GLYPHS.get(notice, _BAR),
        "window": html.escape(words.window),
        "heading": _marked(words.heading),
        "says": "\n".join(f"<p>{_marked(each)}</p>" for each in words.says),
        "fact": f'<p class="fact" role="status">{html.escape(words.fact)}</p>',
        "do": _list(words),
        "footer": html.escape(words.footer),
    }
    template = assets.text("pages", "notice.html")
    page = re.sub(r"\{\{(\w+)\}\}", lambda match: filled[match[1]], template)  # once: what is filled in is not looked at again
    return page.encode(), {
        "Content-Type": "text/html; charset=utf-8",
        "Content-Language": words.language,
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": _policy(template),
    }


def _list(words: PageWords) -> str:
    lines = "\n".join(f"<li>{_marked(each)}</li>" for each in words.do)
    return f"<h2>{html.escape(words.what_to_do)}</h2>\n<ul>\n{lines}\n</ul>"


def _plain(sentence: Sentence) -> str:
    return "".join(text for text, _ in sentence)


def _marked(sentence: Sentence) -> str:
    """The sentence in HTML. A fact from outside keeps to its own place, whichever way its letters run."""
    return "".join(
        f'<span class="who" dir="auto">{html.escape(text)}</span>' if outside else html.escape(text) for text, outside in sentence
    )


def _policy(template: str) -> str:
    """Nothing may be loaded, sent or framed; the page's own style and script are named by their hashes."""
    style, script = (_hash(re.search(rf"<{tag}>(.*?)</{tag}>", template, re.DOTALL)) for tag in ("style", "script"))
    rest = "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    return f"default-src 'none'; style-src '{style}'; script-src '{script}'; {rest}"


def _hash(found: re.Match[str] | None) -> str:
    digest = hashlib.sha256((found.group(1) if found else "").encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
