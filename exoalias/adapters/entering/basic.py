"""Basic authentication: a user and a password, where the instance wants it with a code of the user's authenticator.

The code is appended to the password (ServiceNow docs, "Multi-factor authentication for inbound REST"). It is good for one
time, so the session of the first answer carries what follows; when that session ends, the person is asked once more.
"""

from __future__ import annotations

import base64
import contextlib
import threading
from typing import TYPE_CHECKING

from exoalias.adapters.entering.access import ask, detail_of_401, judged
from exoalias.adapters.entering.shown import Shown
from exoalias.adapters.entering.whoami import WHO
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import BadAnswer, CodeRefused, SignInRefused
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.network.http import Answer, Client
    from exoalias.domain.problems import Problem


class UserAndPassword(Shown):
    """Basic authentication; the session of the first answer is kept, so that the instance signs in once.

    An instance may have closed this way to people: it then answers exactly as to a wrong password (SignInRefused says both).
    """

    way = Way.PASSWORD

    def __init__(self, client: Client, user: str, password: str | Secret) -> None:
        super().__init__(client, user)
        self._password = password if isinstance(password, Secret) else Secret(password)

    def proof(self) -> Secret:
        """See Shown."""
        return _pair(self._user, self._password.reveal())

    def refusal(self, answer: Answer) -> Problem:
        """See Shown."""
        return SignInRefused(host=answer.host, user=self._user, detail=detail_of_401(answer))


class PasswordAndCode(UserAndPassword):
    """``code`` asks the person for the code their authenticator shows now; it raises the Problem of one that isn't given."""

    def __init__(self, client: Client, user: str, password: str | Secret, code: Callable[[], Secret]) -> None:
        super().__init__(client, user, password)
        self._code = code
        self._shown: Secret | None = None  # what the session that lives now was opened with
        self._lock = threading.Lock()

    def proof(self) -> Secret:
        """See Shown. Where no session lives, one is opened: one request at a time, for two would spend the code twice."""
        with self._lock:
            if self._shown is None:
                self._client.forget_cookies()
                pair = _pair(self._user, self._password.reveal() + self._code().reveal())
                answer = ask(self._client, "GET", WHO, body=None, repeatable=False, proof={self.header: pair.reveal()})
                with contextlib.suppress(BadAnswer):  # this release doesn't know the address: signed in nevertheless
                    judged(answer, changes=False, refused=self.refusal)
                self._shown = pair
            return self._shown

    def spent(self, proof: Secret, *, had_session: bool) -> bool:  # noqa: ARG002 - a code is asked for in any case
        """See Shown. The session has ended; another request may have opened a new one meanwhile, which is left alone."""
        with self._lock:
            if self._shown is proof:
                self._shown = None
        return True

    def refusal(self, answer: Answer) -> Problem:
        """See Shown."""
        return CodeRefused(host=answer.host, user=self._user, detail=detail_of_401(answer))


def _pair(user: str, password: str) -> Secret:
    return Secret("Basic " + base64.b64encode(f"{user}:{password}".encode()).decode("ascii"))
