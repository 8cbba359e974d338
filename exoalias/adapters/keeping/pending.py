"""A change of several files at once, written down before it is made: a run killed in the middle is finished by the next one.

The record holds the new text of each file and whose journal has to follow. It is there only while a change is being made.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from exoalias.adapters.keeping.customers import is_slug
from exoalias.adapters.keeping.settings_file import replace
from exoalias.adapters.machine.folders import private
from exoalias.domain.problems import BadSettings

if TYPE_CHECKING:
    from pathlib import Path

_VERSION: Final = 1


class Move(NamedTuple):
    """The journal of one instance follows it from one customer to another ("" is none)."""

    instance: str
    before: str
    after: str


class Change(NamedTuple):
    """Files by the customer's folder ("" the general one) with their new text, None to take one away; and what follows."""

    files: dict[str, str | None]
    moves: tuple[Move, ...] = ()


class Pending:
    """The record at *path*."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, change: Change) -> None:
        """Write the record down; it is on the disk when this returns.

        It ends with a digest, and is written in place: of a run killed meanwhile nothing is left beside it.
        """
        text = _text_of(change)
        private(self.path.parent)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="\n") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())

    def leave(self, moves: tuple[Move, ...]) -> None:
        """The files are written; those moves are all that is left of it."""
        replace(self.path, _text_of(Change({}, moves)))

    def read(self) -> Change | None:
        """The record, or None where nothing is unfinished; BadSettings where it isn't one of this version.

        One that was never finished is forgotten: nothing was begun of it.
        """
        try:
            text, _, digest = self.path.read_text("utf-8").rpartition("\n")
        except FileNotFoundError:
            return None
        except UnicodeDecodeError:
            text, digest = "", ""
        except OSError as error:
            raise BadSettings(path=self.path, why=error) from error
        if not text or digest != _digest(text):
            self.done()
            return None
        import json  # when needed: the first paint looks whether there is such a file

        try:
            return _change_of(json.loads(text))
        except (TypeError, ValueError, KeyError, AttributeError, RecursionError) as error:
            raise BadSettings(path=self.path, why="it is not a record of this version") from error

    def done(self) -> None:
        """Nothing is unfinished any more."""
        self.path.unlink(missing_ok=True)


def _text_of(change: Change) -> str:
    import json  # when needed: the first paint reads this file

    moves = [[move.instance, move.before, move.after] for move in change.moves]
    text = json.dumps({"v": _VERSION, "files": change.files, "moves": moves}, ensure_ascii=False)
    return f"{text}\n{_digest(text)}"


def _digest(text: str) -> str:
    from hashlib import sha256  # when needed: the first paint reads this file

    return sha256(text.encode()).hexdigest()


def _change_of(said: dict[str, Any]) -> Change:
    files, moves = dict(said["files"]), tuple(Move(*(str(part) for part in move)) for move in said["moves"])
    texts = all(text is None or isinstance(text, str) for text in files.values())
    if said["v"] != _VERSION or not texts or not all(slug == "" or is_slug(slug) for slug in files):
        raise ValueError
    return Change(files, moves)
