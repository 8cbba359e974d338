"""Which proxy leads to a host, and a real CONNECT proxy that wants credentials."""

from __future__ import annotations

import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.network import transport
from exoalias.adapters.network.http import Http
from exoalias.adapters.network.proxies import Proxies, System, bypassed, parse, this_system
from exoalias.domain.problems import BadProxy, NotTrusted, OutcomeUnknown, ProxyRefused, ProxyUnreachable, Unreachable
from tests.adapters.authority import Authority, https_origin, tls_server
from tests.adapters.connect_proxy import connect_proxy
from tests.adapters.loopback import http_answer, loopback

if TYPE_CHECKING:
    import socket
    import ssl
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.adapters.loopback import Loopback

VARIABLES = [name for each in ("http", "https", "all", "no") for name in (f"{each}_proxy", f"{each}_PROXY".upper())]


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def far(authority: Authority) -> Iterator[Loopback]:
    """A server that calls itself acme.example."""
    with tls_server(authority.issue("far", at="acme.example")) as server:
        yield server


def named(far: Loopback) -> str:
    return https_origin(far).replace("127.0.0.1", "acme.example")


# -- which one -----------------------------------------------------------------------------------------------------------


def system(found: Mapping[str, str], *, around: str = "") -> System:
    return System(lambda: found, lambda host: host == around)


def test_the_setting_goes_before_the_environment_before_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    of_system = system({"https": "http://system:1"})
    assert (found := Proxies(system=of_system).of("acme.example")) is not None
    assert (found.address, found.source) == ("http://system:1", "the system's settings")
    monkeypatch.setenv("all_proxy", "every:5")
    assert (found := Proxies(system=of_system).of("acme.example")) is not None
    assert (found.address, found.source) == ("http://every:5", "ALL_PROXY")
    monkeypatch.setenv("https_proxy", "https://environment:2")
    assert (found := Proxies(system=of_system).of("acme.example")) is not None
    assert (found.address, found.host, found.source) == ("https://environment:2", "environment:2", "HTTPS_PROXY")
    assert (found := Proxies(" set:3 ", system=of_system).of("acme.example")) is not None
    assert (found.address, found.source) == ("http://set:3", "the setting proxy")
    for none in ("none", "NONE", " None "):
        assert Proxies(none, system=of_system).of("acme.example") is None


def test_the_system_has_exceptions_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    proxies = Proxies(system=system({"https": "p:1"}, around="acme.example"))
    assert proxies.of("acme.example") is None
    assert proxies.of("other.example") is not None
    monkeypatch.setenv("NO_PROXY", "other.example")
    assert proxies.of("other.example") is None
    assert Proxies("set:3").of("other.example") is None
    assert Proxies(system=system({"http": "p:1"})).of("acme.example") is None  # only for plain http


def test_this_machine_has_none_beside_the_environment() -> None:
    found = this_system()
    assert dict(found.proxies()) == {}
    assert not found.bypasses("acme.example")


@pytest.mark.parametrize(
    ("host", "exceptions", "around"),
    [
        ("acme.example", "acme.example", True),
        ("acme.example", "ACME.example.", True),
        ("it.acme.example", "acme.example", True),
        ("it.acme.example", ".acme.example", True),
        ("it.acme.example", "*.acme.example", True),
        ("acme.example", ".acme.example", True),
        ("notacme.example", "acme.example", False),
        ("acme.example", "it.acme.example", False),
        ("acme.example", "*", True),
        ("acme.example", " a.b ,\tacme.example ", True),
        ("acme.example", "acme.example:443", True),
        ("acme.example", "acme.example:8443", False),
        ("acme.example", "", False),
        ("acme.example", ",, ,.,*.", False),
        ("10.1.2.3", "10.0.0.0/8", True),
        ("10.1.2.3", "10.1.2.3/24", True),
        ("11.1.2.3", "10.0.0.0/8", False),
        ("10.1.2.3", "10.1.2.3", True),
        ("10.1.2.3", "10.1.2", False),
        ("10.1.2.3", "1.2.3", False),
        ("acme.example", "10.0.0.0/8", False),
        ("2001:db8::1", "2001:db8::/32", True),
        ("[2001:db8::1]", "[2001:db8::1]:443", True),
        ("2001:db9::1", "2001:db8::/32", False),
        ("10.1.2.3", "10.0.0.0/99", False),
    ],
)
def test_exceptions(host: str, exceptions: str, around: bool) -> None:
    assert bypassed(host, 443, exceptions) is around


@given(st.text(max_size=30), st.text(max_size=60))
def test_any_exceptions_are_read(host: str, exceptions: str) -> None:
    assert bypassed(host, None, exceptions) in {True, False}


