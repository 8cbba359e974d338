"""Bench: one check of one instance, against the same reads done with PySNC and with plain requests.

The same reads: the tables, columns and conditions are those the check asks for, written down while it asks; what each tool
got is compared once, row by row and value by value. Two addresses a check reads that are no table (who is signed in, and in
which application) are left out for the others, and nothing but exoalias judges what it read. Each tool is a process of its
own, makes a new connection for each reading and keeps it open meanwhile; they take turns within one run.

The far side's answers are worked out once. Its latency is for each request, however many reads are in it, and there is no
TLS: a real instance takes longer for a bundle than for one read, and longer for a new connection.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self
from unittest import mock

if TYPE_CHECKING:
    from exoalias.adapters.instance.batch import Reply
    from exoalias.adapters.instance.question import Question
    from exoalias.app.world import World

ROOT = Path(__file__).resolve().parent.parent
LATENCIES_S = (0.0, 0.1)
SCENARIO = "old-token"  # with tokens of an earlier sign-in, so that no read comes back empty
OURS = ("exoalias, first", "exoalias, next")
PEERS = {"PySNC": "PySNC", "plain requests": "plain", "PySNC bundled": "bundled"}

Rows = dict[str, dict[str, dict[str, str | None]]]  # by table and id
Run = dict[str, tuple[float, int]]  # ms and requests, by tool


def measure(rounds: int) -> dict[str, float]:
    """Medians of the rounds, of the times and of the ratios in each."""
    figures: dict[str, float] = {}
    for latency in LATENCIES_S:
        runs = _runs(latency, rounds)
        figures |= {f"one check: {name}, requests": max(run[name][1] for run in runs) for name in runs[0]}
        figures |= _figures(f"one check at {latency * 1000:g} ms latency", runs)
    return figures


def _figures(head: str, runs: list[Run]) -> dict[str, float]:
    times = {f"{head}: {name}, ms": statistics.median(run[name][0] for run in runs) for name in runs[0]}
    ratios = {
        f"{head}: {ours}, ratio to {short}": statistics.median(run[ours][0] / run[peer][0] for run in runs)
        for ours in OURS
        for peer, short in PEERS.items()
    }
    return times | ratios


# -- taking turns -------------------------------------------------------------------------------------------------------


class _Child:
    """A process that is told lines and answers each with a line of JSON, until its input ends."""

    def __init__(self, *command: str | Path) -> None:
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}  # all is on loopback
        self._process = subprocess.Popen(
            [str(part) for part in command], env=kept, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with self._process as process:
            if process.stdin is not None:
                process.stdin.close()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()

    def tell(self, line: str) -> None:
        """A line without an answer."""
        print(line, file=self._process.stdin, flush=True)

    def hear(self) -> Any:  # noqa: ANN401 - JSON
        """The next line it says."""
        line = self._process.stdout.readline() if self._process.stdout is not None else ""
        if not line:
            raise SystemExit("a part of the measurement ended before its time (its last words are above)")
        return json.loads(line)

    def ask(self, line: str) -> Any:  # noqa: ANN401 - JSON
        """The answer to a line."""
        self.tell(line)
        return self.hear()


def _runs(latency_s: float, rounds: int) -> list[Run]:
    """All tools in turns on one instance, each round beginning with another one; once before, untimed, what each gets."""
    with ExitStack() as stack:
        simulator = [sys.executable, "-m", "exoalias.simulator", "--many", "1", "--scenario", SCENARIO, "--seed", "1"]
        far_side = stack.enter_context(_Child(*simulator, "--latency", str(latency_s)))
        announced = far_side.hear()
        ours = stack.enter_context(_Child(sys.executable, __file__))
        ours.tell(json.dumps(announced))
        looked = ours.ask("look")
        turns = [(name, ours, name.rpartition(" ")[2]) for name in OURS]
        given = {"origin": announced["instances"][0], **announced["rest"], "reads": looked["reads"]}
        for name in PEERS:
            script = stack.enter_context(_Child(sys.executable, Path(__file__).with_name("_bench_reads_script.py")))
            script.tell(json.dumps({"tool": name, **given}))
            same_or_stop(name, script.ask("read")["rows"], looked["rows"])
            turns.append((name, script, "read"))
        return [_round(turns[n % len(turns) :] + turns[: n % len(turns)], far_side) for n in range(max(1, rounds))]


def _round(turns: list[tuple[str, _Child, str]], far_side: _Child) -> Run:
    run: Run = {}
    for name, child, line in turns:
        before = far_side.ask("counts")["requests"]
        took = child.ask(line)["ms"]
        run[name] = took, far_side.ask("counts")["requests"] - before
    return {name: run[name] for name in sorted(run, key=[*OURS, *PEERS].index)}


def same_or_stop(name: str, got: Rows, wanted: Rows) -> None:
    """SystemExit with the first difference, where somebody read other tables, rows, columns or values than the check did."""
    for table in sorted(got.keys() | wanted.keys()):
        theirs, mine = got.get(table, {}), wanted.get(table, {})
        for sys_id in sorted(theirs.keys() | mine.keys()):
            if theirs.get(sys_id) != mine.get(sys_id):
                raise SystemExit(f"{name} read {theirs.get(sys_id)} of {table}, and the check {mine.get(sys_id)}")


# -- exoalias, in a process of its own ----------------------------------------------------------------------------------


def look(world: World, name: str) -> tuple[list[dict[str, Any]], Rows]:
    """The reads of one check that concern tables, in order, and all that came back, by table and id."""
    from exoalias.adapters.instance.question import Notebook
    from exoalias.adapters.instance.rows import cell
    from exoalias.app.check import check

    reads: list[dict[str, Any]] = []
    rows: Rows = {}
    take = Notebook.take

    def watch(notebook: Notebook, question: Question, reply: Reply) -> None:
        read = {part: getattr(question, part) for part in ("key", "table", "fields", "query", "column")}
        reads.append(read | {"shown": sorted(question.shown)})
        if not isinstance(reply.result, list) or not reply.result:
            raise SystemExit(f"the check got no rows of {question.table}: {reply.unreadable or 'there are none'}")
        for given in reply.result:
            row = {column: cell(given.get(column)) for column in question.fields}
            row |= {f"{column}.shown": cell(given.get(column), "display_value") for column in question.shown}
            rows.setdefault(question.table, {})[str(row["sys_id"])] = row
        take(notebook, question, reply)

    with mock.patch.object(Notebook, "take", watch):
        check(world, name, lambda _event: None)
    return reads, rows


class _Checks:
    """First and next checks: each in a world of its own, so with a new connection; the next one where the first one was."""

    def __init__(self, announced: dict[str, Any], stack: ExitStack) -> None:
        self._announced = announced
        self._stack = stack
        self._home = Path()

    def obey(self, line: str) -> dict[str, Any]:
        """The answer to one line: ``look``, ``first`` or ``next``."""
        from _bench_many import world_on
        from exoalias.app.check import check

        if line != "next":
            self._home = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        world = world_on(self._announced, self._home)
        name = world.book.all()[0].name
        try:
            if line == "look":
                return dict(zip(("reads", "rows"), look(world, name), strict=True))
            began = time.perf_counter()
            check(world, name, lambda _event: None)
            return {"ms": (time.perf_counter() - began) * 1000}
        finally:
            world.close()


def _main() -> None:
    announced = json.loads(sys.stdin.readline())
    with ExitStack() as stack:
        checks = _Checks(announced, stack)
        for line in sys.stdin:
            print(json.dumps(checks.obey(line.strip())), flush=True)


if __name__ == "__main__":
    sys.path[:0] = [str(ROOT)]
    _main()
