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
from functools import lru_cache
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
        return desired_of(self._get(instance, Kind.DESIRED))

    def keep_desired(self, instance: str, state: Desired) -> None:
        """Keep it, instead of an earlier one."""
        self._put(instance, Kind.DESIRED, asdict(state))

    def scan(self, instance: str) -> Scan | None:
        """What ServiceNow's own scan said last."""
        return scan_of(self._get(instance, Kind.SCAN))

    def keep_scan(self, instance: str, scan: Scan) -> None:
        """Keep it, instead of an earlier one."""
        self._put(instance, Kind.SCAN, asdict(scan))

    def fenced(self, instance: str) -> frozenset[str]:
        """The applications to whose records it refused a write from another one."""
        return fenced_of(self._get(instance, Kind.FENCED))

    def add_fenced(self, instance: str, scope: str) -> None:
        """Remember that it refused one for that application."""
        self._put(instance, Kind.FENCED, sorted(self.fenced(instance) | {scope}))

    def answers(self, instance: str) -> tuple[InstanceAnswer, ...]:
        """What the instance said of its credentials' tokens, where somebody asked it by hand."""
        return answers_of(self._get(instance, Kind.ANSWERS))

    def keep_answers(self, instance: str, answers: tuple[InstanceAnswer, ...]) -> None:
        """Keep these, instead of earlier ones."""
        self._put(instance, Kind.ANSWERS, [asdict(answer) for answer in answers])

    def _get(self, instance: str, kind: Kind) -> str | None:
        rows = self._files.rows(instance, "SELECT value FROM state WHERE instance = ? AND kind = ?", instance, kind)
        return rows[0][0] if rows else None

    def _put(self, instance: str, kind: Kind, value: object) -> None:
        text = json.dumps(value, ensure_ascii=False, sort_keys=True, default=datetime.isoformat)
        with self._files.change(instance) as db:
            db.execute("INSERT OR REPLACE INTO state (instance, kind, value) VALUES (?, ?, ?)", (instance, kind, text))


# -- what was kept, from its text; None where nothing was ------------------------------------------------------------------


def desired_of(text: str | None) -> Desired | None:
    """What was right."""
    return _made(Desired, _parsed(text))


def scan_of(text: str | None) -> Scan | None:
    """What ServiceNow's own scan said."""
    return _made(Scan, _parsed(text))


def fenced_of(text: str | None) -> frozenset[str]:
    """The applications."""
    kept = _parsed(text)
    return frozenset(each for each in kept if isinstance(each, str)) if isinstance(kept, list) else frozenset()


def answers_of(text: str | None) -> tuple[InstanceAnswer, ...]:
    """What the instance said of its credentials' tokens."""
    kept = _parsed(text)
    made = (_made(InstanceAnswer, each) for each in kept) if isinstance(kept, list) else ()
    return tuple(answer for answer in made if answer is not None)


def _parsed(text: str | None) -> object:
    try:
        return json.loads(text) if text is not None else None
    except (TypeError, ValueError):
        return None


def _made(kind: type[V], given: object) -> V | None:
    """The value of that class, or None where what was kept isn't one (an older or newer program wrote it)."""
    if given is None:
        return None
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
    hints = _hints_of(hint)
    return hint(**{f.name: _of(hints[f.name], given.get(f.name)) for f in fields(hint)})


@lru_cache(maxsize=64)  # as many as there are kinds of records; to work them out takes longer than to make a record
def _hints_of(record: type) -> dict[str, Any]:
    return get_type_hints(record, localns=_NAMES | vars(desired))


def _plain(hint: Any, given: object) -> Any:  # noqa: ANN401 - as above
    if hint is datetime:
        if not isinstance(given, str):
            raise TypeError(hint)
        return datetime.fromisoformat(given)
    wanted = str if hint is SysId else hint
    if type(given) is not wanted:
        raise TypeError(hint)
    return given
