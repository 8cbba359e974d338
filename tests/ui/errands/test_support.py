"""The menu's *Support bundle …* collects in a worker and shows it; also where no world could be opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.app.support import Bundle, Part
from exoalias.domain.problems import BadSettings
from exoalias.ui.dialogs.bundle import BundleView

if TYPE_CHECKING:
    from exoalias.app.world import World
    from tests.ui.hands import Face

BUNDLE = Bundle((Part("README.txt", "What is in it.", "A support bundle.\n"),))


def test_it_is_collected_and_shown(face: Face) -> None:
    worlds: list[World | None] = []

    def collect(world: World | None) -> Bundle:
        worlds.append(world)
        return BUNDLE

    face.desk.verbs = face.desk.verbs._replace(support=collect)
    face.window.actions_by_verb.by_name["verb-support"].trigger()
    view = face.dialog
    assert isinstance(view, BundleView)
    face.idle()
    assert view.text.toPlainText() == "A support bundle.\n"
    assert worlds == [None], "the world is not open yet"


def test_why_there_is_none(face: Face) -> None:
    def refuse(_world: World | None) -> Bundle:
        raise BadSettings(path="x", why="y")

    face.desk.verbs = face.desk.verbs._replace(support=refuse)
    face.window.actions_by_verb.by_name["verb-support"].trigger()
    view = face.dialog
    face.idle()
    assert "can't be read" in view.says.text()
    assert not view.save.isEnabled()


def test_a_view_closed_meanwhile_is_left_alone(face: Face) -> None:
    face.desk.verbs = face.desk.verbs._replace(support=lambda _world: BUNDLE)
    face.window.actions_by_verb.by_name["verb-support"].trigger()
    face.dialog.reject()
    face.idle()
    assert face.dialog is None
