"""The line above the checklist."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.events import Progress

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import with_instance


def test_progress_is_shown(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: face.desk.job)
    job = face.desk.job
    assert job is not None
    face.desk.runner.told.emit(job, Progress("Reading the credentials", 2, 5))
    assert face.window.header.line.text() == "Reading the credentials"
    assert face.window.header.progress.value() == 2


def test_nothing_below_moves_when_a_verb_begins(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    window = face.window
    face.settle()
    before = window.checklist.mapTo(window, window.checklist.rect().topLeft())
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(window.header.progress.isVisible)
    face.settle()
    assert window.checklist.mapTo(window, window.checklist.rect().topLeft()) == before
    assert window.header.rect().contains(window.header.progress.geometry())
