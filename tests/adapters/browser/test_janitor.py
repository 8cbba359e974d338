"""Profiles: private, locked while in use, deleted after it, swept when their holder is gone."""

from __future__ import annotations

import errno
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.browser.janitor import Profile, sweep

if TYPE_CHECKING:
    from pathlib import Path


def test_a_profile_is_private_and_locked(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "cache" / "sign-in")
    assert stat.S_IMODE(profile.path.stat().st_mode) == 0o700
    assert profile.path.parent == tmp_path / "cache" / "sign-in"
    assert sweep(profile.path.parent) == 0
    assert profile.path.is_dir()
    assert profile.delete()


def test_two_profiles_are_two(tmp_path: Path) -> None:
    first, second = Profile(tmp_path), Profile(tmp_path)
    assert first.path != second.path
    assert first.delete()
    assert second.path.is_dir()
    assert second.delete()


def test_delete_takes_everything_with_it(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    deep = profile.path / "Default" / "Network"
    deep.mkdir(parents=True)
    (deep / "Cookies").write_text("ESTSAUTH")
    (deep / "Cookies").chmod(0o400)
    (profile.path / "SingletonLock").symlink_to("nowhere-1234")
    assert profile.delete()
    assert list(tmp_path.iterdir()) == []


def test_delete_does_not_follow_links_out(tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.mkdir()
    (kept / "letter").write_text("dear")
    profile = Profile(tmp_path / "profiles")
    (profile.path / "link").symlink_to(kept)
    assert profile.delete()
    assert (kept / "letter").read_text() == "dear"


def test_delete_waits_for_a_browser_that_still_writes(tmp_path: Path) -> None:
    profile = Profile(tmp_path)
    over = time.monotonic() + 0.6

    def write() -> None:
        number = 0
        while time.monotonic() < over:
            number += 1
            try:
                profile.path.mkdir(exist_ok=True)
                (profile.path / f"late-{number}").write_text("x")
            except OSError:
                continue

    writer = threading.Thread(target=write)
    writer.start()
    try:
        gone = profile.delete(patience_s=5)
    finally:
        writer.join()
    # Whatever it wrote after its folder had gone for a moment is what the next start sweeps.
    assert gone
    sweep(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_sweep_leaves_other_folders_alone(tmp_path: Path) -> None:
    (tmp_path / "windows").mkdir()
    (tmp_path / "mine").mkdir()
    assert sweep(tmp_path) == 0
    assert {p.name for p in tmp_path.iterdir()} == {"windows", "mine"}


def test_sweep_without_a_folder(tmp_path: Path) -> None:
    assert sweep(tmp_path / "never made") == 0


def test_a_profile_without_its_lock_file_is_swept(tmp_path: Path) -> None:
    (tmp_path / "window-0123").mkdir()
    (tmp_path / "window-0123" / "Local State").write_text("{}")
    assert sweep(tmp_path) == 1


_HOLDS = """
import sys, time
from pathlib import Path
from exoalias.adapters.browser.janitor import Profile
print(Profile(Path(sys.argv[1])).path, flush=True)
time.sleep(60)
"""


def test_the_profile_of_a_living_process_stays_that_of_a_killed_one_is_swept(tmp_path: Path, root: Path) -> None:
    child = subprocess.Popen([sys.executable, "-c", _HOLDS, str(tmp_path)], stdout=subprocess.PIPE, text=True, cwd=root)
    with child:
        assert child.stdout is not None
        path = child.stdout.readline().strip()
        assert sweep(tmp_path) == 0
        os.kill(child.pid, signal.SIGKILL)
        child.wait(5)
    assert [str(p) for p in tmp_path.iterdir()] == [path]
    assert sweep(tmp_path) == 1
    assert list(tmp_path.iterdir()) == []


# -- the socket's folder -------------------------------------------------------------------------------------------------


def _with_socket(profile: Path, folder: Path) -> Path:
    folder.mkdir()
    (folder / "SingletonSocket").write_text("")
    (folder / "SingletonCookie").symlink_to("1234567890")
    (profile / "SingletonSocket").symlink_to(folder / "SingletonSocket")
    return folder


@pytest.mark.parametrize("name", ["org.chromium.Chromium.aB3xYz", "com.google.Chrome.aB3xYz", ".com.microsoft.Edge.aB3xYz"])
def test_the_folder_of_a_killed_browsers_socket_goes_with_the_profile(tmp_path: Path, name: str) -> None:
    profile = Profile(tmp_path / "profiles")
    folder = _with_socket(profile.path, tmp_path / name)
    assert profile.delete()
    assert not folder.exists()


def test_only_a_browsers_own_folder_is_touched(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profiles")
    folder = _with_socket(profile.path, tmp_path / "somebody-elses")
    assert profile.delete()
    assert sorted(p.name for p in folder.iterdir()) == ["SingletonCookie", "SingletonSocket"]


def test_whatever_else_lies_in_that_folder_stays(tmp_path: Path) -> None:
    profile = Profile(tmp_path / "profiles")
    folder = _with_socket(profile.path, tmp_path / "org.chromium.Chromium.aB3xYz")
    (folder / "letter").write_text("dear")
    assert profile.delete()
    assert (folder / "letter").read_text() == "dear"


def test_a_profile_that_is_just_being_made_is_left(tmp_path: Path) -> None:
    """Two instances may be signed in to at once: the sweep of one must not take the folder the other is about to lock."""
    (tmp_path / "window-0123").mkdir()
    assert sweep(tmp_path) == 0
    os.utime(tmp_path / "window-0123", (time.time() - 120, time.time() - 120))
    assert sweep(tmp_path) == 1


def test_a_clock_that_was_set_back_keeps_no_profile(tmp_path: Path) -> None:
    left = tmp_path / "window-0123"
    left.mkdir()
    os.utime(left, (time.time() + 6 * 3600, time.time() + 6 * 3600))
    assert sweep(tmp_path) == 1


def test_a_profile_that_cannot_be_held_is_not_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a full disk: the folder can be made, no file in it."""

    def full(*_: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("exoalias.adapters.browser.janitor.os.open", full)
    with pytest.raises(OSError, match="No space left"):
        Profile(tmp_path / "profiles")
    monkeypatch.undo()
    assert list((tmp_path / "profiles").iterdir()) == []


def test_profiles_made_while_others_sweep_stay(tmp_path: Path) -> None:
    over = threading.Event()

    def keep_sweeping() -> None:
        while not over.is_set():
            sweep(tmp_path)

    sweepers = [threading.Thread(target=keep_sweeping) for _ in range(2)]
    for each in sweepers:
        each.start()
    try:
        profiles = [Profile(tmp_path) for _ in range(200)]
        assert all((profile.path / ".in-use").exists() for profile in profiles)
    finally:
        over.set()
        for each in sweepers:
            each.join()
    assert all(profile.delete() for profile in profiles)
