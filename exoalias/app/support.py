"""The support bundle: a few named texts that may be given away, shown before they are saved, saved as they were shown.

Like the log it is made by allow-list: numbers, versions, codes, words the program brings along. Of an instance it holds a
pseudonym, of a setting made of free text only whether it is set, of the journal what kind of thing was done and its outcome.
Who is behind a pseudonym is for the screen of the person alone, and never part of the bundle.
"""

from __future__ import annotations

import io
import json
import os
import platform
import sys
import textwrap
import zipfile
from collections import Counter
from dataclasses import dataclass
from enum import Enum
from importlib.metadata import PackageNotFoundError, version
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Final

from exoalias import __version__
from exoalias.adapters.keeping.entries import KINDS
from exoalias.adapters.machine.last_words import asked_for
from exoalias.app import doctor, doctor_network
from exoalias.app.diagnostics import log_of, numbers
from exoalias.domain.log_events import LogEvent
from exoalias.domain.problems import Problem, UsageProblem, every_problem
from exoalias.domain.settings import SETTINGS
from exoalias.domain.strategies import Strategy
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.machine.log import EventLog
    from exoalias.app.world import World

LOG_BYTES: Final = 512 * 1024  # the newest lines of all files together: more than that nobody looks through
_WIDE: Final = 66  # characters: so much of a line is seen without scrolling
_ENTRIES: Final = 100  # of the journal, for each instance
_LIBRARIES: Final = ("PySide6-Essentials", "qasync", "requests", "urllib3", "truststore", "msal", "keyring", "platformdirs")
_MACHINES: Final = ("x86_64", "AMD64", "arm64", "aarch64")
_SESSIONS: Final = ("x11", "wayland", "tty")
_KINDS_OF_ENTRY: Final = frozenset(
    "set-field undo sign-in released pinned unpinned unlocked locked remembered scan switch-scope put-back noted".split()
)
_RESULTS: Final = frozenset("written already stored explained noted done refused started put-back put_back switched".split())
_LEFT_OUT: Final = (
    "names and addresses of instances, customers and people; user names, mail addresses, object ids; passwords, keys, codes, "
    "cookies and tokens; records of any instance and what was written to them; names of folders and of this computer."
)


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the bundle: printable ASCII and line ends, nothing else."""

    name: str
    says: str  # what it is, in a sentence
    text: str

    @property
    def content(self) -> bytes:
        """The bytes that are saved."""
        return self.text.encode("ascii")


@dataclass(frozen=True, slots=True)
class Bundle:
    """What would be saved. ``who``: pseudonyms and what they stand for, for the screen alone."""

    parts: tuple[Part, ...]
    who: tuple[tuple[str, str], ...] = ()
    left_out: str = _LEFT_OUT

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(len(part.content) for part in self.parts)

    def packed(self) -> bytes:
        """The zip file: the same bytes for the same parts, whenever and wherever it is made; nothing is compressed."""
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
            for part in self.parts:
                info = zipfile.ZipInfo(part.name, (1980, 1, 1, 0, 0, 0))
                info.create_system = 3
                info.external_attr = 0o600 << 16
                archive.writestr(info, part.content)
        return buffer.getvalue()

    def save(self, path: Path) -> None:
        """Write it to a new file, readable by its owner alone; UsageProblem where that can't be."""
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self.packed())
        except FileExistsError:
            raise UsageProblem(why=say("{path} is there already. Name another file.", path=path)) from None
        except OSError as error:
            reason = error.strerror or say("no reason given")
            raise UsageProblem(why=say("{path} can't be written: {reason}.", path=path, reason=reason)) from error


