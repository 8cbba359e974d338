"""What every request of this program goes through: requests sessions with our trust, our proxies and our time-outs.

Plain http reaches only the origins of a simulated world, and those are literal loopback hosts; they are never reached
through a proxy. ``requests`` and ``urllib3`` are imported when the first session is made.
"""

from __future__ import annotations

import re
import socket
import traceback
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache, lru_cache
from http.client import HTTPException, HTTPResponse
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from exoalias.adapters.machine.turns import aside
from exoalias.adapters.network.deadlines import Deadlines
from exoalias.adapters.network.tls import make_context, shared_context

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import requests

    from exoalias.adapters.network.proxies import Proxies, Proxy
    from exoalias.adapters.network.tls import Certificate

CONNECT_S: Final = 10.0  # to reach the host, and between two pieces of what is said until TLS stands
AGREE_S: Final = 30.0  # until TLS stands, a proxy's consent included, however slowly it drips
READ_S: Final = 35.0  # between two pieces of an answer; a batch may run for 30 s on the instance (Batch API page)
WHOLE_S: Final = 90.0  # for one whole answer, however slowly it drips
MOST_CONNECTIONS: Final = 8  # at one time, to one host
UNSENT: Final = "met while connecting"  # the note on a failure before which nothing was sent
LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_DEADLINES: Final = Deadlines()  # of every request of this process


@dataclass(frozen=True, slots=True)
class Wire:
    """What a session goes by. ``seen`` is told the certificate (DER) each host showed."""

    simulated: frozenset[str]
    proxies: Proxies
    seen: Callable[[str, bytes], None]
    ca_file: str = ""
    certificate: Certificate | None = None

    def proxy_for(self, url: str) -> Proxy | None:
        """The proxy a request goes through; none for a simulated origin. BadProxy."""
        parts = urlsplit(url)
        if f"{parts.scheme}://{parts.netloc}" in self.simulated:
            return None
        return self.proxies.of(parts.hostname or "", parts.port or 443)


_DEEPEST: Final = 12  # so many causes of a failure are looked through
_TUNNEL: Final = re.compile(r"Tunnel connection failed: ([0-9]{3})\b")


def causes(e: BaseException) -> list[BaseException]:
    """The failure and what lies in it, outermost first: the libraries wrap each other's."""
    found: list[BaseException] = []
    left: list[object] = [e]
    while left and len(found) < _DEEPEST:
        each = left.pop(0)
        if isinstance(each, BaseException) and all(each is not known for known in found):
            found.append(each)
            left += [getattr(each, "reason", None), getattr(each, "original_error", None), *each.args, each.__cause__]
    return found


def refusal_of_proxy(e: BaseException) -> str:
    """The status with which a proxy refused to open the way, e.g. "407"; "" where the failure is another."""
    return next((m[1] for c in causes(e) if isinstance(c, OSError) and (m := _TUNNEL.search(str(c)))), "")


def make_session(wire: Wire) -> requests.Session:
    """A session for one far side. BadAuthorities, BadCertificate."""
    session: requests.Session = _session_type()(wire)
    return session


def _fixed() -> dict[str, Any]:
    """What no caller has a say in."""
    return {"allow_redirects": False, "timeout": (CONNECT_S, READ_S), "verify": True, "proxies": {}}


def begin(session: requests.Session, method: str, url: str, headers: Mapping[str, str], body: bytes | None) -> requests.Response:
    """Send one request by such a session; its answer is still to be read.

    Nothing is merged into it: the session has neither parameters nor hooks nor an authentication of its own, and to look for
    them takes ``Session.request`` longer than all the rest of preparing.
    """
    import requests

    prepared = requests.PreparedRequest()
    prepared.prepare(method, url, {**session.headers, **headers}, data=body, cookies=session.cookies)
    return session.send(prepared, stream=True, cert=None, **_fixed())


# -- connections that end ------------------------------------------------------------------------------------------------


@contextmanager
def _cut_after(line: Callable[[], Any], seconds: float) -> Iterator[None]:
    """Cut the line if the block takes longer: a time-out between two bytes does not end what drips.

    Raises TimeoutError then, for headers that end early would otherwise pass as whole.
    """

    def cut() -> None:
        with suppress(OSError, AttributeError, TypeError):
            end = line()  # TLS within TLS, as through a proxy spoken to by https, is no socket but has one
            socket.socket.shutdown(getattr(end, "socket", end), socket.SHUT_RDWR)

    deadline = _DEADLINES.watch(seconds, cut)
    try:
        yield
    except OSError:
        if deadline.passed:
            raise TimeoutError from None
        raise
    finally:
        _DEADLINES.done(deadline)
    if deadline.passed:
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


