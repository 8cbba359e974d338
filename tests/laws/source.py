"""Reading the program's source for the laws: what stands in the code, docstrings left out."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def modules(package: Path, *, without: tuple[str, ...] = ()) -> Iterator[tuple[str, ast.Module]]:
    """Every module below *package* as its path relative to it and its tree; folders *without* are left out."""
    for path in sorted(package.rglob("*.py")):
        name = path.relative_to(package).as_posix()
        if not name.startswith(tuple(f"{folder}/" for folder in without)):
            yield name, ast.parse(path.read_text(encoding="utf-8"), name)


def strings(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and value of every string or bytes constant that the program can use: not docstrings."""
    statements = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in statements:
            if isinstance(node.value, str):
                yield node.lineno, node.value
            elif isinstance(node.value, bytes):
                yield node.lineno, node.value.decode("latin-1")


def imports(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and full name of every module imported, wherever the import stands."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module


def dotted(node: ast.AST) -> str:
    """``datetime.now`` of an attribute access; empty for anything less plain."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        before = dotted(node.value)
        return f"{before}.{node.attr}" if before else f".{node.attr}"
    return ""
