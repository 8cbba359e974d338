"""What every test stands on: no network, no developer's settings or keyring, no screen unless asked for.

A test process draws offscreen. What needs a real window is started as a child with the environment of ``screen``.
``python3 dev.py test`` provides the real parts; ``python3 dev.py session pytest tests/…`` does so for a few tests.
"""

from __future__ import annotations

import errno
import gc
import ipaddress
import os
import signal
import socket
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping

THROWAWAY_DESKTOP = "EXOALIAS_THROWAWAY_DESKTOP"  # set by dev/session.py

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
    phases=[phase for phase in Phase if phase is not Phase.explain],  # explaining a failure traces every line, for minutes
)
settings.register_profile("hunt", deadline=None, max_examples=20_000, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ci")  # the other one: pytest --hypothesis-profile=hunt


# -- a machine without a network ----------------------------------------------------------------------------------------


def _leaves_this_machine(address: object) -> bool:
    """Is this a socket address, with an IP, that isn't loopback?"""
    if not isinstance(address, tuple) or not address:
        return False
    try:
        return not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_loopback
    except ValueError:
        return str(address[0]) != "localhost"


def _no_network(event: str, arguments: tuple[object, ...]) -> None:
    """Behave like a machine that is cut off: what is not loopback is unreachable, names are unknown."""
    if event == "socket.connect" and _leaves_this_machine(arguments[1]):
        raise OSError(errno.ENETUNREACH, f"the tests have no network: {arguments[1]}")
    if event == "socket.getaddrinfo" and arguments[0] is not None:
        host = arguments[0].decode() if isinstance(arguments[0], bytes) else str(arguments[0])
        if not host.endswith("localhost") and _leaves_this_machine((host,)):
            raise socket.gaierror(socket.EAI_NONAME, f"the tests have no network: {host}")


# -- a process of its own -----------------------------------------------------------------------------------------------

_OF_THE_DEVELOPER = (
    "REQUESTS_CA_BUNDLE",
    "CURL_CA_BUNDLE",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "QT_STYLE_OVERRIDE",
    "QT_SCALE_FACTOR",
)
_PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


def _private_environment(home: Path) -> None:
    """Point everything a program may read or write of a person's at an empty *home*."""
    for name in [*_OF_THE_DEVELOPER, *_PROXIES, *(name.upper() for name in _PROXIES)]:
        os.environ.pop(name, None)
    for name in [name for name in os.environ if name.startswith("EXOALIAS_") and name != THROWAWAY_DESKTOP]:
        del os.environ[name]
    os.environ.update(QT_API="pyside6", QT_QPA_PLATFORM="offscreen", LC_ALL="C.UTF-8", LANGUAGE="en", HOME=str(home))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(home / kind.lower())
    if THROWAWAY_DESKTOP not in os.environ:
        os.environ["DBUS_SESSION_BUS_ADDRESS"] = f"unix:path={home}/no-bus"
        os.environ.pop("DISPLAY", None)
        os.environ.pop("WAYLAND_DISPLAY", None)


_HOME = tempfile.TemporaryDirectory(prefix="exoalias-test-home-", ignore_cleanup_errors=True)


def pytest_configure() -> None:
    """Before any test module is imported."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:  # started in the background; the programs under test would inherit it
        signal.signal(signal.SIGINT, signal.default_int_handler)
    _private_environment(Path(_HOME.name))
    sys.addaudithook(_no_network)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: no look for garbage goes through it again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """What a test leaves of Qt is found in this thread, as in the window: in another it can end or stop the process."""
    if "qapp" not in getattr(item, "fixturenames", ()):
        return (yield)
    gc.disable()
    try:
        return (yield)
    finally:
        gc.collect()
        gc.enable()


def pytest_unconfigure() -> None:
    """After the last test."""
    _HOME.cleanup()


# -- fixtures -----------------------------------------------------------------------------------------------------------


def _desktop_home() -> str:
    home = os.environ.get(THROWAWAY_DESKTOP)
    if home is None:
        pytest.fail("this test needs the throwaway desktop: python3 dev.py session .venv/bin/python -m pytest …", pytrace=False)
    return home


@dataclass(frozen=True, slots=True)
class Screen:
    """A real X display with a window manager; *environment* is for child processes that shall draw on it."""

    display: str
    environment: Mapping[str, str]


@pytest.fixture(autouse=True)
def _one_screen(request: pytest.FixtureRequest) -> Iterator[None]:
    """Whoever presses keys has the one screen to themselves, whichever worker they are in: two would fight over the focus.

    ``desktop(shared=True)``: its windows don't mind which of them has the focus. A lock, not a group: xdist 3.8 names groups in
    a way that pytest 9.2 no longer looks at, and says nothing.
    """
    home = os.environ.get(THROWAWAY_DESKTOP)
    marked = request.node.get_closest_marker("desktop")
    if home is None or marked is None:
        yield
        return
    import fcntl  # where there is a throwaway desktop there is this

    with Path(home, "screen.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH if marked.kwargs.get("shared") else fcntl.LOCK_EX)
        yield


@pytest.fixture
def screen(request: pytest.FixtureRequest) -> Screen:
    """The throwaway desktop's screen, for tests marked ``desktop``."""
    _desktop_home()
    if request.node.get_closest_marker("desktop") is None:
        pytest.fail("a test that uses the screen is marked desktop, so that two don't fight over the focus", pytrace=False)
    return Screen(os.environ["DISPLAY"], {**os.environ, "QT_QPA_PLATFORM": "xcb"})


@pytest.fixture
def secret_service() -> str:
    """The address of a D-Bus session with an unlocked, throwaway Secret Service."""
    _desktop_home()
    return os.environ["DBUS_SESSION_BUS_ADDRESS"]


@pytest.fixture
def no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A session without a keyring, on the throwaway desktop too: nobody listens where the bus should be."""
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/no-bus")


@pytest.fixture
def private_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty home of this test's own, with all XDG folders below it; children started by the test inherit it."""
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    monkeypatch.setenv("HOME", str(home))
    for kind in ("CONFIG", "DATA", "CACHE", "STATE"):
        monkeypatch.setenv(f"XDG_{kind}_HOME", str(home / kind.lower()))
    return home


@pytest.fixture
def free_port() -> int:
    """A loopback port nobody listens on just now. To listen oneself, bind port 0 instead."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def root() -> Path:
    """The repository's root."""
    return Path(__file__).resolve().parent.parent
