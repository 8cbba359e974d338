"""In German no sentence of the window is left in English, in any of its states."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QGroupBox,
    QLabel,
    QLineEdit,
    QMenu,
    QWidget,
)

from exoalias.adapters import wording
from exoalias.ui.words import qt_speaks

if TYPE_CHECKING:
    from collections.abc import Iterator

    import _scenes
    import _scenes_dialogs
    import _scenes_many
    import language
else:  # scripts, not a package: loaded from where they stand
    sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "dev"))
    import _scenes
    import _scenes_dialogs
    import _scenes_many
    import language

SCENES = _scenes.SCENES | _scenes_many.SCENES | _scenes_dialogs.SCENES
_FEW = 40  # rows of a long list that are looked at


@pytest.fixture
def german(qapp: QApplication) -> Iterator[None]:
    wording.use("de")
    yield
    wording.use("en")
    for widget in qapp.topLevelWidgets():
        widget.close()
        widget.deleteLater()
    qapp.processEvents()


def shown(root: QWidget) -> Iterator[str]:
    """Every text of these widgets, what is told to screen readers and in tool tips included."""
    for widget in (root, *root.findChildren(QWidget)):
        yield from (widget.windowTitle(), widget.toolTip(), widget.accessibleName(), widget.accessibleDescription())
        if isinstance(widget, QLabel | QAbstractButton):
            yield widget.text()
        if isinstance(widget, QGroupBox | QMenu):
            yield widget.title()
        if isinstance(widget, QLineEdit):
            yield widget.placeholderText()
        if isinstance(widget, QComboBox):
            yield from (widget.itemText(at) for at in range(widget.count()))
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            yield from _listed(widget.model(), QModelIndex())
    for action in root.findChildren(QAction):
        yield from (action.text(), action.toolTip(), action.statusTip())


def _listed(model: QAbstractItemModel, above: QModelIndex) -> Iterator[str]:
    roles = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole)
    columns = 1 if isinstance(model, QAbstractListModel) else model.columnCount(above)
    for row in range(min(_FEW, model.rowCount(above))):
        for column in range(columns):
            at = model.index(row, column, above)
            yield from (text for role in roles if isinstance(text := at.data(role), str))
            if column == 0:
                yield from _listed(model, at)
    for column in range(columns):
        header: Any = model.headerData(column, Qt.Orientation.Horizontal)
        if isinstance(header, str):
            yield header


def english_left(texts: Iterator[str]) -> list[str]:
    """Those that are sentences of the catalogue as they were written, and not as they are translated."""
    return sorted({text for text in texts if text and _ENGLISH.fullmatch(text)})


def _pattern(template: str) -> str:
    return "".join(".+" if part.startswith("{") else re.escape(part) for part in re.split(r"(\{[^{}]*\})", template))


_PAIRS = {str(m.id): str(m.string) for m in language.catalogue("de") if m.id}
_GERMAN = set(_PAIRS.values())


def _is_telling(text: str) -> bool:
    """Whether nothing else reads like that by chance: two words at least, three where facts stand between them."""
    words = re.findall(r"[^\W\d_]{2,}", re.sub(r"\{[^{}]*\}", "", text))
    return len(words) > (2 if "{" in text else 1)


_TELLING = [text for text, other in _PAIRS.items() if text != other and text not in _GERMAN and _is_telling(text)]
_ENGLISH = re.compile("|".join(f"(?:{_pattern(text)})" for text in _TELLING), re.DOTALL)


@pytest.mark.parametrize("name", sorted(set(SCENES) - {"german-length", "overview-ten-thousand"}))
def test_nothing_is_left_in_english(name: str, german: None) -> None:
    scene = _scenes.Scene("light")
    SCENES[name](scene)
    dialog = scene.dialog or scene.conductor.dialog
    texts = [*shown(scene.window), *(shown(dialog) if dialog is not None else ())]
    assert len(texts) > 50
    assert english_left(iter(texts)) == []


def test_what_is_left_is_noticed() -> None:
    assert english_left(iter(["Nothing is to be done.", "Nichts zu tun"])) == ["Nothing is to be done."]


def test_qt_speaks_german_too(qapp: QApplication, german: None) -> None:
    qt_speaks(qapp)
    assert qapp.translate("QWidgetTextControl", "&Copy") == "&Kopieren"
