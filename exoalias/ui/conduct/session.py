"""Which instances exoalias is signed in to now: a word on their lines, and the way to forget a session before its time."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.app.control import Control
    from exoalias.app.doors import Doors
    from exoalias.domain.events import Tell
    from exoalias.ui.conduct.conductor import Conductor
    from exoalias.ui.runner import Ending


class Sessions(QObject):
    """Looks at the world's doors whenever one was opened or shut: by a verb, by the idle lock, by the person."""

    _moved = Signal()  # from whatever thread it happened in to the window's

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self.desk = conductor.desk
        self._doors: Doors | None = None
        self._moved.connect(self._look)
        self.desk.listed.connect(self._attend)

    def does(self) -> tuple[tuple[str, Callable[[], object]], ...]:
        """Which actions of the menus are carried out here."""
        return (("forget-session", self.forget),)

    def forget(self) -> None:
        """Forget the session of the current instance. A verb under way there ends, and says why."""
        here, doors = self.desk.here, self._doors
        if here is None or doors is None or not here.signed_in:
            return
        name = here.entry.name

        def work(_tell: Tell, _control: Control) -> object:
            doors.shut(name)
            return None

        def got(ending: Ending) -> None:
            if not ending.crashed:
                says = _("The session of {name} is forgotten. The next check signs in anew.", name=name)
                self._conductor.window.statusBar().showMessage(says, 8000)

        self.desk.look_up("forget", work, got)

    def _attend(self) -> None:
        world = self.desk.world
        doors = self.desk.verbs.doors(world) if world is not None else None
        if doors is not None and doors is not self._doors:
            doors.watch(self._tell)
        self._doors = doors
        self._look()

    def _tell(self) -> None:
        with contextlib.suppress(RuntimeError):  # the window is gone, and the doors are shut after it
            self._moved.emit()

    def _look(self) -> None:
        open_now = frozenset(self._doors.inside()) if self._doors is not None else frozenset()
        for name, known in self.desk.known.items():
            if known.signed_in != (name in open_now):
                self.desk.signed_in(name, now=name in open_now)
