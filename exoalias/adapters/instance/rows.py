"""Rows as the Table API gives them, turned into plain values. Nothing here trusts a type the instance sends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from itertools import chain
from typing import Any, Final

from exoalias.domain.records import SysId

Row = Mapping[str, str | None]

_SYS_ID: Final = re.compile(r"[0-9A-Za-z_-]{1,64}")
_MOMENT: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}")
_LONGEST_NUMBER: Final = 15
_FLAGS: Final = {"true": True, "1": True, "false": False, "0": False, "": False}


def is_sys_id(text: object) -> bool:
    """Whether it can be a sys_id: 32 hex digits as a rule, a short word for some records the platform ships."""
    return isinstance(text, str) and _SYS_ID.fullmatch(text) is not None


def sys_ids(values: Iterable[str | None]) -> frozenset[str]:
    """Those of the values that can be sys_ids."""
    return frozenset(value for value in set(values) if value and is_sys_id(value))


@lru_cache(maxsize=256)
def _set_of(fields: tuple[str, ...]) -> frozenset[str]:
    return frozenset(fields)


def rows_of(answer: Sequence[object], fields: tuple[str, ...]) -> list[Row | None]:
    """Each row with the fields asked for; None for what is no row at all. A field not returned is None."""
    wanted = _set_of(fields)
    # As a rule an instance returns what was asked for and nothing else, all of it text: then a row is what it gave.
    given = [each for each in answer if isinstance(each, dict) and each.keys() == wanted]
    if len(given) == len(answer) and _is_plain(chain.from_iterable(each.values() for each in given)):
        return [row if is_sys_id(row.get("sys_id")) else None for row in given]
    return [_row_of(each, fields) for each in answer]


def _row_of(given: object, fields: tuple[str, ...]) -> Row | None:
    if not isinstance(given, dict):
        return None
    row = {name: cell(given.get(name)) for name in fields}
    return row if is_sys_id(row.get("sys_id")) else None


def _is_plain(cells: Iterable[Any]) -> bool:
    """Whether every cell is ordinary text, as in nearly all answers: seen in one go, where a call for each costs more."""
    try:
        text = "".join(cells)
        if not text.isascii():
            text.encode()
    except (TypeError, UnicodeEncodeError):  # an object, a number, a field that was not returned; half a character
        return False
    return "\x00" not in text


def cell(given: object, part: str = "value") -> str | None:
    """A cell as text: plain, or an object with ``value`` and ``display_value``. None for what is neither."""
    if isinstance(given, dict):
        given = given.get(part)
    if isinstance(given, str):  # nearly all are
        return given if given.isascii() and "\x00" not in given else clean(given)
    if isinstance(given, bool):
        return "true" if given else "false"
    if isinstance(given, int) and abs(given) < 10**_LONGEST_NUMBER:
        return str(given)
    return None


def clean(text: str) -> str:
    """Text that can be shown and stored: half characters (lone surrogates) and NUL are replaced."""
    if text.isascii():
        return text.replace("\x00", "\ufffd")
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\x00", "\ufffd")


def brief(text: str, most: int = 200) -> str:
    """The instance's own words as one short line, fit to be shown."""
    line = " ".join("".join(c if c.isprintable() else " " for c in clean(text[: 4 * most])).split())
    return line if len(line) <= most else line[: most - 1] + "…"


def flag(text: str | None) -> bool | None:
    """A boolean column; None for what is neither true nor false."""
    return _FLAGS.get(text.strip().lower()) if text is not None else None


def number(text: str | None) -> int | None:
    """A whole number, with or without digit grouping; None for anything else."""
    plain = text.replace(",", "").strip() if text else ""
    sign = plain[:1] == "-"
    digits = plain[1:] if sign else plain
    if not (digits.isascii() and digits.isdecimal() and len(digits) <= _LONGEST_NUMBER):
        return None
    return -int(digits) if sign else int(digits)


def moment(text: str | None) -> datetime | None:
    """A time column, UTC; None for an empty or an impossible one."""
    if not text or _MOMENT.fullmatch(text) is None:
        return None
    try:
        return datetime.fromisoformat(f"{text}+00:00")
    except ValueError:
        return None


def reference(text: str | None) -> SysId | None:
    """A reference column: the sys_id pointed at, "" for an empty one."""
    return None if text is None else SysId(text)
