"""What a run leaves if it dies: where its threads were, written by the interpreter itself, found by a later run.

While a run lives it holds a lock of its own beside the file; the operating system lets go of it however the run ends. A file
whose lock is free belongs to a run that did not end in the usual way. On POSIX, SIGUSR1 makes a running program write down
where its threads are, without ending it. The files name paths of this machine: only ``domain/places.py`` reads them.
"""

from __future__ import annotations

import faulthandler
import os
import re
import signal
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.adapters.keeping.lock import Taken, alone
from exoalias.domain.places import in_dump

if TYPE_CHECKING:
    from io import BufferedWriter
    from pathlib import Path

    from exoalias.domain.places import Dumped

_NAME: Final = re.compile(r"run-(window|terminal)-(\d+)\.txt")
_MOST_BYTES: Final = 256 * 1024
_FAULTS: Final = {
    "Segmentation fault": "segmentation fault",
    "Aborted": "abort",
    "Floating point exception": "floating point",
    "Bus error": "bus error",
    "Illegal instruction": "illegal instruction",
    "Floating-point exception": "floating point",
    "access violation": "segmentation fault",
}


@dataclass(frozen=True, slots=True)
class Died:
    """A run that did not end in the usual way: its face, what befell it, and where its threads were, the fatal one first."""

    face: str
    fault: str
    stacks: tuple[Dumped, ...]


class LastWords:
    """This run's file in *folder*. Where it can't be made the run goes on without."""

    def __init__(self, folder: Path, face: str) -> None:
        self.path = folder / f"run-{face}-{os.getpid()}.txt"
        self._held = ExitStack()
        self._file: BufferedWriter | None = None

    def open(self) -> None:
        """From now on a death is written down."""
        with suppress(OSError, Taken):
            self._held.enter_context(alone(self.path.with_suffix(".lock")))
            self._file = os.fdopen(os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND, 0o600), "wb", 0)  # type: ignore[assignment] # unbuffered
            faulthandler.enable(self._file, all_threads=True)  # type: ignore[arg-type] # anything with a descriptor
            if hasattr(faulthandler, "register"):
                faulthandler.register(signal.SIGUSR1, self._file, all_threads=True)  # type: ignore[arg-type] # the same

    def close(self) -> None:
        """The run ends in the usual way: nothing is left."""
        if self._file is None:
            return
        faulthandler.disable()
        if hasattr(faulthandler, "unregister"):
            faulthandler.unregister(signal.SIGUSR1)
            signal.signal(signal.SIGUSR1, signal.SIG_DFL)
        self._file.close()
        self._file = None
        self.path.unlink(missing_ok=True)
        self._held.close()
        self.path.with_suffix(".lock").unlink(missing_ok=True)


def asked_for(folder: Path) -> tuple[Dumped, ...]:
    """What running programs wrote down because somebody sent them SIGUSR1."""
    return tuple(stack for path in _files(folder) for stack in _read(path)[1])


def take_dead(folder: Path) -> tuple[Died, ...]:
    """The runs that died since somebody last looked. Their files are removed: each is told once."""
    found = []
    for path in _files(folder):
        lock = path.with_suffix(".lock")
        with suppress(Taken, OSError), alone(lock):
            fault, stacks = _read(path)
            seen = _NAME.fullmatch(path.name)
            found.append(Died(seen[1] if seen else "", fault or "stopped from outside", stacks))
            path.unlink()
            lock.unlink()
    return tuple(found)


def _files(folder: Path) -> tuple[Path, ...]:
    with suppress(OSError):
        return tuple(sorted(path for path in folder.iterdir() if _NAME.fullmatch(path.name)))
    return ()


def _read(path: Path) -> tuple[str, tuple[Dumped, ...]]:
    with suppress(OSError):
        with path.open("rb") as file:
            text = file.read(_MOST_BYTES).decode("utf-8", "replace")
        fault = next((ours for theirs, ours in _FAULTS.items() if theirs in text), "")
        return fault, in_dump(text)
    return "", ()
