"""The pages of ours in the sign-in windows: calm words, nothing to copy, nothing that could leave."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from exoalias.app import pages
from exoalias.domain.happenings import Notice
from exoalias.domain.problems import Cancelled, Problem, WrongUser, every_problem

WRONG = WrongUser(credential="MS Graph 1", upn="svc@acme.example", expected="aaaa", actual="bbbb")


@pytest.mark.parametrize("notice", Notice)
@pytest.mark.parametrize("problem", [None, WRONG])
def test_every_page_has_a_heading_words_and_a_way_on(notice: Notice, problem: Problem | None) -> None:
    page, headers = pages.render(notice, problem)
    text = page.decode()
    if problem is None and notice is Notice.REFUSED:
        assert "Nothing was stored" in text
    assert re.search(r"<h1>[^<{]+</h1>", text)
    assert "{{" not in text
    assert len(re.findall(r"<p>[^<]+</p>", text)) >= 1
    assert "You can close this" in text
    assert headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("notice", Notice)
def test_nothing_may_be_loaded_sent_framed_or_referred(notice: Notice) -> None:
    page, headers = pages.render(notice, WRONG)
    policy = dict(part.strip().partition(" ")[::2] for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert headers["X-Content-Type-Options"] == "nosniff"
    text = page.decode()
    for never in ("http:", "https:", "<a ", "<form", "<img", "<link", "<iframe", "<input", "src=", "href="):
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


def test_a_problems_words_and_remedy_come_first() -> None:
    text = pages.render(Notice.REFUSED, WRONG)[0].decode()
    assert text.index("is not svc@acme.example") < text.index("Sign in again")


@pytest.mark.parametrize("nasty", ["<script>alert(1)</script>", "</style><img src=x>", '"><b', "&lt;", "\u202eevil"])
def test_what_came_from_outside_stays_text(nasty: str) -> None:
    text = pages.render(Notice.REFUSED, _about(nasty))[0].decode()
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "<b" not in text.partition("<main")[2].replace("</body>", "")
    assert text.count("<script") == 1


def _about(text: str) -> Problem:
    """A Problem whose facts hold that text."""
    return WrongUser(credential=text, upn=text, expected=text, actual=text)


def test_a_choice_of_the_person_is_shown_calmly() -> None:
    assert 'class="calm"' in pages.render(Notice.REFUSED, Cancelled(credential="MS Graph 1"))[0].decode()
    assert 'class="calm"' not in pages.render(Notice.REFUSED, WRONG)[0].decode()


def test_every_problem_can_be_shown() -> None:
    for kind in every_problem():
        page, headers = pages.render(Notice.REFUSED, kind())
        assert b"<h1>" in page
        assert "sha256-" in headers["Content-Security-Policy"]
