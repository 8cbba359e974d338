"""Folders for this user alone."""

from __future__ import annotations

import stat
import threading
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.folders import private

if TYPE_CHECKING:
    from pathlib import Path


def mode(folder: Path) -> int:
    return stat.S_IMODE(folder.stat().st_mode)


def test_every_folder_on_the_way_is_private(tmp_path: Path) -> None:
    private(tmp_path / "a" / "b" / "c")
    assert [mode(tmp_path / name) for name in ("a", "a/b", "a/b/c")] == [0o700] * 3


def test_what_is_there_stays_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir(mode=0o755)
    (tmp_path / "a").chmod(0o755)
    private(tmp_path / "a" / "b")
    private(tmp_path / "a" / "b")
    assert (mode(tmp_path / "a"), mode(tmp_path / "a" / "b")) == (0o755, 0o700)


def test_several_at_once_make_it_once(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "c"
    threads = [threading.Thread(target=private, args=(folder,)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mode(folder) == 0o700


def test_a_file_in_the_way_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("x")
    for folder in (tmp_path / "a", tmp_path / "a" / "b"):
        with pytest.raises(OSError, match="directory"):
            private(folder)
