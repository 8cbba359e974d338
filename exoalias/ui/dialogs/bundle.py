"""The support bundle before it is saved: every file of it in full, what is not in it, and who is behind the pseudonyms."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFileDialog,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from exoalias.domain.problems import UsageProblem
from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from exoalias.app.support import Bundle

FILE_NAME = "exoalias-support.zip"
_KILO = 1024


class BundleView(QDialog):
    """Files left, the chosen one's full text right. ``saved`` carries the path it was written to."""

    saved = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("bundle-view")
        self.setWindowTitle(_("Support bundle"))
        self._bundle: Bundle | None = None
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(_("Support bundle"), factor=1.2))
        self.says = prose(_("Collecting what helps …"), name="bundle-says")
        column.addWidget(self.says)
        self.files = named(QListWidget(), "bundle-files")
        self.files.setAccessibleName(_("Files of the bundle"))
        self.files.setSpacing(step // 4)
        self.text = named(QPlainTextEdit(), "bundle-text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)  # a line of the log is a line
        self.files.currentItemChanged.connect(self._show)
        halves = QSplitter()
        halves.setChildrenCollapsible(False)
        halves.addWidget(self.files)
        halves.addWidget(self.text)
        halves.setStretchFactor(1, 1)
        halves.setSizes([theme.wide(self, 38), theme.wide(self, 82)])
        column.addWidget(halves, 1)
        self.left_out = prose(name="bundle-left-out")
        column.addWidget(self.left_out)
        column.addWidget(self._buttons())
        self.files.setFocus()
        theme.spread(self, 124, 34)

    def _buttons(self) -> QDialogButtonBox:
        box = QDialogButtonBox(self)
        self.save = named(QPushButton(_("&Save …")), "bundle-save")
        self.save.setEnabled(False)
        self.save.setAutoDefault(False)
        close = named(QPushButton(_("&Close")), "bundle-close")
        box.addButton(self.save, QDialogButtonBox.ButtonRole.ActionRole)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        self.save.clicked.connect(self._ask_where)
        box.rejected.connect(self.reject)
        close.setDefault(True)
        return box

    def draw(self, bundle: Bundle) -> None:
        """Show this bundle; it is what *Save* will write, byte for byte."""
        self._bundle = bundle
        self.says.setText(
            _(
                "These {n} files, {size} in all, are what would be saved, every byte of them. Nothing is sent to anybody: you "
                "save the file, and decide who gets it.",
                n=len(bundle.parts),
                size=_size(bundle.size),
            )
        )
        self.left_out.setText(_("Not in it: {what}", what=told(bundle.left_out)))
        self.files.clear()
        for part in bundle.parts:
            self._add(f"{part.name}  ({_size(len(part.content))})", part.text, told(part.says))
        if bundle.who:
            lines = "\n".join(f"{pseudonym}  {name}" for pseudonym, name in bundle.who)
            words = _("Who is who, on this screen only: this list is not saved.")
            self._add(_("Who is who (not saved)"), f"{words}\n\n{lines}\n", words, ours=False)
        self.files.setCurrentRow(0)
        self.save.setEnabled(True)

    def say(self, words: str) -> None:
        """Say why there is nothing, or how saving went."""
        self.says.setText(words)

    def save_to(self, path: Path) -> None:
        """Write the bundle there, and say so; why not, where it can't be."""
        if self._bundle is None:
            return
        try:
            # The person has just agreed to replace it, where there was one.
            path.unlink(missing_ok=True)
            self._bundle.save(path)
        except (UsageProblem, OSError) as problem:
            self.say(told(problem.words) if isinstance(problem, UsageProblem) else _("{path} can't be replaced.", path=path))
            return
        self.say(_("Saved to {path}. Nothing was sent to anybody.", path=path))
        self.saved.emit(str(path))

    def _add(self, title: str, text: str, says: str, *, ours: bool = True) -> None:
        item = QListWidgetItem(title)
        item.setData(Qt.ItemDataRole.UserRole, text)
        item.setToolTip(says)
        if not ours:
            font = item.font()
            font.setItalic(True)
            item.setFont(font)
        self.files.addItem(item)

    def _show(self, item: QListWidgetItem | None) -> None:
        self.text.setPlainText(item.data(Qt.ItemDataRole.UserRole) if item is not None else "")
        self.text.setAccessibleName(item.text() if item is not None else "")

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, _("Save the support bundle"), str(Path.home() / FILE_NAME), _("Zip files (*.zip)"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda name: self.save_to(Path(name)))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()


def _size(count: int) -> str:
    return _("{n} bytes", n=count) if count < _KILO else _("{n} kB", n=f"{count / _KILO:.0f}")
