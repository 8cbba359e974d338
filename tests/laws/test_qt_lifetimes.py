"""What ends a process that uses Qt from Python: a painter left at work, a filter told of half-built widgets, and what of Qt the
interpreter finds to be garbage in another thread."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

import pytest

from tests.laws.source import modules

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_APPLICATION = {
    "app",
    "qapp",
    "application",
    "QApplication.instance()",
    "QCoreApplication.instance()",
    "QGuiApplication.instance()",
}


def faults(tree: ast.Module) -> Iterator[str]:
    """Each painter an error would leave at work, each filter of the whole application, each word to look by itself."""
    held = {id(item.context_expr) for node in ast.walk(tree) if isinstance(node, ast.With) for item in node.items}
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        if called.rpartition(".")[2] in {"QPainter", "QStylePainter"} and id(node) not in held:
            yield f"line {node.lineno}: a painter without with"
        receiver, _, method = called.rpartition(".")
        if method == "installEventFilter" and receiver in _APPLICATION:
            yield f"line {node.lineno}: a filter of the application"
        if called == "gc.enable":
            yield f"line {node.lineno}: {called}"


def test_the_window_does_none_of_it(root: Path) -> None:
    found = {name: list(faults(tree)) for name, tree in modules(root / "exoalias")}
    assert {name: lines for name, lines in found.items() if lines} == {}
    assert len(found) > 150


@pytest.mark.parametrize("place", ["dev", "tests"])
def test_nobody_listens_to_the_whole_application(root: Path, place: str) -> None:
    found = [line for _, tree in modules(root / place) for line in faults(tree) if "filter" in line]
    assert found == []


@pytest.mark.parametrize(
    "source",
    [
        "painter = QPainter(self)\npainter.end()",
        "with self.held:\n    use(QtGui.QPainter(self))",
        "app.installEventFilter(self)",
        "QApplication.instance().installEventFilter(self)",
        "gc.enable()",
    ],
)
def test_it_would_be_noticed(source: str) -> None:
    assert list(faults(ast.parse(source)))


def test_what_is_right_is_not() -> None:
    right = "with QPainter(self) as painter, self.held:\n    window.installEventFilter(self)\n    gc.disable()"
    assert list(faults(ast.parse(right))) == []
