"""The pages of ours in the sign-in windows: calm words, nothing to copy, nothing that could leave."""

from __future__ import annotations

import base64
import hashlib
import html
import re

import pytest

from exoalias.adapters import assets
from exoalias.app import pages
from exoalias.app.page_words import LANGUAGES
from exoalias.domain.happenings import Notice, Which
from exoalias.domain.problems import Cancelled, WrongUser, every_problem
from tests.app.endings import ENDINGS, FACTS, SECRETS

WRONG = WrongUser(credential="MS Graph 1", upn="svc@acme.example", expected="aaaa", actual="bbbb")


def text_of(page: bytes) -> str:
    """What a person reads, in order."""
    body = page.decode().partition("<main>")[2].partition("</main>")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", "", body)).split())


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("which", Which)
@pytest.mark.parametrize("ending", ENDINGS)
def test_every_page_is_whole_and_holds_nothing_to_copy(ending: str, which: Which, language: str) -> None:
    notice, problem = ENDINGS[ending]
    page, headers = pages.render(notice, problem, which=which, language=language, facts=FACTS)
    text = page.decode()
    assert f'<html lang="{language}"' in text
    assert headers["Content-Language"] == language
    assert re.search(r"<h1>.+</h1>", text)
    assert len(re.findall(r"<p>.+</p>", text)) >= 1
    assert len(re.findall(r"<li>.+</li>", text)) >= 1
    assert text.count('class="fact"') == 1
    assert "{{" not in text
    for never in (*SECRETS, "code=", "state=", "client_info", "session_state", "0b1ec700", "journal.sqlite3"):
        assert never not in text
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("which", Which)
@pytest.mark.parametrize("notice", Notice)
def test_nothing_may_be_loaded_sent_framed_or_referred(notice: Notice, which: Which) -> None:
    page, headers = pages.render(notice, WRONG, which=which)
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert set(policy) == {"default-src", "style-src", "script-src", "base-uri", "form-action", "frame-ancestors"}
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    text = page.decode()
    for never in ("http:", "https:", "<a ", "<form", "<img", "<link", "<iframe", "<input", "src=", "href=", "style=", "onclick"):
        assert never not in text
    assert text.count("<script") == text.count("<style") == 1


def test_the_pages_own_style_and_script_are_those_the_policy_names() -> None:
    page, headers = pages.render(Notice.REFUSED, WRONG)
    for tag in ("style", "script"):
        inside = re.search(rf"<{tag}>(.*?)</{tag}>", page.decode(), re.DOTALL)
        assert inside is not None
        digest = base64.b64encode(hashlib.sha256(inside[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in headers["Content-Security-Policy"]


def test_the_script_takes_the_address_away() -> None:
    page, _ = pages.render(Notice.ENDED)
    assert 'history.replaceState(null, "", "/")' in page.decode()


def test_what_happened_comes_before_what_to_do() -> None:
    text = text_of(pages.render(Notice.REFUSED, WRONG)[0])
    assert text.index("svc@acme.example was expected") < text.index("Nothing was stored") < text.index("Start the sign-in again")


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "</style><img src=x>", '"><b', "&lt;", "\u202eevil", "{{says}}"])
@pytest.mark.parametrize("which", Which)
def test_what_came_from_outside_stays_text(nasty: str, which: Which) -> None:
    problem = WrongUser(credential=nasty, upn=nasty, expected=nasty, actual=nasty)
    text = pages.render(Notice.REFUSED, problem, which=which)[0].decode()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b" not in text.partition("<main")[2].replace("</body>", "")
    assert "\u202e" not in text
    assert text.count("<script") == 1
    assert text.count("<h1>") == 1, "what is filled in is not filled in once more"
    assert text.count('<p class="fact"') == 1


def test_a_fact_from_outside_keeps_to_its_own_place() -> None:
    text = pages.render(Notice.REFUSED, WRONG)[0].decode()
    assert '<span class="who" dir="auto">svc@acme.example</span>' in text


def test_a_choice_of_the_person_is_shown_calmly() -> None:
    assert 'class="calm"' in pages.render(Notice.REFUSED, Cancelled(credential="MS Graph 1"))[0].decode()
    assert 'class="stopped"' in pages.render(Notice.REFUSED, WRONG)[0].decode()
    assert 'class="stopped"' in pages.render(Notice.ENDED, WRONG)[0].decode(), "what ended it stays what it was"


def test_colour_never_speaks_alone() -> None:
    glyphs = {notice: re.findall(r'<path d="([^"]+)"', pages.render(notice)[0].decode())[-1] for notice in Notice}
    assert glyphs[Notice.FAREWELL] == glyphs[Notice.SIGNED_IN] != glyphs[Notice.REFUSED] != glyphs[Notice.ALREADY_OPEN]


def test_every_problem_can_be_shown() -> None:
    for kind in every_problem():
        page, headers = pages.render(Notice.REFUSED, kind())
        assert b"<h1>" in page
        assert "sha256-" in headers["Content-Security-Policy"]


# -- seen well -----------------------------------------------------------------------------------------------------------

ON = {  # ink and paper, by the names of the style sheet
    ("--ink", "--card"), ("--soft", "--card"), ("--strong", "--wash"), ("--ink", "--paper"),
}  # fmt: skip


def _palettes() -> dict[str, dict[str, str]]:
    """The colours of each scheme and tone, as the style sheet has them: later lines go over earlier ones."""
    style = assets.text("pages", "notice.html").partition("<style>")[2].partition("</style>")[0]
    light, _, dark = style.partition("@media (prefers-color-scheme: dark)")

    def of(part: str, tone: str) -> dict[str, str]:
        blocks = re.findall(r":root(\.\w+)? \{(.*?)\}", part, re.DOTALL)
        wanted = [body for name, body in blocks if name in {"", f".{tone}"}]
        return dict(pair for body in wanted for pair in re.findall(r"(--\w+): (#[0-9a-f]{6})", body))

    return {
        f"{scheme} {tone}": of(light, tone) | (of(dark, tone) if scheme == "dark" else {})
        for scheme in ("light", "dark")
        for tone in ("calm", "stopped")
    }


def _luminance(colour: str) -> float:
    channels = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("palette", ["light calm", "light stopped", "dark calm", "dark stopped"])
def test_every_text_stands_out_from_its_paper(palette: str) -> None:
    colours = _palettes()[palette]
    for ink, paper in ON:
        assert _contrast(colours[ink], colours[paper]) >= 4.5, (ink, paper)
    assert _contrast(colours["--mark"], colours["--card"]) >= 3, "the bar above the card"


def test_the_measure_of_contrast_is_right() -> None:
    assert _contrast("#ffffff", "#000000") == pytest.approx(21)
    assert _contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
