"""One settings file: the old or the new one, never half; what can't be read is left as it is."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.settings_file import read, remove, replace, signature_of, text_of
from exoalias.domain.problems import BadSettings

if TYPE_CHECKING:
    from pathlib import Path


def test_what_is_written_comes_back(tmp_path: Path) -> None:
    file = tmp_path / "below" / "f.toml"
    assert read(file) == {}
    assert signature_of(file) is None
    replace(file, text_of({"a": {"b": ["ü"]}}))
    assert read(file) == {"a": {"b": ["ü"]}}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    before = signature_of(file)
    replace(file, text_of({"a": {"b": ["u"]}}))
    assert signature_of(file) != before


@pytest.mark.parametrize("content", [b"[a\n", b"\xff\xfe", b"a = 1\na = 2\n"])
def test_a_broken_file_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "f.toml"
    file.write_bytes(content)
    with pytest.raises(BadSettings, match=r"f\.toml"):
        read(file)
    assert file.read_bytes() == content


def test_a_write_that_fails_leaves_nothing_beside(tmp_path: Path) -> None:
    (tmp_path / "f.toml").mkdir()
    with pytest.raises(OSError, match=r"f\.toml"):
        replace(tmp_path / "f.toml", "a = 1")
    assert [path.name for path in tmp_path.iterdir()] == ["f.toml"]


def test_a_file_goes_with_its_empty_folder_and_what_a_killed_run_left(tmp_path: Path) -> None:
    file = tmp_path / "below" / "f.toml"
    replace(file, "a = 1")
    (file.parent / "f.tomlabc.new").write_text("half")
    remove(file)
    assert not file.parent.exists()
    replace(file, "a = 1")
    (file.parent / "of-somebody-else").write_text("kept")
    remove(file)
    assert os.listdir(file.parent) == ["of-somebody-else"]  # noqa: PTH208 - names are what is looked at
    remove(file)
