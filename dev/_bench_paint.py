"""Bench: when a program's first large window has been painted, seen from outside and the same way for every program.

A window that is on the screen is not painted yet. What is drawn into it is told by the X server's DAMAGE extension, so
that nothing of the program has to be changed, whatever toolkit it is made with.
"""

from __future__ import annotations

import ctypes
import select
import time
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_short, c_ubyte, c_ulong, c_ushort, c_void_p
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

if TYPE_CHECKING:
    import subprocess

LEAST = (400, 300)
"""What counts as a program's window; a splash screen is smaller."""

_SUBSTRUCTURE_NOTIFY = 1 << 19
_CREATE_NOTIFY = 16
_BOUNDING_BOX = 2  # a report each time the painted part grows
_ANY_TYPE = 0
_UNMAPPED = 0
_EVENT_LONGS = 24  # XEvent is padded to so many

_HEAD = (("type", c_int), ("serial", c_ulong), ("send_event", c_int), ("display", c_void_p))


class Unseen(Exception):  # noqa: N818 - read as a sentence
    """No window was seen; the words say why."""


class TooLate(Unseen):
    """The window came to the screen before it was watched: whether it was painted then cannot be told. To be repeated."""


class Seen(NamedTuple):
    """A painted window: the moment in ns of CLOCK_MONOTONIC, its X number and its size."""

    at: int
    window: int
    width: int
    height: int


class _Rectangle(Structure):
    _fields_ = (("x", c_short), ("y", c_short), ("width", c_ushort), ("height", c_ushort))


class _Created(Structure):
    _fields_ = (
        *_HEAD,
        *(("parent", c_ulong), ("window", c_ulong)),
        *((name, c_int) for name in ("x", "y", "width", "height", "border", "override_redirect")),
    )


class _Damaged(Structure):
    _fields_ = (
        *_HEAD,
        *(("drawable", c_ulong), ("damage", c_ulong), ("level", c_int), ("more", c_int), ("timestamp", c_ulong)),
        *(("area", _Rectangle), ("geometry", _Rectangle)),
    )


class _Attributes(Structure):
    _fields_ = (
        *((name, c_int) for name in ("x", "y", "width", "height", "border", "depth")),
        *(("visual", c_void_p), ("root", c_ulong)),
        *((name, c_int) for name in ("kind", "bit_gravity", "window_gravity", "backing_store")),
        *(("backing_planes", c_ulong), ("backing_pixel", c_ulong), ("save_under", c_int), ("colormap", c_ulong)),
        *(("map_installed", c_int), ("map_state", c_int)),
        *(("all_event_masks", c_long), ("event_mask", c_long), ("do_not_propagate", c_long)),
        *(("override_redirect", c_int), ("screen", c_void_p)),
    )


class _Event(ctypes.Union):
    _fields_ = (("type", c_int), ("created", _Created), ("damaged", _Damaged), ("room", c_long * _EVENT_LONGS))


# A window may be gone before it is asked about; Xlib's own answer to that is to end the process.
_GO_ON = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)(lambda _display, _error: 0)


def _libraries() -> tuple[ctypes.CDLL, ctypes.CDLL]:
    """Xlib and its DAMAGE extension, with the types that are not an int."""
    x, damage = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXdamage.so.1")
    x.XOpenDisplay.restype, x.XOpenDisplay.argtypes = c_void_p, [c_char_p]
    x.XDefaultRootWindow.restype, x.XDefaultRootWindow.argtypes = c_ulong, [c_void_p]
    x.XSelectInput.argtypes = [c_void_p, c_ulong, c_long]
    x.XInternAtom.restype, x.XInternAtom.argtypes = c_ulong, [c_void_p, c_char_p, c_int]
    x.XNextEvent.argtypes = [c_void_p, POINTER(_Event)]
    x.XSync.argtypes = [c_void_p, c_int]
    for name in ("XPending", "XConnectionNumber", "XCloseDisplay"):
        getattr(x, name).argtypes = [c_void_p]
    x.XGetWindowAttributes.argtypes = [c_void_p, c_ulong, POINTER(_Attributes)]
    x.XGetWindowProperty.argtypes = [c_void_p, c_ulong, c_ulong, c_long, c_long, c_int, c_ulong, POINTER(c_ulong), POINTER(c_int)]
    x.XGetWindowProperty.argtypes += [POINTER(c_ulong), POINTER(c_ulong), POINTER(POINTER(c_ubyte))]
    x.XFree.argtypes = [c_void_p]
    x.XSetErrorHandler.restype, x.XSetErrorHandler.argtypes = c_void_p, [c_void_p]
    damage.XDamageQueryExtension.argtypes = [c_void_p, POINTER(c_int), POINTER(c_int)]
    damage.XDamageCreate.restype, damage.XDamageCreate.argtypes = c_ulong, [c_void_p, c_ulong, c_int]
    return x, damage