@contextmanager
def _agreed_in_time(connection: Any) -> Iterator[None]:  # noqa: ANN401 - a connection of urllib3
    """Connecting, a proxy's consent and the TLS handshake take AGREE_S at most; ConnectTimeoutError.

    TLS takes the socket over, so a second handle of the same line is kept for cutting it. A failure met here is marked: the
    request has not gone out then.
    """
    from urllib3.exceptions import ConnectTimeoutError

    try:
        with _none_left_open(), _cut_after(lambda: connection.line, AGREE_S):
            yield
    except TimeoutError:
        raise ConnectTimeoutError(connection, "not agreed in time") from None
    except (OSError, HTTPException) as e:
        e.add_note(UNSENT)
        raise
    finally:
        line, connection.line = connection.line, None
        if line is not None:
            line.close()


@contextmanager
def _answering(connection: Any) -> Iterator[None]:  # noqa: ANN401 - a connection of urllib3
    """Headers arrive in time; of an answer that is refused for what its headers say, nothing is left open."""
    begun: list[HTTPResponse] = []

    def begin(*args: Any, **kwargs: Any) -> HTTPResponse:  # noqa: ANN401 - passed on
        begun.append(HTTPResponse(*args, **kwargs))
        return begun[-1]

    connection.response_class = begin
    try:
        with _cut_after(lambda: connection.sock, WHOLE_S):
            yield
    except BaseException:
        for response in begun:
            response.close()
        raise
    finally:
        del connection.response_class


@cache
def _pool_types() -> tuple[type[Any], type[Any]]:
    """urllib3's pools, plain and TLS, with connections whose headers have to arrive in time."""
    from urllib3.connection import HTTPConnection, HTTPSConnection
    from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

    class Plain(HTTPConnection):
        line: socket.socket | None = None

        def connect(self) -> None:
            with aside(), _none_left_open():
                super().connect()

        def getresponse(self) -> Any:  # noqa: ANN401 - urllib3's own type is passed on
            with aside(), _answering(self):
                return super().getresponse()

    class Secure(HTTPSConnection):
        line: socket.socket | None = None
        seen: Callable[[str, bytes], None] | None = None

        def _new_conn(self) -> socket.socket:
            raw = super()._new_conn()
            self.line = raw.dup()
            return raw

        def connect(self) -> None:
            with aside(), _agreed_in_time(self):
                super().connect()
            certificate = getattr(self.sock, "getpeercert", lambda **_: None)(binary_form=True)
            if self.seen is not None and certificate:
                self.seen(getattr(self, "_tunnel_host", None) or self.host, certificate)

        def getresponse(self) -> Any:  # noqa: ANN401 - the same
            with aside(), _answering(self):
                return super().getresponse()

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure
        seen: Callable[[str, bytes], None] | None = None

        def _new_conn(self) -> Any:  # noqa: ANN401 - the same
            connection = super()._new_conn()
            connection.seen = self.seen  # type: ignore[attr-defined]  # our own Secure
            return connection

    return PlainPool, SecurePool


def _pools(seen: Callable[[str, bytes], None]) -> dict[str, Callable[..., Any]]:
    """What a pool manager makes its pools with, by scheme."""
    plain, secure = _pool_types()

    def watched(*args: Any, **kwargs: Any) -> Any:  # noqa: ANN401 - urllib3's own signature
        pool = secure(*args, **kwargs)
        pool.seen = seen
        return pool

    return {"http": plain, "https": watched}


# -- the two ways out ----------------------------------------------------------------------------------------------------


@cache
def _verifying_type() -> type[Any]:
    from requests.adapters import HTTPAdapter

    class Verifying(HTTPAdapter):
        """TLS, verified by the system's trust store or the file named, whatever a caller says."""

        def __init__(self, wire: Wire) -> None:
            self._wire = wire
            self._trust = make_context(wire.ca_file, wire.certificate) if wire.certificate else shared_context(wire.ca_file)
            super().__init__(pool_connections=2, pool_maxsize=MOST_CONNECTIONS)

        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - requests' own signature
            super().init_poolmanager(*args, ssl_context=self._trust, **kwargs)
            self.poolmanager.pool_classes_by_scheme = _pools(self._wire.seen)

        def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:  # noqa: ANN401 - requests' own signature
            if proxy not in self.proxy_manager:
                to_proxy = shared_context(self._wire.ca_file)  # a proxy is not shown our client certificate
                manager = super().proxy_manager_for(proxy, ssl_context=self._trust, proxy_ssl_context=to_proxy, **kwargs)
                manager.pool_classes_by_scheme = _pools(self._wire.seen)
            return self.proxy_manager[proxy]

        def cert_verify(self, conn: Any, url: str, verify: object, cert: object) -> None:  # noqa: ANN401, ARG002 - the same
            conn.cert_reqs, conn.ca_certs, conn.ca_cert_dir = "CERT_REQUIRED", None, None

    return Verifying


