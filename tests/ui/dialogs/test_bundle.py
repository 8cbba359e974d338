"""The bundle is shown in full, and saved as it was shown."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from exoalias.app.support import Bundle, Part
from exoalias.ui.dialogs.bundle import BundleView

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

LINES = "\n".join(f'{{"at":"2026-03-04T12:00:00.{n:03}Z","event":"http"}}' for n in range(400)) + "\n"
README = "A support bundle.\n\n  indented   twice\n"
BUNDLE = Bundle(
    (Part("README.txt", "What is in it.", README), Part("log/exoalias-20260304.log", "The log.", LINES)),
    (("instance-badolemi", "birkenfeld production"),),
    "names and secrets.",
)  # fmt: skip


@pytest.fixture
def view(qtbot: QtBot) -> BundleView:
    made = BundleView()
    qtbot.addWidget(made)
    made.show()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_before_it_is_collected_nothing_can_be_saved(view: BundleView, tmp_path: Path) -> None:
    assert not view.save.isEnabled()
    view.save_to(tmp_path / "b.zip")
    assert not (tmp_path / "b.zip").exists()
    view.say("It can't be collected.")
    assert view.says.text() == "It can't be collected."


def test_what_is_saved_is_what_was_shown_byte_for_byte(view: BundleView, tmp_path: Path) -> None:
    view.draw(BUNDLE)
    shown = {}
    for row in range(view.files.count()):
        view.files.setCurrentRow(row)
        shown[view.files.item(row).text().partition("  (")[0]] = view.text.toPlainText().encode()
    path = tmp_path / "b.zip"
    view.save_to(path)
    with zipfile.ZipFile(path) as archive:
        saved = {name: archive.read(name) for name in archive.namelist()}
    screen_only = shown.pop("Who is who (not saved)")
    assert saved == shown
    assert b"birkenfeld" in screen_only
    assert b"birkenfeld" not in path.read_bytes()
    assert str(path) in view.says.text()
    assert "names and secrets." in view.left_out.text()


def test_a_file_the_person_agreed_to_replace(view: BundleView, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    path.write_text("older")
    view.draw(BUNDLE)
    view.save_to(path)
    assert path.read_bytes() == BUNDLE.packed()
    view.save_to(tmp_path / "none" / "b.zip")
    assert "can't be written" in view.says.text()
    (tmp_path / "folder").mkdir()
    view.save_to(tmp_path / "folder")
    assert "can't be replaced" in view.says.text()


def test_by_keyboard_alone(view: BundleView, qtbot: QtBot, tmp_path: Path) -> None:
    view.draw(BUNDLE)
    assert QApplication.focusWidget() is view.files
    assert view.text.toPlainText().startswith("A support bundle.")
    QTest.keyClick(view.files, Qt.Key.Key_Down)
    assert view.text.toPlainText() == LINES
    QTest.keyClick(view.files, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.text
    QTest.keyClick(view.text, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is view.save
    QTest.keyClick(view.save, Qt.Key.Key_Space)
    asked = view.findChild(QFileDialog)
    assert asked is not None
    asked.fileSelected.emit(str(tmp_path / "b.zip"))
    asked.reject()
    assert (tmp_path / "b.zip").read_bytes() == BUNDLE.packed()
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert not view.isVisible()
