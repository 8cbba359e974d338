"""Journal and doctor as tables: newest first, status by word and icon, copied as text."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.adapters.keeping.journal import Entry
from exoalias.app.doctor import Probe
from exoalias.domain.checklist import Status
from exoalias.ui import theme
from exoalias.ui.dialogs.reports import DoctorView, JournalView
from tests.ui import stories

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


def test_the_journal_is_newest_first_and_says_what_has_no_outcome(qtbot: QtBot) -> None:
    view = JournalView("acme", None)
    qtbot.addWidget(view)
    later = stories.TAKEN + timedelta(minutes=1)
    view.draw((
        Entry(1, "acme", stories.TAKEN, "write", {"field": "oauth_entity_profile"}, "done", later, {"mod_count": "5"}),
        Entry(2, "acme", later, "sign-in", {"credential": "MS Graph 1"}),
    ))  # fmt: skip
    first, second = view.table.topLevelItem(0), view.table.topLevelItem(1)
    assert first is not None
    assert second is not None
    assert (first.text(1), first.text(2)) == ("sign-in", "no outcome yet")
    assert second.text(3) == "field: oauth_entity_profile; mod_count: 5"
    view.draw(())
    assert view.table.topLevelItemCount() == 0
    assert "Nothing" in view.says.text()


def test_the_doctor_counts_what_failed(qtbot: QtBot, qapp: QApplication) -> None:
    view = DoctorView(None)
    qtbot.addWidget(view)
    view.draw((Probe("Keyring", "ok", "there", ""), Probe("Browser", "fail", "none", "Install one.")))
    assert view.says.text() == "1 of 2 did not pass."
    line = view.table.topLevelItem(1)
    assert line is not None
    assert line.text(0) == "failed"
    assert not line.icon(0).isNull()
    assert line.data(0, Qt.ItemDataRole.AccessibleTextRole) == "failed. Browser. none. Install one."
    view.copy.click()
    assert qapp.clipboard().text().splitlines()[1] == "failed\tBrowser\tnone\tInstall one."


def test_rows_are_as_tall_as_their_wrapped_text(qtbot: QtBot) -> None:
    view = DoctorView(None)
    qtbot.addWidget(view)
    view.show()
    view.draw((Probe("Browser", "fail", "none was found " * 40, "Install one."), Probe("Keyring", "ok", "there", "")))
    qtbot.waitExposed(view).__enter__()
    tall, short = (
        view.table.visualItemRect(item).height() for at in range(2) if (item := view.table.topLevelItem(at)) is not None
    )
    assert tall > 4 * view.fontMetrics().height()
    assert short < 2 * view.fontMetrics().height()


def test_the_icon_stands_beside_the_first_line(qtbot: QtBot) -> None:
    view = DoctorView(None)
    qtbot.addWidget(view)
    view.show()
    view.draw((Probe("Browser", "fail", "none was found " * 40, "Install one."),))
    qtbot.waitExposed(view).__enter__()
    line = view.table.topLevelItem(0)
    assert line is not None
    row = view.table.visualItemRect(line)
    picture = view.table.viewport().grab(row).toImage()
    red = theme.colour(theme.tone(Status.WRONG), view.palette())
    drawn = [y for y in range(picture.height()) for x in range(picture.width()) if picture.pixelColor(x, y) == red]
    assert drawn
    assert max(drawn) < 2 * view.fontMetrics().height()
