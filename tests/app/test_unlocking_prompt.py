"""A real keyring, locked, with its real prompt on a screen of the test's own: a person types the password, or closes it."""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.adapters.keyring_session import command_in_session

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCKED = """
import secretstorage, subprocess, sys, threading, time
from exoalias.adapters.keeping.vault import open_vault
from exoalias.app.control import Control
from exoalias.app.unlocking import unlocked
from exoalias.domain.problems import Problem

vault = open_vault()
vault.set("acme ada@https://acme.example", "hush")
secretstorage.get_default_collection(secretstorage.dbus_init()).lock()

def hands(*keys):
    for _ in range(100):
        found = subprocess.run(["xdotool", "search", "--onlyvisible", "--name", "Unlock"], capture_output=True, text=True)
        if found.stdout.split():
            break
        time.sleep(0.1)
    window = found.stdout.split()[-1]
    subprocess.run(["xdotool", "windowactivate", "--sync", window], check=True)
    time.sleep(0.5)
    for key in keys:
        subprocess.run(["xdotool", *key], check=True)

def tell(event):
    print("told", event.says, flush=True)
    threading.Thread(target=hands, args=ANSWERS[sys.argv[1]]).start()

ANSWERS = {
    "types": [("type", "--delay", "50", "pw"), ("key", "Return")],
    "closes": [("key", "Escape")],
}
try:
    print("got", unlocked(lambda: vault.get("acme ada@https://acme.example"), tell, Control()))
except Problem as problem:
    print("problem", problem.code)
"""


@contextmanager
def screen() -> Iterator[str]:
    """A screen with a window manager, so that a window can be brought forward."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", "800x600x24", "-nolisten", "tcp"],
        pass_fds=(writing,),
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    try:
        with os.fdopen(reading) as said:
            display = f":{said.readline().strip()}"
        manager = subprocess.Popen(
            ["openbox"], env={**os.environ, "DISPLAY": display}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        try:
            yield display
        finally:
            manager.terminate()
            manager.wait(10)
    finally:
        server.terminate()
        server.wait(10)


@pytest.mark.parametrize(("answer", "said"), [("types", "got hush"), ("closes", "problem vault-locked")])
def test_the_prompt_is_waited_for_and_its_answer_counts(tmp_path: Path, answer: str, said: str) -> None:
    begin = 'printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null && exec "$@"'
    command = ["sh", "-c", begin, "sh", sys.executable, "-c", _LOCKED, answer]
    with screen() as display:
        done = command_in_session(tmp_path, command, keyring="bus", extra={"DISPLAY": display, "NO_AT_BRIDGE": "1"})
    lines = [line for line in done.stdout.splitlines() if line.startswith(("told", "got", "problem"))]
    assert lines == ["told Waiting for the keyring to be unlocked", said], done.stdout + done.stderr