@pytest.mark.parametrize(
    ("text", "address", "login"),
    [
        ("proxy.example:8080", "http://proxy.example:8080", None),
        ("http://proxy.example", "http://proxy.example", None),
        ("https://proxy.example:3129/", "https://proxy.example:3129", None),
        ("http://[2001:db8::1]:8080", "http://[2001:db8::1]:8080", None),
        ("http://me:p%40ss%3A@proxy.example:8080", "http://proxy.example:8080", ("me", "p@ss:")),
        ("http://DOMAIN%5Cme@proxy.example:8080", "http://proxy.example:8080", ("DOMAIN\\me", "")),
    ],
)
def test_addresses(text: str, address: str, login: tuple[str, str] | None) -> None:
    proxy = parse(text, "x")
    assert proxy.address == address
    assert (proxy.login and (proxy.login[0], proxy.login[1].reveal())) == login
    assert "p@ss" not in f"{proxy!r} {proxy}"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("socks5://me:marker@proxy.example:1080", "socks5"),
        ("http://me:marker@", "no host"),
        ("http://me:marker@proxy.example:99999", "no address"),
        ("http://me:marker@pro xy:8080", "no host"),
        ("http://me:marker@[::1", "no address"),
        ("", "no host"),
    ],
)
def test_an_unusable_address_is_named_without_its_credentials(text: str, why: str) -> None:
    with pytest.raises(BadProxy, match=why) as refused:
        parse(text, "HTTPS_PROXY")
    assert "marker" not in f"{refused.value!r} {refused.value.facts} {refused.value.__cause__!r}"
    assert "HTTPS_PROXY" in refused.value.words


@given(st.text(max_size=60) | st.from_regex(r"(https?|socks5)?://[^ ]{0,40}", fullmatch=True))
def test_any_address_is_read_or_refused(text: str) -> None:
    try:
        assert parse(text, "x").address.startswith(("http://", "https://"))
    except BadProxy:
        return


def test_credentials_in_the_setting_are_refused() -> None:
    with pytest.raises(BadProxy, match="not kept in settings") as refused:
        Proxies("http://me:marker@proxy.example:8080").of("acme.example")
    assert "marker" not in refused.value.words
    http = Http(proxy="http://me:marker@proxy.example:8080")
    with pytest.raises(BadProxy):
        http.client("https://acme.example").send("GET", "/", headers={})
    http.close()


# -- through one ---------------------------------------------------------------------------------------------------------


