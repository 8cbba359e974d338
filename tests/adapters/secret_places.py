"""Puts secrets wherever a program under way could put them by mistake, and lets it log."""

from __future__ import annotations

import logging
import random
import re
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.events import Door, DoorPhase, Phase, Progress, SignInEnded, SignInPhase
from exoalias.domain.log_events import SHAPES, LogEvent
from exoalias.domain.places import of_error
from exoalias.domain.problems import BadAnswer, WrongUser
from tests.adapters.secret_things import FORGED, MAKERS, Judge, windows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from exoalias.app.diagnostics import Diagnostics

PACKAGE = Path(__file__).resolve().parents[2] / "exoalias"
# What is in a line for another reason than what was given to the log: pseudonyms and the time.
MADE = re.compile(r'(?:instance|host)-(?:[bdfgklmnprstvz][aeiou]){4}(?![a-z])|"at":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"')
_EVENTS = tuple(LogEvent)
_LIBRARIES = ("urllib3.connectionpool", "msal.token_cache", "keyring.backend", "requests", "qasync", "asyncio")
_NAMES = ("password", "token", "detail", "message", "headers", "body", "url", "exc_info", "args", "user")


class Betraying:
    """An object that tells its secret to whoever looks at it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return f"<Session token={self.secret}>"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return self.secret


class Text(str):
    """A text that says it is another one."""

    __slots__ = ()


_made_enum: Any = Enum  # the checker knows only enumerations written down; this one is made while the program runs
DISGUISES: tuple[Callable[[str], object], ...] = (
    lambda secret: secret,
    lambda secret: secret.encode(),
    lambda secret: bytearray(secret.encode()),
    lambda secret: [secret],
    lambda secret: {secret: secret},
    lambda secret: {"password": {"value": [secret]}},
    lambda secret: (secret, 1),
    lambda secret: {secret},
    Betraying,
    Text,
    Secret,
    ValueError,
    lambda secret: int(_number(secret)),
    lambda secret: float(_number(secret)),
    lambda secret: -_number(secret),
    lambda secret: type("Kind", (), {"__repr__": lambda _self: secret})(),
    lambda secret: f"GET {secret} HTTP/1.1",
    lambda secret: f"Authorization: Basic {secret}",
    lambda secret: tuple(secret.encode()[:9]),
    lambda secret: next(iter(_made_enum("Foreign", [secret.replace("_", "-") or "A"]))),
)


def _number(secret: str) -> int:
    """A number that says the secret, or its first letters."""
    return int(secret) if secret.isascii() and secret.isdecimal() else int.from_bytes(secret.encode()[:6])


def disguised(rng: random.Random, secret: str) -> object:
    """The secret as a value of some type."""
    return rng.choice(DISGUISES)(secret)


def _fields(rng: random.Random, secret: str, log: Diagnostics) -> None:
    event = rng.choice(_EVENTS)
    # A name becomes a pseudonym, which is tried with fewer: each is another word in the file.
    names = [name for name in SHAPES[event].fields if name not in {"instance", "host"} or rng.random() < 0.02]
    given: dict[str, Any] = {name: disguised(rng, secret) for name in names}
    given[rng.choice(_NAMES)] = disguised(rng, secret)
    if rng.random() < 0.2:
        given[secret] = secret
    log.log.write(event, **given)


def _event(_rng: random.Random, secret: str, log: Diagnostics) -> None:
    log.log.write(secret, message=secret)  # type: ignore[arg-type] # as a mistake would


def _deep(secret: str, depth: int) -> None:
    local = f"held {secret}"
    if depth:
        _deep(secret, depth - 1)
    raise KeyError(local)


def _error(rng: random.Random, secret: str, log: Diagnostics) -> None:
    kinds: tuple[type[Exception], ...] = (
        ValueError,
        OSError,
        RuntimeError,
        type(_identifier(secret), (LookupError,), {"code": secret}),
    )
    try:
        try:
            _deep(secret, rng.randint(0, 3))
        except KeyError as cause:
            raise rng.choice(kinds)(secret, {"password": secret}) from cause
    except Exception as error:  # noqa: BLE001 - whichever was drawn
        error.add_note(secret)
        log.unexpected(error, rng.choice(("window", secret)), rng.choice(("check", secret)))
        log.log.write(LogEvent.HTTP_FAILED, error=error, problem=error, path=str(error), places=of_error(error.__traceback__))


def _program(rng: random.Random, secret: str, log: Diagnostics) -> None:
    """Code that was made while the program ran, with the secret for its file."""
    try:
        place = f"/srv/{secret}/exoalias/x.py".replace("\0", "")
        exec(compile("def fail(kept):\n    return kept / 0\nfail(1)", place, "exec"), {"kept": secret})  # noqa: S102 - the point of it
    except ZeroDivisionError as error:
        log.unexpected(error, "window")


def _identifier(secret: str) -> str:
    return "E" + re.sub(r"\W", "_", secret)


def _library(rng: random.Random, secret: str, log: Diagnostics) -> None:
    name = rng.choice((*_LIBRARIES, secret.replace(".", "_")[:40] or "x"))
    level = rng.choice((logging.DEBUG, logging.INFO, logging.WARNING, logging.ERROR))
    logging.getLogger(name).log(
        level, rng.choice(("%s", f"{secret.replace('%', '%%')} %s", 'https://a.example:443 "GET %s HTTP/1.1" 200')), secret
    )


def _request(rng: random.Random, secret: str, log: Diagnostics) -> None:
    path = rng.choice(
        ("/api/now/table/{}", "/api/now/table/sys_user/{}", "/{}/oauth2/v2.0/token", "/oauth_redirect.do?code={}", "/{}", "{}",
         "/api/now/table/sys_user?sysparm_query=user_name={}", "/oauth_token.do#{}", "/api/now/v1/batch/{}")
    ).format(secret)  # fmt: skip
    host = f"https://{secret}.service-now.com" if rng.random() < 0.02 else "login.microsoftonline.com"
    log.log.write(LogEvent.HTTP, method=rng.choice(("GET", secret)), path=path, status=200, ms=12.5, host=host)


def _problem(rng: random.Random, secret: str, log: Diagnostics) -> None:
    problem = rng.choice(
        (BadAnswer(host=secret, why=secret), WrongUser(credential=secret, upn=secret, expected=secret, actual=secret))
    )
    log.ends(secret, problem)
    log.tells(secret, SignInEnded(secret, secret, problem))  # type: ignore[arg-type] # any text will do for the id


def _verb(rng: random.Random, secret: str, log: Diagnostics) -> None:
    log.begins(secret, secret, secret if rng.random() < 0.02 else "")
    log.tells(secret, Progress(secret))
    log.tells(secret, SignInPhase(secret, secret, secret, rng.choice(tuple(Phase)), 1.0, instance_window_user=secret))  # type: ignore[arg-type] # as above
    log.tells(secret, DoorPhase(secret, secret, rng.choice(tuple(Door)), 1.0))
    log.ends(secret)


PLACES: tuple[Callable[[random.Random, str, Diagnostics], None], ...] = (
    _fields, _fields, _fields, _fields, _event, _error, _error, _program, _library, _request, _request, _problem, _verb,
)  # fmt: skip


def play(log: Diagnostics, records: int, seed: int) -> list[str]:
    """Log so many times, each time with a new secret in a new place; gives the secrets."""
    rng = random.Random(seed)
    kinds = tuple(MAKERS.values())
    secrets = []
    for _ in range(records):
        secret = rng.choice(kinds)(rng)
        secrets.append(secret)
        rng.choice(PLACES)(rng, secret, log)
    return secrets


def program_text() -> frozenset[str]:
    """Pieces that are no secret, because they stand in the program: field names, codes, templates."""
    sources = (*PACKAGE.glob("domain/*.py"), *PACKAGE.glob("app/*.py"), *PACKAGE.glob("adapters/*.py"))
    pieces: set[str] = set()
    for path in sources:
        pieces |= windows(path.read_text("utf-8"))
    return frozenset(pieces | windows(FORGED))


def leaks(files: Iterable[bytes], secrets: Iterable[str]) -> list[tuple[str, set[str]]]:
    """The secrets of which a piece was written, with those pieces."""
    judge = Judge(MADE.sub("", line) for content in files for line in content.decode("utf-8", "replace").split("\n"))
    harmless = program_text()
    return [(secret, pieces) for secret in secrets if (pieces := judge.leaked(secret, harmless))]
