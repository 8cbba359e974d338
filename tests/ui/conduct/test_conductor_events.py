"""What a verb tells while it runs, and what the buttons of lines start."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices

from exoalias.domain.checklist import Act, Action
from exoalias.domain.events import Progress, StepDone
from tests.ui import stories
from tests.ui.hands import checked, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_progress_and_steps_are_told(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    here = face.desk.here
    assert here is not None
    assert here.plan is not None
    app.gate = threading.Event()
    job = face.desk.apply(here.plan)
    assert job is not None
    face.conductor._on_told(job, Progress("Writing MS Graph 1", 1, 2))
    assert face.window.header.line.text() == "Writing MS Graph 1"
    assert (face.window.header.progress.value(), face.window.header.progress.maximum()) == (1, 2)
    face.conductor._on_told(job, StepDone(here.plan.writes[0], "MS Graph 1: written and read back."))
    assert face.window.statusBar().currentMessage() == "MS Graph 1: written and read back."


class Pages(QObject):
    """Takes what the desktop would open."""

    def __init__(self) -> None:
        super().__init__()
        self.opened: list[str] = []

    @Slot(QUrl)
    def take(self, url: QUrl) -> None:
        """An address was to be opened."""
        self.opened.append(url.toString())


def test_a_pages_button_opens_the_page(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    pages = Pages()
    QDesktopServices.setUrlHandler("https", pages, "take")  # type: ignore[arg-type] # the stubs say bytes, PySide6 takes a str alone
    try:
        face.conductor.act(Action(Act.OPEN, "Open the page", text=stories.STRICT.url))
    finally:
        QDesktopServices.unsetUrlHandler("https")
    assert pages.opened == [stories.STRICT.url]
