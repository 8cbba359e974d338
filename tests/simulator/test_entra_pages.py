"""The pages: focus, keyboard, headers, and no way to slip markup or a script in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from exoalias.simulator import entra_pages
from exoalias.simulator.entra_pages import Form
from exoalias.simulator.entra_sessions import Account
from exoalias.simulator.scenario import draw

if TYPE_CHECKING:
    from exoalias.simulator.entra_http import Answer

FORM = Form("/t/login", "flow", "token")
EVIL = "\"'><script>alert(1)</script>"
PAGES = {
    "username": entra_pages.username(FORM, EVIL, EVIL, ""),
    "password": entra_pages.password(FORM, EVIL, EVIL, ""),
    "picker": entra_pages.picker(FORM, [Account(draw(1).people["admin"], 0.0)], ""),
    "consent": entra_pages.consent(FORM, EVIL, EVIL, [EVIL], ""),
    "stay": entra_pages.stay_signed_in(FORM, EVIL, ""),
    "trouble": entra_pages.trouble("AADSTS1", EVIL, {EVIL: EVIL}),
    "message": entra_pages.message(EVIL, EVIL),
}


def _policy(answer: Answer) -> str:
    return dict(answer.headers)["Content-Security-Policy"]


@pytest.mark.parametrize("name", PAGES)
def test_no_page_takes_markup_or_runs_a_script_it_was_not_given(name: str) -> None:
    text = PAGES[name].body.decode()
    assert "<script" not in text
    assert "script-src 'none'" in _policy(PAGES[name])
    assert "frame-ancestors 'none'" in _policy(PAGES[name])
    assert f"<title>{entra_pages.TITLE}</title>" in text
    assert dict(PAGES[name].headers)["Cache-Control"] == "no-store, no-cache"


@pytest.mark.parametrize(
    ("name", "focus", "enter"),
    [
        ("username", "username", "next"),
        ("password", "password", "signin"),
        ("consent", "accept", "accept"),
        ("stay", "yes", "yes"),
    ],
)
def test_the_field_has_the_focus_and_enter_presses_the_right_button(name: str, focus: str, enter: str) -> None:
    text = PAGES[name].body.decode()
    (focused,) = re.findall(r"<(?:input|button)[^>]*\bautofocus\b[^>]*>", text)
    assert f'id="{focus}"' in focused
    assert re.findall(r'<button id="(\w+)"', text)[0] == enter


def test_the_picker_focuses_the_first_account_which_enter_presses() -> None:
    text = PAGES["picker"].body.decode()
    assert re.findall(r"<button[^>]*>", text)[0].endswith("autofocus>")


def test_labels_belong_to_their_fields() -> None:
    for name in ("username", "password"):
        assert f'<label for="{name}">' in PAGES[name].body.decode()


def test_a_script_is_allowed_by_a_nonce_used_once() -> None:
    first, second = (entra_pages.page("", "go();") for _ in range(2))
    nonces = [re.findall(r'<script nonce="([^"]+)">go\(\);</script>', answer.body.decode()) for answer in (first, second)]
    assert f"script-src 'nonce-{nonces[0][0]}'" in _policy(first)
    assert nonces[0] != nonces[1]


def test_a_string_cannot_end_its_script() -> None:
    assert "<" not in entra_pages.js_string("</script>")
    assert "</script><x" not in entra_pages.reloading("/a?</script><x").body.decode()


def test_values_of_a_self_posting_form_are_escaped() -> None:
    text = entra_pages.self_posting('http://x/?"', {"state": EVIL}).body.decode()
    assert "alert(1)</script>" not in text
    assert 'action="http://x/?&quot;"' in text


def test_a_long_permission_stays_on_its_card() -> None:
    text = entra_pages.consent(FORM, "svc@a.example", "Registry", ["https://graph.microsoft.com/Calendars.ReadWrite.Shared"], "")
    assert "ul,dl{overflow-wrap:anywhere}" in text.body.decode()
