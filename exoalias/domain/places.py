"""Places in this program's own code, for a report on what went wrong: file, line, function. Never a value, never a message.

A Place holds the code object itself: its names were put there by the compiler, so nothing that was only passed around
while the program ran can be among them. Code of others is counted, not named: its path could hold a person's name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import CodeType, FrameType, TracebackType

MOST_PLACES = 40  # the innermost ones of a deeper stack
WRITTEN = re.compile(r"(?:[a-z_]+/)*[a-z_0-9]+\.py:\d{1,5} [A-Za-z_<][A-Za-z0-9_<>]{0,59}|\d{1,5} of other code")
_DUMPED = re.compile(r'  File "([^"\n]*)", line (\d{1,5}) in ([A-Za-z_<][A-Za-z0-9_<>]{0,59})')
_HEAD = re.compile(r"(?:Current thread|Thread) 0x[0-9a-f]+")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a thread was, or an error came through."""

    code: CodeType
    line: int

    @property
    def ours(self) -> bool:
        """Whether it is this program's own code."""
        return bool(_inside(self.code.co_filename))

    @property
    def text(self) -> str:
        """ "app/check.py:33 check", or what stands for other code."""
        return f"{_inside(self.code.co_filename)}:{self.line} {self.code.co_name}" if self.ours else ""


@dataclass(frozen=True, slots=True)
class Dumped:
    """A thread's places as the interpreter wrote them down, the outermost first. Made by ``in_dump`` alone."""

    lines: tuple[str, ...]


def of_error(trace: TracebackType | None) -> tuple[Place, ...]:
    """The places an error came through, the outermost first."""
    found = []
    while trace is not None:
        found.append(Place(trace.tb_frame.f_code, trace.tb_lineno))
        trace = trace.tb_next
    return tuple(found)


def of_stack(frame: FrameType | None) -> tuple[Place, ...]:
    """Where a thread is, the outermost first."""
    found = []
    while frame is not None:
        found.append(Place(frame.f_code, frame.f_lineno or 0))
        frame = frame.f_back
    return tuple(reversed(found))


def texts(places: Iterable[Place]) -> list[str]:
    """One line a place; a run of other code is one line that counts it."""
    return list(_collapsed(place.text for place in places))[-MOST_PLACES:]


def in_dump(dump: str) -> tuple[Dumped, ...]:
    """The stacks in what the interpreter wrote down when it died or was asked, one for each thread.

    It lists the innermost place first and names whole paths; only our own code is kept, the outermost place first.
    """
    stacks: list[list[str]] = []
    for line in dump.splitlines():
        if _HEAD.match(line) or (line.startswith("Stack (most recent") and not (stacks and not stacks[-1])):
            stacks.append([])
            continue
        seen = _DUMPED.match(line)
        if seen and stacks:
            inside = _inside(seen[1])
            stacks[-1].append(f"{inside}:{seen[2]} {seen[3]}" if inside else "")
    return tuple(Dumped(tuple(_collapsed(reversed(stack)))[-MOST_PLACES:]) for stack in stacks if stack)


def _collapsed(lines: Iterable[str]) -> Iterator[str]:
    others = 0
    for line in (*lines, None):
        if line == "":
            others += 1
            continue
        if others:
            yield f"{min(others, 99_999)} of other code"
            others = 0
        if line is not None:
            yield line


def _root() -> str:
    """How code objects of this package name its folder: absolute in a checkout, as built in a frozen program."""
    return _root.__code__.co_filename.replace("\\", "/").removesuffix("domain/places.py")


def _inside(filename: str) -> str:
    """The file's path inside the package; "" for other code."""
    path = filename.replace("\\", "/")
    inside = path.removeprefix(_root()) if path.startswith(_root()) else ""
    return inside if re.fullmatch(r"(?:[a-z_]+/)*[a-z_0-9]+\.py", inside) else ""
