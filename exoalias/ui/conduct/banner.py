"""What stands above the checklist when something ended, and what its buttons do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.ui.outcome import Banner, Outcome
    from exoalias.ui.window import Window


class Banners(QObject):
    """Shows outcomes, one at a time. ``offers`` says what their buttons do, by the names of the Offers; "close" needs none."""

    def __init__(self, window: Window) -> None:
        super().__init__(window)
        self.window = window
        self.offers: dict[str, Callable[[], object]] = {}
        self._banner: Banner | None = None

    @property
    def outcome(self) -> Outcome | None:
        """What was shown last."""
        return self._banner.outcome if self._banner is not None else None

    def show(self, outcome: Outcome, *, take_keyboard: bool = True) -> None:
        """Show how something ended, with the keyboard on its first button unless the person is walking past."""
        banner = self.make()
        self.window.stage.show_only(banner)
        banner.draw(outcome)
        if take_keyboard:
            banner.focus_first()

    def make(self) -> Banner:
        """The banner, made once."""
        from exoalias.ui.outcome import Banner

        if self._banner is None:
            self._banner = Banner()
            self._banner.chosen.connect(self._take_offer)
        return self._banner

    def clear(self) -> None:
        """Nothing stands above the checklist any more."""
        self.window.stage.show_only(None)
        if self.window.focusWidget() is None:
            self.window.checklist.setFocus()

    def _take_offer(self, name: str) -> None:
        self.clear()
        do = self.offers.get(name)
        if do is not None:
            do()
