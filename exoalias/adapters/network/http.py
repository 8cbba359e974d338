"""HTTP, once and for all: system trust, proxies, time-outs, retries, and failures turned into Problems.

``requests`` and ``truststore`` are imported when the first session is made: they cost a visible part of the program's start.
There is no switch that turns certificate checking off. Plain http reaches only the origins of a simulated world, and those
are literal loopback hosts.
"""

from __future__ import annotations

import json
import threading
import time
import weakref
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import urlsplit

from exoalias.adapters.machine.log import note
from exoalias.adapters.machine.turns import aside, on_the_wire
from exoalias.adapters.network import transport
from exoalias.adapters.network.failures import Broken, Sent, meaning
from exoalias.adapters.network.inspection import issuer_of, stranger
from exoalias.adapters.network.proxies import Proxies
from exoalias.domain.log_events import LogEvent
from exoalias.domain.problems import BadAnswer, RateLimited
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from http.cookiejar import Cookie

    import requests

    from exoalias.adapters.network.proxies import Proxy, ProxyLogin
    from exoalias.adapters.network.tls import Certificate
    from exoalias.domain.problems import Problem

MOST_BYTES: Final = 32 * 1024 * 1024  # of one answer, unpacked
TRIES: Final = 3
LONGEST_WAIT_S: Final = 10.0  # what a Retry-After may ask for
_PAUSE_S: Final = 0.2  # before a safe request is sent again after a broken connection


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: status, headers with lower-case names, body."""

    status: int
    host: str
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def is_json(self) -> bool:
        """Whether it says it is JSON."""
        return "json" in self.headers.get("content-type", "").lower()

    def json(self) -> object:
        """The body as JSON values; None for an empty one. BadAnswer where it is cut off or something else."""
        return parse_json(self.body, self.host)


def parse_json(body: bytes, host: str) -> object:
    """Bytes as JSON values; None for none. BadAnswer for anything that is not JSON, or is nested beyond reason."""
    if not body.strip():
        return None
    try:
        parsed: object = json.loads(body)
    except (ValueError, RecursionError) as e:
        why = "it is nested too deeply" if isinstance(e, RecursionError) else "it is not whole, valid JSON"
        raise BadAnswer(host=host, why=why) from None
    return parsed


class Http:
    """Makes sessions and clients. One per World; safe from any thread.

    ``simulated``: the origins of a simulated world, on literal loopback hosts with a port. To a plain-http one an https
    request for the same host and port is sent too, because msal refuses an http authority. An https one is verified like
    any other, by the file of authorities given with it.
    ``ca_file``, ``proxy``: as in domain/settings.py. ``proxy_login``: where user and password of that proxy are kept.
    """

    def __init__(
        self,
        *,
        simulated: frozenset[str] = frozenset(),
        ca_file: str = "",
        proxy: str = "",
        proxy_login: ProxyLogin = lambda: None,
    ) -> None:
        for origin in simulated:
            parts = urlsplit(origin)
            if parts.scheme not in {"http", "https"} or parts.hostname not in transport.LOOPBACK or not parts.port:
                raise ValueError("a simulated origin is http or https on a literal loopback host with a port")
        self._simulated = simulated
        self._ca_file = ca_file
        self._proxies = Proxies(proxy, proxy_login)
        self._closing = threading.Event()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._shown: dict[str, bytes] = {}  # the certificate each host showed last, DER
        self._lock = threading.Lock()

    def session(self, *, ca_file: str = "", certificate: Certificate | None = None) -> requests.Session:
        """A session with this program's trust, proxies and time-outs; it follows no redirects.

        ``ca_file``: the authorities trusted instead of everybody else's. BadAuthorities, BadCertificate.
        """
        trusting = ca_file or self._ca_file
        wire = transport.Wire(self._simulated, self._proxies, self._see, trusting, certificate)
        session = transport.make_session(wire)
        with self._lock:
            self._sessions.add(session)
        return session

    def client(self, origin: str, *, ca_file: str = "", certificate: Certificate | None = None) -> Client:
        """A way to one origin, with cookies of its own. BadAuthorities, BadCertificate: nothing was sent then."""
        session = self.session(ca_file=ca_file, certificate=certificate)
        direct = urlsplit(origin).scheme != "https" or origin in self._simulated
        proxies = None if direct else self._proxies
        return Client(origin, session, self._closing, trusting=ca_file or self._ca_file, proxies=proxies)

    def proxy_of(self, origin: str) -> Proxy | None:
        """The proxy that leads to an origin, None where the way is direct; BadProxy."""
        parts = urlsplit(origin)
        return None if origin in self._simulated else self._proxies.of(parts.hostname or "", parts.port or 443)

    def inspected_by(self, origin: str) -> str | None:
        """Who stands between us and a sign-in host of Microsoft's: the organisation that issued the certificate it showed.

        None where Microsoft's own authorities issued it, where nothing was asked there yet, and where it can't be told.
        It is something to say, and no reason to refuse: the certificate did verify.
        """
        with self._lock:
            shown = self._shown.get(urlsplit(origin).hostname or "", b"")
        return stranger(issuer_of(shown)) if shown and origin not in self._simulated else None

    def close(self) -> None:
        """Leave: whoever waits for a Retry-After stops waiting, idle connections are closed."""
        self._closing.set()
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.close()

    def _see(self, host: str, certificate: bytes) -> None:
        with self._lock:
            self._shown[host] = certificate


class Client:
    """Sends requests to one origin and gives Answers or Problems. Safe from any thread."""

    def __init__(
        self,
        origin: str,
        session: requests.Session,
        closing: threading.Event,
        *,
        trusting: str = "",
        proxies: Proxies | None = None,
    ) -> None:
        self.origin = origin
        self.host = urlsplit(origin).netloc
        self._session = session
        self._closing = closing
        self._trusting = trusting
        self._proxies = proxies
        # Not the pool's own limit: a connection it loses track of would be waited for without end.
        self._slots = threading.BoundedSemaphore(transport.MOST_CONNECTIONS)

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None, repeatable: bool | None = None
    ) -> Answer:
        """Send one request and read its whole answer.

        ``repeatable``: it may be sent again after a broken connection (GET, and a batch of GETs). A 429 or 503 with
        Retry-After was not carried out: any request is sent again after it. Raises Unreachable, ProxyRefused, NotTrusted,
        CertificateRefused, BadProxy, BadAnswer, RateLimited, and OutcomeUnknown where a request that is not repeatable went
        out and no answer came back.
        """
        safe = method == "GET" if repeatable is None else repeatable
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._once(method, path, headers, body, safe=safe)
            except Broken as broken:
                if attempt == TRIES or not safe:
                    raise broken.problem from None
                self._wait(_PAUSE_S)
                continue
            seconds = _asked_to_wait(answer)
            if seconds is None:
                return answer
            if attempt == TRIES or seconds > LONGEST_WAIT_S or self._wait(seconds):
                raise RateLimited(host=self.host, detail=answer.status, seconds=round(seconds))
        raise AssertionError("unreachable: every attempt returns or raises")

    def _wait(self, seconds: float) -> bool:
        """True when everybody leaves before that time is over."""
        with aside():
            return self._closing.wait(seconds)

    @contextmanager
    def _slot(self) -> Iterator[None]:
        if not self._slots.acquire(blocking=False):
            with aside():
                self._slots.acquire()
        try:
            yield
        finally:
            self._slots.release()

    def forget_cookies(self) -> None:
        """Start without a session the next time."""
        self._session.cookies.clear()

    def take_cookies(self, pairs: Sequence[tuple[str, str]]) -> None:
        """Go on in a session somebody else began on this origin: its cookies, instead of those held so far."""
        self.forget_cookies()
        host = urlsplit(self.origin).hostname or ""
        domain = host if "." in host or ":" in host else f"{host}.local"  # as the cookie jar names a host without dots
        for name, value in pairs:
            self._session.cookies.set(name, value, domain=domain, path="/")

    @property
    def cookies(self) -> tuple[Cookie, ...]:
        """The session the far side gave us, to be carried on elsewhere."""
        return tuple(cast("Iterable[Cookie]", self._session.cookies))  # its annotations speak of the names

    @property
    def has_cookies(self) -> bool:
        """Whether the far side gave us a session."""
        return len(self._session.cookies) > 0

    def _once(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, *, safe: bool) -> Answer:
        import requests
        import urllib3

        began = time.monotonic()
        deadline = began + transport.WHOLE_S
        # OverflowError: a chunk whose length is no number a machine has
        failures = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError, OverflowError)
        try:
            with (
                self._slot(),
                on_the_wire(),
                transport.begin(self._session, method, self.origin + path, headers, body) as response,
            ):
                content = _body(response, deadline, self.host)
                names = {name.lower(): value for name, value in response.headers.items()}
                self._note(LogEvent.HTTP, method, path, began, status=response.status_code, kilobytes=len(content) / 1024)
                return Answer(response.status_code, self.host, names, content)
        except failures as e:
            meant = self._meaning(e, safe=safe)
            problem = meant.problem if isinstance(meant, Broken) else meant
            self._note(LogEvent.HTTP_FAILED, method, path, began, error=e, problem=problem)
            raise meant from None

    def _note(self, event: LogEvent, method: str, path: str, began: float, **more: object) -> None:
        """A line of the log: which door was knocked at, and how long it took; never what was asked there."""
        ms = (time.monotonic() - began) * 1000
        note(event, host=self.host, method=method, path=path, ms=ms, **more)

    def _meaning(self, e: Exception, *, safe: bool) -> Problem | Broken:
        parts = urlsplit(self.origin)
        proxy = self._proxies.of(parts.hostname or "", parts.port or 443) if self._proxies else None
        return meaning(e, Sent(self.host, safe, proxy.host if proxy else "", self._trusting))


def _body(response: requests.Response, deadline: float, host: str) -> bytes:
    """The whole body, decoded, within the size and the time one answer may take."""
    pieces, size = [], 0
    while piece := _piece(response):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise BadAnswer(host=host, why=say("it is larger than {most_bytes} MB", most_bytes=MOST_BYTES // 1024 // 1024))
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(pieces)


def _piece(response: requests.Response) -> bytes:
    # Also where something has come: half a record of TLS, or of what is packed, is waited for all the same. Not where all has:
    # a turn given away is waited for. Pieces, not all at once: a chunk may say it is -1 bytes long, and http.client believes it.
    with nullcontext() if response.raw.closed else aside():
        piece: bytes = response.raw.read1(65536, decode_content=True)
    return piece


def _asked_to_wait(answer: Answer) -> float | None:
    """Seconds to wait before the same request may come again; None where the answer is a real one."""
    if answer.status not in {429, 503}:
        return None
    asked = answer.headers.get("retry-after", "").strip()
    if not asked:
        return None if answer.status == 503 else _until_reset(answer)
    if asked.isascii() and asked.isdecimal():
        return float(asked[:9])
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - _their_time(answer))
    except (ValueError, OverflowError, OSError):
        return 1.0


def _until_reset(answer: Answer) -> float:
    """Seconds until a rate limit begins anew, where only the moment is told (seconds since 1970); 1 where nothing is.

    Source: ServiceNow docs, "Inbound REST API rate limiting", header X-RateLimit-Reset.
    """
    moment = answer.headers.get("x-ratelimit-reset", "").strip()
    if not (moment.isascii() and moment.isdecimal()):
        return 1.0
    return max(1.0, float(moment[:15]) - _their_time(answer))


def _their_time(answer: Answer) -> float:
    """Seconds since 1970 by the clock the far side reckons with: its own (RFC 9110, Date), or ours where it told none."""
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (ValueError, OverflowError, OSError):
        return time.time()
