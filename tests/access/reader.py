"""What a screen reader is told of a window, through QAccessible: names, roles and states, and every text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QScrollArea,
    QTableView,
    QToolButton,
    QTreeView,
    QWidget,
)

from exoalias.domain.checklist import Finding, Row
from exoalias.ui import known as knowledge
from exoalias.ui import words
from exoalias.ui.checklist.model import ChecklistModel
from exoalias.ui.instance_model import InstanceModel
from exoalias.ui.known import Known
from exoalias.ui.labels import Mark
from tests.access.keyboard import called

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QModelIndex
    from PySide6.QtGui import QAccessibleInterface

Role = QAccessible.Role
ROLES: tuple[tuple[type[QWidget], set[QAccessible.Role]], ...] = (  # the first that fits counts
    (QCheckBox, {Role.CheckBox}),
    (QPushButton, {Role.Button}),
    (QToolButton, {Role.Button, Role.CheckBox}),
    (QComboBox, {Role.ComboBox}),
    (QAbstractSpinBox, {Role.SpinBox}),
    (QLineEdit, {Role.EditableText}),
    (QPlainTextEdit, {Role.EditableText}),
    (QTableView, {Role.Table}),
    (QTreeView, {Role.Tree}),
    (QListView, {Role.List}),
    (QLabel, {Role.StaticText}),
    (QScrollArea, {Role.Client, Role.Pane}),
)


def interface(widget: QWidget) -> QAccessibleInterface:
    """What a screen reader holds of that widget."""
    found = QAccessible.queryAccessibleInterface(widget)
    assert found is not None, called(widget)
    return found


def name_of(widget: QWidget) -> str:
    """Its name, as it would be spoken."""
    return interface(widget).text(QAccessible.Text.Name)


def unsaid(stop: QWidget) -> list[str]:
    """What a screen reader would get wrong about a widget that has the keyboard now."""
    told = interface(stop)
    name, state = told.text(QAccessible.Text.Name), told.state()
    expected = next((roles for kind, roles in ROLES if isinstance(stop, kind)), set())
    found = {
        "has no name": not name.strip(),
        f"has its object's name {name!r}": name == stop.objectName() and name != "",
        f"has a letter's mark in its name {name!r}": "&" in name.replace("&&", "") and not isinstance(stop, QLabel),
        f"is a {told.role()}": told.role() not in expected,
        "can't be focused": not state.focusable,
        "isn't focused": not state.focused,
        "is said to be disabled": bool(state.disabled),
        "is said to be invisible": bool(state.invisible),
        **_kind_of_state(stop, told),
    }
    return [f"{called(stop)} {words}" for words, so in found.items() if so]


def _kind_of_state(stop: QWidget, told: QAccessibleInterface) -> dict[str, bool]:
    state = told.state()
    if isinstance(stop, QAbstractButton):
        wrong = bool(state.checkable) != stop.isCheckable() or bool(state.checked) != stop.isChecked()
        return {"is said to be ticked, or not": wrong}
    if isinstance(stop, QLineEdit):
        secret = stop.echoMode() is QLineEdit.EchoMode.Password
        return {
            "is said to be open for typing, or not": bool(state.readOnly) != stop.isReadOnly(),
            "is said to show what is secret": bool(state.passwordEdit) != secret,
        }
    return {}


_TO_BE_NAMED = {
    Role.Button,
    Role.CheckBox,
    Role.ComboBox,
    Role.EditableText,
    Role.Link,
    Role.List,
    Role.ListItem,
    Role.MenuItem,
    Role.ProgressBar,
    Role.RadioButton,
    Role.SpinBox,
    Role.Table,
    Role.Tree,
    Role.TreeItem,
}
_MOST_LINES = 40  # of a list, looked at


def nameless(top: QWidget) -> list[str]:
    """Everything on the screen one can act on or stand on, without a name; in a tree of columns the first counts."""
    found: list[str] = []

    def walk(node: QAccessibleInterface, depth: int) -> None:
        for at in range(min(node.childCount(), _MOST_LINES)):
            child = node.child(at)
            if child is None or not child.isValid() or child.state().invisible or depth > 30:
                continue
            named = bool(child.text(QAccessible.Text.Name).strip())
            if child.role() is Role.TreeItem and at % max(1, _columns(node)):
                named = True
            if child.role() in _TO_BE_NAMED and not named:
                held = child.object()
                found.append(f"{child.role()} {held.objectName() if held is not None else ''} in {node.role()}")
            walk(child, depth + 1)

    walk(interface(top), 0)
    return found


def _columns(node: QAccessibleInterface) -> int:
    view = node.object()
    return view.model().columnCount() if isinstance(view, QTreeView) else 1


def statusless(top: QWidget) -> list[str]:
    """Lines of the lists whose status is drawn and not told: in the checklist with its checks, and among the instances."""
    found = []
    for view in top.findChildren(QAbstractItemView):
        for line in _lines(view) if view.isVisible() else ():
            told = str(line.data(Qt.ItemDataRole.AccessibleTextRole) or "")
            found += [f"{line.data()!r} is {told!r}, without {word!r}" for word in _status_words(line) if word not in told]
    return found


def _lines(view: QAbstractItemView) -> Iterator[QModelIndex]:
    """Those of a list, with what stands below each."""
    model = view.model()
    for at in range(min(model.rowCount(), _MOST_LINES)):
        line = model.index(at, 0)
        yield line
        for below in range(model.rowCount(line)):
            yield model.index(below, 0, line)


def _status_words(at: QModelIndex) -> list[str]:
    model = at.model()
    if isinstance(model, ChecklistModel):
        item = model.item(at)
        return [words._(item.status.value)] if isinstance(item, (Row, Finding)) else []
    if isinstance(model, InstanceModel):
        line = model.lines[at.row()]
        return [knowledge.says(line), knowledge.lock_says(line)] if isinstance(line, Known) else []
    return []


def mute(top: QWidget) -> list[str]:
    """Texts on the screen that are not in what a screen reader is told."""
    labels = [label for label in top.findChildren(QLabel) if label.isVisible() and label.text().strip()]
    return [f"{called(label)}: {label.text()!r} is {name_of(label)!r}" for label in labels if not _spoken(label)]


def _spoken(label: QLabel) -> bool:
    name = " ".join(name_of(label).split())
    shown = " ".join(label.text().replace("&", "").replace("\u200b", "").split())
    if "<a " in shown:
        return bool(name)
    return shown in name.replace("\u200b", "").replace("&", "") or "…" in shown


def alone(top: QWidget) -> list[str]:
    """Status icons without a text beside them, in their line: what they mean would be told by shape and colour alone."""
    marks = [mark for mark in top.findChildren(Mark) if mark.isVisible()]
    return [f"{called(mark)} in {called(mark.parentWidget())}" for mark in marks if not _text_beside(mark)]


def _text_beside(mark: QWidget) -> bool:
    place = QRect(mark.mapToGlobal(QPoint()), mark.size())
    holder = mark.parentWidget()
    for label in holder.findChildren(QLabel) if holder is not None else ():
        at = QRect(label.mapToGlobal(QPoint()), label.size())
        in_line = min(at.bottom(), place.bottom()) - max(at.top(), place.top()) > 0
        if label.isVisible() and label.text().strip() and in_line and 0 <= at.left() - place.right() < 2 * place.width():
            return True
    return False
