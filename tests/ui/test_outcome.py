"""How things end, said."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from exoalias.domain.checklist import Status
from exoalias.domain.problems import Hibernating, WrongTenant, WrongUser
from tests.ui import stories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face

from tests.ui.hands import checked, start_sign_in, with_instance


def test_a_wrong_user_is_refused_calmly_and_unmistakably(face: Face, app: App) -> None:
    def does(_names: Sequence[str], _tell: Tell, _control: Control) -> None:
        raise WrongUser(credential="MS Graph 1", upn=stories.UPN, expected=stories.OBJECT_ID, actual=stories.OTHER_ID)

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.window.findChild(QLabel, "banner-title") is not None)
    face.idle()
    assert face.find("banner-title").text() == "Not the delegated user. Nothing was stored for MS Graph 1."
    assert [face.find(f"banner-fact-{n}").text() for n in range(3)] == [stories.UPN, stories.OBJECT_ID, stories.OTHER_ID]
    assert face.focus() == "banner-again"
    app.sign_in_does = None
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert [c[0] for c in app.calls] == ["check", "sign-in", "sign-in"]


def test_a_wrong_tenant_says_nothing_was_stored_once(face: Face, app: App) -> None:
    app.sign_in_does = None
    with_instance(app, profiles=True)
    checked(face)
    app.problem = WrongTenant(credential="MS Graph 1", upn=stories.UPN, expected="t1", actual="t2")
    face.window.header.main.click()
    face.wait(lambda: face.window.findChild(QLabel, "banner-title") is not None)
    face.idle()
    assert "Nothing was stored" in face.find("banner-title").text()
    assert "Nothing was stored" not in face.find("banner-words").text()


def test_a_problem_is_said_with_its_remedy_and_can_be_tried_again(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert "hibernating" in face.find("banner-words").text()
    assert "developer.servicenow.com" in face.find("banner-remedy").text()
    assert face.desk.here.status is Status.CANNOT_TELL  # type: ignore[union-attr] # an instance is there
    assert face.focus() == "banner-again"
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert not face.window.stage.isVisible()
    assert face.desk.here.checklist is not None  # type: ignore[union-attr] # as above
