"""The values between browser and state machines: frozen, and without a place for a header, a body or a page."""

from __future__ import annotations

import dataclasses
import typing

import pytest

from exoalias.domain import happenings
from exoalias.domain.happenings import InBrowser

TOLD = typing.get_args(InBrowser)
DECIDED = (happenings.LetPass, happenings.Answer, happenings.Show, happenings.Open)
MAY_HOLD = {
    "request", "url", "method", "window", "context", "follows", "which", "crashed", "why", "notice", "problem", "background",
}  # fmt: skip


@pytest.mark.parametrize("kind", [*TOLD, *DECIDED])
def test_a_value_is_frozen_and_holds_ids_and_addresses_alone(kind: type) -> None:
    assert kind.__dataclass_params__.frozen  # type: ignore[attr-defined] # of a dataclass
    assert {field.name for field in dataclasses.fields(kind)} <= MAY_HOLD


def test_every_notice_has_a_page() -> None:
    from exoalias.app import pages

    for notice in happenings.Notice:
        page, headers = pages.render(notice)
        assert b"<h1>" in page
        assert headers["Referrer-Policy"] == "no-referrer"
