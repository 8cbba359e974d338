"""From the menu to the keyring and back: the proxy's user and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.settings import Places
from exoalias.app.proxy_login import keep_login, login_of
from exoalias.app.world import World
from exoalias.ui.dialogs.proxy_form import ProxyForm

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.ui.hands import Face


@pytest.fixture
def world(face: Face, tmp_path: Path) -> Iterator[World]:
    """The window on a real world with a proxy set and secrets in memory."""
    face.open()
    made = World.real(places=Places.below(tmp_path), flags={"keep_secrets": "no", "proxy": "proxy.example:8080"})
    face.desk.world = made
    face.window.draw()
    yield made
    made.close()


def opened(face: Face) -> ProxyForm:
    face.window.actions_by_verb.by_name["verb-proxy"].trigger()
    face.wait(lambda: isinstance(face.dialog, ProxyForm))
    form = face.dialog
    assert isinstance(form, ProxyForm)
    return form


def test_typed_it_is_kept_and_emptied_it_is_forgotten(face: Face, world: World) -> None:
    form = opened(face)
    QTest.keyClicks(form.user, "me")
    QTest.keyClicks(form.password, "pa55word")
    QTest.keyClick(form.password, Qt.Key.Key_Return)
    face.wait(lambda: face.dialog is None)
    login = login_of(world.vault, "proxy.example:8080")
    assert login is not None
    assert (login[0], login[1].reveal()) == ("me", "pa55word")

    form = opened(face)
    assert form.user.text() == "me"
    assert form.password.text() == ""
    form.user.clear()
    QTest.keyClick(form.user, Qt.Key.Key_Return)
    face.wait(lambda: face.dialog is None)
    assert login_of(world.vault, "proxy.example:8080") is None


def test_refused_it_stays_open_with_what_was_typed(face: Face, world: World) -> None:
    form = opened(face)
    QTest.keyClicks(form.user, "a:b")
    QTest.keyClicks(form.password, "x")
    QTest.keyClick(form.password, Qt.Key.Key_Return)
    face.wait(lambda: "user name" in form.says.text())
    assert form.user.text() == "a:b"
    assert login_of(world.vault, "proxy.example:8080") is None
    form.reject()


def test_without_a_proxy_it_is_said(face: Face, tmp_path: Path) -> None:
    face.open()
    made = face.desk.world = World.real(places=Places.below(tmp_path), flags={"keep_secrets": "no"})
    face.window.draw()
    face.window.actions_by_verb.by_name["verb-proxy"].trigger()
    face.wait(lambda: "No proxy is set" in face.window.statusBar().currentMessage())
    keep = Secret("x")
    with pytest.raises(Exception, match="No proxy is set"):
        keep_login(made, "me", keep)
    made.close()