def collect(world: World | None, folder: Path) -> Bundle:
    """Everything for support that may be given away. *folder* is the log's; *world* may be missing where it can't be opened."""
    log = log_of(folder)
    parts = [Part("versions.txt", "Versions of exoalias, Python, Qt, the libraries, and the kind of system.", _versions())]
    who: dict[str, str] = {}
    if world is not None:
        instances = _Instances(world, log, who)
        parts += [
            Part("doctor.txt", "What exoalias doctor looked at, and whether it passed.", _guarded(lambda: _doctor(world))),
            Part(
                "settings.txt", "Each setting and where it came from; of free texts only whether they are set.", _settings(world)
            ),
            Part("instances.txt", "Each instance under a pseudonym, with its way in and its kind.", _guarded(instances.listed)),
            Part("journal.txt", "What was done on each instance and how it ended, without names.", _guarded(instances.journal)),
        ]
    days = _log_lines(log)
    lines = [line for _name, lines in days for line in lines]
    parts.append(Part("problems.txt", "What went wrong, counted from the log.", _problems(lines)))
    stacks = asked_for(folder)
    if stacks:
        text = "\n\n".join("\n".join(stack.lines) for stack in stacks)
        parts.append(Part("stacks.txt", "Where running programs were when they were asked (SIGUSR1).", _plain(text)))
    parts += [Part(f"log/{name}", "What the program did, a line each.", _plain("\n".join(lines))) for name, lines in days]
    return Bundle((_read_me(parts), *parts), tuple(sorted(who.items())))


def _read_me(parts: Iterable[Part]) -> Part:
    lines = ["A support bundle of exoalias.", "Every file is plain text. It was shown before it was saved.", ""]
    for part in parts:
        lines += [part.name, *textwrap.wrap(part.says, _WIDE, initial_indent="    ", subsequent_indent="    ")]
    lines += ["", "Not in it:", *textwrap.wrap(_LEFT_OUT, _WIDE, initial_indent="    ", subsequent_indent="    ")]
    return Part("README.txt", "What is in the bundle, and what is not.", _plain("\n".join(lines)))


def _plain(text: str) -> str:
    """Printable ASCII and line ends: what is saved is what every screen shows."""
    return "".join(c if c == "\n" or (c.isascii() and c.isprintable()) else "?" for c in text).rstrip("\n") + "\n"


def _guarded(make: Callable[[], Iterable[str]]) -> str:
    try:
        return _plain("\n".join(make()) or "nothing")
    except Problem as problem:
        return f"could not be read: {_code(problem.code)}\n"


def _code(text: str) -> str:
    return text if text in {problem.code for problem in every_problem()} else "another"


# -- the parts ----------------------------------------------------------------------------------------------------------


def _versions() -> str:
    release = ".".join(map(str, numbers(platform.release().partition("-")[0])[:2]))
    session = os.environ.get("XDG_SESSION_TYPE", "")
    facts = [
        ("exoalias", _digits(__version__)),
        ("Python", _digits(platform.python_version())),
        ("system", f"{platform.system()} {release}"),
        ("machine", platform.machine() if platform.machine() in _MACHINES else "another"),
        ("session", session if session in _SESSIONS else "another"),
        ("built", "as a program of its own" if getattr(sys, "frozen", False) else "run by Python"),
    ]
    for name in _LIBRARIES:
        try:
            facts.append((name, _digits(version(name))))
        except PackageNotFoundError:
            facts.append((name, "not installed"))
    return _plain("\n".join(f"{name:20} {value}" for name, value in facts))


def _digits(text: str) -> str:
    return ".".join(map(str, numbers(text))) or "another"


def _doctor(world: World) -> Iterator[str]:
    known = _probes()
    for probe in doctor.doctor(world):
        yield f"{probe.result:6} {probe.name if probe.name in known else 'another'}"


def _probes() -> frozenset[str]:
    """Names of probes that were written down in the program, and not put together while it ran."""
    made = (
        *(f"Place for {name}" for name in ("settings", "state", "cache")),
        *(f"Setting {each.name}" for each in SETTINGS),
        *(f"Sign-in by {strategy.value}" for strategy in Strategy),
    )
    functions = (each for module in (doctor, doctor_network) for each in vars(module).values() if isinstance(each, FunctionType))
    return frozenset((*made, *(text for each in functions for text in _texts(each.__code__))))


def _texts(code: CodeType) -> Iterator[str]:
    """What stands between quotation marks in a function, as the compiler found it."""
    for constant in code.co_consts:
        if isinstance(constant, str):
            yield constant
        elif isinstance(constant, CodeType):
            yield from _texts(constant)


