"""A change of several files at once, written down before it is made: a run killed in the middle is finished by the next one.

The record holds the new text of each file and whose journal has to follow. It is there only while a change is being made.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from exoalias.adapters.customers import is_slug
from exoalias.adapters.settings_file import replace
from exoalias.domain.problems import BadSettings

if TYPE_CHECKING:
    from pathlib import Path

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Move:
    """The journal of one instance follows it from one customer to another ("" is none)."""

    instance: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Change:
    """Files by the customer's folder ("" the general one) with their new text, None to take one away; and what follows."""

    files: dict[str, str | None] = field(default_factory=dict)
    moves: tuple[Move, ...] = ()


class Pending:
    """The record at *path*."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, change: Change) -> None:
        """Write the record down; it is on the disk when this returns."""
        moves = [[move.instance, move.before, move.after] for move in change.moves]
        replace(self.path, json.dumps({"v": _VERSION, "files": change.files, "moves": moves}, ensure_ascii=False))

    def read(self) -> Change | None:
        """The record, or None where nothing is unfinished; BadSettings where it isn't one."""
        try:
            said = json.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return None
        except (OSError, ValueError, RecursionError) as error:
            raise BadSettings(path=self.path, why=error) from error
        try:
            return _change_of(said)
        except (TypeError, ValueError, KeyError, AttributeError) as error:
            raise BadSettings(path=self.path, why="it is not a record of this version") from error

    def done(self) -> None:
        """Nothing is unfinished any more."""
        self.path.unlink(missing_ok=True)


def _change_of(said: dict[str, Any]) -> Change:
    files, moves = dict(said["files"]), tuple(Move(*(str(part) for part in move)) for move in said["moves"])
    texts = all(text is None or isinstance(text, str) for text in files.values())
    if said["v"] != _VERSION or not texts or not all(slug == "" or is_slug(slug) for slug in files):
        raise ValueError
    return Change(files, moves)
