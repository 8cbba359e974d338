"""The codes of an authenticator app (RFC 6238 on RFC 4226: SHA-1, six digits, a new one every 30 seconds)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

STEP_S = 30
DIGITS = 6


def code_at(seed: str, seconds: float) -> str:
    """The code of a base32 *seed* at that moment, in *seconds* since the epoch."""
    counter = int(seconds // STEP_S).to_bytes(8, "big")
    digest = hmac.new(base64.b32decode(seed), counter, hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFF_FFFF
    return str(number % 10**DIGITS).zfill(DIGITS)


class OneTimeCodes:
    """One person's codes as the instance judges them: a clock may be one step off, and a code is good for one time."""

    def __init__(self, seed: str, clock: Callable[[], float] = time.time) -> None:
        self._seed = seed
        self._clock = clock
        self._lock = threading.Lock()
        self._spent: set[int] = set()

    def now(self) -> str:
        """What the authenticator shows."""
        return code_at(self._seed, self._clock())

    def right(self, code: str) -> bool:
        """Whether it is one of the codes around now, spent or not."""
        return self._step(code) is not None

    def spend(self, code: str) -> bool:
        """Whether it is right and used for the first time."""
        step = self._step(code)
        with self._lock:
            if step is None or step in self._spent:
                return False
            self._spent.add(step)
            return True

    def _step(self, code: str) -> int | None:
        now = int(self._clock() // STEP_S)
        return next((s for s in (now, now - 1, now + 1) if hmac.compare_digest(code_at(self._seed, s * STEP_S), code)), None)
