"""Bench: exoalias beside programs people know and beside itself frozen: first paint, memory, the terminal's start."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import _bench_peers_set_up as peers
from _bench_paint import Onlooker, TooLate, Unseen, family
from _bench_peers_set_up import NotThere, Program
from _bench_start import BARE_WINDOW, instances

if TYPE_CHECKING:
    from collections.abc import Callable

BARE, SOURCE, FROZEN = "bare PySide6 window", "exoalias from source", "exoalias frozen"
_SHOWN_S = 60  # to the first paint, at most
_SETTLES_S = 2  # from the first paint to the memory
_ENDS_S = 5
_TERMINAL_TURNS = 3  # in each round

Taken = dict[str, list[tuple[float, float]]]


def measure(rounds: int) -> dict[str, float]:
    """Medians of ms, of MB PSS and of the ratios within a round; all programs one after the other in each round."""
    if not sys.platform.startswith("linux"):
        print("peers: measured on Linux only, where the X server tells of a paint", file=sys.stderr)
        return {}
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        programs = _programs(Path(folder))
        taken: Taken = {program.name: [] for program in programs}
        for turn in range(rounds + 1):
            for program in list(programs if turn % 2 else reversed(programs)):
                try:
                    figure = _start(program, tell=not turn)
                except Unseen as why:
                    _left_out(program.name, why)
                    programs.remove(program)
                    del taken[program.name]
                    continue
                if turn:  # the first round warms the disk and leaves a first start's questions behind
                    taken[program.name].append(figure)
        return _figures(taken) | _terminal(Path(folder), rounds)


def _programs(folder: Path) -> list[Program]:
    """All that can be started here, ours first."""
    found = []
    made: dict[str, Callable[[Path], Program]] = {BARE: _bare, SOURCE: _source, FROZEN: _frozen}
    made |= {"KeePassXC": peers.keepassxc, "git-cola": peers.git_cola, "Vorta": peers.vorta, "novelWriter": peers.novelwriter}
    for name, make in made.items():
        try:
            found.append(make(folder / name.replace(" ", "-")))
        except NotThere as why:
            _left_out(name, why)
    return found


def _bare(home: Path) -> Program:
    return Program(BARE, (sys.executable, "-c", BARE_WINDOW), "bare", peers.environment(home))


def _source(home: Path) -> Program:
    return _ours(SOURCE, str(Path(sys.executable).with_name("exoalias")), home)


def _frozen(home: Path) -> Program:
    return _ours(FROZEN, peers.frozen(), home)


def _ours(name: str, command: str, home: Path) -> Program:
    """With the same instances for both."""
    surrounding = peers.environment(home) | {"EXOALIAS_HOME": str(home / "exoalias")}
    instances(home / "exoalias")
    return Program(name, (command,), "exoalias", surrounding)


def _left_out(name: str, why: object) -> None:
    print(f"peers: {name} is not measured: {why}", file=sys.stderr, flush=True)


def _start(program: Program, *, tell: bool) -> tuple[float, float]:
    """The ms to the first paint and the MB some seconds later; once more where the window came too soon to be watched."""
    for _again in range(4):
        with suppress(TooLate):
            return _started(program, tell=tell)
    return _started(program, tell=tell)


def _started(program: Program, *, tell: bool) -> tuple[float, float]:
    if program.lock is not None:
        program.lock.unlink(missing_ok=True)
    with Onlooker() as onlooker, tempfile.TemporaryFile() as said:
        started = time.monotonic_ns()
        process = subprocess.Popen(
            program.command, env=program.environment, cwd=program.environment["HOME"],
            stdin=subprocess.DEVNULL, stdout=said, stderr=said, start_new_session=True,
        )  # fmt: skip
        try:
            seen = onlooker.first_paint(process, _SHOWN_S)
            time.sleep(max(0.0, _SETTLES_S - (time.monotonic_ns() - seen.at) / 1e9))
            memory, title = _memory_mb(process.pid), onlooker.title(seen.window)
        finally:
            _end(process)
    if program.title not in title:
        raise Unseen(f"the first window was {title!r}, {seen.width} by {seen.height}, and not its main window")
    if tell:
        print(f"peers: {program.name}: window {title!r}, {seen.width} by {seen.height}", file=sys.stderr, flush=True)
    return (seen.at - started) / 1e6, memory


def _memory_mb(pid: int) -> float:
    """The proportional set size of the process and all below it: what they share is counted once."""
    kilobytes = 0
    for member in family(pid):
        with suppress(OSError):  # ended in the meantime
            lines = Path(f"/proc/{member}/smaps_rollup").read_text().splitlines()
            kilobytes += next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))
    return kilobytes / 1024


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a program and what it started: asked first."""
    with suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(_ENDS_S)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _figures(taken: Taken) -> dict[str, float]:
    figures: dict[str, float] = {}
    for name, of in taken.items():
        figures[f"peers: {name}, first paint, ms"] = statistics.median(ms for ms, _mb in of)
        if name != BARE and BARE in taken:
            figures[f"peers: {name}, first paint, ratio to bare"] = _ratio(of, taken[BARE])
        figures[f"peers: {name}, memory, MB PSS"] = statistics.median(mb for _ms, mb in of)
    if {SOURCE, FROZEN} <= set(taken):
        figures["frozen start against source start, ratio"] = _ratio(taken[FROZEN], taken[SOURCE])
    return figures


def _ratio(of: list[tuple[float, float]], to: list[tuple[float, float]]) -> float:
    return statistics.median(one / other for (one, _), (other, _) in zip(of, to, strict=True))


# -- the terminal --------------------------------------------------------------------------------------------------------


def _terminal(folder: Path, rounds: int) -> dict[str, float]:
    """Start to end of a word in the terminal, against the same interpreter that is told to do nothing."""
    script = str(Path(sys.executable).with_name("exoalias"))
    lines = {"bare python": [sys.executable, "-c", "pass"]}
    lines |= {"--version": [script, "--version"], "--help": [script, "--help"]}
    with suppress(NotThere):  # said above
        lines["--version, frozen"] = [peers.frozen(), "--version"]
    surrounding = peers.environment(folder / "terminal") | {"EXOALIAS_HOME": str(folder / "terminal" / "exoalias")}
    took: dict[str, list[float]] = {name: [] for name in lines}
    for turn in range(_TERMINAL_TURNS * rounds + 1):
        for name, line in lines.items():
            began = time.perf_counter()
            subprocess.run(line, env=surrounding, stdout=subprocess.DEVNULL, check=True)
            if turn:
                took[name].append((time.perf_counter() - began) * 1000)
    bare = took.pop("bare python")
    figures = {"terminal start, bare python, ms": statistics.median(bare)}
    for name, of in took.items():
        figures[f"terminal start ({name}), ms"] = statistics.median(of)
        figures[f"terminal start ({name}), ratio to bare python"] = statistics.median(map(float.__truediv__, of, bare))
    return figures
