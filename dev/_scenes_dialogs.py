"""The dialogs that a menu opens, and the panel of a person's own sign-in, drawn like the other states."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.domain.events import Door, DoorPhase
from exoalias.domain.ladder import Rung, Source, resolve
from exoalias.ui.dialogs.ask import Ask
from exoalias.ui.dialogs.code_question import CodeDialog
from exoalias.ui.dialogs.owner_form import OwnerForm
from exoalias.ui.dialogs.pin_form import PinForm
from exoalias.ui.dialogs.proxy_form import ProxyForm
from exoalias.ui.dialogs.settings_page import SettingsPage
from exoalias.ui.door_panel import DoorPanel
from exoalias.ui.words import _
from tests.ui import judged, stories

if TYPE_CHECKING:
    from collections.abc import Callable

    from _scenes import Scene

_FILE = "/home/ada/.config/exoalias/exoalias.toml"
_POLICY = "/etc/exoalias/policy.toml"


def _checked(scene: Scene) -> None:
    scene.known(*judged.both())


def settings(scene: Scene) -> None:
    _checked(scene)
    rungs = (Source(Rung.USER, _FILE, {"appearance": "dark"}), Source(Rung.FIXED, _POLICY, {"unlock_minutes": 15}))
    scene.show(SettingsPage(resolve(rungs), _FILE, scene.window))


def pinned(scene: Scene) -> None:
    _checked(scene)
    scene.show(PinForm(stories.NAME, stories.PIN, scene.window))


def owner(scene: Scene) -> None:
    _checked(scene)
    form = scene.show(OwnerForm(stories.NAME, ("MS Graph 1", "MS Graph 2"), scene.window))
    form.script.setPlainText("\n".join(f"// line {number} of a script that only reads" for number in range(1, 30)))
    form.copy.setEnabled(True)


def one_time_code(scene: Scene) -> None:
    _checked(scene)
    scene.show(CodeDialog(stories.NAME, "ada.keller", scene.window))


def proxy(scene: Scene) -> None:
    _checked(scene)
    scene.show(ProxyForm("http://proxy.birkenfeld.example:8080", "ada", "Secret Service", scene.window))


def removing(scene: Scene) -> None:
    _checked(scene)
    words = _(
        "exoalias forgets {name}, its password in the keyring, and what was proven about its tokens. Nothing is changed on the "
        "instance.",
        name=stories.NAME,
    )
    scene.show(Ask(_("Remove {name}?", name=stories.NAME), words, _("&Remove"), scene.window))


def at_the_door(scene: Scene) -> None:
    scene.known(None, None)
    panel = DoorPanel()
    panel.move_on(DoorPhase(stories.NAME, stories.ORIGIN, Door.WAITING, 571, can_continue=True))
    scene.window.stage.show_only(panel)


SCENES: dict[str, Callable[[Scene], None]] = {
    "settings": settings,
    "pinned": pinned,
    "owner": owner,
    "one-time-code": one_time_code,
    "proxy": proxy,
    "removing": removing,
    "at-the-door": at_the_door,
}
