"""Nothing moves: there is no animation to reduce. Qt tells no wish for less motion; so there is none, in any setting.

What Qt could animate by itself is looked for where the window stands still, and the words of an animation in the source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QAbstractAnimation, QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QProgressBar, QStyle, QTreeView, QWidget

from tests.access.staging import played

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

MOVING = re.compile(
    r"Q\w*Animation\b|QMovie|QTimeLine|QScroller|setAnimated\(True|setEffectEnabled|setRange\(0, 0\)|setMaximum\(0\)"
    r"|@keyframes|animation(-name)?:|transition:|scroll-behavior|<marquee|<animate"
)
STILL = ("check", "signed-in", "overview", "overview-running", "plan", "settings", "first-start")
COUNTING = ("signing-in", "at-the-door")  # a clock is shown: its figures change, and the bar with them, once a second


class Paintings(QObject):
    """Counts what is painted in a window that stands.

    It is asked by the widgets that are there, not by the whole application: an application's filter in Python is told of widgets
    that are still being built, and each gets a wrapper as what it is so far. That can end the process.
    """

    def __init__(self) -> None:
        super().__init__()
        self.painted: list[str] = []

    def watch(self, *tops: QWidget) -> None:
        """Count from now on."""
        for widget in widgets(*tops):
            widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """See QObject."""
        if event.type() == QEvent.Type.Paint and isinstance(watched, QWidget):
            self.painted.append(f"{type(watched).__name__} {watched.objectName()}")
        return False


@pytest.fixture
def paintings(qapp: QApplication) -> Iterator[Paintings]:
    flash, hints = qapp.styleHints().cursorFlashTime(), qapp.styleHints()
    hints.setCursorFlashTime(0)  # the blinking of the place one types at is the system's, and follows it
    yield Paintings()
    hints.setCursorFlashTime(flash)


def widgets(*tops: QWidget) -> list[QWidget]:
    """They and all in them."""
    return [widget for top in tops for widget in (top, *top.findChildren(QWidget))]


def moving(source: str) -> list[str]:
    """What in a source would move."""
    return [found.group() for found in MOVING.finditer(source)]


def test_no_source_moves_anything(root: Path) -> None:
    files = [
        *(root / "exoalias" / "ui").rglob("*.py"),
        *(root / "resources").rglob("*.html"),
        *(root / "resources").rglob("*.svg"),
    ]
    assert {
        file.name: moving(file.read_text(encoding="utf-8")) for file in files if moving(file.read_text(encoding="utf-8"))
    } == {}
    assert len(files) > 50


@pytest.mark.parametrize("name", [*STILL, *COUNTING])
def test_a_window_left_alone_stands_still(qtbot: QtBot, paintings: Paintings, name: str) -> None:
    with played(name) as scene:
        qtbot.wait(250)
        qtbot.wait(50)  # what leaving a loop brings (deferred deletions) is painted in a turn of the next one
        tops = (scene.top, scene.scene.window)
        paintings.watch(*tops)
        before = len(widgets(*tops))
        qtbot.wait(900 if name in COUNTING else 400)
        times = [p for p in paintings.painted if p in {"QLabel sign-in-time", "QLabel door-time"}]
        assert len(times) <= 2, "drawn anew when its figures change, not when it looks at the clock"
        assert name in COUNTING or paintings.painted == []
        assert len(widgets(*tops)) == before, "what came since would not be counted"
        assert [a for a in scene.top.findChildren(QAbstractAnimation) if a.state() is QAbstractAnimation.State.Running] == []
        assert [t.objectName() for t in scene.top.findChildren(QTreeView) if t.isAnimated()] == []
        busy = [b for b in scene.top.findChildren(QProgressBar) if b.isVisible() and b.minimum() == b.maximum()]
        assert busy == [], "a bar without an end would move"


def test_what_is_painted_is_counted(qtbot: QtBot, paintings: Paintings) -> None:
    with played("check") as scene:
        paintings.watch(scene.top)
        scene.scene.window.add.update()
        qtbot.waitUntil(lambda: "QPushButton add-button" in paintings.painted)


def test_menus_and_lists_open_at_once_unless_the_system_says_otherwise(qapp: QApplication) -> None:
    effects = (Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo, Qt.UIEffect.UI_FadeTooltip)
    assert [effect for effect in effects if qapp.isEffectEnabled(effect)] == []
    assert qapp.style().styleHint(QStyle.StyleHint.SH_ScrollBar_Transient) == 0


def test_what_would_move_is_noticed() -> None:
    for planted in (
        "QPropertyAnimation(self, b'pos')",
        "self.bar.setRange(0, 0)",
        "tree.setAnimated(True)",
        "a { transition: 1s }",
    ):
        assert moving(planted), planted
