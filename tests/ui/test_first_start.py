"""The first page, before there is an instance."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.ui.hands import Face


def test_first_start_offers_two_things(face: Face) -> None:
    assert face.window.pages.currentWidget() is face.window.first
    assert not face.window.first.add.isEnabled(), "nothing can be added before there is a world"
    face.open()
    assert face.window.first.add.isEnabled()
    assert face.window.first.play.isEnabled()
