"""Error pages explained beside a sign-in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui.hands import start_sign_in


def test_the_page_can_be_explained_during_a_sign_in(face: Face, app: App) -> None:
    hold = threading.Event()
    app.sign_in_does = lambda _names, _tell, _control: print(hold.wait(20))
    start_sign_in(face, app)
    face.wait(lambda: face.focus() == "sign-in-cancel")
    face.find("sign-in-page-says").click()
    assert not face.dialog.isModal(), "it must not stand in the way of Cancel"
    face.find("page-says-text").setFocus()
    face.write("error AADSTS50126 and so on")
    assert "AADSTS50126" in face.find("page-says-title").text()
    assert "whoever signs in" in face.find("page-says-who").text()
    hold.set()
    face.idle()
