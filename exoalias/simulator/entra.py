"""A simulated Microsoft sign-in on loopback: authorize, token, SAML and sign-out addresses, and its pages.

It answers the way the documentation says Microsoft Entra does, the dangerous default included: with one person signed in
and no ``prompt``, that person's code is given out and nobody is asked. It is served as ``localhost`` while the simulated
instance is served as 127.0.0.1, since cookies know hosts but no ports.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

from exoalias.simulator import entra_documents
from exoalias.simulator.entra_answers import Answers
from exoalias.simulator.entra_directory import Directory
from exoalias.simulator.entra_flow import SignIns
from exoalias.simulator.entra_http import Answer, LoopbackServer, Request
from exoalias.simulator.entra_person import script_at_trouble
from exoalias.simulator.entra_routes import TOKEN_PATHS, Parts, Routes
from exoalias.simulator.entra_saml import Assertions
from exoalias.simulator.entra_sessions import Sessions
from exoalias.simulator.entra_token_endpoint import TokenEndpoint
from exoalias.simulator.entra_tokens import Grants, SigningKey

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.simulator.record import Record
    from exoalias.simulator.scenario import Cast, Person, Scenario


class Entra:
    """The simulated Microsoft sign-in of one cast and scenario. *clock* gives seconds since the epoch."""

    def __init__(self, cast: Cast, scenario: Scenario, record: Record, *, clock: Callable[[], float] = time.time) -> None:
        self._cast, self._scenario, self._record, self._clock = cast, scenario, record, clock
        self._lock = threading.Lock()
        self._stopping, self._ready = threading.Event(), threading.Event()
        self._directory, self._grants = Directory(cast), Grants()
        self._server = LoopbackServer(self._answer, self._note)

    # -- for whoever starts it ----------------------------------------------------------------------------------------

    def start(self) -> None:
        """Serve on a free port of loopback; OSError if there is none."""
        self._stopping.clear()
        self._server.start()
        origin, faults, sessions, key = self.origin, self._scenario.faults, Sessions(), SigningKey()
        self._assertions = Assertions(origin)
        parts = Parts(
            cast=self._cast,
            record=self._record,
            clock=self._clock,
            origin=origin,
            directory=self._directory,
            sessions=sessions,
            sign_ins=SignIns(self._cast, self._scenario, self._directory, sessions, self._record),
            answers=Answers(self._scenario, self._record, self._grants, self._assertions, self._clock),
            tokens=TokenEndpoint(self._directory, self._grants, key, faults, lambda t: entra_documents.issuer(origin, t)),
            key=key,
            at_trouble=script_at_trouble(self._scenario),
        )
        self._routes = Routes(parts)
        self._ready.set()

    def stop(self) -> None:
        """Stop serving; answers held back by a fault are released."""
        self._stopping.set()
        self._server.stop()

    @property
    def origin(self) -> str:
        """``http://localhost:PORT``; RuntimeError before ``start``."""
        return f"http://localhost:{self._server.port}"

    def allow_redirects(self, instance_origin: str) -> None:
        """Register the instance's redirect addresses: /oauth_redirect.do, /auth_redirect.do and /saml_acs.do."""
        with self._lock:
            self._directory.allow_redirects(instance_origin)

    def owner_of(self, access_token: str) -> Person | None:
        """Whose access token it is; None if it isn't one of ours."""
        with self._lock:
            return self._grants.owner_of(access_token)

    def owner_of_code(self, code: str) -> Person | None:
        """Whose authorization code it is, used up or not; None if it isn't one of ours."""
        with self._lock:
            return self._grants.owner_of_code(code)

    def saml_assertion_valid(self, assertion_id: str) -> bool:
        """Was the assertion of that id given out here within the last five minutes?"""
        with self._lock:
            return self._assertions.valid(assertion_id)

    # -- requests -----------------------------------------------------------------------------------------------------

    def _note(self, method: str, target: str, status: int) -> None:
        self._record.request("microsoft", method, target, status)

    def _answer(self, request: Request) -> Answer:
        """Every answer is as late as the scenario says; the waiting is done outside the lock."""
        self._ready.wait()
        self._stopping.wait(self._scenario.faults.latency_s)
        if request.path.endswith(TOKEN_PATHS):
            self._wait_for_exchange(request)
        with self._lock:
            return self._routes.answer(request)

    def _wait_for_exchange(self, request: Request) -> None:
        """The fault that makes the instance wait for its tokens."""
        if self._cast.public.client_id not in request.form.values():
            self._stopping.wait(self._scenario.faults.exchange_s)
