"""The panel for signing in to the instance, by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain.events import Door, DoorPhase
from exoalias.ui.door_panel import DoorPanel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def test_its_words_follow_the_phase_and_its_clock_counts(qtbot: QtBot) -> None:
    panel = DoorPanel()
    qtbot.addWidget(panel)
    panel.show()
    panel.move_on(DoorPhase("acme", "https://acme.service-now.com", Door.OPENING, 600))
    assert panel.says.text() == "Opening the sign-in window …"
    assert not panel.go_on.isEnabled()
    panel.move_on(DoorPhase("acme", "https://acme.service-now.com", Door.WAITING, 61, can_continue=True))
    assert "acme.service-now.com" in panel.says.text()
    assert panel.go_on.isEnabled()
    assert panel.left.text() == "1:01 left"
    qtbot.waitUntil(lambda: panel.left.text() == "1:00 left", timeout=5000)
    panel.stopping()
    assert (panel.says.text(), panel.cancel.isEnabled(), panel.go_on.isEnabled()) == ("Stopping …", False, False)
    panel.end()
    assert not panel._tick.isActive()


def test_it_can_be_operated_and_read_without_a_mouse(qtbot: QtBot) -> None:
    panel = DoorPanel()
    qtbot.addWidget(panel)
    assert panel.accessibleName() == "Sign in to the instance"
    assert panel.bar.accessibleName() == "Time left"
    for button, signal in ((panel.go_on, panel.carried_on), (panel.cancel, panel.cancelled)):
        with qtbot.waitSignal(signal, timeout=1000):
            button.click()
