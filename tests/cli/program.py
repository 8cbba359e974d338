"""``exoalias`` as a child process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path

    from exoalias.app.far_side import FarSide

COMMAND = (sys.executable, "-m", "exoalias")


@dataclass(frozen=True)
class Ended:
    """How a run ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """Standard output as the one JSON document it must be."""
        whole = json.loads(self.out)
        assert isinstance(whole, dict)
        assert whole["schema"] == 1
        assert whole["exit_code"] == self.code
        return whole


@dataclass(frozen=True)
class Program:
    """Runs the program below *home*, perhaps against a simulated far side."""

    home: Path
    far_side: FarSide | None = None
    always: tuple[str, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """What a run sees."""
        return {**os.environ, "EXOALIAS_HOME": str(self.home), "PYTHONWARNINGS": "error"}

    def run(self, *arguments: str, stdin: str = "", timeout: float = 90) -> Ended:
        """Run it to its end."""
        done = subprocess.run(
            [*COMMAND, *self.always, *arguments],
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=timeout,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)

    @property
    def said(self) -> dict[str, Any]:
        """What the far side announced."""
        assert self.far_side is not None
        return self.far_side.announcement

    def add(self, name: str = "acme") -> None:
        """Add the simulated instance and say what should be true on it."""
        said = self.said
        added = self.run(
            "instance", "add", name, "--url", said["instance"], "--user", said["rest"]["user"], "--secret-stdin",
            stdin=said["rest"]["password"] + "\n",
        )  # fmt: skip
        assert added.code == 0, added.err
        user = ("--delegated-user", said["delegated"]["upn"], "--object-id", said["delegated"]["object_id"])
        targeted = self.run("target", name, *user, "--mail", said["delegated"]["mail"], "--profile", said["profile"]["sys_id"])
        assert targeted.code == 0, targeted.err
