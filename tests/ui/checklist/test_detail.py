"""The chosen line in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import checked, with_instance


def test_cannot_tell_is_shown_with_what_is_missing(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    line = next(i for i in view.lines.lines() if i.data() == "Calendar provider Birkenfeld")
    check = next(
        c for n in range(view.lines.rowCount(line)) if (c := view.lines.index(n, 0, line)).data() == "Rooms are configured"
    )
    view.setCurrentIndex(check)
    face.bot.waitUntil(lambda: face.find("detail-status").text() == "cannot tell")
    assert "Insufficient rights" in face.find("detail-found").text()
    assert "sn_wsd_core.admin" in face.find("detail-why").text()
