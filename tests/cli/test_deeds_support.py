"""``exoalias support``: shown in full, saved as shown."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.program import Program


@pytest.fixture
def known(program: Program) -> Program:
    """A program that knows an instance."""
    folder = program.home / "config"
    folder.mkdir(parents=True)
    (folder / "exoalias.toml").write_text(
        '[instance."zwiebelfisch"]\norigin = "https://zwiebelfisch.service-now.com"\nuser = "adm"\n'
    )
    return program


def test_it_is_shown_and_saved_byte_for_byte(known: Program, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    ended = known.run("--this-run-only", "support", str(path), "--yes")
    assert ended.code == 0, ended.err
    with zipfile.ZipFile(path) as archive:
        files = {info.filename: archive.read(info).decode("ascii") for info in archive.infolist()}
    shown = "".join(f"=== {name} ({len(text)} bytes)\n{text}\n" for name, text in files.items())
    assert ended.out == shown
    assert "zwiebelfisch" not in shown
    assert "is zwiebelfisch" in ended.err
    assert "Not in it:" in ended.err
    assert f"Saved to {path}" in ended.err
    assert known.run("--this-run-only", "support", str(path), "--yes").code == 2, "it is there already"


def test_the_preview_writes_nothing(known: Program, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    for arguments in (("--preview", str(path)), ()):
        ended = known.run("--this-run-only", "support", *arguments)
        assert ended.code == 0
        assert "=== README.txt" in ended.out
        assert not path.exists()


def test_nobody_is_asked_where_nobody_is(known: Program, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    ended = known.run("--this-run-only", "--non-interactive", "support", str(path))
    assert ended.code == 2
    assert "--yes" in ended.err
    assert not path.exists()
    assert known.run("--this-run-only", "support", "a", "b").code == 2


def test_in_json_it_holds_the_same(known: Program, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    document = known.run("--this-run-only", "support", str(path), "--yes", "--json").document
    assert document["result"]["saved"] == str(path)
    with zipfile.ZipFile(path) as archive:
        assert {f["name"]: f["text"].encode() for f in document["result"]["files"]} == {
            n: archive.read(n) for n in archive.namelist()
        }


def test_a_broken_world_still_gives_a_bundle(program: Program) -> None:
    """Settings nobody can read are when help is wanted most."""
    folder = program.home / "config"
    folder.mkdir(parents=True)
    (folder / "exoalias.toml").write_text("zwiebelfisch [")
    ended = program.run("--this-run-only", "support")
    assert ended.code == 0, ended.err
    assert "bad-settings" in ended.out
    assert "zwiebelfisch" not in ended.out
