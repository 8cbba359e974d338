"""The ways in by which something is shown with every request: what they share, and the two simplest of them.

An API key is sent as ``x-sn-apikey`` (ServiceNow docs, "Configure API key - Token-based authentication"). With a client
certificate the connection itself shows who asks ("Set up Certificate-based authentication"), and no header is sent.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar

from exoalias.adapters.entering.access import ask, detail_of_401, judged
from exoalias.adapters.entering.whoami import who
from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import BadAnswer, WayRefused
from exoalias.domain.ways import Way, way_in

if TYPE_CHECKING:
    from collections.abc import Mapping

    from exoalias.adapters.network.http import Answer, Client
    from exoalias.domain.problems import Problem

NOTHING = Secret("")


class Shown(ABC):
    """An Access by what is shown with every request; each way says what, and how its refusal is explained. Thread-safe.

    The session of the first answer is kept, so that the instance signs in once. A refused request was not carried out: where
    an old session, or something that can be had anew, may have been the reason, it is sent once more, and never again.
    """

    way: Way
    header: ClassVar[str] = "Authorization"

    def __init__(self, client: Client, user: str = "") -> None:
        self._client = client
        self._user = user

    @property
    def origin(self) -> str:
        """The instance."""
        return self._client.origin

    @property
    def user(self) -> str:
        """The user it acts as; "" where nobody said, before ``meet``."""
        return self._user

    @abstractmethod
    def proof(self) -> Secret:
        """The value of the header; NOTHING for none. May have to ask somebody for it first."""

    def spent(self, proof: Secret, *, had_session: bool) -> bool:  # noqa: ARG002 - for those that can have another
        """After a 401 to *proof*: forget what it was refused with, and say whether the same request may fare better now."""
        self._client.forget_cookies()
        return had_session

    def forget(self) -> None:
        """See Access."""
        self._client.forget_cookies()

    def refusal(self, answer: Answer) -> Problem:
        """What a 401 means."""
        words = way_in(self.way)
        return WayRefused(host=answer.host, way=words.title, detail=detail_of_401(answer), how=words.refused)

    def meet(self) -> None:
        """Try the way, and have the instance say who we are to it. Raises what ``send`` raises, but for odd answers."""
        self._user = who(self._read) or self._user

    def send(self, method: str, path: str, *, body: Mapping[str, object] | None = None, repeatable: bool | None = None) -> Answer:
        """Send one request. The Problem of a refusal, Hibernating, BadAnswer, Unreachable and what Client.send raises."""
        answer = self._sent(method, path, body, repeatable)
        return judged(answer, changes=method != "GET" and not repeatable, refused=self.refusal)

    def _sent(self, method: str, path: str, body: Mapping[str, object] | None, repeatable: bool | None) -> Answer:  # noqa: FBT001 - passed through
        proof, had_session = self.proof(), self._client.has_cookies
        answer = self._ask(method, path, body, repeatable, proof)
        if answer.status == 401 and self.spent(proof, had_session=had_session):
            proof = self.proof()
            answer = self._ask(method, path, body, repeatable, proof)
            if answer.status == 401:
                self.spent(proof, had_session=False)
        return answer

    def _ask(self, method: str, path: str, body: Mapping[str, object] | None, repeatable: bool | None, proof: Secret) -> Answer:  # noqa: FBT001 - passed through
        shown = {self.header: proof.reveal()} if proof is not NOTHING else {}
        return ask(self._client, method, path, body=body, repeatable=repeatable, proof=shown)

    def _read(self, path: str) -> Answer:
        """One GET about ourselves: only a refusal of the way itself, or an instance out of reach, is a Problem here."""
        answer = self._sent("GET", path, None, None)
        try:
            return judged(answer, changes=False, refused=self.refusal)
        except BadAnswer:
            return answer


class ApiKey(Shown):
    """A REST API key."""

    way = Way.API_KEY
    header = "x-sn-apikey"

    def __init__(self, client: Client, key: Secret) -> None:
        super().__init__(client)
        self._key = key

    def proof(self) -> Secret:
        """See Shown."""
        return self._key


class ClientCertificate(Shown):
    """Whatever certificate the client's connections show; the instance knows whose it is."""

    way = Way.CERTIFICATE

    def proof(self) -> Secret:
        """See Shown."""
        return NOTHING
