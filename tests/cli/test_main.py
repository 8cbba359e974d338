"""The way in: quick help, tidy ends."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from exoalias import __version__
from tests.app.test_world import ANNOUNCED
from tests.cli.program import COMMAND, Program

if TYPE_CHECKING:
    from pathlib import Path

_HEAVY = ("requests", "msal", "keyring", "PySide6", "truststore", "asyncio", "sqlite3", "platformdirs")
_LIGHT = f"""
import sys
from exoalias.__main__ import main
sys.argv = ["exoalias", *sys.argv[1:]]
code = main()
print("HEAVY", [name for name in {_HEAVY!r} if name in sys.modules], code)
"""


@pytest.mark.parametrize("arguments", [("--help",), ("--version",), ("check", "--help"), ("nonsense",)])
def test_help_loads_nothing_heavy(arguments: tuple[str, ...]) -> None:
    done = subprocess.run([sys.executable, "-c", _LIGHT, *arguments], capture_output=True, text=True, check=True, timeout=30)
    assert done.stdout.splitlines()[-1] == f"HEAVY [] {2 if arguments == ('nonsense',) else 0}"


def test_version_and_usage(program: Program) -> None:
    assert program.run("--version").out == f"exoalias {__version__}\n"
    for wrong in (("nonsense",), ("check", "--nonsense"), ("plan",), ("instance",), ("sign-in", "acme"), ("demo", "--seed", "x")):
        ended = program.run(*wrong)
        assert (ended.code, ended.out) == (2, ""), wrong
        assert "usage:" in ended.err


def test_a_file_that_is_no_announcement(program: Program, tmp_path: Path) -> None:
    file = tmp_path / "f"
    for content in ("", "not json", "[]", "{}"):
        file.write_text(content)
        ended = program.run("--simulated", str(file), "instance", "list", "--json")
        assert ended.code in {2, 5}
        assert ended.document["problem"]["says"] in ended.err
    assert program.run("instance", "list", "--simulated", str(tmp_path / "none")).code == 2


@pytest.mark.parametrize("asked", [False, True], ids=["connecting", "asked"])
def test_ctrl_c_ends_a_check_that_hangs(tmp_path: Path, asked: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        origin = f"http://127.0.0.1:{mute.getsockname()[1]}"
        announced = tmp_path / "announced.json"
        announced.write_text(json.dumps({**ANNOUNCED, "instance": origin}))
        program = Program(tmp_path / "home", None, ("--simulated", str(announced)))
        assert program.run("instance", "add", "s", "--url", origin, "--user", "adm", "--secret-stdin", stdin="x").code == 0
        process = subprocess.Popen(
            [*COMMAND, *program.always, "check", "s", "--json"],
            env=program.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        mute.settimeout(30)
        connection, _ = mute.accept()
        with connection:
            connection.settimeout(30)
            assert not asked or connection.recv(1), "the request was sent: from here on the check hangs"
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=10)
    assert process.returncode == 6
    assert json.loads(out)["problem"]["code"] == "stopped"
    assert "Traceback" not in err


def test_a_reader_that_goes_away_is_no_crash(program: Program) -> None:
    line = f"{sys.executable} -m exoalias doctor --this-run-only | true"
    done = subprocess.run(["sh", "-c", line], env=program.environment, capture_output=True, text=True, check=False, timeout=30)
    assert done.stderr == ""
