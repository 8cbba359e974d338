"""HTTP, once and for all: system trust, proxies, time-outs, retries, and failures turned into Problems.

``requests`` and ``truststore`` are imported when the first session is made: they cost a visible part of the program's start.
There is no switch that turns certificate checking off. Plain http reaches only the origins of a simulated world, and those
are literal loopback hosts.
"""

from __future__ import annotations

import json
import socket
import ssl
import threading
import time
import traceback
import weakref
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from exoalias.domain.problems import BadAnswer, NotTrusted, OutcomeUnknown, Problem, RateLimited, Unreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import requests

CONNECT_S: Final = 10.0  # to reach the host
READ_S: Final = 35.0  # between two pieces of an answer; a batch may run for 30 s on the instance (Batch API page)
WHOLE_S: Final = 90.0  # for one whole answer, however slowly it drips
MOST_BYTES: Final = 32 * 1024 * 1024
TRIES: Final = 3
MOST_CONNECTIONS: Final = 8  # at one time, to one host
LONGEST_WAIT_S: Final = 10.0  # what a Retry-After may ask for
_PAUSE_S: Final = 0.2  # before a safe request is sent again after a broken connection
_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})


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

    ``simulated``: the plain-http origins of a simulated world. An https request to the same host and port is sent there too,
    because msal refuses an http authority.
    """

    def __init__(self, *, simulated: frozenset[str] = frozenset()) -> None:
        for origin in simulated:
            parts = urlsplit(origin)
            if parts.scheme != "http" or parts.hostname not in _LOOPBACK or not parts.port:
                raise ValueError("a simulated origin is http on a literal loopback host with a port")
        self._simulated = simulated
        self._closing = threading.Event()
        self._sessions: weakref.WeakSet[requests.Session] = weakref.WeakSet()
        self._lock = threading.Lock()

    def session(self) -> requests.Session:
        """A session with this program's trust, proxies and time-outs; it follows no redirects."""
        session: requests.Session = _session_type()(self._simulated)
        with self._lock:
            self._sessions.add(session)
        return session

    def client(self, origin: str) -> Client:
        """A way to one origin, with cookies of its own."""
        return Client(origin, self.session(), self._closing)

    def close(self) -> None:
        """Leave: whoever waits for a Retry-After stops waiting, idle connections are closed."""
        self._closing.set()
        with self._lock:
            sessions = list(self._sessions)
        for session in sessions:
            session.close()


class Client:
    """Sends requests to one origin and gives Answers or Problems. Safe from any thread."""

    def __init__(self, origin: str, session: requests.Session, closing: threading.Event) -> None:
        self.origin = origin
        self.host = urlsplit(origin).netloc
        self._session = session
        self._closing = closing
        # Not the pool's own limit: a connection it loses track of would be waited for without end.
        self._slots = threading.BoundedSemaphore(MOST_CONNECTIONS)

    def send(
        self, method: str, path: str, *, headers: Mapping[str, str], body: bytes | None = None, repeatable: bool | None = None
    ) -> Answer:
        """Send one request and read its whole answer.

        ``repeatable``: it may be sent again after a broken connection (GET, and a batch of GETs). A 429 or 503 with
        Retry-After was not carried out: any request is sent again after it. Raises Unreachable, NotTrusted, BadAnswer,
        RateLimited, and OutcomeUnknown where a request that is not repeatable went out and no answer came back.
        """
        safe = method == "GET" if repeatable is None else repeatable
        for attempt in range(1, TRIES + 1):
            try:
                answer = self._once(method, path, headers, body, safe=safe)
            except _Broken as broken:
                if attempt == TRIES or not safe:
                    raise broken.problem from None
                self._closing.wait(_PAUSE_S)
                continue
            seconds = _asked_to_wait(answer)
            if seconds is None:
                return answer
            if attempt == TRIES or seconds > LONGEST_WAIT_S or self._closing.wait(seconds):
                raise RateLimited(host=self.host, detail=answer.status, seconds=round(seconds))
        raise AssertionError("unreachable: every attempt returns or raises")

    def forget_cookies(self) -> None:
        """Start without a session the next time."""
        self._session.cookies.clear()

    @property
    def has_cookies(self) -> bool:
        """Whether the far side gave us a session."""
        return len(self._session.cookies) > 0

    def _once(self, method: str, path: str, headers: Mapping[str, str], body: bytes | None, *, safe: bool) -> Answer:
        import requests
        import urllib3

        deadline = time.monotonic() + WHOLE_S
        failures = (requests.exceptions.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError)
        try:
            with (
                self._slots,
                self._session.request(method, self.origin + path, headers=dict(headers), data=body, stream=True) as response,
            ):
                content = _body(response, deadline, self.host)
                names = {name.lower(): value for name, value in response.headers.items()}
                return Answer(response.status_code, self.host, names, content)
        except failures as e:
            raise _meaning(e, self.host, safe=safe) from None


