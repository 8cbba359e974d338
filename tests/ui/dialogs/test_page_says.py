"""Error pages explained beside a sign-in."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from exoalias.domain.strategies import DEVICE_CODES

if TYPE_CHECKING:
    from tests.ui.hands import App, Face

from tests.ui import stories
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


def test_an_error_about_the_device_offers_the_managed_device_during_a_sign_in(face: Face, app: App) -> None:
    """What is under way is cancelled first; then the same credentials are begun again."""
    app.sign_in_does = lambda _names, _tell, control: print([control.typed(20)])
    start_sign_in(face, app)
    face.wait(lambda: face.focus() == "sign-in-cancel")
    face.find("sign-in-page-says").click()
    face.find("page-says-text").setText("AADSTS50126")
    assert not face.find("page-says-device").isVisible()
    face.find("page-says-text").setText("AADSTS53000: the device …")
    assert face.find("page-says-device").isVisible()
    app.sign_in_does = None
    face.find("page-says-device").click()
    face.wait(lambda: ("sign-in", stories.NAME, ("MS Graph 1", "MS Graph 2"), "managed-device") in app.calls)
    face.idle()


def test_outside_a_sign_in_nothing_is_offered(face: Face) -> None:
    face.window.actions_by_verb.by_name["verb-explain"].trigger()
    for code in sorted(DEVICE_CODES):
        face.find("page-says-text").setText(code)
        assert not face.find("page-says-device").isVisible()
