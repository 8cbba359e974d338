"""The one table of what may be written: nothing else, and no other values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from exoalias.domain.plan import SetField
from exoalias.domain.records import SysId
from exoalias.domain.writable import WRITABLE, may_write

STEP = SetField("oauth_2_0_credentials", SysId("a"), "A", "oauth_entity_profile", "", "", "b" * 32, "b", None, None)


def test_each_field_has_its_reason_and_page() -> None:
    for (table, field), writable in WRITABLE.items():
        assert (writable.table, writable.field) == (table, field)
        assert writable.why.endswith(".")
        assert writable.page.url.startswith("https://www.servicenow.com/docs/r/")


@pytest.mark.parametrize(
    ("table", "field", "good", "bad"),
    [
        ("oauth_2_0_credentials", "oauth_entity_profile", ("", "b" * 32), ("a^b", "javascript:x", "b\n")),
        ("oauth_2_0_credentials", "name", ("MS Graph 1",), ("", "a\nb", "x" * 101)),
        ("oauth_2_0_credentials", "active", ("true", "false"), ("", "1", "TRUE")),
        (
            "oauth_entity",
            "redirect_url",
            ("https://a.example/oauth_redirect.do", "http://127.0.0.1:80/oauth_redirect.do"),
            (
                "",
                "https://a.example/",
                "javascript:alert(1)//oauth_redirect.do",
                "https://u@a.example/oauth_redirect.do",
                "https://a.example/oauth_redirect.do?x=1",
                "https://a.example/oauth_redirect.do\n",
            ),
        ),
        (
            "http_connection",
            "connection_url",
            ("", "https://graph.microsoft.com", "https://graph.x/v1.0/"),
            (
                "ftp://graph",
                "https://graph.x?y=1",
                "https://u:p@graph.x",
                "https://graph.x\n",
            ),
        ),
    ],
)
def test_values_have_their_form(table: str, field: str, good: tuple[str, ...], bad: tuple[str, ...]) -> None:
    step = replace(STEP, table=table, field=field)
    assert all(may_write(replace(step, after=value)) for value in good)
    assert not any(may_write(replace(step, after=value)) for value in bad)


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("oauth_entity", "client_secret"),
        ("oauth_entity", "client_id"),
        ("discovery_credentials", "name"),
        ("sys_properties", "value"),
    ],
)
def test_nothing_else_is_written(table: str, field: str) -> None:
    assert not may_write(replace(STEP, table=table, field=field, after="x"))
