"""Access tokens: had when first needed, kept in memory, and had anew before they end or once after they were refused."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.secret import Secret
from exoalias.adapters.shown import Shown

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.http import Client
    from exoalias.domain.ways import Way

EARLY_S: Final = 60.0  # so long before its end a token counts as ended: a request under way must not lose it


@dataclass(frozen=True, slots=True)
class Granted:
    """What the instance's token address gave. ``lasts_s`` counts from when it was asked for."""

    access: Secret
    lasts_s: float
    refresh: Secret | None = None


class Bearer(Shown):
    """``grant`` has a new token given, and may bring a person to sign in for it. ``clock`` counts seconds, steadily."""

    def __init__(
        self, client: Client, way: Way, grant: Callable[[], Granted], clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(client)
        self.way = way
        self._grant = grant
        self._clock = clock
        self._shown: Secret | None = None
        self._ends = 0.0
        self._lock = threading.Lock()

    def proof(self) -> Secret:
        """See Shown. One request at a time has a token given; the others wait for it."""
        with self._lock:
            if self._shown is None or self._clock() >= self._ends:
                asked = self._clock()
                granted = self._grant()
                self._shown = Secret(f"Bearer {granted.access.reveal()}")
                self._ends = asked + max(granted.lasts_s - EARLY_S, granted.lasts_s / 2)
                self._client.forget_cookies()
            return self._shown

    def spent(self, proof: Secret, *, had_session: bool) -> bool:  # noqa: ARG002 - a new token is had in any case
        """See Shown. Unless another request has had a new token given meanwhile, one is had."""
        with self._lock:
            if self._shown is proof:
                self._shown = None
        return True
