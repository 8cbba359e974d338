"""Both sides together: the simulated instance and the simulated Microsoft sign-in, started, announced and stopped.

As a program it prints one JSON line (the announcement), then answers commands read line by line from standard input:
``record``, ``record-summary``, ``clone KIND…``, ``stop``. It ends at ``stop``, at the end of a piped standard input, and
at SIGINT and SIGTERM. It listens on loopback only.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import threading
from typing import TYPE_CHECKING, Protocol, TextIO

from exoalias.simulator.clones import KINDS
from exoalias.simulator.entra import Entra
from exoalias.simulator.instance import Instance
from exoalias.simulator.record import Record
from exoalias.simulator.records import PLANNED, delegated_mail
from exoalias.simulator.scenario import Scenario, draw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exoalias.simulator.wire import Tls

SCHEMA_VERSION = 1


class Simulator:
    """One scenario, playable: start, use the announcement, look at the record, stop."""

    def __init__(self, scenario: Scenario, seed: int | None = None, *, tls: Tls | None = None) -> None:
        self.scenario = scenario
        self._tls = tls
        self.cast = draw(seed, admin_roles=scenario.admin_roles)
        self.record = Record()
        self.microsoft = Entra(self.cast, scenario, self.record)
        self._instance: Instance | None = None

    @property
    def instance(self) -> Instance:
        """The running instance; an error before `start`."""
        if self._instance is None:
            raise RuntimeError("the simulator has not been started")
        return self._instance

    def start(self) -> None:
        """Bring both sides up."""
        self.microsoft.start()
        self._instance = Instance(self.cast, self.scenario, self.record, self.microsoft, self._tls)
        self.microsoft.allow_redirects(self._instance.origin)
        self._instance.start()

    def stop(self) -> None:
        """Take both sides down."""
        if self._instance is not None:
            self._instance.stop()
        self.microsoft.stop()

    def announcement(self) -> dict[str, object]:
        """Everything a client or a person needs to use this simulation; JSON-able."""
        cast, delegated = self.cast, self.cast.people["delegated"]
        admin = cast.people[cast.admin.person]
        return {
            "schema": SCHEMA_VERSION,
            "scenario": self.scenario.name,
            "says": self.scenario.says,
            "exit_code": self.scenario.exit_code,
            "tokens_after": self.scenario.tokens_after,
            "know_object_id": self.scenario.know_object_id,
            "seed": cast.seed,
            "instance": self.instance.origin,
            "microsoft": self.microsoft.origin,
            "tenant_id": cast.tenant.id,
            "tenant_domain": cast.tenant.domain,
            "way": self.scenario.way,
            "clone": list(self.scenario.clone),
            "rest": {
                "user": cast.admin.user_name,
                "password": cast.admin.password,
                "roles": list(cast.admin.roles),
                "api_key": cast.keys.api_key,
                "code_seed": cast.keys.code_seed,
                "wants_code": self.scenario.faults.wants_code,
            },
            "oauth": {
                "client_id": cast.keys.public.client_id,
                "redirect_url": cast.keys.public.redirect_uris[0],
                "client_credentials": {
                    "client_id": cast.keys.confidential.client_id,
                    "client_secret": cast.keys.confidential.secret,
                },
            },
            "admin": {"upn": admin.upn, "password": admin.password},
            "delegated": {
                "upn": delegated.upn,
                "mail": delegated.mail,
                "object_id": delegated.object_id,
                "password": delegated.password,
                "provider_mail": delegated_mail(cast),
            },
            "public_client_id": cast.public.client_id,
            "registry": {"name": cast.registry_name, "sys_id": cast.sys_id("registry"), "client_id": cast.strict.client_id},
            "profile": {"name": cast.profile_name, "sys_id": cast.sys_id("profile")},
            "credentials": [{"name": name, "sys_id": cast.sys_id(name)} for name in PLANNED],
        }

    def obey(self, command: str) -> object:
        """The answer to one command line; one that is not known names those that are."""
        name, *words = command.split()
        if command == "record":
            return self.record.as_dict()
        if command == "record-summary":
            return self.record.summary()
        if name != "clone":
            return {"error": f"unknown command {command!r}", "commands": ["record", "record-summary", "clone KIND…", "stop"]}
        if not words or not set(words) <= set(KINDS):
            return {"error": f"unknown kind of clone in {words!r}", "kinds": {kind: says for kind, (says, _) in KINDS.items()}}
        self.instance.clone(*words)
        return {"cloned": words}


class Served(Protocol):
    """What `main_loop` serves: one simulation, or very many instances."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def announcement(self) -> dict[str, object]: ...

    def obey(self, command: str) -> object: ...


def main_loop(simulator: Served, stdin: TextIO, stdout: TextIO) -> int:
    """Serve until told to stop; gives the exit code."""
    ended = threading.Event()
    if threading.current_thread() is threading.main_thread():
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, lambda _number, _frame: ended.set())
    simulator.start()
    try:
        _say(stdout, simulator.announcement())
        # Reading blocks, so it is done beside: a signal must end the program while nobody types.
        threading.Thread(target=_obey, args=(simulator, stdin, stdout, ended), name="commands", daemon=True).start()
        while not ended.wait(0.2):  # a wait without limit would keep Windows from delivering Ctrl+C
            continue
    finally:
        simulator.stop()
    return 0


def _obey(simulator: Served, stdin: TextIO, stdout: TextIO, ended: threading.Event) -> None:
    for line in _lines(stdin):
        command = line.strip()
        if command == "stop":
            break
        if command:
            _say(stdout, simulator.obey(command))
    else:
        if not _is_pipe(stdin):  # a terminal or /dev/null has no more to say, which is no reason to end
            return
    ended.set()


def _lines(stream: TextIO) -> Iterator[str]:
    """Lines as they come, read past the stream's buffer: a thread that sleeps in it keeps the interpreter from ending."""
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError):  # not a file of the system's: a test's
        yield from stream
        return
    rest = b""
    while chunk := os.read(descriptor, 4096):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from (line.decode("utf-8", "replace") for line in whole)
    if rest:
        yield rest.decode("utf-8", "replace")


def _is_pipe(stream: TextIO) -> bool:
    """Whether somebody holds the other end; a stream without a descriptor (a test's) counts as such."""
    try:
        mode = os.fstat(stream.fileno()).st_mode
    except (OSError, ValueError):
        return True
    return stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode)


def _say(stdout: TextIO, value: object) -> None:
    stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    stdout.flush()
