"""Every verb of the product is in the window's menus, with a name, a tip and keys of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.app.verbs import VERBS
from exoalias.ui.actions import MENUS, SEPARATOR
from tests.ui.hands import with_instance

if TYPE_CHECKING:
    from tests.ui.hands import App, Face


def test_every_verb_has_its_action(face: Face) -> None:
    assert {verb.window for verb in VERBS} <= set(face.window.actions_by_verb.by_name)
    for verb in VERBS:
        assert face.window.actions_by_verb.by_name[verb.window].objectName() == verb.window


def test_no_key_has_two_meanings(face: Face) -> None:
    keys = [key.toString() for action in face.window.actions_by_verb.by_name.values() for key in action.shortcuts()]
    assert len(keys) == len(set(keys))
    assert all(keys)


def test_no_two_lines_of_a_menu_share_a_letter() -> None:
    for title, entries in MENUS:
        letters = [e.text[e.text.index("&") + 1].lower() for e in entries if e is not SEPARATOR]
        assert len(letters) == len(set(letters)), title
    tops = [title[title.index("&") + 1].lower() for title, _entries in MENUS]
    assert len(tops) == len(set(tops))


def test_what_cannot_be_done_now_is_disabled(face: Face, app: App) -> None:
    by_name = face.window.actions_by_verb.by_name
    assert not by_name["verb-instance-add"].isEnabled()
    assert by_name["verb-demo"].isEnabled()
    with_instance(app)
    face.open()
    assert by_name["verb-check"].isEnabled()
    assert not by_name["verb-plan"].isEnabled(), "there is no plan before a check"
    face.desk.check()
    assert not by_name["verb-check"].isEnabled(), "one verb at a time"
    face.idle()
    assert by_name["verb-plan"].isEnabled()
