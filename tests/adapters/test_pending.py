"""The record of a change of several files: it comes back whole, or is refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.pending import Change, Move, Pending
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
    pending.done()
    assert pending.read() is None
    pending.done()


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
    pending.path.write_text(json.dumps(said), "utf-8")
    with pytest.raises(BadSettings, match="f.pending"):
        pending.read()


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_refused(tmp_path: Path, content: bytes) -> None:
    pending = Pending(tmp_path / "f.pending")
    pending.path.write_bytes(content)
    with pytest.raises(BadSettings):
        pending.read()
