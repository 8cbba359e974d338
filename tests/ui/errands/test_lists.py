"""Lists in files, with the app's own export and import on a real settings file."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtWidgets import QFileDialog

from exoalias.adapters.keeping.settings import Places
from exoalias.app import exchange
from exoalias.app.world import World
from exoalias.ui.errands.lists import Lists
from exoalias.ui.known import Over
from exoalias.ui.verbs import Verbs
from tests.ui.crowd import entry

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ui.hands import App, Face

ONES = (entry("p", "B", "production"), entry("t", "B", "test"), entry("o", "A"))


@pytest.fixture(autouse=True)
def _own_dialogs() -> Iterator[None]:
    """Qt's own file dialog: the platform's can't be looked into."""
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, True)
    yield
    QCoreApplication.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs, False)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    made = World.real(places=Places.below(tmp_path / "home"), this_run_only=True)
    made.book.put_all(ONES)
    yield made
    made.close()


@pytest.fixture
def lists(face: Face, app: App, world: World) -> Lists:
    """The window on that world, with the app's own verbs on lists."""
    own = Verbs()
    face.desk.verbs = app.verbs()._replace(
        open_world=lambda: world,
        listing=lambda w: w.book.all(),
        unlocked=own.unlocked,
        troubles=own.troubles,
        export_list=own.export_list,
        read_list=own.read_list,
        import_list=own.import_list,
    )
    face.open()
    return face.conductor.errands.of(Lists)


def choose(face: Face, path: Path) -> None:
    dialog = cast("QFileDialog", face.dialog)
    assert isinstance(dialog, QFileDialog)
    dialog.setDirectory(str(path.parent))
    dialog.selectFile(path.name)
    dialog.fileSelected.emit(str(path))
    dialog.close()
    face.idle()


def test_all_are_written_without_a_secret_for_nobody_else_to_read(face: Face, lists: Lists, world: World, tmp_path: Path) -> None:
    path = tmp_path / "out.toml"
    face.window.actions_by_verb.by_name["verb-export"].trigger()
    choose(face, path)
    assert path.read_text("utf-8") == exchange.export_list(world)
    if os.name == "posix":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "holds no secret" in face.window.statusBar().currentMessage()
    assert not path.with_name("out.toml.new").exists()


def test_above_a_customer_its_own_are_written(face: Face, lists: Lists, world: World, tmp_path: Path) -> None:
    face.desk.rise(Over("B"))
    lists.export()
    choose(face, tmp_path / "out.toml")
    assert (tmp_path / "out.toml").read_text("utf-8") == exchange.export_list(world, "B")


def test_a_place_that_can_not_be_written_is_said(face: Face, lists: Lists, tmp_path: Path) -> None:
    lists.export()
    choose(face, tmp_path / "nowhere" / "out.toml")
    assert "could not be written" in face.window.statusBar().currentMessage()


def made(world: World, tmp_path: Path, text: str = "") -> Path:
    path = tmp_path / "in.toml"
    path.write_text(text or exchange.export_list(world), "utf-8")
    return path


def test_a_list_is_shown_and_then_taken(face: Face, lists: Lists, world: World, tmp_path: Path) -> None:
    path = made(world, tmp_path)
    world.book.remove("o")
    face.desk.list_again(world.book.all())
    face.window.actions_by_verb.by_name["verb-import"].trigger()
    choose(face, path)
    assert face.dialog.objectName() == "list-preview"
    assert "o" not in face.desk.known, "nothing was taken yet"
    assert face.find("list-go").text() == "&Import 1 instance"
    face.find("list-go").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert face.dialog is None
    assert set(face.desk.known) == {"p", "t", "o"}
    assert face.window.statusBar().currentMessage() == "1 instance was taken."


def test_known_ones_are_changed_only_when_the_person_says_so(face: Face, lists: Lists, world: World, tmp_path: Path) -> None:
    path = made(world, tmp_path)
    world.book.put(ONES[1]._replace(kind="development"))
    lists.take()
    choose(face, path)
    assert not face.find("list-go").isEnabled()
    assert "refused" in face.find("list-says").text()
    face.find("list-replace").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert face.find("list-go").isEnabled()
    face.find("list-go").click()
    face.idle()
    assert world.book.get("t").kind == "test"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no list at all [", "no TOML"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b'format = "exoalias-instances"\nschema = 1\n[[instance]]\nname = "x"\npassword = "p"\n', "Secrets are not taken"),
        (b"#" * (17 * 1024 * 1024), "larger than any list"),
    ],
)
def test_a_file_that_is_no_list_says_why(face: Face, lists: Lists, tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "in.toml"
    path.write_bytes(content)
    lists.take()
    choose(face, path)
    assert said in face.find("list-says").text()
    assert not face.find("list-go").isEnabled()
    assert '"p"' not in face.find("list-says").text()


def test_a_file_that_is_gone_says_so(face: Face, lists: Lists, tmp_path: Path) -> None:
    lists._preview(str(tmp_path / "gone.toml"))
    face.idle()
    assert "can't be read" in face.find("list-says").text()


def test_a_preview_that_was_closed_is_not_touched(face: Face, lists: Lists, world: World, tmp_path: Path) -> None:
    lists._preview(str(made(world, tmp_path)))
    face.dialog.close()
    face.idle()
    assert face.dialog is None
