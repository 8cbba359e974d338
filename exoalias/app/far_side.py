"""A simulated far side as a child process: the verb ``simulate`` on the other end of two pipes.

Used by the demo, by *Try it on a simulated instance*, and by tests. The simulator is never in this process: only its
addresses are ours.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from exoalias.domain.problems import BadAnswer, Unreachable
from exoalias.domain.words import say

if TYPE_CHECKING:
    from types import TracebackType

_START_S = 30.0  # a cold start of the child, imports included
_ANSWER_S = 10.0
_END_S = 5.0


class FarSide:
    """Runs the simulator until ``stop``; it also ends when this process does, because its standard input closes.

    ``folder`` is a throwaway place for the state of whoever plays on it; ``stop`` removes it.
    """

    def __init__(self, scenario: str = "happy", seed: int | None = None) -> None:
        self.scenario = scenario
        self._seed = seed
        self._process: subprocess.Popen[str] | None = None
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self.announcement: dict[str, Any] = {}

    def start(self) -> dict[str, Any]:
        """Start it and give its announcement; Unreachable when it doesn't come up."""
        process = subprocess.Popen(
            self._command(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            bufsize=1,
            # Ctrl+C in a terminal is for us: the far side must outlive it, so that what was done can be read back.
            start_new_session=True,
            creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
        )
        self._process = process
        threading.Thread(target=self._listen, args=(process,), name="far-side", daemon=True).start()
        try:
            self.announcement = self._answer(_START_S)
        except BaseException:
            self.stop()
            raise
        return self.announcement

    def record(self) -> dict[str, Any]:
        """The simulator's own record of what it was asked and what it did."""
        process = self._process
        if process is None or process.stdin is None:
            raise Unreachable(host=say("The simulator"), why="it is not running")
        try:
            process.stdin.write("record\n")
            process.stdin.flush()
        except OSError as error:
            raise Unreachable(host=say("The simulator"), why=say("it ended ({error})", error=error)) from error
        return self._answer(_ANSWER_S)

    def stop(self) -> None:
        """End it and remove the folder; nothing happens when it has ended already."""
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()
        process, self._process = self._process, None
        if process is None:
            return
        try:
            if process.stdin is not None:
                process.stdin.close()
            process.wait(_END_S)
        except (OSError, subprocess.TimeoutExpired):
            process.kill()
            process.wait()

    @property
    def folder(self) -> Path:
        """The throwaway folder, made when first asked for; nobody else may read it."""
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="exoalias-simulated-", ignore_cleanup_errors=True)
        return Path(self._folder.name)

    def __enter__(self) -> Self:
        if self._process is None:
            self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The child's process id, while it runs."""
        return self._process.pid if self._process else None

    def _command(self) -> list[str]:
        program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "exoalias"]
        seed = [] if self._seed is None else ["--seed", str(self._seed)]
        return [*program, "simulate", "--scenario", self.scenario, *seed, "--json"]

    def _listen(self, process: subprocess.Popen[str]) -> None:
        if process.stdout is not None:
            with process.stdout as lines:
                for line in lines:
                    self._lines.put(line)
        self._lines.put("")  # it ended: whoever waits need not wait longer

    def _answer(self, seconds: float) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=seconds)
        except queue.Empty:
            raise Unreachable(
                host=say("The simulator"), why=say("it did not answer within {seconds:.0f} s", seconds=seconds)
            ) from None
        if not line:
            raise Unreachable(host=say("The simulator"), why="it ended")
        try:
            answer = json.loads(line)
        except ValueError as error:
            raise BadAnswer(host=say("The simulator"), why="it did not answer in JSON") from error
        if not isinstance(answer, dict):
            raise BadAnswer(host=say("The simulator"), why="its answer is no object")
        return answer
