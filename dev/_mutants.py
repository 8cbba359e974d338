"""Makes small wrong versions of a source file, one change each: what a slip of the hand, or of a merge, could do to it.

Compares turned, conditions dropped or negated, *and* for *or*, constants and texts changed, statements, arguments, members and
cases removed, other values returned. Left alone are annotations, decorators, docstrings and imports: they decide nothing at run
time, or fail before anything runs.
"""

from __future__ import annotations

import ast
import copy
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_TURNED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
}
_OTHER_SIGN: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_OTHER_NAME = {"startswith": "endswith", "endswith": "startswith", "any": "all", "all": "any", "min": "max", "max": "min"}
_PASSED_THROUGH = {"sorted", "shown", "round"}  # calls that could be forgotten: their argument would do in their place
_REMOVABLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Continue, ast.Break)
_LONG, _AROUND = 80, 16  # characters of a mutant's name
_NOT_CHANGED = {"annotation", "returns", "decorator_list", "bases", "type_params"}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One changed version of a file. ``where`` is the function it is in; what runs at import has "", or "Class."."""

    file: str
    line: int
    where: str
    before: str  # the source text that is replaced
    after: str
    source: str  # the whole changed file
    number: int = 1  # of those that read alike in one function

    @property
    def at_import(self) -> bool:
        """Whether it changes what runs when the file is imported: constants, defaults, fields."""
        return not self.where or self.where.endswith(".")

    @property
    def name(self) -> str:
        """How it is told from all others of the file, whatever its lines are."""
        again = f" #{self.number}" if self.number > 1 else ""
        return f"{self.file}::{self.where}: {' → '.join(_told(self.before, self.after))}{again}"


def _told(before: str, after: str) -> tuple[str, str]:
    """Both in a line; of long ones what differs, with a little of what stands around it."""
    one, other = (" ".join(text.split()) for text in (before, after))
    if max(len(one), len(other)) <= _LONG:
        return one, other
    one, other = _plain(one), _plain(other)
    shorter = min(len(one), len(other))
    same = next((at for at in range(shorter) if one[at] != other[at]), shorter)
    tail = next((at for at in range(shorter - same) if one[-1 - at] != other[-1 - at]), shorter - same)
    begin, end = max(0, same - _AROUND), max(0, tail - _AROUND)
    cut = (f"{'…' if begin else ''}{text[begin : len(text) - end]}{'…' if end else ''}" for text in (one, other))
    return next(cut), next(cut)


def _plain(text: str) -> str:
    """An expression as it is written anew, so that quotes and brackets are no difference."""
    try:
        return ast.unparse(ast.parse(text, mode="eval"))
    except SyntaxError:
        return text


def mutants(file: str, source: str) -> list[Mutant]:
    """Every mutant of that source, in its order."""
    made: list[Mutant] = []
    seen: dict[str, int] = {}
    data = source.encode()
    for line, where, start, end, after in _Walk(source).changes(ast.parse(source)):
        changed = (data[:start] + after.encode() + data[end:]).decode()
        mutant = Mutant(file, line, where, data[start:end].decode(), after, changed)
        seen[mutant.name] = seen.get(mutant.name, 0) + 1
        made.append(replace(mutant, number=seen[mutant.name]))
    return made


class _Walk:
    """Goes through a tree and makes each change in place, long enough to write it down."""

    def __init__(self, source: str) -> None:
        self._lines = [len(line) for line in source.encode().splitlines(keepends=True)]

    def changes(self, tree: ast.Module) -> Iterator[tuple[int, str, int, int, str]]:
        """Line, function, first and last byte, and what stands there instead."""
        yield from self._below(tree, (), "")

    def _below(self, node: ast.AST, above: tuple[ast.AST, ...], where: str) -> Iterator[tuple[int, str, int, int, str]]:
        if isinstance(node, ast.FunctionDef):
            yield from self._of_function(node, above, where)
            return
        if _is_left_alone(node):
            return
        inside = f"{where}{node.name}." if isinstance(node, ast.ClassDef) else where
        for name, value in ast.iter_fields(node):
            if name in _NOT_CHANGED or (isinstance(node, ast.Dict) and name == "keys" and None in node.keys):
                continue
            for index, child in enumerate(value if isinstance(value, list) else [value]):
                if isinstance(child, ast.AST):
                    slot = (node, name, index if isinstance(value, list) else None)
                    yield from self._at(slot, child, (*above, node), inside)
                    yield from self._below(child, (*above, node), inside)

    def _of_function(
        self, node: ast.FunctionDef, above: tuple[ast.AST, ...], where: str
    ) -> Iterator[tuple[int, str, int, int, str]]:
        """Defaults belong to the import; the body to the function, whose nested ones belong to it too."""
        yield from self._below(node.args, (*above, node), where)
        name = where if where and not where.endswith(".") else f"{where}{node.name}"
        for index, statement in enumerate(node.body):
            yield from self._at((node, "body", index), statement, (*above, node), name)
            yield from self._below(statement, (*above, node), name)

    def _at(
        self, slot: tuple[ast.AST, str, int | None], node: ast.AST, above: tuple[ast.AST, ...], where: str
    ) -> Iterator[tuple[int, str, int, int, str]]:
        if _is_left_alone(node):
            return
        for instead in _instead_of(node, above[-1], slot[1]):
            put(slot, instead)
            try:
                anchor, before = _anchor(instead, (*above,), node)
                text = _written(anchor)
                start, end = self._span(before)
            finally:
                put(slot, node)
            yield getattr(node, "lineno", before.lineno), where, start, end, text

    def _span(self, node: Any) -> tuple[int, int]:  # noqa: ANN401 - any node with a position
        def offset(line: int, column: int) -> int:
            return sum(self._lines[: line - 1]) + column

        return offset(node.lineno, node.col_offset), offset(node.end_lineno, node.end_col_offset)


def put(slot: tuple[ast.AST, str, int | None], node: ast.AST) -> None:
    """Let that node stand there."""
    parent, name, index = slot
    if index is None:
        setattr(parent, name, node)
    else:
        getattr(parent, name)[index] = node


def _is_left_alone(node: ast.AST) -> bool:
    """Docstrings, imports, what types alone see, and aliases of types (``Step = tuple[State, …]``)."""
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    if isinstance(node, ast.Expr):
        return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
    if isinstance(node, ast.Assign):
        target = node.targets[0]
        named = isinstance(target, ast.Name) and target.id[:1].isupper() and not target.id.isupper()
        return named and isinstance(node.value, ast.BinOp | ast.Subscript)
    return isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"


def _anchor(instead: ast.AST, above: tuple[ast.AST, ...], node: ast.AST) -> tuple[ast.AST, Any]:
    """What is written anew, and where: the changed node, or the nearest above whose place in the text is known.

    A format string is written as a whole, for the places of what is in it are not known before Python 3.12.
    """
    texts = [parent for parent in above if isinstance(parent, ast.JoinedStr)]
    if texts:
        return texts[0], texts[0]
    if hasattr(node, "lineno"):
        return instead, node
    nearest = next(parent for parent in reversed(above) if hasattr(parent, "lineno"))
    return nearest, nearest


def _written(node: ast.AST) -> str:
    text = ast.unparse(ast.fix_missing_locations(node))
    if isinstance(node, ast.stmt):
        return text.replace("\n", "\n" + " " * getattr(node, "col_offset", 0))
    atoms = (ast.Constant, ast.Name, ast.Attribute, ast.Call, ast.Tuple, ast.JoinedStr, ast.keyword, ast.pattern, ast.Starred)
    return text if isinstance(node, atoms) else f"({text})"


# -- what can be slipped in ----------------------------------------------------------------------------------------------


def _instead_of(node: ast.AST, parent: ast.AST, name: str) -> Iterable[ast.AST]:
    """What could stand in place of that node by mistake."""
    if name == "test":
        yield from (
            _with(ast.UnaryOp(ast.Not(), ast.Name("")), operand=node),
            *(_like(node, each) for each in _values(node, (True, False))),
        )
    if name == "value" and isinstance(parent, ast.Return):
        yield from (_like(node, each) for each in _values(node, (None, True, False) if _is_judged(node) else (None,)))
    if isinstance(node, ast.stmt):
        yield from _statements(node)
    elif isinstance(node, ast.Constant):
        if not isinstance(parent, ast.FormattedValue | ast.MatchValue):
            yield from _constants(node, parent)
    elif isinstance(node, ast.expr):
        yield from _expressions(node)
    elif isinstance(node, ast.comprehension):
        yield from _without_each(node, "ifs")


def _values(node: ast.AST, values: tuple[bool | None, ...]) -> Iterator[ast.AST]:
    for value in values:
        if not (isinstance(node, ast.Constant) and (node.value is value or isinstance(node.value, bool))):
            yield ast.Constant(value=value)


def _is_judged(node: ast.AST) -> bool:
    return isinstance(node, ast.Compare | ast.BoolOp) or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not))


def _statements(node: ast.stmt) -> Iterator[ast.AST]:
    if isinstance(node, _REMOVABLE):
        yield _like(node, ast.Pass())
    if isinstance(node, ast.Match) and len(node.cases) > 1:
        for index, case in enumerate(node.cases):
            yield _with(node, cases=node.cases[:index] + node.cases[index + 1 :])
            if case.guard is not None:
                yield _with(node, cases=[*node.cases[:index], _with(case, guard=None), *node.cases[index + 1 :]])


def _constants(node: ast.Constant, parent: ast.AST) -> Iterator[ast.AST]:
    value = node.value
    if isinstance(value, bool):
        yield _like(node, ast.Constant(value=not value))
    elif isinstance(value, int | float):
        yield _like(node, ast.Constant(value=value + 1))
    elif isinstance(value, str) and not (isinstance(parent, ast.JoinedStr) and not value.strip()):
        yield _like(node, ast.Constant(value="" if value else "else"))
    elif isinstance(value, bytes) and value:
        yield _like(node, ast.Constant(value=b""))


def _expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.Compare():
            for index, op in enumerate(node.ops):
                for other in _TURNED.get(type(op), ()):
                    yield _with(node, ops=[*node.ops[:index], other(), *node.ops[index + 1 :]])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            for index in range(len(node.values)):
                left = node.values[:index] + node.values[index + 1 :]
                yield _like(node, left[0]) if len(left) == 1 else _with(node, values=left)
        case ast.UnaryOp(op=ast.Not() | ast.USub()):
            yield _like(node, node.operand)
        case ast.BinOp() if type(node.op) in _OTHER_SIGN:
            yield _with(node, op=_OTHER_SIGN[type(node.op)]())
            yield from (_like(node, side) for side in (node.left, node.right))
        case ast.Call():
            yield from _calls(node)
        case _:
            yield from _other_expressions(node)


def _other_expressions(node: ast.expr) -> Iterator[ast.AST]:
    match node:
        case ast.IfExp():
            yield from (_like(node, side) for side in (node.body, node.orelse))
        case ast.Tuple(ctx=ast.Load()) | ast.List(ctx=ast.Load()):
            yield from _without_each(node, "elts")
        case ast.Set() if len(node.elts) > 1:
            yield from _without_each(node, "elts")
        case ast.Subscript(slice=ast.Slice()):
            yield _like(node, node.value)


def _calls(node: ast.Call) -> Iterator[ast.AST]:
    yield from _without_each(node, "keywords")
    name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
    if name in _OTHER_NAME:
        func = copy.copy(node.func)
        setattr(func, "attr" if isinstance(func, ast.Attribute) else "id", _OTHER_NAME[name])
        yield _with(node, func=func)
    if isinstance(node.func, ast.Attribute) and not node.args and not node.keywords:
        yield _like(node, node.func.value)
    if name in _PASSED_THROUGH and node.args:
        yield _like(node, node.args[0])


def _without_each(node: ast.AST, name: str) -> Iterator[ast.AST]:
    values = getattr(node, name)
    for index in range(len(values)):
        yield _with(node, **{name: values[:index] + values[index + 1 :]})


def _with(node: Any, **changes: object) -> ast.AST:  # noqa: ANN401 - any node
    changed: ast.AST = copy.copy(node)
    for name, value in changes.items():
        setattr(changed, name, value)
    return changed


def _like(node: ast.AST, instead: ast.AST) -> ast.AST:
    """Another node where that one stood."""
    return ast.copy_location(copy.copy(instead), node)
