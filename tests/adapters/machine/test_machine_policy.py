"""The machine's policy on three systems: what fixes, what is a default, and what nobody may have slipped in."""

from __future__ import annotations

import os
import plistlib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.machine_policy import (
    KEY,
    LARGEST,
    from_file,
    from_managed_preferences,
    from_registry,
    machine_policy,
)
from exoalias.domain.ladder import Rung, Source, resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

ME = os.getuid() if os.name == "posix" else 0


class Keys:
    """A registry in memory."""

    def __init__(self, keys: Mapping[tuple[str, str], Mapping[str, object]], denied: frozenset[str] = frozenset()) -> None:
        self.keys, self.denied = keys, denied

    def values(self, hive: str, key: str) -> Mapping[str, object]:
        if hive in self.denied:
            raise PermissionError(13, "Access is denied")
        return self.keys.get((hive, key), {})


def test_the_machines_key_counts_over_the_users() -> None:
    resolved = resolve(
        from_registry(
            Keys(
                {
                    ("HKLM", KEY): {"Idle_Minutes": 4},
                    ("HKCU", KEY): {"idle_minutes": 5, "ways": ["browser", "oauth"], "KEEP_SECRETS": 0},
                    ("HKLM", rf"{KEY}\Recommended"): {"proxy": "none"},
                }
            )
        )
    )
    assert resolved.complaints == ()
    idle = resolved.of("idle_minutes")
    assert (idle.value, idle.where, idle.fixed) == (4, rf"HKLM\{KEY}", True)
    assert resolved.of("ways").text == "browser,oauth"
    assert resolved.of("keep_secrets").value is False
    assert (resolved.of("proxy").rung, resolved.of("proxy").where) == (Rung.DEFAULT, rf"HKLM\{KEY}\Recommended")


def test_a_registry_that_cant_be_read_is_said() -> None:
    found = from_registry(Keys({("HKLM", KEY): {"idle_minutes": 4}}, frozenset({"HKCU"})))
    assert [(source.where, source.trouble) for source in found if source.trouble] == [
        (rf"HKCU\{KEY}\Recommended", "it can't be read (Access is denied)"),
        (rf"HKCU\{KEY}", "it can't be read (Access is denied)"),
    ]
    assert resolve(found).of("idle_minutes").value == 4


def test_nothing_in_the_registry() -> None:
    assert from_registry(Keys({})) == ()


def plist(path: Path, values: dict[str, object], kind: plistlib.PlistFormat = plistlib.FMT_BINARY) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(plistlib.dumps(values, fmt=kind))


@pytest.mark.parametrize("kind", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_managed_preferences(tmp_path: Path, kind: plistlib.PlistFormat) -> None:
    plist(tmp_path / "exoalias.plist", {"idle_minutes": 4, "Recommended": {"side_by_side": 8}}, kind)
    plist(tmp_path / "anna" / "exoalias.plist", {"idle_minutes": 5, "first_use": False}, kind)
    plist(tmp_path / "bert" / "exoalias.plist", {"log_days": 5}, kind)
    resolved = resolve(from_managed_preferences(tmp_path, "anna", ME))
    assert resolved.complaints == ()
    assert resolved.of("idle_minutes").where == str(tmp_path / "exoalias.plist")
    assert (resolved.of("idle_minutes").value, resolved.of("first_use").value, resolved.of("log_days").value) == (4, False, 14)
    assert resolved.of("side_by_side").rung is Rung.DEFAULT


@pytest.mark.parametrize("user", ["", "../anna", "nobody-of-that-name"])
def test_no_other_folder_is_looked_into(tmp_path: Path, user: str) -> None:
    plist(tmp_path / "anna" / "exoalias.plist", {"idle_minutes": 5})
    assert from_managed_preferences(tmp_path / "deep", user, ME) == ()


@pytest.mark.parametrize(
    "broken", [b"", b"<plist><dict><key>a</key>", b"bplist00" + b"\xff" * 40, b"\x00" * 100, plistlib.dumps([1])]
)
def test_a_broken_property_list(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "exoalias.plist").write_bytes(broken)
    (found,) = from_managed_preferences(tmp_path, "anna", ME)
    assert found.values == {}
    assert found.trouble.startswith("the policy is ignored: ")


def policy(folder: Path, text: str) -> Path:
    folder.mkdir(mode=0o755, exist_ok=True)
    path = folder / "policy.toml"
    path.write_text(text, "utf-8")
    path.chmod(0o644)
    return path


def test_a_file(tmp_path: Path) -> None:
    path = policy(tmp_path / "exoalias", 'idle_minutes = 4\nways = ["browser"]\n[recommended]\nproxy = "none"\n')
    assert from_file(path, ME) == (
        Source(Rung.DEFAULT, f"{path} (recommended)", {"proxy": "none"}),
        Source(Rung.FIXED, str(path), {"idle_minutes": 4, "ways": ["browser"]}),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("idle_minutes = ", "the policy is ignored: "),
        ("\udcff".encode("utf-8", "surrogateescape").decode("latin-1") + " = 1", "the policy is ignored: "),
        ("recommended = 3\nidle_minutes = 4", "recommended is ignored: it is no table of settings"),
        ("# " + "x" * LARGEST, "the policy is ignored: it is larger than 256 KB"),
    ],
)
def test_a_broken_file(tmp_path: Path, text: str, why: str) -> None:
    (found,) = from_file(policy(tmp_path / "exoalias", text), ME)
    assert found.trouble.startswith(why)


