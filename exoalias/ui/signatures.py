"""Lets PySide6 start without compiling what it needs for error messages and documentation: that is loaded when it is needed.

Whoever imports PySide6 waits until shiboken has compiled, from sources in an archive within its library, the modules that
explain calls: the signatures in the message of a call with wrong arguments, ``__signature__``, ``__doc__``, the generator of its
type stubs. That is a fifth of the time to a bare window's first paint, at every start. Here these modules stand empty in their
places, and each is filled at the first look into it; the window does so as soon as nothing else is to be done (conduct/ahead.py).

It also looks through the source of every module imported afterwards, whether it speaks of PySide6, for names in snake case
that nobody asks for here (``from __feature__ import …``): 7 MB of sources kept by an open window.

Where another release of PySide6 arranges this in another way nothing is put off, and all is as it comes. PySide6 doesn't make the
messages of wrong calls for several threads at once: usually one of them gets a wrong message, and while a module is being filled
libshiboken may abort the program. So only the window's thread may call what can be called wrongly; workers emit signals.
Source: ``signature_bootstrap.py``, ``signature/loader.py`` and ``feature.py`` of shiboken6.
"""

from __future__ import annotations

import builtins
import importlib
import sys
import threading
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PACKAGE = "shibokensupport.signature"
_LATE = frozenset(
    f"{_PACKAGE}.{name}" for name in ("errorhandler", "layout", "parser", "lib.enum_sig", "lib.pyi_generator", "lib.tool")
)  # not "mapping": libshiboken takes from its dictionary, without asking the module, and aborts where nothing is there
_FOR_ERRORS = tuple(f"{_PACKAGE}.{name}" for name in ("lib.tool", "parser", "layout", "errorhandler"))
_filling = threading.RLock()


class _Late(ModuleType):
    """A module that is filled at the first look for what isn't there."""

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):  # who walks through all modules doesn't want anything of this one
            raise AttributeError(name)
        fill(self)
        return getattr(self, name)


def fill(module: ModuleType) -> None:
    """Fill one of these modules, if it isn't yet."""
    with _filling:
        state = module.__dict__.pop("__late__", None)
        if state is None:  # filled, or being filled by whoever looks into it now
            return
        spec: ModuleSpec = state
        ours = module.__spec__
        module.__spec__ = spec
        try:
            spec.loader.exec_module(module)  # type: ignore[union-attr] # found by a finder: it has one
        except BaseException:  # no memory, say: whoever looks next tries again
            module.__spec__ = ours
            module.__dict__["__late__"] = state
            raise
        module.__class__ = ModuleType
        if ours is not None:  # shiboken has given it its second name there
            spec.name = ours.name


def for_errors() -> tuple[ModuleType, ...]:
    """What the message of a wrong call needs and is still empty, in the order in which each needs the others."""
    return tuple(module for name in _FOR_ERRORS if isinstance(module := sys.modules.get(name), _Late))


class _Finder:
    """Puts empty modules in their places; everything else is found by the others."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: ModuleType | None = None) -> ModuleSpec | None:
        """See importlib.abc.MetaPathFinder."""
        if name not in _LATE:
            return None
        for finder in sys.meta_path:
            found = finder.find_spec(name, path, target) if finder is not self else None
            if found is not None and found.loader is not None:
                return ModuleSpec(name, self, origin=found.origin, loader_state=found)  # type: ignore[arg-type] # duck-typed
        return None

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """See importlib.abc.Loader."""
        return _Late(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """See importlib.abc.Loader."""
        spec = module.__spec__
        assert spec is not None  # noqa: S101 - made by find_spec
        module.__dict__["__late__"] = spec.loader_state


class _Finders(list[object]):
    """Python's finders while PySide6 is imported: shiboken puts its own at the head, where ours has to stand."""

    def insert(self, at: int, finder: object) -> None:  # type: ignore[override]
        """Behind the head."""
        super().insert(max(at, 1), finder)


def put_off() -> None:
    """Import PySide6 this way. Where it has been imported already nothing is left to be put off."""
    if "PySide6" in sys.modules:
        return
    before, head = sys.meta_path, _Finder()
    sys.meta_path = _Finders([head, *before])  # type: ignore[assignment]
    try:
        importlib.import_module("PySide6")
    finally:
        sys.meta_path = before
    builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
