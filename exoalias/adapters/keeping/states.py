"""What is kept of an instance between checks, in its customer's journal file: what was right, the last scan, what it refuses.

All of it is secret-free, and all of it may be missing or odd: then it is as if nothing had been kept.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import asdict, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from exoalias.domain import desired, target
from exoalias.domain.desired import Desired
from exoalias.domain.ids import SysId
from exoalias.domain.instance_answer import InstanceAnswer
from exoalias.domain.scan import Scan

if TYPE_CHECKING:
    from exoalias.adapters.keeping.journal_files import JournalFiles

V = TypeVar("V")
_NAMES = {"SysId": SysId, "datetime": datetime, "TokenMark": target.TokenMark, "HomeAccount": target.HomeAccount}


class Kind(StrEnum):
    """What there is to keep."""

    DESIRED = "desired"
    SCAN = "scan"
    FENCED = "fenced"
    ANSWERS = "answers"


class States:
    """The states of all instances."""

    def __init__(self, files: JournalFiles) -> None:
        self._files = files

    def desired(self, instance: str) -> Desired | None:
        """What was right there when it last held."""
        return _made(Desired, self._get(instance, Kind.DESIRED))

    def keep_desired(self, instance: str, state: Desired) -> None:
        """Keep it, instead of an earlier one."""
        self._put(instance, Kind.DESIRED, asdict(state))

    def scan(self, instance: str) -> Scan | None:
        """What ServiceNow's own scan said last."""
        return _made(Scan, self._get(instance, Kind.SCAN))

    def keep_scan(self, instance: str, scan: Scan) -> None:
        """Keep it, instead of an earlier one."""
        self._put(instance, Kind.SCAN, asdict(scan))

    def fenced(self, instance: str) -> frozenset[str]:
        """The applications to whose records it refused a write from another one."""
        kept = self._get(instance, Kind.FENCED)
        return frozenset(text for text in kept if isinstance(text, str)) if isinstance(kept, list) else frozenset()

    def add_fenced(self, instance: str, scope: str) -> None:
        """Remember that it refused one for that application."""
        self._put(instance, Kind.FENCED, sorted(self.fenced(instance) | {scope}))

    def answers(self, instance: str) -> tuple[InstanceAnswer, ...]:
        """What the instance said of its credentials' tokens, where somebody asked it by hand."""
        kept = self._get(instance, Kind.ANSWERS)
        made = (_made(InstanceAnswer, each) for each in kept) if isinstance(kept, list) else ()
        return tuple(answer for answer in made if answer is not None)

    def keep_answers(self, instance: str, answers: tuple[InstanceAnswer, ...]) -> None:
        """Keep these, instead of earlier ones."""
        self._put(instance, Kind.ANSWERS, [asdict(answer) for answer in answers])

    def _get(self, instance: str, kind: Kind) -> object:
        rows = self._files.rows(instance, "SELECT value FROM state WHERE instance = ? AND kind = ?", instance, kind)
        try:
            return json.loads(rows[0][0]) if rows else None
        except ValueError:
            return None

    def _put(self, instance: str, kind: Kind, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=datetime.isoformat)
        with self._files.change(instance) as db:
            db.execute("INSERT OR REPLACE INTO state (instance, kind, value) VALUES (?, ?, ?)", (instance, kind, text))


# -- values from JSON ----------------------------------------------------------------------------------------------------


def _made(kind: type[V], given: object) -> V | None:
    """The value of that class, or None where what was kept isn't one (an older or newer program wrote it)."""
    try:
        made = _of(kind, given)
    except (TypeError, ValueError):
        return None
    return made if isinstance(made, kind) else None


def _of(hint: Any, given: object) -> Any:  # noqa: ANN401 - a type's hint, and a value of it
    """*given* as a value of the hinted type; TypeError or ValueError where it isn't one."""
    if given is None and type(None) in get_args(hint):
        return None
    if get_origin(hint) in {Union, types.UnionType}:
        return _of(next(part for part in get_args(hint) if part is not type(None)), given)
    if get_origin(hint) is tuple:
        if not isinstance(given, list):
            raise TypeError(hint)
        return tuple(_of(get_args(hint)[0], item) for item in given)
    if is_dataclass(hint):
        return _record(hint, given)
    return _plain(hint, given)


def _record(hint: Any, given: object) -> Any:  # noqa: ANN401 - as above
    if not isinstance(given, Mapping):
        raise TypeError(hint)
    hints = get_type_hints(hint, localns=_NAMES | vars(desired))
    return hint(**{f.name: _of(hints[f.name], given.get(f.name)) for f in fields(hint)})


def _plain(hint: Any, given: object) -> Any:  # noqa: ANN401 - as above
    if hint is datetime:
        if not isinstance(given, str):
            raise TypeError(hint)
        return datetime.fromisoformat(given)
    wanted = str if hint is SysId else hint
    if type(given) is not wanted:
        raise TypeError(hint)
    return given
