"""The domain's imports by allow-list, and the clock read only where the outside is.

The import contracts name what the domain may not touch; this names the little it may, so that something new asks first.
"""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from tests.laws.source import dotted, imports, modules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Values, types and text: nothing here reads the clock, the disk, the network, the environment or chance.
DOMAIN_MAY_IMPORT = frozenset(
    "__future__ abc base64 binascii bisect collections collections.abc contextlib dataclasses datetime difflib enum "
    "functools hashlib hmac html ipaddress itertools json math operator re string textwrap types typing unicodedata urllib.parse "
    "uuid zoneinfo".split()
)
THE_TIME = re.compile(r"(^|\.)(datetime\.(now|utcnow|today)|date\.today|time\.(time|time_ns|localtime|gmtime))$")
CHANCE = re.compile(r"^uuid\.uuid(1|4)$|^uuid(1|4)$")


def strange_imports(domain: Path) -> Iterator[str]:
    """What the domain imports that is neither its own nor on the list."""
    for name, tree in modules(domain):
        for line, module in imports(tree):
            if module not in DOMAIN_MAY_IMPORT and not module.startswith("exoalias.domain"):
                yield f"{name}:{line}: {module}"


def impure_calls(domain: Path) -> Iterator[str]:
    """Chance and files, reached without an import of their own."""
    for name, tree in modules(domain):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (
                CHANCE.search(dotted(node.func)) or dotted(node.func) in {"open", "input", "print"}
            ):
                yield f"{name}:{node.lineno}: {dotted(node.func)}"


def clock_reads(package: Path, *, without: tuple[str, ...]) -> Iterator[str]:
    """Places that ask for the time of day."""
    for name, tree in modules(package, without=without):
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and THE_TIME.search(dotted(node)):
                yield f"{name}:{node.lineno}: {dotted(node)}"


def test_the_domain_imports_only_values(root: Path) -> None:
    assert list(strange_imports(root / "exoalias" / "domain")) == []


def test_the_domain_reads_no_file_and_draws_no_lots(root: Path) -> None:
    assert list(impure_calls(root / "exoalias" / "domain")) == []


def test_only_adapters_and_app_read_the_clock(root: Path) -> None:
    assert list(clock_reads(root / "exoalias", without=("adapters", "app", "simulator"))) == []


@pytest.mark.parametrize("line", ["import urllib.request", "from os import sep", "def f():\n import time", "import exoalias.app"])
def test_a_strange_import_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.py").write_text(line + "\n")
    assert len(list(strange_imports(tmp_path))) == 1


@pytest.mark.parametrize("line", ["uuid.uuid4()", "open('x')", "print(1)"])
def test_an_impure_call_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.py").write_text(line + "\n")
    assert len(list(impure_calls(tmp_path))) == 1


@pytest.mark.parametrize("line", ["datetime.now(UTC)", "datetime.datetime.utcnow()", "f(clock=time.time)", "date.today()"])
def test_a_look_at_the_clock_is_noticed(tmp_path: Path, line: str) -> None:
    (tmp_path / "planted.py").write_text(line + "\n")
    assert len(list(clock_reads(tmp_path, without=()))) == 1


def test_measuring_a_span_is_not_reading_the_clock(tmp_path: Path) -> None:
    (tmp_path / "planted.py").write_text("time.monotonic(); deadline.now; runtime.timer()\n")
    assert list(clock_reads(tmp_path, without=())) == []