def test_through_a_proxy_with_the_environments_credentials(
    authority: Authority, far: Loopback, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with connect_proxy("me", "pa55:w@rd") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:pa55%3Aw%40rd@{proxy.host}")
        http = Http(ca_file=str(authority.file))
        client = http.client(named(far))
        for _ in range(2):
            assert client.send("GET", "/secret-path", headers={"Authorization": "Basic marker"}).status == 200
        http.close()
        assert all(head.startswith("CONNECT acme.example:") for head in proxy.heads)
        assert not any("secret-path" in head or "marker" in head for head in proxy.heads)
        assert not any("pa55" in str(record.__dict__) for record in caplog.records)


def test_wrong_credentials_are_a_refusal_of_the_proxy_without_them(
    authority: Authority, far: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    with connect_proxy("me", "right") as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://me:marker@{proxy.host}")
        http = Http(ca_file=str(authority.file))
        with pytest.raises(ProxyRefused, match="407") as refused:
            http.client(named(far)).send("PATCH", "/", headers={}, body=b"{}")
        http.close()
        said = f"{refused.value!r} {refused.value.remedy} {refused.value.facts} {refused.value.__cause__!r}"
        assert proxy.host in said
        assert "acme.example" in said
        assert "marker" not in said
        assert "Basic" in refused.value.remedy


def test_the_kept_login_is_asked_for_when_it_is_wanted_and_again_after_a_refusal(authority: Authority, far: Loopback) -> None:
    asked: list[str] = []
    kept = {"password": "wrong"}

    def login() -> tuple[str, Secret] | None:
        asked.append("")
        return "me", Secret(kept["password"])

    with connect_proxy("me", "right") as proxy:
        http = Http(ca_file=str(authority.file), proxy=proxy.host, proxy_login=login)
        client = http.client(named(far))
        for _ in range(2):
            with pytest.raises(ProxyRefused):
                client.send("GET", "/", headers={})
        kept["password"] = "right"
        assert client.send("PATCH", "/", headers={}, body=b"{}").status == 200
        before = len(asked)
        assert http.client(named(far)).send("GET", "/", headers={}).status == 200
        assert http.session(ca_file=str(authority.file)).get(named(far)).status_code == 200  # as msal asks
        assert len(asked) == before == 3
        http.close()


def test_many_threads_ask_for_one_login(authority: Authority, far: Loopback) -> None:
    def login() -> tuple[str, Secret] | None:
        time.sleep(0.1)
        return "me", Secret("right")

    with connect_proxy("me", "right") as proxy, ThreadPoolExecutor(8) as pool:
        http = Http(ca_file=str(authority.file), proxy=proxy.host, proxy_login=login)
        clients = [http.client(named(far)) for _ in range(8)]
        assert [a.status for a in pool.map(lambda client: client.send("GET", "/", headers={}), clients)] == [200] * 8
        http.close()


def test_a_proxy_that_wants_nothing_is_told_nothing(authority: Authority, far: Loopback) -> None:
    def login() -> tuple[str, Secret] | None:
        raise AssertionError("the keyring was asked")

    with connect_proxy() as proxy:
        http = Http(ca_file=str(authority.file), proxy=proxy.host, proxy_login=login)
        assert http.client(named(far)).send("GET", "/", headers={}).status == 200
        http.close()


def test_without_a_login_none_is_sent(authority: Authority, far: Loopback) -> None:
    with connect_proxy() as proxy:
        http = Http(ca_file=str(authority.file), proxy=proxy.host)
        assert http.client(named(far)).send("GET", "/", headers={}).status == 200
        assert "authorization" not in proxy.heads[0].lower()
        found = http.proxy_of(named(far))
        assert found is not None
        assert found.host == proxy.host
        http.close()


def test_a_refusal_by_rule_and_a_proxy_that_is_not_there(far: Loopback, free_port: int) -> None:
    with loopback(lambda _: http_answer(b"", 403, Connection="close")) as proxy:
        http = Http(proxy=proxy.origin)
        with pytest.raises(ProxyRefused, match="403") as refused:
            http.client(named(far)).send("GET", "/", headers={})
        assert "let this host through" in refused.value.remedy
        http.close()
    http = Http(proxy=f"127.0.0.1:{free_port}")
    with pytest.raises(ProxyUnreachable, match=f"proxy 127.0.0.1:{free_port}, through which acme.example"):
        http.client("https://acme.example").send("PATCH", "/", headers={}, body=b"{}")
    http.close()


@pytest.mark.parametrize("said", [b"HTTP/1.1", None])
def test_an_answer_lost_behind_a_proxy_leaves_a_write_in_doubt(authority: Authority, said: bytes | None) -> None:
    """The proxy let the request through: what became of it is not known, whatever the libraries call the failure."""
    with tls_server(authority.issue("far", at="acme.example"), answer=said) as far, connect_proxy() as proxy:
        http = Http(ca_file=str(authority.file), proxy=proxy.host)
        client = http.client(named(far))
        with pytest.raises(OutcomeUnknown):
            client.send("PATCH", "/", headers={}, body=b"{}")
        assert len(far.requests) == 1
        with pytest.raises(Unreachable, match="broke off"):
            client.send("GET", "/", headers={})
        http.close()


def test_a_proxy_that_hangs_up_or_drips_ends_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transport, "CONNECT_S", 0.5)
    monkeypatch.setattr(transport, "AGREE_S", 1.0)
    done = threading.Event()

    def dripping(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\n")
        while not done.wait(0.1):
            connection.sendall(b"X")

    with loopback(lambda _: None) as proxy:
        http = Http(proxy=proxy.origin)
        with pytest.raises(Unreachable):
            http.client("https://acme.example").send("GET", "/", headers={})
        proxy.instead = dripping
        started = time.monotonic()
        with pytest.raises(Unreachable):
            http.client("https://acme.example").send("GET", "/", headers={})
        assert time.monotonic() - started < 4
        done.set()
        http.close()


def test_a_proxy_over_tls_is_verified_too(authority: Authority, far: Loopback, tmp_path: Path) -> None:
    other = Authority(tmp_path, "Stranger")
    with tls_server(other.issue("proxy")) as proxy:
        http = Http(ca_file=str(authority.file), proxy=https_origin(proxy))
        with pytest.raises(NotTrusted, match=r"the proxy 127\.0\.0\.1"):
            http.client(named(far)).send("GET", "/", headers={})
        http.close()


@pytest.mark.parametrize("said", [b"HTTP/1.1 200 OK\r\nX: ", b"HTTP/1.1 200 OK\r\nContent-Length: 9999\r\n\r\n"])
def test_an_answer_that_drips_through_a_proxy_over_tls_is_cut_off(
    authority: Authority, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    """TLS within TLS is no socket to the libraries; what is dripped through it ends in time nevertheless."""
    monkeypatch.setattr(transport, "WHOLE_S", 1.0)
    done = threading.Event()

    def drip(connection: ssl.SSLSocket) -> None:
        while not done.wait(0.1):
            connection.sendall(b"x")

    far = tls_server(authority.issue("far", at="acme.example"), answer=said, afterwards=drip)
    with far as server, connect_proxy(certificate=authority.issue("proxy")) as proxy:
        http = Http(ca_file=str(authority.file), proxy=proxy.address)
        started = time.monotonic()
        with pytest.raises(OutcomeUnknown, match="in time"):
            http.client(named(server)).send("PATCH", "/", headers={}, body=b"{}")
        assert time.monotonic() - started < 4
        assert len(proxy.heads) == 1
        done.set()
        http.close()


def test_loopback_of_a_simulated_world_is_reached_directly(authority: Authority, monkeypatch: pytest.MonkeyPatch) -> None:
    with tls_server(authority.issue("server")) as server, connect_proxy() as proxy:
        monkeypatch.setenv("HTTPS_PROXY", proxy.address)
        http = Http(simulated=frozenset({https_origin(server)}), proxy=proxy.address)
        client = http.client(https_origin(server), ca_file=str(authority.file))
        assert client.send("GET", "/", headers={}).status == 200
        with pytest.raises(NotTrusted):
            http.client(https_origin(server)).send("GET", "/", headers={})
        assert proxy.heads == []
        http.close()