class _Broken(Exception):  # noqa: N818 - not an error yet: the request may be sent again
    """The connection broke; the problem it is if it stays so."""

    def __init__(self, problem: Problem) -> None:
        super().__init__()
        self.problem = problem


def _body(response: requests.Response, deadline: float, host: str) -> bytes:
    """The whole body, decoded, within the size and the time one answer may take."""
    pieces, size = [], 0
    while piece := response.raw.read1(65536, decode_content=True):
        pieces.append(piece)
        size += len(piece)
        if size > MOST_BYTES:
            raise BadAnswer(host=host, why=f"it is larger than {MOST_BYTES // 1024 // 1024} MB")
        if time.monotonic() > deadline:
            raise TimeoutError
    return b"".join(pieces)


def _meaning(e: Exception, host: str, *, safe: bool) -> Problem | _Broken:
    """What a failed request means. The library's own texts may hold addresses with what was asked: they are not used."""
    import requests

    x = requests.exceptions
    if isinstance(e, x.SSLError):
        return NotTrusted(host=host, why=_tls_words(e))
    if isinstance(e, x.ProxyError):
        return Unreachable(host=host, why="the proxy does not let the connection through")
    if isinstance(e, x.ConnectTimeout):
        return Unreachable(host=host, why=f"no connection within {CONNECT_S:.0f} s")
    if isinstance(e, (x.InvalidURL, x.InvalidSchema, x.MissingSchema, x.InvalidHeader)):
        return Unreachable(host=host, why="the address can't be used")
    if _never_sent(e):
        return Unreachable(host=host, why="no connection: the name is unknown, or nothing answers there")
    slow = isinstance(e, (x.ReadTimeout, TimeoutError)) or "timed out" in str(e)
    why = "no answer in time" if slow else "the connection broke off"
    if not safe:
        return OutcomeUnknown(record="the record", host=host, why=why)
    return Unreachable(host=host, why=why) if slow else _Broken(Unreachable(host=host, why=why))


def _never_sent(e: Exception) -> bool:
    """Whether the failure was met before the request could go out."""
    import urllib3

    reason = getattr(e.args[0], "reason", None) if e.args else None
    return isinstance(reason, urllib3.exceptions.NewConnectionError)


def _tls_words(e: Exception) -> str:
    """Why TLS failed: the verifier's own words where there are some."""
    seen: BaseException | None = e
    for _ in range(8):
        if isinstance(seen, ssl.SSLCertVerificationError):
            return str(seen.verify_message or "the certificate does not verify")
        inner = seen.args[0] if seen is not None and seen.args else None
        inner = getattr(inner, "reason", inner)
        seen = inner if isinstance(inner, BaseException) else None
    return "TLS could not be agreed on"


def _asked_to_wait(answer: Answer) -> float | None:
    """Seconds to wait before the same request may come again; None where the answer is a real one."""
    if answer.status not in {429, 503}:
        return None
    asked = answer.headers.get("retry-after", "").strip()
    if not asked:
        return None if answer.status == 503 else 1.0
    if asked.isascii() and asked.isdecimal():
        return float(asked[:9])
    try:
        return max(0.0, parsedate_to_datetime(asked).timestamp() - time.time())
    except (ValueError, OverflowError, OSError):
        return 1.0


