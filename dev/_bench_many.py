"""Bench: two hundred instances checked side by side, against what the latency alone would take.

The far side is a process of its own whose answers are worked out once, so that its work is not counted as ours. The floor
is what the latency alone takes with so many requests at a time: 200 of them, 16 at a time, take 13 rounds of it. Beside it
stands what the same requests take by ``requests`` alone, their answers not looked at: a slow machine does not reach the floor.
"""

from __future__ import annotations

import json
import math
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exoalias.app.world import World

_Request = tuple[str, str, dict[str, str], bytes | None]
COUNT, LATENCY_S, AT_A_TIME = 200, 0.1, 16


def measure(rounds: int) -> dict[str, float]:
    """Medians over so many processes: the first check of all, and the next one."""
    runs = []
    for _ in range(max(1, rounds // 2)):
        done = subprocess.run([sys.executable, __file__], capture_output=True, text=True, timeout=600, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return {name: sorted(run[name] for run in runs)[len(runs) // 2] for name in runs[0]}


def world_on(announced: dict[str, Any], home: Path) -> World:
    """A world that knows all of them, with their passwords in memory."""
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.kept import Kept
    from exoalias.adapters.keeping.secret import Secret
    from exoalias.adapters.keeping.settings import Places
    from exoalias.adapters.keeping.together import book_and_journal
    from exoalias.adapters.keeping.vault import ThisRunOnly
    from exoalias.adapters.network.http import Http
    from exoalias.app.world import World, vault_key
    from exoalias.domain.delegated import DelegatedUser

    places, origins = Places.below(home), announced["instances"]
    book, journal = book_and_journal(places, lambda: datetime.now(UTC))
    user, rest = announced["delegated"], announced["rest"]
    delegated = DelegatedUser(user["upn"], user["object_id"], user["mail"])
    entries = [
        InstanceEntry(f"instance {n}", origin, rest["user"], delegated, customer=f"customer {n % 40}")
        for n, origin in enumerate(origins)
    ]
    book.put_all(entries)
    world = World(
        book=book,
        vault=ThisRunOnly(),
        journal=journal,
        http=Http(simulated=frozenset(origins)),
        clock=lambda: datetime.now(UTC),
        places=places,
    )
    for entry in entries:
        world.vault.set(vault_key(entry), Kept(password=Secret(rest["password"])).to_text())
    return world


def _most_memory_mb() -> float:
    """The most this process itself ever had: what ``getrusage`` says begins with the size of the one that started it."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    return 0.0


def _noted(asked: list[_Request]) -> None:
    """From now on every request is noted as it is sent."""
    from exoalias.adapters.network import transport

    send = transport.begin

    def begin(session: Any, method: str, url: str, headers: Any, body: bytes | None) -> Any:  # noqa: ANN401 - passed on
        asked.append((method, url, dict(headers), body))
        return send(session, method, url, headers, body)

    transport.begin = begin


def _bare_s(asked: list[_Request]) -> float:
    """How long the same requests take by ``requests`` alone, each by a session of its own."""
    import requests

    def ask(request: _Request) -> None:
        method, url, headers, body = request
        with requests.Session() as session:
            session.trust_env = False  # or each looks for proxies and a .netrc first
            session.request(method, url, headers=headers, data=body).raise_for_status()

    began = time.perf_counter()
    with ThreadPoolExecutor(AT_A_TIME) as together:
        list(together.map(ask, asked))
    return time.perf_counter() - began


def _main() -> None:
    from exoalias.app.many import check_many, chosen

    command = [sys.executable, "-m", "exoalias.simulator", "--many", str(COUNT), "--latency", str(LATENCY_S)]
    with (
        tempfile.TemporaryDirectory() as home,
        subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as far_side,
    ):
        said, told = far_side.stdout, far_side.stdin
        if said is None or told is None:
            raise SystemExit("the far side has no pipes")

        def ask(command: str) -> dict[str, int]:
            print(command, file=told, flush=True)
            answer: dict[str, int] = json.loads(said.readline())
            return answer

        world = world_on(json.loads(said.readline()), Path(home))
        one = chosen(world)[0]
        check_many(world, [one], lambda _event: None)  # libraries are loaded, and one answer is worked out
        figures: dict[str, float] = {}
        for which in ("first", "next"):
            before, began, cpu = ask("counts")["requests"], time.perf_counter(), time.process_time()
            looked = check_many(world, chosen(world), lambda _event: None)
            took, cost = time.perf_counter() - began, time.process_time() - cpu
            asked = ask("counts")["requests"] - before
            if any(result.problem is not None for result in looked):
                raise SystemExit(f"not all could be checked: {looked}")
            floor = math.ceil(asked / AT_A_TIME) * LATENCY_S
            figures[f"200 instances, {which} check, ratio to the latency floor"] = took / floor
            figures[f"200 instances, {which} check, s"] = took
            figures[f"200 instances, {which} check, CPU ms for each"] = cost * 1000 / COUNT
            figures[f"200 instances, {which} check, requests for each"] = asked / COUNT
        asked_for: list[_Request] = []
        _noted(asked_for)
        check_many(world, chosen(world), lambda _event: None)
        figures["the requests of the next check by requests alone, s"] = _bare_s(asked_for)
        figures["most connections to one instance"] = ask("counts")["most_connections"]
        figures["memory after 200 instances, MB at most"] = _most_memory_mb()
        world.close()
        told.close()
        far_side.wait(20)
    print(json.dumps(figures))


if __name__ == "__main__":
    sys.path[:0] = [str(Path(__file__).resolve().parent.parent)]
    _main()
