"""The main window: instances left, checklist in the middle, detail right, the next right thing above."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from exoalias.ui import theme
from exoalias.ui.instance_model import MANY
from exoalias.ui.instances import InstanceFilter, InstanceList
from exoalias.ui.words import _, told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from PySide6.QtGui import QCloseEvent

    from exoalias.ui.actions import Actions
    from exoalias.ui.checklist.detail import Detail
    from exoalias.ui.checklist.header import Header
    from exoalias.ui.checklist.view import ChecklistView
    from exoalias.ui.desk import Desk
    from exoalias.ui.first_start import FirstStart
    from exoalias.ui.known import Known, Over
    from exoalias.ui.overview.view import Overview
    from exoalias.ui.stage import Stage

# Under X11 Qt asks a window to update before the window manager has put it on the screen: nothing is seen of that.
_PAINTS = (QEvent.Type.Paint, QEvent.Type.UpdateRequest)
_UPDATE = QEvent.Type.UpdateRequest


class Window(QMainWindow):
    """Draws the desk. What its buttons and actions do is wired in conduct.py.

    It is built in two parts: the instances, which the first paint shows, and on ``complete`` the rest,
    whose parts of Qt and of the domain take longer to load than a bare window takes to be painted.
    """

    painted = Signal()  # once, after the first paint that can be seen
    closing = Signal()
    overview_made = Signal(object)  # once, when it is first shown
    _waits = True  # for that paint; of the class, for events come while the window is being made
    _paints = False  # now, not in the next turn
    actions_by_verb: Actions
    first: FirstStart
    header: Header
    stage: Stage
    checklist: ChecklistView
    detail: Detail

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.setObjectName("window")
        self.setWindowTitle("exoalias")
        self.desk = desk
        self._never_closed = True
        self._people: QWidget | None = None
        self._complete = False
        self.overview: Overview | None = None
        self._over: Over | None = None  # what the overview shows
        self.instances = InstanceList()
        self.trouble = QLabel()  # a customer's settings that can't be read: its instances are missing below
        self.trouble.setObjectName("instances-trouble")
        self.trouble.setWordWrap(True)
        self.trouble.hide()
        self.narrow = InstanceFilter()
        self.narrow.textChanged.connect(self.instances.filter)
        self.narrow.left.connect(self.instances.setFocus)
        self.add = QPushButton(_("&Add an instance …"))
        self.add.setObjectName("add-button")
        self.pages = QStackedWidget()
        self.side = QVBoxLayout()
        self._assemble()
        desk.listed.connect(self._draw_list)
        desk.changed.connect(self.instances.lines.changed)
        desk.shown.connect(self.draw)
        desk.busy_changed.connect(self._draw_busy)
        room = self.screen().availableSize()
        self._draw_list()
        self.instances.setFocus()
        self.resize(
            min(theme.wide(self, 196), room.width() * 9 // 10), min(self.fontMetrics().height() * 54, room.height() * 9 // 10)
        )
        self.draw()

    def _assemble(self) -> None:
        step = theme.grid(self)
        left = QWidget()
        left.setLayout(self.side)
        self.side.setContentsMargins(step, step, 0, step)
        self.side.setSpacing(step)
        self.side.addWidget(self.trouble)
        self.side.addWidget(self.narrow)
        self.side.addWidget(self.instances, 1)
        self.side.addWidget(self.add)
        right = QWidget()
        self._column = QVBoxLayout(right)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.middle = QStackedWidget()
        self.middle.addWidget(right)
        self._work = QSplitter()
        self._work.addWidget(left)
        self._work.addWidget(self.middle)
        self._work.setStretchFactor(1, 1)
        self._work.setChildrenCollapsible(False)
        self._work.setSizes([theme.wide(self, 36), theme.wide(self, 160)])
        self.pages.addWidget(self._work)
        self.setCentralWidget(self.pages)
        self.menuBar().addMenu(" ")  # its height is there from the first paint

    def complete(self) -> Window:
        """Build the rest: menus, checklist, detail, first-start page. Done once; gives the window itself."""
        if self._complete:
            return self
        self._complete = True
        from exoalias.ui.actions import Actions
        from exoalias.ui.checklist.detail import Detail
        from exoalias.ui.checklist.header import Header
        from exoalias.ui.checklist.view import ChecklistView
        from exoalias.ui.first_start import FirstStart
        from exoalias.ui.stage import Stage

        self.setWindowIcon(theme.app_icon())
        self.instances.complete()
        self.menuBar().clear()
        self.actions_by_verb = Actions(self)
        self.first = FirstStart()
        self.header = Header()
        self.stage = Stage()
        self.checklist = ChecklistView()
        self.detail = Detail()
        detail, pieces = self.detail, self.desk.runner.pieces  # a new checklist is painted first, and only the last line counts
        self.checklist.chosen.connect(lambda item: pieces.add(lambda: detail.draw(item), of=detail))
        lists = QSplitter()
        lists.addWidget(self.checklist)
        lists.addWidget(self.detail)
        lists.setStretchFactor(0, 3)
        lists.setStretchFactor(1, 2)
        lists.setChildrenCollapsible(False)
        self.detail.setMinimumWidth(theme.wide(self, 40))
        self.checklist.setMinimumWidth(theme.wide(self, 38))
        lists.setSizes([theme.wide(self, 72), theme.wide(self, 48)])
        self._column.addWidget(self.header)
        self._column.addWidget(self.stage)
        self._column.addWidget(lists, 1)
        self.pages.addWidget(self.first)
        self.statusBar().setSizeGripEnabled(False)
        self.draw()
        return self

    # -- drawing --------------------------------------------------------------------------------------------------------

    def draw(self) -> None:
        """Everything anew from the desk."""
        desk = self.desk
        here = desk.here
        self.instances.stand(desk)
        if not self._complete:
            self.add.setEnabled(False)
            self._work.setVisible(bool(desk.known))
            return
        self.pages.setCurrentWidget(self._work if desk.known else self.first)
        self._draw_middle()
        self.detail.lock(locked=here is not None and here.locked)
        # Nothing to choose from: what says why takes the whole width. While it is read there is room for what comes.
        self.detail.await_lines(now=here is None or here.checklist is None)
        self.detail.setVisible(here is not None and (here.checklist is not None or self._is_read(here)))
        if self.checklist.draw(here.checklist if here else None):
            self._paint_lines_apart()
        self.checklist.say_empty(self._why_empty())
        self._draw_busy()

    def _why_empty(self) -> str:
        here = self.desk.here
        if here is None or here.checklist is not None:
            return ""
        if self._is_read(here):
            return _("Reading the instance …")
        if here.problem is not None:
            return _("There is no checklist: the check could not be done.")
        return _("Not checked yet. A check reads the instance and changes nothing. Press F5.")

    def _is_read(self, here: Known) -> bool:
        return self.desk.job is not None and self.desk.job.instance == here.entry.name

    def _draw_list(self) -> None:
        self.narrow.setVisible(len(self.desk.known) >= MANY)
        self.trouble.setVisible(bool(self.desk.troubles))
        self.trouble.setText("\n".join(told(problem.words) for problem in self.desk.troubles))
        self.instances.draw(self.desk)
        self._over = None  # the overview, where there is one, is drawn anew

    def _draw_middle(self) -> None:
        """The checklist of an instance, or the overview of those the person stands above."""
        over = self.desk.over
        if over is None:
            self._column.insertWidget(1, self.stage)
            self.middle.setCurrentIndex(0)
            return
        overview = self.the_overview()
        if over != self._over:
            self._over = over
            overview.draw(self.desk, over)
        overview.room.addWidget(self.stage)
        self.middle.setCurrentWidget(overview)

    def the_overview(self) -> Overview:
        """The overview, made when first needed."""
        if self.overview is None:
            from exoalias.ui.overview.view import Overview

            self.overview = Overview()
            self.middle.addWidget(self.overview)
            self.desk.changed.connect(self.overview.changed)
            self.overview_made.emit(self.overview)
        return self.overview

    def _draw_busy(self) -> None:
        if not self._complete:
            return
        desk = self.desk
        job, here = desk.job, desk.here
        self.header.draw(here, job)
        if self.overview is not None:
            self.overview.busy(job.verb if job is not None else None)
        self.actions_by_verb.allow(self._there())
        self.add.setEnabled(desk.world is not None)
        self.first.ready(now=desk.world is not None)
        self.detail.pause(paused=job is not None)
        self.header.main.setEnabled(self.header.main.isEnabled() and desk.world is not None)

    def _there(self) -> set[str]:
        """Which needs of actions are met. Above instances nothing can be done to the one the person came from."""
        desk = self.desk
        if desk.world is None:
            return set()
        on = desk.here if desk.over is None else None
        met = {
            "list": bool(desk.known),
            "idle": bool(desk.known) and desk.job is None,
            "known": on is not None,
            "instance": on is not None and desk.job is None,
            "plan": on is not None and desk.job is None and on.plan is not None,
            "signed-in": on is not None and on.signed_in,
            "guarded": on is not None and on.locked and desk.job is None,
            "unlocked": on is not None and on.guarded and not on.locked,
        }
        return {"world", *(need for need, is_met in met.items() if is_met)}

    def show_people(self, announcement: Mapping[str, Any]) -> None:
        """A simulated instance is played with: say so, and show its people."""
        from exoalias.ui.people import People

        if self._people is not None:
            self.side.removeWidget(self._people)
            self._people.deleteLater()
        self._people = People(announcement)
        self.side.addWidget(self._people)
        # What can be copied is there to be read, where there is room.
        beside = max(theme.wide(self, 58), self._people.whole_width() + 2 * theme.grid(self))
        self._work.setSizes([beside, max(1, self.width() - beside)])
        self.setWindowTitle(_("exoalias — simulated instance"))

    # -- Qt's side ------------------------------------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        """The first paint is when what is heavy may be loaded."""
        if event.type() is _UPDATE and not self._waits and self._paint_later():
            return True
        done = super().event(event)
        if self._waits and event.type() in _PAINTS and (handle := self.windowHandle()) is not None and handle.isExposed():
            self.go_on()
        return done

    def _paint_later(self) -> bool:
        """Leave the painting to the loop's next turn: with all that led to it, it would take longer than a frame.

        Qt asks once and waits for it, so what comes in between is painted with it. Whether it is left to it.
        """
        if self._paints:
            return False
        self.desk.runner.pieces.add(self._paint, of=self, first=True)
        return True

    def _paint_lines_apart(self) -> None:
        """The lines of a checklist take as long as all else that has changed with them: that is painted first."""
        lines = self.checklist.viewport()
        lines.setUpdatesEnabled(False)
        self.desk.runner.pieces.add(lambda: lines.setUpdatesEnabled(True), of=lines, first=True)

    def _paint(self) -> None:
        self._paints = True
        try:
            # What was shown meanwhile has no place yet, and would be painted where it isn't.
            QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
            QApplication.sendEvent(self, QEvent(_UPDATE))
        finally:
            self._paints = False

    def go_on(self) -> None:
        """No more waiting for the first paint: it was there, or nobody sees the window, which was started minimised or hidden."""
        if self._waits:
            self._waits = False
            self.painted.emit()

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: FBT001 - Qt's signature
        """Tab follows what stands there now: what is above the checklist comes and goes."""
        from exoalias.ui.tab_order import in_reading_order

        in_reading_order(self)
        return super().focusNextPrevChild(forward)

    def closeEvent(self, event: QCloseEvent) -> None:
        """A running verb is asked to stop; the window closes when that is done, so that nothing is left half-way."""
        if self.desk.runner.jobs and self._never_closed:
            self._never_closed = False
            self.desk.leave()
            # Queued: an ending is told before the window is gone, and what it begins is waited for.
            self.desk.busy_changed.connect(self._close_when_idle, Qt.ConnectionType.QueuedConnection)
            self.statusBar().showMessage(_("Finishing what is under way, then closing …"))
            event.ignore()
            return
        if self.desk.runner.jobs:
            event.ignore()
            return
        self.closing.emit()
        super().closeEvent(event)

    def _close_when_idle(self) -> None:
        if not self.desk.runner.jobs:
            self.close()
