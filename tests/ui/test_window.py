"""The window as a whole."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import with_instance


def test_closing_waits_for_what_runs(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    job = face.desk.job
    assert job is not None
    face.window.close()
    assert face.window.isVisible()
    assert job.control.cancelled
    app.gate.set()
    face.wait(lambda: not face.window.isVisible())
