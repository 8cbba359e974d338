"""One setting: what it is called, what it takes, and how a value is read from a file, a registry or a word typed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from exoalias.domain.ways import Way
from exoalias.domain.words import say

Value = int | bool | str | tuple[Way, ...]


class Kind(Enum):
    """What a setting's value is like."""

    NUMBER = "number"
    YES_NO = "yes or no"
    PATH = "path"
    PROXY = "proxy"
    WAYS = "ways in"
    CHOICE = "choice"


class Unusable(ValueError):  # noqa: N818 - what the value is
    """A value that can't be; its text says what can."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One line of the table."""

    name: str  # in files, in the registry and after --set
    group: str
    title: str
    words: str  # what it does, in a sentence or two
    kind: Kind
    lowest: int = 0
    highest: int = 0
    unit: str = ""
    choices: tuple[str, ...] = ()
    blank: str = ""  # the word for the value ""
    flag: str = ""  # an option of its own on the command line, beside --set
    fixable: bool = True  # whether a policy of the machine may fix it; else it may only give a default
    at_start: bool = False  # whether a change counts from the next start on

    @property
    def variable(self) -> str:
        """Its environment variable."""
        return f"EXOALIAS_{self.name.upper()}"

    @property
    def takes(self) -> str:
        """What may be given, in words."""
        if self.kind is Kind.NUMBER:
            return say("a whole number from {lowest} to {highest}", lowest=self.lowest, highest=self.highest)
        if self.kind is Kind.CHOICE:
            return say("one of {choices}", choices=", ".join(self.choices))
        if self.kind is Kind.WAYS:
            return say("one or more of {way}", way=", ".join(way.value for way in Way))
        if self.kind is Kind.PATH:
            return say("the whole path of a file, or {blank}", blank=self.blank)
        if self.kind is Kind.PROXY:
            return "HOST:PORT of the proxy without user and password, none, or system"
        return "yes or no"

    def read(self, raw: object) -> Value:
        """The value that was meant, from a file's or a registry's value or from text; Unusable says what can be given."""
        value = _READERS[self.kind](self, raw)
        if value is None:
            raise Unusable(say("{raw} can't be used: it takes {takes}", raw=_shown(raw), takes=self.takes))
        return value

    def text(self, value: Value) -> str:
        """The value as a person types it: what ``read`` takes."""
        if isinstance(value, bool):
            return "yes" if value else "no"
        if isinstance(value, tuple):
            return ",".join(way.value for way in value)
        return str(value) if value != "" else self.blank

    def plain(self, value: Value) -> int | bool | str | list[str]:
        """The value as a TOML or JSON file holds it."""
        return [way.value for way in value] if isinstance(value, tuple) else value


# -- reading values ------------------------------------------------------------------------------------------------------

_LONGEST: Final = 1000  # characters
_YES: Final = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}
_WHOLE = re.compile(r"[+-]?[0-9]{1,9}")
_WHOLE_PATH = re.compile(r"/|~[/\\]|[A-Za-z]:[/\\]|\\\\")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?|\[?[0-9A-Fa-f:]+\]?")


def _shown(raw: object) -> str:
    """What was given, short; never with what may be a password in a proxy's address."""
    text = str(raw)
    if "@" in text:
        return "An address with user and password"
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”" if text.isprintable() else "A value with control characters"


def _text(raw: object) -> str | None:
    if not isinstance(raw, str) or len(raw) > _LONGEST or not raw.isprintable():
        return None
    return raw.strip()


def _number(setting: Setting, raw: object) -> int | None:
    text = _text(raw)
    if text is not None and _WHOLE.fullmatch(text):
        raw = int(text)
    if not isinstance(raw, int) or isinstance(raw, bool):
        return None
    return raw if setting.lowest <= raw <= setting.highest else None


def _yes_no(_setting: Setting, raw: object) -> bool | None:
    if isinstance(raw, bool):
        return raw
    return _YES.get(str(raw).strip().lower()) if isinstance(raw, str | int) else None


def _path(setting: Setting, raw: object) -> str | None:
    text = _text(raw)
    if text is None or text.lower() in {"", setting.blank}:
        return None if text is None else ""
    return text if _WHOLE_PATH.match(text) else None


def _proxy(setting: Setting, raw: object) -> str | None:
    text = _text(raw)
    if text is None or text.lower() in {"", setting.blank, "none"}:
        return None if text is None else text.lower().replace(setting.blank, "")
    try:
        address = urlsplit(text if "://" in text else f"//{text}")
        port = address.port
    except ValueError:
        return None
    plain = address.scheme in {"", "http", "https"} and address.path in {"", "/"} and not (address.query or address.fragment)
    good = plain and "@" not in text and port != 0 and _HOST.fullmatch(address.hostname or "")
    return text.removesuffix("/") if good else None


def _ways(_setting: Setting, raw: object) -> tuple[Way, ...] | None:
    named = raw.split(",") if isinstance(raw, str) else raw
    if not isinstance(named, list | tuple) or not all(isinstance(each, str) for each in named):
        return None
    asked = {each.strip().lower() for each in named}
    found = tuple(way for way in Way if way.value in asked)
    return found if found and len(found) == len(asked) else None


def _choice(setting: Setting, raw: object) -> str | None:
    text = _text(raw)
    return text.lower() if text is not None and text.lower() in setting.choices else None


_READERS: Final = {
    Kind.NUMBER: _number,
    Kind.YES_NO: _yes_no,
    Kind.PATH: _path,
    Kind.PROXY: _proxy,
    Kind.WAYS: _ways,
    Kind.CHOICE: _choice,
}
