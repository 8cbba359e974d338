"""Where the bell hangs, and who may ring it."""

from __future__ import annotations

import os
import shutil
import socket
import stat
import tempfile
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.machine.bell import DONE, LONGEST_PATH, WORD, NoPlace, address, ring

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def short() -> Iterator[Path]:
    """A folder whose path leaves room for a socket's."""
    folder = Path(tempfile.mkdtemp(prefix="bell-"))
    yield folder
    shutil.rmtree(folder)


def test_it_hangs_in_the_runtime_folder(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    here, there = address(short / "one"), address(short / "other")
    assert here != there
    assert here == address(short / "x" / ".." / "one")
    folder = Path(here).parent
    assert folder == short / "exoalias"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_without_one_it_hangs_with_the_state(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    assert Path(address(short)).parent == short / "run"


def test_a_long_path_leads_elsewhere(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    deep = short / ("long" * 30)
    deep.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(deep))
    where = address(deep)
    assert len(os.fsencode(where)) <= LONGEST_PATH
    assert stat.S_IMODE(Path(where).parent.stat().st_mode) == 0o700
    assert not (deep / "run").exists()


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o707])
def test_a_folder_that_others_may_enter_is_not_used(short: Path, monkeypatch: pytest.MonkeyPatch, mode: int) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    (short / "exoalias").mkdir()
    (short / "exoalias").chmod(mode)
    assert Path(address(short)).parent == short / "run"


def test_a_link_is_not_followed(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(short))
    (short / "elsewhere").mkdir(mode=0o700)
    (short / "exoalias").symlink_to(short / "elsewhere")
    (short / "run").write_text("in the way")
    assert Path(address(short)).parent not in {short / "exoalias", short / "run"}


def test_no_place_at_all(short: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("exoalias.adapters.machine.bell._own", lambda _folder: False)
    with pytest.raises(NoPlace):
        address(short)


@pytest.mark.parametrize(("answer", "heard"), [(DONE, True), (b"no\n", False), (b"", False)])
def test_ringing(short: Path, answer: bytes, heard: bool) -> None:
    said: list[bytes] = []
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short / "b"))
        listener.listen()

        def serve() -> None:
            caller, _name = listener.accept()
            with caller:
                said.append(caller.recv(100))
                caller.sendall(answer)

        serving = Thread(target=serve)
        serving.start()
        assert ring(str(short / "b"), 5) is heard
        serving.join()
    assert said == [WORD]
    assert ring(str(short / "b"), 5) is False  # a socket nobody listens on any more
    assert ring(str(short / "none"), 5) is False


def test_ringing_does_not_wait_for_ever(short: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(short / "b"))
        listener.listen()
        assert ring(str(short / "b"), 0.1) is False
