"""One settings file: read whole, written whole. A person edits it too: what can't be read is refused and left as it is."""

from __future__ import annotations

import os
import tempfile
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from exoalias.adapters.machine.folders import private
from exoalias.domain.problems import BadSettings

Signature = tuple[int, int, int]


def signature_of(path: Path | str) -> Signature | None:
    """What changes whenever the file is written; None where it isn't there."""
    try:
        found = os.stat(path)  # noqa: PTH116 - asked for many files, again and again
    except OSError:
        return None
    return found.st_mtime_ns, found.st_ino, found.st_size


def read(path: Path) -> dict[str, Any]:
    """The file's tables, {} where there is no file; BadSettings."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSettings(path=path, why=error) from error


def text_of(whole: dict[str, Any]) -> str:
    """The file's text."""
    import tomli_w

    return tomli_w.dumps(whole)


def replace(path: Path, text: str) -> None:
    """Write the file beside, make sure it is on the disk, then put it in place: the old or the new one, never half."""
    private(path.parent)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text.encode())
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    _on_the_disk(path.parent)


def remove(path: Path) -> None:
    """Take the file away, and its folder where that is empty now."""
    path.unlink(missing_ok=True)
    sweep(path)
    with suppress(OSError):
        path.parent.rmdir()
    _on_the_disk(path.parent)


def sweep(path: Path) -> None:
    """Take away what a run left beside that was killed while it wrote. Only for who holds the lock of the settings."""
    for left in path.parent.glob(f"{path.name}*.new"):
        left.unlink(missing_ok=True)


def _on_the_disk(folder: Path) -> None:
    if os.name != "posix" or not folder.is_dir():
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
