"""The vault against a real gnome-keyring, and against sessions that have none."""

from __future__ import annotations

from pathlib import Path

import pytest

from exoalias.adapters.keeping.vault import MOST_BYTES, MemoryFirst, OsKeyring, ThisRunOnly, bytes_of, overruled, weakness
from tests.adapters.keyring_session import run_in_session

_ROUND = """
import sys
from exoalias.adapters.keeping.vault import open_vault, canary
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
from exoalias.adapters.keeping.vault import open_vault, canary
from exoalias.domain.problems import Problem
try:
    canary(open_vault())
except Problem as problem:
    print(problem.code, problem.exit_code, problem.remedy)
"""
_KEPT = """
from exoalias.adapters.keeping.vault import MemoryFirst
vault = MemoryFirst()
vault.set("a", "kept")
vault.keep_for_this_run("a", "lent")
print(vault.get("a"), MemoryFirst().get("a"))
vault.remove("a")
print(vault.get("a"), MemoryFirst().get("a"))
"""


@pytest.mark.parametrize("secret", ["short", "pässwörd € 😀 'quoted' \\ \n", "x" * (MOST_BYTES // 2)])
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

    from exoalias.domain.problems import NoVault

    backend = Keyring()  # type: ignore[no-untyped-call]  # keyring annotates none of its backends' constructors
    with pytest.raises(NoVault, match="did not come back"):
        OsKeyring(backend, "nothing").set("acme", "secret")


@pytest.mark.parametrize("secret", ["", "x" * (MOST_BYTES // 2 + 1), "😀" * (MOST_BYTES // 4 + 1)])
def test_what_a_keyring_would_not_take_is_refused_before(secret: str) -> None:
    from keyring.backends.null import Keyring

    backend = Keyring()  # type: ignore[no-untyped-call]  # keyring annotates none of its backends' constructors
    with pytest.raises(ValueError, match="secret"):
        OsKeyring(backend, "nothing").set("acme", secret)


def test_memory_takes_what_a_keyring_would_not() -> None:
    vault = ThisRunOnly()
    vault.set("acme", "x" * MOST_BYTES)
    assert vault.get("acme") == "x" * MOST_BYTES
    with pytest.raises(ValueError, match="empty"):
        vault.set("acme", "")


def test_room_is_counted_as_windows_counts_it() -> None:
    assert [bytes_of(text) for text in ("", "a", "ä", "€", "😀")] == [0, 2, 2, 2, 4]


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


@pytest.mark.parametrize(
    ("backend", "says"),
    [
        ("keyring.backends.null.Keyring", "keeps nothing"),
        ("keyring.backends.fail.Keyring", "every call fails"),
        ("keyring.backends.chainer.ChainerBackend", "whatever backends"),
        ("keyrings.alt.file.PlaintextKeyring", "readable in a file"),
        ("keyrings.alt.file.EncryptedKeyring", "files of its own"),
        ("some.firm.Backend", "none of the keyrings"),
        ("keyring.backends.SecretService.Keyring", ""),
        ("keyring.backends.Windows.WinVaultKeyring", ""),
        ("keyring.backends.macOS.Keyring", ""),
    ],
)
def test_what_is_wrong_with_a_backend_is_named(backend: str, says: str) -> None:
    assert bool(weakness(backend)) is bool(says)
    assert says in weakness(backend)


def test_a_backend_somebody_asked_for_is_named_and_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND", raising=False)
    assert overruled() == ()
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyrings.alt.file.PlaintextKeyring")
    (by_variable,) = overruled()
    assert by_variable.startswith("PYTHON_KEYRING_BACKEND in the environment asks for")
    assert "readable in a file" in by_variable
    monkeypatch.delenv("PYTHON_KEYRING_BACKEND")
    from keyring.util.platform_ import config_root

    folder = Path(config_root())
    assert folder.is_relative_to(tmp_path)
    folder.mkdir(parents=True)
    file = folder / "keyringrc.cfg"
    file.write_text("[backend]\ndefault-keyring=keyring.backends.null.Keyring\n", "utf-8")
    (by_file,) = overruled()
    assert str(file) in by_file
    for broken in (b"[backend\n", b"\xff\xfe", b"[backend]\n"):
        file.write_bytes(broken)
        assert overruled() == ()