@cache
def _trusting_type() -> type[Any]:
    import requests

    verifying = _verifying_type()

    class Trusting(verifying):  # type: ignore[valid-type, misc]  # made when first needed
        """The same through the proxy that was found; its credentials go beside its address, never in it."""

        def __init__(self, wire: Wire) -> None:
            self._authorization: dict[str, str] = {}  # by the proxy's address
            super().__init__(wire)

        def proxy_headers(self, proxy: str) -> dict[str, str]:
            known = self._authorization.get(proxy)
            return {"Proxy-Authorization": known} if known else {}

        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - requests' own signature
            proxy = self._wire.proxy_for(request.url or "")
            try:
                return self._send(request, proxy, args, kwargs)
            except requests.exceptions.ProxyError as refused:
                # Nothing of the request has gone out: the proxy did not open the way.
                if proxy is None or refusal_of_proxy(refused) != "407" or not self._wire.proxies.ask_again(proxy):
                    raise
            self.proxy_manager.clear()  # each was made with the credentials of its time
            return self._send(request, self._wire.proxy_for(request.url or ""), args, kwargs)

        def _send(self, request: requests.PreparedRequest, proxy: Proxy | None, args: Any, kwargs: Any) -> requests.Response:  # noqa: ANN401 - passed on
            if proxy is not None:
                self._authorization[proxy.address] = proxy.authorization
            proxies = {"https": proxy.address} if proxy is not None else {}
            response: requests.Response = super().send(request, *args, **(kwargs | {"proxies": proxies}))
            return response

    return Trusting


@cache
def _loopback_type() -> type[Any]:
    import requests
    from requests.adapters import HTTPAdapter

    class Loopback(HTTPAdapter):
        """Plain http to the origins of a simulated world, and to nothing else; never through a proxy."""

        def __init__(self, wire: Wire) -> None:
            self._origins = wire.simulated
            super().__init__(pool_connections=2, pool_maxsize=MOST_CONNECTIONS)
            self.poolmanager.pool_classes_by_scheme = _pools(wire.seen)

        def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401 - requests' own signature
            parts = urlsplit(request.url or "")
            if f"http://{parts.netloc}" not in self._origins:
                raise requests.exceptions.InvalidSchema("plain http is for the simulator alone")
            request.url = parts._replace(scheme="http").geturl()
            return super().send(request, *args, **(kwargs | {"proxies": {}}))

    return Loopback


@lru_cache(maxsize=4)  # worked out once for a simulated world, not once a session
def _plain_hosts(simulated: frozenset[str]) -> frozenset[str]:
    return frozenset(origin.netloc for origin in map(urlsplit, simulated) if origin.scheme == "http")


@cache
def _session_type() -> type[Any]:
    import requests

    class Session(requests.Session):
        """No .netrc, no environment bundle, no redirects; always a time-out. An https request to a plain-http origin of the
        simulated world is sent there too, because msal refuses an http authority."""

        def __init__(self, wire: Wire) -> None:
            super().__init__()
            self.trust_env = False
            self._trusting = _trusting_type()(wire)
            self._loopback = _loopback_type()(wire)
            self._plain = _plain_hosts(wire.simulated)
            self.mount("https://", self._trusting)
            self.mount("http://", self._loopback)

        def get_adapter(self, url: str) -> Any:  # noqa: ANN401 - requests' own signature
            parts = urlsplit(url)
            return self._loopback if parts.scheme == "https" and parts.netloc in self._plain else super().get_adapter(url)

        def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - requests' own signature
            """None: requests would read the Location header even of a redirect that is not followed, and stumble over some."""
            return None

        def request(self, method: str, url: str, **kwargs: Any) -> requests.Response:  # type: ignore[override]  # noqa: ANN401 - passed on
            return super().request(method, url, **(kwargs | _fixed()))

    return Session
