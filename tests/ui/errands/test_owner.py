"""Whose token is it? The form opens with the first credential's script; an answer is compared by a worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.problems import InstanceCannotTell
from exoalias.ui.dialogs.owner_form import OwnerForm
from tests.ui import stories
from tests.ui.hands import CTRL, checked, with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

SHIFT = Qt.KeyboardModifier.ShiftModifier


def opened(face: Face, app: App) -> OwnerForm:
    with_instance(app, profiles=True)
    checked(face)
    face.key(Qt.Key.Key_W, CTRL | SHIFT)
    face.idle()
    form = face.dialog
    assert isinstance(form, OwnerForm)
    return form


def test_the_script_of_the_first_credential_is_there(face: Face, app: App) -> None:
    form = opened(face, app)
    assert form.script.toPlainText() == "// for MS Graph 1"
    form.credential.setCurrentText("MS Graph 2")
    face.idle()
    assert form.script.toPlainText() == "// for MS Graph 2"
    assert ("owner-script", stories.NAME, "MS Graph 2") in app.calls


def test_an_answer_is_compared_and_the_form_closes(face: Face, app: App) -> None:
    form = opened(face, app)
    form.answer.setPlainText("exoalias-answer 1 …")
    form.go.click()
    face.idle()
    assert ("owner-answer", stories.NAME, "exoalias-answer 1 …") in app.calls
    assert face.dialog is None


def test_an_answer_that_can_not_be_used_stays_in_the_form(face: Face, app: App) -> None:
    form = opened(face, app)
    app.owner_problem = InstanceCannotTell(credential="MS Graph 1", why="it holds no access token just now")
    form.answer.setPlainText("exoalias-answer 1 …")
    form.go.click()
    face.idle()
    assert form.isVisible()
    assert "can't tell" in form.says.text()


def test_without_an_instance_nothing_is_asked(face: Face) -> None:
    from exoalias.ui.errands.owner import Owner

    face.open()
    face.conductor.errands.of(Owner).owner()
    assert face.dialog is None
