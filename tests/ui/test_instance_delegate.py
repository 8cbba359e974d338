"""The drawn line of an instance: room for two lines, and something is really drawn for each state."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStyleOptionViewItem

from tests.ui.hands import checked, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_a_line_has_room_for_name_and_state(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    view = face.window.instances
    line = view.visualRect(view.lines.index(0, 0))
    assert line.height() >= 2 * face.window.fontMetrics().height()
    hint = face.window.instances.itemDelegate().sizeHint(QStyleOptionViewItem(), face.window.instances.model().index(0, 0))
    assert hint.height() > 0


def test_a_new_state_is_drawn(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    view = face.window.instances
    before = view.grab().toImage()
    checked(face)
    assert view.grab().toImage() != before
    assert view.lines.data(view.currentIndex(), Qt.ItemDataRole.ToolTipRole).endswith("5 findings")
