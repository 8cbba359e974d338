"""Browser sessions of the simulated instance, kept on its side; the browser holds an opaque HttpOnly cookie."""

from __future__ import annotations

import secrets
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exoalias.simulator.scenario import InstanceUser
    from exoalias.simulator.wire import Answer, Request

_COOKIE = "JSESSIONID"


@dataclass(frozen=True, slots=True)
class PendingToken:
    """A token flow under way: for which credential and profile, and the secret of PKCE if the registry wants it."""

    credential: str
    profile: str
    verifier: str


@dataclass(slots=True)
class Session:
    """One session. ``goto`` is where the browser wanted to go before it was asked to sign in."""

    id: str
    ck: str
    user: InstanceUser | None = None
    goto: str = ""
    half: InstanceUser | None = None  # gave the right password, but not yet the authenticator's code
    pages: bool = True  # False: REST made it, and its cookie opens no page
    calls: int = 0  # REST requests that came with it
    flows: dict[str, PendingToken] = field(default_factory=dict)  # by the state sent to Microsoft


class Sessions:
    """All sessions; safe from every thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_id: dict[str, Session] = {}

    def of(self, request: Request) -> Session | None:
        """The session of a request's cookie, if it is still known."""
        with self._lock:
            return self._by_id.get(request.cookies.get(_COOKIE, ""))

    def open(self, answer: Answer, user: InstanceUser | None = None, *, pages: bool = True) -> Session:
        """A new session, its cookie put on the answer. Signing in always opens a new one, as it should."""
        session = Session(secrets.token_hex(16).upper(), secrets.token_hex(36), user, pages=pages)
        with self._lock:
            self._by_id[session.id] = session
        for name, value in (
            (_COOKIE, session.id),
            ("glide_session_store", secrets.token_hex(16).upper()),
            ("glide_user_route", f"glide.{secrets.token_hex(16)}"),
            ("BIGipServerpool_simulated", f"{secrets.randbits(31)}.38710.0000"),
        ):
            answer.headers.append(("Set-Cookie", f"{name}={value}; Path=/; HttpOnly"))
        return session

    def close(self, session: Session) -> None:
        """Forget one session."""
        with self._lock:
            self._by_id.pop(session.id, None)

    def renew(self, session: Session) -> str:
        """Give the session another user token; the old one is refused from now on."""
        with self._lock:
            session.ck = secrets.token_hex(36)
            return session.ck

    def drop_all(self) -> None:
        """Forget every session, as after a node's restart."""
        with self._lock:
            self._by_id.clear()
