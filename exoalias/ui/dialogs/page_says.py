"""*What does the page say?* Error pages are invisible to exoalias by design: the person pastes the code, we explain it."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from exoalias.domain.microsoft_errors import explain
from exoalias.domain.strategies import speaks_of_the_device
from exoalias.ui import theme
from exoalias.ui.labels import heading, named, prose
from exoalias.ui.scrolled import Scrolled
from exoalias.ui.words import _, told


class PageSays(QDialog):
    """Explains while typing; nothing typed here is kept or sent."""

    device_wanted = Signal()  # begin again as a managed device

    def __init__(self, parent: QWidget | None = None, *, offers_device: bool = False) -> None:
        super().__init__(parent)
        self._offers_device = offers_device
        self.setObjectName("page-says-dialog")
        self.setWindowTitle(_("What does the page say?"))
        step = theme.grid(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(step * 2, step * 2, step * 2, step * 2)
        column.setSpacing(step)
        column.addWidget(heading(_("What does the page say?"), factor=1.2))
        column.addWidget(
            prose(
                _(
                    "exoalias cannot see the pages of the sign-in windows. Type or paste the code "
                    "or the text shown there, e.g. AADSTS50126. Nothing of it is kept or sent."
                )
            )
        )
        caption = QLabel(_("Code or &text"))
        self.text = named(QLineEdit(), "page-says-text")
        self.text.setAccessibleName(_("Code or text of the page"))
        self.text.setPlaceholderText("AADSTS…")
        caption.setBuddy(self.text)
        column.addWidget(caption)
        column.addWidget(self.text)
        self.title = heading(name="page-says-title")
        self.cause = prose(name="page-says-cause")
        self.remedy = prose(name="page-says-remedy")
        self.who = prose(name="page-says-who")
        self.source = prose(name="page-says-source")
        self._answer = (self.title, self.cause, self.remedy, self.who, self.source)
        answer = QWidget()
        inside = QVBoxLayout(answer)
        inside.setContentsMargins(0, 0, 0, 0)
        inside.setSpacing(step)
        for label in self._answer:
            inside.addWidget(label)
        inside.addStretch(1)
        self._area = Scrolled(answer)
        self._area.setAccessibleName(_("What does the page say?"))
        column.addWidget(self._area, 1)
        self.device = named(QPushButton(_("Sign in as a &managed device")), "page-says-device")
        self.device.setAutoDefault(False)
        self.device.hide()
        self.device.clicked.connect(self._as_managed_device)
        column.addWidget(self.device, 0, Qt.AlignmentFlag.AlignLeft)
        box = QDialogButtonBox(self)
        close = named(QPushButton(_("&Close")), "page-says-close")
        close.setAutoDefault(False)
        box.addButton(close, QDialogButtonBox.ButtonRole.RejectRole)
        box.rejected.connect(self.reject)
        column.addWidget(box)
        self.text.textChanged.connect(self._explain)
        self.text.setFocus()
        theme.spread(self, 70, 24)

    def _explain(self, text: str) -> None:
        if not text.strip():
            for label in self._answer:
                label.clear()
            self.device.hide()
            return
        meaning = explain(text)
        self.device.setVisible(self._offers_device and speaks_of_the_device(meaning.code))
        self.title.setText(f"{meaning.code} · {told(meaning.title)}" if meaning.code else told(meaning.title))
        self.cause.setText(told(meaning.cause))
        self.remedy.setText(_("What to do: {text}", text=told(meaning.remedy)))
        self.who.setText(_("Who can do it: {who}", who=_(meaning.who.value)))
        self.source.setText(_("Source: {title}, {url}", title=meaning.source.title, url=meaning.source.url))
        QTimer.singleShot(0, self._grow)  # when the labels' new heights are known

    def _grow(self) -> None:
        """Show the whole answer, as far as the screen lets it. It does not shrink: that would jump while one types."""
        more = self._area.needed() - self._area.height()
        room = self.screen().availableGeometry()
        if more > 0:
            self.resize(self.width(), min(self.height() + more, room.height() * 9 // 10))
            below = self.frameGeometry().bottom() - room.bottom()
            self.move(self.x(), self.y() - max(0, below))

    def _as_managed_device(self) -> None:
        self.accept()
        self.device_wanted.emit()