def _settings(world: World) -> str:
    lines = [f"{each.setting.name:20} {each.rung.name.lower():12} {_value(each.value)}" for each in world.ladder.standings]
    lines += [f"not counted: one of {each.rung.name.lower()}" for each in world.ladder.complaints]
    return _plain("\n".join(lines))


def _value(value: object) -> str:
    """A setting's value: numbers, switches and members of enums as they are, texts by whether there is one."""
    if isinstance(value, bool | int):
        return str(value).lower()
    if isinstance(value, Enum):
        return value.name.lower()
    if isinstance(value, tuple | list | frozenset | set) and all(isinstance(each, Enum) for each in value):
        return " ".join(each.name.lower() for each in value)
    return "set" if value else "not set"


@dataclass(frozen=True, slots=True)
class _Instances:
    world: World
    log: EventLog
    who: dict[str, str]

    def pseudonym(self, entry: InstanceEntry) -> str:
        terms = self.log.terms
        name = terms.pseudonym("instance", entry.name)
        self.who[name] = entry.name
        host = entry.origin.partition("//")[2]
        self.who[terms.pseudonym("host", host)] = host
        return name

    def listed(self) -> Iterator[str]:
        entries = self.world.book.all()
        yield f"{len(entries)} {'instance' if len(entries) == 1 else 'instances'}"
        for entry in entries:
            said = {
                "delegated user": entry.delegated_user is not None,
                "object id": entry.delegated_user is not None and bool(entry.delegated_user.object_id),
                "profile": bool(entry.profile),
                "second opinion": bool(entry.public_client_id),
                "own authorities": bool(entry.ca_file),
            }
            facts = ", ".join(name for name, yes in said.items() if yes) or "nothing else said"
            kind = entry.kind if entry.kind in KINDS else "no kind"
            yield f"{self.pseudonym(entry):20} {entry.way.name.lower():20} {kind:12} {facts}"

    def journal(self) -> Iterator[str]:
        for entry in self.world.book.all():
            done = self.world.journal.entries(entry.name)
            yield f"{self.pseudonym(entry)}: {len(done)} {'entry' if len(done) == 1 else 'entries'}"
            for each in done[-_ENTRIES:]:
                kind = each.kind if each.kind in _KINDS_OF_ENTRY else "another"
                result = each.result if each.result in _RESULTS else _code(each.result) if each.result else "unfinished"
                yield f"  {each.at:%Y-%m-%d %H:%M:%S} {kind:16} {result}"


# -- the log ------------------------------------------------------------------------------------------------------------


def _log_lines(log: EventLog) -> list[tuple[str, tuple[str, ...]]]:
    """The newest lines of all files, each file's oldest first; each line was judged anew."""
    left, days = LOG_BYTES, []
    for path in reversed(log.files()):
        lines = log.lines(path, left) if left > 0 else ()
        if lines:
            days.append((path.name, lines))
            left -= sum(len(line) + 1 for line in lines)
    return days[::-1]


def _problems(lines: Iterable[str]) -> str:
    counted: Counter[str] = Counter()
    for line in lines:
        words = _told(json.loads(line))
        if words:
            counted[words] += 1
    return _plain("\n".join(f"{count:6} x {words}" for words, count in counted.most_common())) if counted else "nothing\n"


def _told(line: dict[str, object]) -> str:
    """What a line of the log says went wrong; "" where nothing did."""
    places = line.get("places")
    place = places[-1] if isinstance(places, list) and places else "nowhere known"
    words = {
        LogEvent.UNEXPECTED.value: f"unexpected {line.get('error')} at {place}",
        LogEvent.HANG.value: f"{line.get('of')} did not answer for some time",
        LogEvent.RUN_DIED.value: f"a run ended without a word: {line.get('fault')}",
        LogEvent.QT_MESSAGE.value: f"a {line.get('grave')} message of Qt",
        LogEvent.KEYRING_FAILED.value: f"keyring: {line.get('error')}",
        LogEvent.WITHHELD.value: "a line of the log was withheld",
        LogEvent.LOST.value: "lines of the log could not be written",
    }
    if line["event"] in words:
        return words[str(line["event"])]
    return f"problem {line['problem']}" if line["event"] in {"verb-ended", "http-failed", "sign-in"} and "problem" in line else ""
