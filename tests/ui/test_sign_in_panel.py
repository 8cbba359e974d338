"""The panel between two browser windows."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt

from exoalias.domain.events import Phase, Progress, SignInPhase, TokenStored
from exoalias.domain.problems import Cancelled
from exoalias.domain.target import Tier
from tests.ui import stories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face

from tests.ui.hands import start_sign_in


def test_the_panel_says_who_which_window_and_how_long(face: Face, app: App) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(Progress("Reading what the sign-in must match"))
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.MICROSOFT, 125.0, instance_window_user="ada.keller"))
        begun.set()
        assert go_on.wait(20)
        for at, name in ((stories.GRAPH_1, "MS Graph 1"), (stories.GRAPH_2, "MS Graph 2")):
            tell(TokenStored(at, name, stories.UPN, stories.OBJECT_ID, Tier.ENTERED, True))

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: begun.is_set() and face.find("sign-in-phase").text().startswith("Waiting for the delegated user"))
    assert face.find("sign-in-title").text() == "Signing in MS Graph 1 (1 of 2)"
    assert face.window.header.line.text() == face.find("sign-in-phase").text(), "what was done before it is over"
    assert face.find("sign-in-upn").text() == stories.UPN
    assert stories.OBJECT_ID in face.find("sign-in-object-id").text()
    assert face.find("sign-in-time").text() in {"2:05 left", "2:04 left"}
    panel = face.find("sign-in-panel")
    assert panel.instance.accessibleName() == "ServiceNow window: done"
    assert panel.microsoft.accessibleName() == "Microsoft window: your turn"
    face.wait(lambda: face.find("sign-in-time").text() <= "2:03 left")
    go_on.set()
    face.idle()
    assert face.find("banner-title").text() == "Signed in. The tokens belong to the delegated user."
    assert not panel.isVisible()


def test_cancel_is_a_wish_and_the_verb_ends_itself(face: Face, app: App) -> None:
    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.MICROSOFT, 600.0))
        while not control.cancelled:
            threading.Event().wait(0.01)
        raise Cancelled(credential="MS Graph 1")

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.focus() == "sign-in-cancel" and "Waiting" in face.find("sign-in-phase").text())
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert face.find("banner-title").text() == "Cancelled"
    assert "Nothing was stored" in face.find("banner-words").text()
    assert face.desk.here.status is not None  # type: ignore[union-attr] # an instance is there


def test_continue_appears_when_offered_and_is_passed_on(face: Face, app: App) -> None:
    wishes: list[str | None] = []

    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.INSTANCE, 600.0, can_continue=True))
        while (wish := control.next_wish()) is None:
            threading.Event().wait(0.01)
        wishes.append(wish)

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.find("sign-in-continue").isVisible())
    face.find("sign-in-continue").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert wishes == ["continue"]
