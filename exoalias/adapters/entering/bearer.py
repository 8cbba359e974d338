"""Access tokens: had when first needed, kept in memory, and had anew before they end or once after they were refused."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.entering.access import ask
from exoalias.adapters.entering.shown import Shown
from exoalias.adapters.entering.whoami import who
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import AnotherUser

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.network.http import Client
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
                self._client.forget_cookies()
                shown = Secret(f"Bearer {granted.access.reveal()}")
                self._refuse_another(shown)
                self._shown = shown
                self._ends = asked + max(granted.lasts_s - EARLY_S, granted.lasts_s / 2)
            return self._shown

    def _refuse_another(self, shown: Secret) -> None:
        """AnotherUser where a new token is not for the user met before: whoever signed in for it may be somebody else."""
        if not self._user:
            return
        headers = {self.header: shown.reveal()}
        now = who(lambda path: ask(self._client, "GET", path, body=None, repeatable=True, proof=headers))
        if now is not None and now.casefold() != self._user.casefold():
            self._client.forget_cookies()
            raise AnotherUser(host=self._client.host, before=self._user, now=now or "Somebody else")

    def forget(self) -> None:
        """See Access."""
        super().forget()
        with self._lock:
            self._shown = None

    def spent(self, proof: Secret, *, had_session: bool) -> bool:  # noqa: ARG002 - a new token is had in any case
        """See Shown. Unless another request has had a new token given meanwhile, one is had."""
        with self._lock:
            if self._shown is proof:
                self._shown = None
        return True
