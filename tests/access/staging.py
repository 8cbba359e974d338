"""The states of the window that the pictures show, played for a test: in a scheme, with the person's own size of text."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, cast

from PySide6.QtCore import QEvent
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from exoalias.ui import words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import _scenes
    import _scenes_dialogs
    import _scenes_many
else:  # scripts, not a package: loaded from where they stand
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
    import _scenes
    import _scenes_dialogs
    import _scenes_many

SCENES: dict[str, Callable[[_scenes.Scene], None]] = _scenes.SCENES | _scenes_many.SCENES | _scenes_dialogs.SCENES
SCENES.pop("overview-ten-thousand")  # the same widgets as in "overview", after seconds


class Played(NamedTuple):
    """A scene on the screen, and the window that has the keyboard: a dialog's, where one is open."""

    name: str
    scene: _scenes.Scene
    top: QWidget


def settle() -> None:
    """Let layouts, timers without a delay and paintings come round."""
    for _round in range(4):
        QApplication.processEvents()


@contextmanager
def played(name: str, *, scheme: str = "light", text: float = 1.0, size: tuple[int, int] | None = None) -> Iterator[Played]:
    """Play it, and take everything away afterwards. ``text`` is the factor of the person's own size of text."""
    app = cast("QApplication", QApplication.instance())
    usual = QFont(app.font())
    larger = QFont(usual)
    larger.setPointSizeF(usual.pointSizeF() * text)
    app.setFont(larger)
    scene = _scenes.Scene(scheme)
    try:
        SCENES[name](scene)
        if size is not None:
            scene.window.resize(*size)
        scene.window.show()
        settle()
        top = scene.dialog or scene.conductor.dialog or scene.window
        top.show()
        top.activateWindow()
        settle()
        yield Played(name, scene, top)
        if top is not scene.window:
            top.close()
    finally:
        scene.window.hide()
        scene.window.deleteLater()
        words.stretch(on=False)
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)  # or every later font and palette is told to all of them
        app.setFont(usual)
        app.setPalette(QPalette())
        settle()
