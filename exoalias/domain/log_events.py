"""What the log may hold: a table of events, each with its fields, each field with its kind. Everything else is dropped.

A kind lets a value through only where no secret could be one: a number of at most five digits (a one-time code has six), a
word out of a list the program brings along, a member of an enum, a class of the tree of Problems, a place in our own code.
Names and hosts of instances become pseudonyms. No text that came from outside is ever copied into a line.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from hmac import new as keyed
from math import isfinite
from typing import TYPE_CHECKING

from exoalias.domain import places
from exoalias.domain.events import Door, Phase
from exoalias.domain.log_net import caught
from exoalias.domain.log_paths import TEMPLATES, template
from exoalias.domain.problems import Problem, every_problem
from exoalias.domain.target import CLOUDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MOST = 99_999  # no number in the log has more digits than this
LEAST = -255  # a program ended by a signal has a negative exit code
_PSEUDONYM = re.compile(r"(?:instance|host)-[a-z]{8}")
_CONSONANTS, _VOWELS = "bdfgklmnprstvz", "aeiou"
_MICROSOFT = frozenset(origin.removeprefix("https://") for cloud in CLOUDS for origin in cloud.sign_in_origins)
_LOOPBACK = "loopback"

# Exceptions that may be named: Python's own, and those of the libraries in use. Others are named by what they are a kind of.
TYPES = frozenset(
    "ArithmeticError AssertionError AttributeError BaseException BlockingIOError BrokenPipeError BufferError "
    "ConnectionAbortedError ConnectionError ConnectionRefusedError ConnectionResetError EOFError Exception ExceptionGroup "
    "FileExistsError FileNotFoundError FloatingPointError GeneratorExit ImportError IndexError InterruptedError "
    "IsADirectoryError KeyError KeyboardInterrupt LookupError MemoryError ModuleNotFoundError NameError NotADirectoryError "
    "OSError OverflowError PermissionError ProcessLookupError RecursionError ReferenceError RuntimeError "
    "StopIteration SyntaxError SystemError SystemExit TimeoutError TypeError UnboundLocalError UnicodeDecodeError "
    "UnicodeEncodeError UnicodeError ValueError Warning ZeroDivisionError "
    "CancelledError InvalidStateError JSONDecodeError TOMLDecodeError DatabaseError IntegrityError OperationalError "
    "ProgrammingError SSLError SSLCertVerificationError gaierror herror CalledProcessError SubprocessError TimeoutExpired "
    "BadZipFile FrozenInstanceError ArgumentError NoKeyringError KeyringError KeyringLocked InitError PasswordSetError "
    "PasswordDeleteError RequestException ProxyError ReadTimeout ConnectTimeout InvalidURL InvalidHeader ChunkedEncodingError "
    "ContentDecodingError HTTPError MaxRetryError NewConnectionError ProtocolError MsalServiceError "
    "DBusErrorResponse SecretServiceNotAvailableException LockedException PromptDismissedException PackageNotFoundError".split()
)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the program brings along, and does not come from outside: the words for verbs, and what makes pseudonyms."""

    verbs: frozenset[str]
    salt: bytes

    def pseudonym(self, head: str, name: str) -> str:
        """ "instance-badolemi" for a name: the same one each time on this computer; nobody without the salt can go back."""
        number = int.from_bytes(keyed(self.salt, name.encode("utf-8", "replace"), sha256).digest()[:8])
        syllables = []
        for _ in range(4):
            number, at = divmod(number, len(_CONSONANTS) * len(_VOWELS))
            syllables.append(_CONSONANTS[at // len(_VOWELS)] + _VOWELS[at % len(_VOWELS)])
        return f"{head}-{''.join(syllables)}"


@dataclass(frozen=True, slots=True)
class Kind:
    """How a value is written, None where it may not be; and which written values may be read from a file again."""

    put: Callable[[object, Terms], object]
    taken: Callable[[object, Terms], bool]


def _number(value: object, _terms: Terms) -> int | None:
    return max(LEAST, min(MOST, value)) if type(value) is int else None


def _rounded(value: object, _terms: Terms) -> int | None:
    if type(value) is int or (type(value) is float and isfinite(value)):
        return max(0, min(MOST, round(value)))
    return None


def _is_number(value: object, _terms: Terms) -> bool:
    return type(value) is int and LEAST <= value <= MOST


def _words(*allowed: str) -> Kind:
    among = frozenset(allowed)

    def put(value: object, _terms: Terms) -> str | None:
        return value if type(value) is str and value in among else None

    return Kind(put, lambda value, terms: put(value, terms) is not None)


def _verb(value: object, terms: Terms) -> str | None:
    return (value if value in terms.verbs else "another") if type(value) is str else None


def _instance(value: object, terms: Terms) -> str | None:
    return terms.pseudonym("instance", value) if type(value) is str and value else None


def _host(value: object, terms: Terms) -> str | None:
    if type(value) is not str or not value:
        return None
    if value in _MICROSOFT:
        return value
    return _LOOPBACK if re.match(r"(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$", value) else terms.pseudonym("host", value)


def _is_host(value: object, _terms: Terms) -> bool:
    return type(value) is str and (value in _MICROSOFT or value == _LOOPBACK or bool(_PSEUDONYM.fullmatch(value)))


def _codes() -> dict[object, str]:
    """The codes of this program's Problems; a class made elsewhere can't bring along one of its own."""
    kinds: tuple[type[Problem], ...] = (Problem, *every_problem())
    return {kind: kind.code for kind in kinds if kind.__module__.startswith("exoalias.domain.")}


def _problem(value: object, _terms: Terms) -> str | None:
    kind, codes = value if isinstance(value, type) else type(value), _codes()
    return next((codes[each] for each in kind.__mro__ if each in codes), None)


def _is_problem(value: object, _terms: Terms) -> bool:
    return type(value) is str and value in _codes().values()


def type_of(error: BaseException | type[BaseException]) -> str:
    """An exception's type, named; one that isn't known is named by what it is a kind of."""
    kind = error if isinstance(error, type) else type(error)
    named = next(each for each in kind.__mro__ if each.__name__ in TYPES)
    return named.__name__ if named is kind else f"a kind of {named.__name__}"


def _type(value: object, _terms: Terms) -> str | None:
    kind = value if isinstance(value, type) else type(value)
    return type_of(kind) if issubclass(kind, BaseException) else None


def _member(*enums: type[Enum]) -> Kind:
    written = frozenset(member.name.lower() for each in enums for member in each)

    def put(value: object, _terms: Terms) -> str | None:
        return value.name.lower() if isinstance(value, Enum) and type(value) in enums else None

    return Kind(put, lambda value, _terms: type(value) is str and value in written)


def _places(value: object, _terms: Terms) -> list[str] | None:
    if isinstance(value, places.Dumped):
        return list(value.lines)
    whole = type(value) is tuple and all(type(each) is places.Place for each in value)
    return places.texts(value) if whole else None  # type: ignore[arg-type] # a tuple of places


def _are_places(value: object, _terms: Terms) -> bool:
    return type(value) is list and all(type(each) is str and places.WRITTEN.fullmatch(each) for each in value)


def _version(value: object, _terms: Terms) -> str | None:
    whole = type(value) is tuple and len(value) <= 4 and all(type(part) is int and 0 <= part <= 9999 for part in value)
    return ".".join(map(str, value)) if whole and value else None  # type: ignore[call-overload] # a tuple of numbers


NUMBER = Kind(_number, _is_number)
SECONDS = MILLISECONDS = KILOBYTES = Kind(_rounded, _is_number)
STATUS = Kind(
    lambda value, _terms: value if type(value) is int and 100 <= value <= 599 else None,
    lambda value, _terms: type(value) is int and 100 <= value <= 599,
)
YES_NO = Kind(lambda value, _terms: value if type(value) is bool else None, lambda value, _terms: type(value) is bool)
VERB = Kind(_verb, lambda value, terms: value == "another" or (type(value) is str and value in terms.verbs))
INSTANCE = Kind(_instance, lambda value, _terms: type(value) is str and bool(_PSEUDONYM.fullmatch(value)))
HOST = Kind(_host, _is_host)
PROBLEM = Kind(_problem, _is_problem)
ERROR = Kind(_type, lambda value, _terms: type(value) is str and value.removeprefix("a kind of ") in TYPES)
PHASE = _member(Phase, Door)
PLACES = Kind(_places, _are_places)
VERSION = Kind(_version, lambda value, _terms: type(value) is str and bool(re.fullmatch(r"\d{1,4}(?:\.\d{1,4}){0,3}", value)))
METHOD = _words("GET", "POST", "PATCH", "PUT", "DELETE", "HEAD")
PATH = Kind(
    lambda value, _terms: template(value) if type(value) is str else None,
    lambda value, _terms: type(value) is str and value in TEMPLATES,
)
THREAD = _words("window", "terminal", "worker", "sign-in browser", "far side", "question", "another")
SYSTEM = _words("Linux", "Windows", "Darwin")
FAULT = _words("segmentation fault", "abort", "floating point", "bus error", "illegal instruction", "stopped from outside")


@dataclass(frozen=True, slots=True)
class Shape:
    """An event's line: how grave it is, and its fields."""

    level: str
    fields: Mapping[str, Kind]


class LogEvent(Enum):
    """Everything that is logged. The value is its word in the file."""

    RUN_STARTED = "run-started"
    RUN_ENDED = "run-ended"
    RUN_DIED = "run-died"  # found at a later start
    VERB_STARTED = "verb-started"
    VERB_ENDED = "verb-ended"
    HTTP = "http"
    HTTP_FAILED = "http-failed"
    SIGN_IN = "sign-in"
    BROWSER_STARTED = "browser-started"
    BROWSER_ENDED = "browser-ended"
    KEYRING_FAILED = "keyring-failed"
    UNEXPECTED = "unexpected"
    QT_MESSAGE = "qt-message"
    HANG = "hang"
    HANG_OVER = "hang-over"
    STACK = "stack"
    LIBRARIES = "libraries"
    LOST = "lost"
    WITHHELD = "withheld"


_HTTP = {"host": HOST, "method": METHOD, "path": PATH, "ms": MILLISECONDS}
SHAPES: Mapping[LogEvent, Shape] = {
    LogEvent.RUN_STARTED: Shape(
        "info", {"face": _words("window", "terminal"), "exoalias": VERSION, "python": VERSION, "qt": VERSION, "system": SYSTEM}
    ),
    LogEvent.RUN_ENDED: Shape("info", {"seconds": SECONDS, "exit": NUMBER}),
    LogEvent.RUN_DIED: Shape("error", {"fault": FAULT, "face": _words("window", "terminal")}),
    LogEvent.VERB_STARTED: Shape("info", {"verb": VERB, "instance": INSTANCE}),
    LogEvent.VERB_ENDED: Shape(
        "info",
        {
            "verb": VERB,
            "instance": INSTANCE,
            "outcome": _words("done", "problem", "error", "stopped"),
            "problem": PROBLEM,
            "ms": MILLISECONDS,
        },
    ),
    LogEvent.HTTP: Shape("info", {**_HTTP, "status": STATUS, "kilobytes": KILOBYTES}),
    LogEvent.HTTP_FAILED: Shape("warning", {**_HTTP, "problem": PROBLEM, "error": ERROR}),
    LogEvent.SIGN_IN: Shape("info", {"phase": PHASE, "again": YES_NO, "problem": PROBLEM}),
    LogEvent.BROWSER_STARTED: Shape("info", {"browser": _words("chromium", "chrome", "edge")}),
    LogEvent.BROWSER_ENDED: Shape("info", {"how": _words("closed", "killed")}),
    LogEvent.KEYRING_FAILED: Shape("warning", {"problem": PROBLEM, "error": ERROR}),
    LogEvent.UNEXPECTED: Shape("error", {"error": ERROR, "cause": ERROR, "verb": VERB, "thread": THREAD, "places": PLACES}),
    LogEvent.QT_MESSAGE: Shape("warning", {"grave": _words("critical", "fatal")}),
    LogEvent.HANG: Shape("error", {"of": _words("window", "verb", "asked"), "verb": VERB, "seconds": SECONDS}),
    LogEvent.HANG_OVER: Shape("info", {"of": _words("window", "verb"), "seconds": SECONDS}),
    LogEvent.STACK: Shape("error", {"thread": THREAD, "places": PLACES}),
    LogEvent.LIBRARIES: Shape("info", {"lines": NUMBER}),
    LogEvent.LOST: Shape("warning", {"lines": NUMBER}),
    LogEvent.WITHHELD: Shape("warning", {"kind": _words(*(event.value for event in LogEvent))}),
}


def line_of(at: str, run: int, event: LogEvent, given: Mapping[str, object], terms: Terms) -> str:
    """One line of the log, ASCII, without its end. What the table does not allow is left out, and counted as ``dropped``."""
    if type(event) is not LogEvent:
        event, given = LogEvent.WITHHELD, {}
    shape = SHAPES[event]
    fields = {name: kind.put(given[name], terms) for name, kind in shape.fields.items() if name in given}
    kept = {name: value for name, value in fields.items() if value is not None}
    dropped = sum(given[name] is not None for name in given if name not in kept)
    line = _written(at, run, event, kept | ({"dropped": min(dropped, MOST)} if dropped else {}))
    return _written(at, run, LogEvent.WITHHELD, {"kind": event.value}) if caught(line) else line


def _written(at: str, run: int, event: LogEvent, fields: Mapping[str, object]) -> str:
    whole = {"at": at, "run": run, "level": SHAPES[event].level, "event": event.value, **fields}
    return json.dumps(whole, ensure_ascii=True, separators=(",", ":"))


def readmitted(line: str, terms: Terms) -> str:
    """A line of a log file as it may be shown and sent: "" where anything in it is not as this program writes it."""
    try:
        whole = json.loads(line)
        event = LogEvent(whole["event"])
        kinds = {**SHAPES[event].fields, "dropped": NUMBER, "run": NUMBER}
        at = re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", whole["at"])
        fields = {name: value for name, value in whole.items() if name not in {"at", "level", "event"}}
        good = at and whole["level"] == SHAPES[event].level
        good = good and all(name in kinds and kinds[name].taken(value, terms) for name, value in fields.items())
    except (ValueError, KeyError, TypeError, RecursionError):
        return ""
    again = json.dumps(whole, ensure_ascii=True, separators=(",", ":"))
    return again if good and not caught(again) else ""