def test_no_file(tmp_path: Path) -> None:
    assert from_file(tmp_path / "policy.toml") == ()
    (tmp_path / "etc").write_text("a file where a folder should be")
    assert from_file(tmp_path / "etc" / "policy.toml") == ()


@pytest.mark.parametrize(("file", "folder"), [(0o664, 0o755), (0o646, 0o755), (0o644, 0o777), (0o644, 0o775)])
def test_what_others_can_write_is_ignored(tmp_path: Path, file: int, folder: int) -> None:
    path = policy(tmp_path / "exoalias", "idle_minutes = 4")
    path.chmod(file)
    path.parent.chmod(folder)
    (found,) = from_file(path, ME)
    assert found.values == {}
    assert found.trouble.endswith("can be written by others than root")


def test_what_somebody_else_owns_is_ignored(tmp_path: Path) -> None:
    (found,) = from_file(policy(tmp_path / "exoalias", "idle_minutes = 4"), ME + 1)
    assert (found.values, found.trouble) == ({}, "the policy is ignored: the file can be written by others than root")


def test_a_pipe_in_its_place_keeps_nobody_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "policy.toml", 0o644)
    (found,) = from_file(tmp_path / "policy.toml", ME)
    assert found.trouble == "the policy is ignored: it is no ordinary file"


def test_a_link_leads_to_a_file_that_is_judged(tmp_path: Path) -> None:
    real = policy(tmp_path / "real", "idle_minutes = 4")
    real.chmod(0o666)
    (tmp_path / "exoalias").mkdir(mode=0o755)
    (tmp_path / "exoalias" / "policy.toml").symlink_to(real)
    (found,) = from_file(tmp_path / "exoalias" / "policy.toml", ME)
    assert found.values == {}


def test_each_system_has_its_place(tmp_path: Path) -> None:
    assert machine_policy("linux", tmp_path) == ()
    assert machine_policy("darwin", tmp_path) == ()
    troubles = {source.where: source.trouble for source in machine_policy("win32", tmp_path)}
    assert len(troubles) == 4  # no registry on this system
    (tmp_path / "etc").mkdir()
    (tmp_path / "Library").mkdir()
    (tmp_path / "Library" / "Managed Preferences").mkdir()
    policy(tmp_path / "etc" / "exoalias", "idle_minutes = 4")
    plist(tmp_path / "Library" / "Managed Preferences" / "exoalias.plist", {"idle_minutes": 4})
    for system in ("linux", "darwin"):
        (found,) = machine_policy(system, tmp_path)
        trusted = ME == 0  # made by whoever runs the test: root's word, or nobody's
        assert (found.values == {"idle_minutes": 4}) == trusted
        assert ("root" in found.trouble) != trusted
    assert Path(found.where).name == "exoalias.plist"
