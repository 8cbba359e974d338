"""The vault against a real gnome-keyring, and against sessions that have none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.vault import LONGEST, MemoryFirst, ThisRunOnly
from tests.adapters.keyring_session import run_in_session

if TYPE_CHECKING:
    from pathlib import Path

_ROUND = """
import sys
from exoalias.adapters.vault import open_vault, canary
vault = open_vault()
canary(vault)
assert vault.get("acme admin@https://acme.example") is None
vault.set("acme admin@https://acme.example", sys.argv[1])
vault.set("other admin@https://acme.example", "another")
print(vault.get("acme admin@https://acme.example") == sys.argv[1], vault.get("other admin@https://acme.example"))
vault.remove("acme admin@https://acme.example")
vault.remove("acme admin@https://acme.example")
print(vault.get("acme admin@https://acme.example"), vault.describe())
"""
_OPEN = """
from exoalias.adapters.vault import open_vault, canary
from exoalias.domain.problems import Problem
try:
    canary(open_vault())
except Problem as problem:
    print(problem.code, problem.exit_code, problem.remedy)
"""
_KEPT = """
from exoalias.adapters.vault import MemoryFirst
vault = MemoryFirst()
vault.set("a", "kept")
vault.keep_for_this_run("a", "lent")
print(vault.get("a"), MemoryFirst().get("a"))
vault.remove("a")
print(vault.get("a"), MemoryFirst().get("a"))
"""


@pytest.mark.parametrize("secret", ["short", "pässwörd € 😀 'quoted' \\ \n", "x" * LONGEST])
def test_a_secret_comes_back_as_it_was(tmp_path: Path, secret: str) -> None:
    done = run_in_session(tmp_path, _ROUND, secret)
    assert done.stdout.splitlines() == ["True another", "None the Secret Service of this session"], done.stderr


@pytest.mark.parametrize("backend", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Backend"])
def test_the_environment_does_not_choose_the_keyring(tmp_path: Path, backend: str) -> None:
    done = run_in_session(tmp_path, _ROUND, "secret", extra={"PYTHON_KEYRING_BACKEND": backend})
    assert done.stdout.splitlines()[0] == "True another", done.stderr


def test_without_a_service_it_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    done = run_in_session(tmp_path, _OPEN, keyring="none")
    assert done.stdout.startswith("no-vault 4 "), done.stderr
    assert "--this-run-only" in done.stdout
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_a_keyring_nobody_can_unlock_is_said_to_be_locked(tmp_path: Path) -> None:
    done = run_in_session(tmp_path, _OPEN, keyring="locked")
    assert done.stdout.startswith("vault-locked 4 "), done.stderr


def test_what_is_lent_for_this_run_comes_first_and_does_not_stay(tmp_path: Path) -> None:
    done = run_in_session(tmp_path, _KEPT)
    assert done.stdout.splitlines() == ["lent kept", "None None"], done.stderr


def test_a_keyring_that_keeps_nothing_is_found_out() -> None:
    from keyring.backends.null import Keyring

    from exoalias.adapters.vault import OsKeyring
    from exoalias.domain.problems import NoVault

    backend = Keyring()  # type: ignore[no-untyped-call]  # keyring annotates none of its backends' constructors
    with pytest.raises(NoVault, match="did not come back"):
        OsKeyring(backend, "nothing").set("acme", "secret")


@pytest.mark.parametrize("secret", ["", "x" * (LONGEST + 1), "😀" * (LONGEST // 2 + 1)])
def test_what_a_keyring_would_not_take_is_refused_before(secret: str) -> None:
    vault = ThisRunOnly()
    with pytest.raises(ValueError, match="secret"):
        vault.set("acme", secret)
    assert vault.get("acme") is None


def test_memory_shows_no_secret_and_is_not_shared() -> None:
    vault = ThisRunOnly()
    vault.set("acme", "hush")
    assert vault.get("acme") == "hush"
    assert "hush" not in repr(vault)
    assert ThisRunOnly().get("acme") is None
    vault.remove("acme")
    vault.remove("acme")
    assert vault.get("acme") is None


def test_memory_first_does_not_open_the_keyring_for_what_it_holds() -> None:
    vault = MemoryFirst()  # no keyring can be reached here
    vault.keep_for_this_run("acme", "lent")
    assert vault.get("acme") == "lent"
