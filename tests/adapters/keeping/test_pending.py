"""The record of a change of several files: it comes back whole, or is refused."""

from __future__ import annotations

import json
import stat
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.pending import Change, Move, Pending
from exoalias.domain.problems import BadSettings

if TYPE_CHECKING:
    from pathlib import Path

CHANGE = Change({"": "a = 1\n", "acme-0123": None}, (Move("prod", "Acme", "Ünion"), Move("test", "", "Acme")))
GOOD = {"v": 1, "files": {"": "a = 1"}, "moves": []}


def test_it_comes_back_and_goes(tmp_path: Path) -> None:
    pending = Pending(tmp_path / "f.pending")
    assert pending.read() is None
    pending.write(CHANGE)
    assert pending.read() == CHANGE
    assert stat.S_IMODE(pending.path.stat().st_mode) == 0o600
    pending.leave(CHANGE.moves[:1])
    assert pending.read() == Change({}, CHANGE.moves[:1])
    pending.done()
    assert pending.read() is None
    pending.done()


def test_one_that_was_never_finished_is_forgotten(tmp_path: Path) -> None:
    pending = Pending(tmp_path / "f.pending")
    pending.write(CHANGE)
    whole = pending.path.read_bytes()
    for end in range(len(whole)):
        pending.path.write_bytes(whole[:end])
        assert pending.read() is None
        assert not pending.path.exists()
    pending.path.write_bytes(whole)
    assert pending.read() == CHANGE


@pytest.mark.parametrize(
    "said",
    [
        [],
        {**GOOD, "v": 2},
        {**GOOD, "files": {"../../etc": "x"}},
        {**GOOD, "files": {"Acme": "x"}},
        {**GOOD, "files": {"": 7}},
        {**GOOD, "moves": [["a", "b"]]},
        {**GOOD, "moves": 3},
        {"v": 1},
    ],
)
def test_anything_else_is_refused(tmp_path: Path, said: object) -> None:
    pending = Pending(tmp_path / "f.pending")
    text = json.dumps(said)
    pending.path.write_text(f"{text}\n{sha256(text.encode()).hexdigest()}", "utf-8")
    with pytest.raises(BadSettings, match=r"f\.pending"):
        pending.read()
