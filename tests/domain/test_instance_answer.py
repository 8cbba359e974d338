"""The answer an admin pastes: read strictly, from whatever stands around it, and nothing else of it kept."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters import assets
from exoalias.domain.instance_answer import REASONS, Said, read, script
from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount

CREDENTIAL, PROFILE = SysId("c0" * 16), SysId("f0" * 16)
OID, TID = "0b1ec700-0000-4000-8000-00000000aaaa", "7e000000-0000-4000-8000-00000000aaaa"
LINE = f"exoalias-answer 1 {CREDENTIAL} {PROFILE} {OID} {TID}"


@pytest.mark.parametrize(
    "text",
    [
        LINE,
        f"*** Script: {LINE}",
        f"[0:00:00.035] Script completed in scope global: script\n\n*** Script: {LINE}\nScript execution history …",
        f"{LINE}\n*** Script: {LINE}",
        LINE.upper().replace("EXOALIAS-ANSWER", "exoalias-answer"),
    ],
)
def test_the_line_is_found_among_what_the_page_says(text: str) -> None:
    assert read(text) == Said(CREDENTIAL, PROFILE, HomeAccount(OID, TID))


@pytest.mark.parametrize("reason", [*REASONS, "something-new"])
def test_where_the_script_could_not_tell_it_says_why(reason: str) -> None:
    said = read(f"*** Script: exoalias-answer 1 {CREDENTIAL} {PROFILE} none {reason}")
    assert said is not None
    assert said.account is None
    assert said.why == REASONS.get(reason, "the script could not tell why")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello",
        LINE.replace("exoalias-answer 1", "exoalias-answer 2"),
        LINE.replace(CREDENTIAL, CREDENTIAL[:-1]),
        LINE.replace(OID, "svc@acme.example"),
        f"{LINE}0",
        f"{LINE}\n{LINE.replace(OID, OID.replace('aaaa', 'bbbb'))}",
        f"{LINE}\nexoalias-answer 1 {CREDENTIAL} {PROFILE} none no-token",
        LINE.replace("0b1ec700", "٠b1ec700"),
    ],
)
def test_anything_else_is_no_answer(text: str) -> None:
    assert read(text) is None


@given(st.text(), st.text())
def test_no_text_breaks_it_and_nothing_else_is_taken_along(before: str, after: str) -> None:
    said = read(f"{before}\n{LINE}\n{after}")
    assert said is None or said.account == HomeAccount(OID, TID) or said.account is None
    read(before + after)


def test_only_record_ids_go_into_the_script() -> None:
    template = assets.text("instance", "whose-token.js")
    made = script(template, CREDENTIAL, PROFILE)
    assert "{{" not in made
    assert f'"{CREDENTIAL}"' in made
    assert f'"{PROFILE}"' in made
    for bad in ('"; gs.print(1); "', "", "C0" * 16, "c0" * 17):
        with pytest.raises(ValueError) as refused:  # noqa: PT011 - what is refused is its whole text, and may be empty
            script(template, SysId(bad), PROFILE)
        assert str(refused.value) == bad


def test_the_script_names_nothing_that_writes_sends_or_prints_a_token() -> None:
    """Read line by line by the admin; this is the machine's reading of it."""
    text = assets.text("instance", "whose-token.js")
    code = re.sub(r"//.*", "", text)
    for never in (
        "insert",
        "update",
        "delete",
        "setValue",
        "GlideRecord",
        "RESTMessage",
        "execute",
        "getRefreshToken",
        "eval",
        "http",
    ):
        assert never.lower() not in code.lower(), never
    assert re.findall(r"gs\.\w+", code) == ["gs.info"], "one way out, for the line of the answer"
    assert "token" not in code.partition("gs.info(")[2].partition(";")[0].replace("exoalias-answer", "")
    assert len(text.splitlines()) < 70, "short enough to be read"