class Onlooker:
    """Looks at the screen of $DISPLAY. Made before the program is started, so that none of its windows is missed."""

    def __enter__(self) -> Self:
        self._x, self._damage = _libraries()
        self._display = self._x.XOpenDisplay(None)
        if not self._display:
            raise Unseen("there is no X screen to look at")
        first, error = c_int(), c_int()
        if not self._damage.XDamageQueryExtension(self._display, byref(first), byref(error)):
            raise Unseen("the X server has no DAMAGE extension")
        self._damaged = first.value
        self._late: set[int] = set()
        self._earlier = self._x.XSetErrorHandler(ctypes.cast(_GO_ON, c_void_p))
        self._x.XSelectInput(self._display, self._x.XDefaultRootWindow(self._display), _SUBSTRUCTURE_NOTIFY)
        self._x.XSync(self._display, 0)
        return self

    def __exit__(self, *_error: object) -> None:
        self._x.XCloseDisplay(self._display)
        self._x.XSetErrorHandler(self._earlier)

    def first_paint(self, process: subprocess.Popen[bytes] | subprocess.Popen[str], seconds: float) -> Seen:
        """The first large window of the process, or of one it started, when at least half of it has been painted."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if not self._x.XPending(self._display):
                if process.poll() is not None:
                    raise Unseen(f"it ended with {process.returncode} before a window was painted")
                select.select([self._x.XConnectionNumber(self._display)], [], [], 0.1)
                continue
            event = _Event()
            self._x.XNextEvent(self._display, byref(event))
            now = time.monotonic_ns()
            if event.type == _CREATE_NOTIFY and not event.created.override_redirect:
                self._watch(event.created.window)
            elif event.type == self._damaged and (seen := _large(now, event.damaged)) and self._of(seen.window, process.pid):
                if seen.window in self._late:
                    raise TooLate("its window was there before it could be watched; too much else runs on this machine")
                return seen
        raise Unseen(f"no window of {LEAST[0]} by {LEAST[1]} was painted within {seconds:g} s")

    def title(self, window: int) -> str:
        """What stands in the window's title bar."""
        return self._property(window, "_NET_WM_NAME").decode("utf-8", "replace")

    def _watch(self, window: int) -> None:
        """Be told of what is drawn into a window from now on. One that is on the screen by now is reported painted at once."""
        self._damage.XDamageCreate(self._display, window, _BOUNDING_BOX)
        found = _Attributes()
        if self._x.XGetWindowAttributes(self._display, window, byref(found)) and found.map_state != _UNMAPPED:
            self._late.add(window)

    def _of(self, window: int, pid: int) -> bool:
        """Is it a window of that process or of one below it? The window manager's frame around it names no process."""
        owner = int.from_bytes(self._property(window, "_NET_WM_PID")[:4], "little")
        return bool(owner) and owner in family(pid)

    def _property(self, window: int, name: str) -> bytes:
        kind, left, count, form, data = c_ulong(), c_ulong(), c_ulong(), c_int(), POINTER(c_ubyte)()
        atom = self._x.XInternAtom(self._display, name.encode(), 0)
        answers = (byref(kind), byref(form), byref(count), byref(left), byref(data))
        self._x.XGetWindowProperty(self._display, window, atom, 0, 256, 0, _ANY_TYPE, *answers)
        size = count.value * (ctypes.sizeof(c_long) if form.value == 32 else form.value // 8)
        found = bytes(data[:size]) if size else b""
        self._x.XFree(data)
        return found


def _large(now: int, damaged: _Damaged) -> Seen | None:
    """The window, if it is large and at least half of it has been painted: a border or a caret alone is no first paint."""
    area, whole = damaged.area, damaged.geometry
    if whole.width < LEAST[0] or whole.height < LEAST[1] or 2 * area.width * area.height < whole.width * whole.height:
        return None
    return Seen(now, damaged.drawable, whole.width, whole.height)


def family(pid: int) -> set[int]:
    """The process and all below it."""
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(status.parent.name)] = int(status.read_text(errors="replace").rpartition(")")[2].split()[1])
        except OSError:  # ended in the meantime
            continue
    found, waiting = {pid}, [pid]
    while waiting:
        parent = waiting.pop()
        below = {child for child, of in parents.items() if of == parent} - found
        found |= below
        waiting += below
    return found