@contextmanager
def _cut_after(connection: Any, seconds: float) -> Iterator[None]:  # noqa: ANN401 - a connection of urllib3
    """Cut the connection if the block takes longer: a time-out between two bytes does not end headers that drip.

    Raises TimeoutError then, for headers that end early would otherwise pass as whole.
    """
    ended = threading.Event()

    def cut() -> None:
        ended.set()
        with suppress(OSError, AttributeError, TypeError):
            socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if ended.is_set():
        raise TimeoutError


@contextmanager
def _none_left_open() -> Iterator[None]:
    """Close the sockets of a connecting that Ctrl+C ends: the libraries close theirs for errors of the network only.

    Such a socket belongs to no connection yet, so nobody but the unwound functions knows it.
    """
    try:
        yield
    except KeyboardInterrupt as stopped:
        for frame, _ in traceback.walk_tb(stopped.__traceback__):
            for value in tuple(frame.f_locals.values()):
                if isinstance(value, socket.socket):
                    value.close()
        raise


@cache
def _pool_types() -> dict[str, type[Any]]:
    """urllib3's pools, with connections whose headers have to arrive in time."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        def connect(self) -> None:
            with _none_left_open():
                super().connect()

        def getresponse(self) -> Any:  # noqa: ANN401 - urllib3's own type is passed on
            with _cut_after(self, WHOLE_S):
                return super().getresponse()

    class Secure(HTTPSConnection):
        def connect(self) -> None:
            with _none_left_open():
                super().connect()

        def getresponse(self) -> Any:  # noqa: ANN401 - the same
            with _cut_after(self, WHOLE_S):
                return super().getresponse()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


@cache
def _trusting_type() -> type[Any]:
    import truststore
    from requests.adapters import HTTPAdapter

    class Trusting(HTTPAdapter):
        """TLS by the operating system's trust store; a bundle named in the environment does not override it."""

        def __init__(self) -> None:
            self._trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            super().__init__(pool_connections=2, pool_maxsize=MOST_CONNECTIONS)

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own signature
            super().init_poolmanager(*args, ssl_context=self._trust, **kwargs)
            self.poolmanager.pool_classes_by_scheme = _pool_types()

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401 - requests' own signature
            manager = super().proxy_manager_for(proxy, ssl_context=self._trust, **kwargs)
            manager.pool_classes_by_scheme = _pool_types()
            return manager

        def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:  # noqa: ANN401, ARG002 - the same
            conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None

    return Trusting


@cache
def _loopback_type() -> type[Any]:
    import requests
    from requests.adapters import HTTPAdapter

    class Loopback(HTTPAdapter):
        """Plain http to the origins of a simulated world, and to nothing else; never through a proxy."""

        def __init__(self, origins: frozenset[str]) -> None:
            self._origins = origins
            super().__init__(pool_connections=2, pool_maxsize=MOST_CONNECTIONS)
            self.poolmanager.pool_classes_by_scheme = _pool_types()

        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - requests' own signature
            parts = urlsplit(request.url or "")
            if f"http://{parts.netloc}" not in self._origins:
                raise requests.exceptions.InvalidSchema("plain http is for the simulator alone")
            request.url = parts._replace(scheme="http").geturl()
            return super().send(request, *args, **(kwargs | {"proxies": {}}))

    return Loopback


@cache
def _session_type() -> type[Any]:
    import requests
    from requests.utils import get_environ_proxies

    class Session(requests.Session):
        """No .netrc, no environment bundle, no redirects; always a time-out; proxies as the system has them."""

        def __init__(self, simulated: frozenset[str]) -> None:
            super().__init__()
            self.trust_env = False
            loopback = _loopback_type()(simulated)
            self.mount("https://", _trusting_type()())
            self.mount("http://", loopback)
            for origin in simulated:
                self.mount(f"https://{urlsplit(origin).netloc}/", loopback)

        def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests' own signature
            """None: requests would read the Location header even of a redirect that is not followed, and stumble over some."""
            return None

        def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 - passed on
            fixed = {"allow_redirects": False, "timeout": (CONNECT_S, READ_S), "verify": True}
            return super().request(method, url, **({"proxies": get_environ_proxies(url)} | kwargs | fixed))

    return Session
