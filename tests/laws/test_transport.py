"""Nothing leaves unprotected: no plain http, no certificate check switched off, no browser switch that weakens it."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.laws.source import dotted, modules, strings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PLAIN_HTTP = re.compile(r"http://(?!(127\.0\.0\.1|([a-z0-9-]+\.)?localhost|\[::1\])(?![\w.-])|www\.w3\.org/)", re.IGNORECASE)

SWITCHES: dict[str, frozenset[str]] = {
    "--no-sandbox": frozenset({"adapters/browser/launch.py"}),  # without it Chromium refuses to start as root
    "--disable-web-security": frozenset(),
    "--ignore-certificate-errors": frozenset(),
    "--remote-debugging-port": frozenset(),  # a listening socket: the pipe is used instead
    "--remote-debugging-address": frozenset(),
    "--remote-allow-origins": frozenset(),
    "--disable-features=IsolateOrigins": frozenset(),
}
WEAKENING = frozenset({"verify", "check_hostname", "ssl_verify", "verify_ssl"})
WEAK_NAMES = re.compile(r"\b(CERT_NONE|_create_unverified_context|disable_warnings|InsecureRequestWarning)$")


# The one file that speaks of plain http without a host, and how often: it compares with the simulator's own origins, and it
# mounts the adapter that sends there and nowhere else (tests/adapters/network/test_transport.py). Once more would be a way out.
GUARDS = {"adapters/network/transport.py": 2}


def plain_http(package: Path) -> Iterator[str]:
    """Addresses without TLS anywhere but on loopback."""
    for name, tree in modules(package, without=("simulator",)):
        found = [(line, text) for line, text in strings(tree) if PLAIN_HTTP.search(text)]
        bare = [(line, text) for line, text in found if text == "http://"]
        guards = bare if len(bare) == GUARDS.get(name, 0) else []
        yield from (f"{name}:{line}: {text[:60]}" for line, text in found if (line, text) not in guards)


def _is_false(node: ast.AST | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is False


def unverified(package: Path) -> Iterator[str]:
    """Every way the standard library, requests and urllib3 offer to look away from a certificate."""
    for name, tree in modules(package):
        for node in ast.walk(tree):
            if isinstance(node, ast.keyword) and node.arg in WEAKENING and _is_false(node.value):
                yield f"{name}:{node.value.lineno}: {node.arg}=False"
            elif isinstance(node, ast.Assign | ast.AnnAssign) and _is_false(node.value):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                yield from (
                    f"{name}:{node.lineno}" for t in targets if dotted(t).rpartition(".")[2] in WEAKENING and "." in dotted(t)
                )
            elif isinstance(node, ast.Dict):
                keys = [
                    k.value for k, v in zip(node.keys, node.values, strict=True) if isinstance(k, ast.Constant) and _is_false(v)
                ]
                yield from (f"{name}:{node.lineno}: {key}" for key in keys if key in WEAKENING)
            elif isinstance(node, ast.Name | ast.Attribute) and WEAK_NAMES.search(dotted(node)):
                yield f"{name}:{node.lineno}: {dotted(node)}"


def weak_switches(package: Path) -> Iterator[str]:
    """Browser switches outside the places that may have them. The simulator starts no browser."""
    for name, tree in modules(package, without=("simulator",)):
        for line, text in strings(tree):
            yield from (f"{name}:{line}: {s}" for s, places in SWITCHES.items() if s in text and name not in places)


@pytest.fixture
def package(root: Path) -> Path:
    return root / "exoalias"


def test_no_plain_http(package: Path) -> None:
    assert list(plain_http(package)) == []


def test_no_certificate_check_is_switched_off(package: Path) -> None:
    assert list(unverified(package)) == []


def test_no_switch_weakens_the_browser(package: Path) -> None:
    assert list(weak_switches(package)) == []


@pytest.mark.parametrize(
    "line",
    [
        "address = 'http://login.example.com/'",
        "address = f'HTTP://{host}/'",
        "address = b'http://127.0.0.100.example.com'",
        "address = 'http://localhost.example.com'",
    ],
)
def test_plain_http_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.py").write_text(f'"""See http://example.com in a docstring: fine."""\n{line}\n')
    assert len(list(plain_http(tmp_path))) == 1


@pytest.mark.parametrize(
    ("name", "times", "noticed"), [("transport.py", 2, 0), ("transport.py", 3, 3), ("transport.py", 1, 1), ("access.py", 2, 2)]
)
def test_the_guard_is_one_named_place(tmp_path: Path, name: str, times: int, noticed: int) -> None:
    place = tmp_path / "adapters" / "network"
    place.mkdir(parents=True)
    (place / name).write_text("origin = f'http://{host}'\n" * times)
    assert len(list(plain_http(tmp_path))) == noticed


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8080/", "http://localhost/", "http://entra.localhost:1/", "http://[::1]:1/"]
)
def test_loopback_is_not_plain_http(tmp_path: Path, address: str) -> None:
    (tmp_path / "planted.py").write_text(f"address = {address!r}\n")
    assert list(plain_http(tmp_path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "session.get(url, verify=False)",
        "session.verify = False",
        "context.check_hostname = False",
        "context.verify_mode = ssl.CERT_NONE",
        "options = {'verify': False}",
        "context = ssl._create_unverified_context()",
        "urllib3.disable_warnings()",
    ],
)
def test_looking_away_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.py").write_text(line + "\n")
    assert len(list(unverified(tmp_path))) == 1


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_weakening_switch_is_noticed(tmp_path: Path, switch: str) -> None:
    (tmp_path / "planted.py").write_text(f"arguments = ['{switch}=1']\n")
    assert len(list(weak_switches(tmp_path))) == 1
