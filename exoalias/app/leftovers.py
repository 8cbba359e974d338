"""What a program that was killed left behind: profiles of its sign-in windows, with the sessions of whoever signed in there."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from exoalias.adapters.browser import find, janitor
from exoalias.adapters.browser.launch import profiles_of
from exoalias.domain.problems import NoBrowser

if TYPE_CHECKING:
    from exoalias.app.world import World


def sweep(world: World) -> int:
    """Delete them, wherever the browser of this machine may have them; how many. Those in use are left."""
    usual = world.places.cache / "sign-in"
    folders = {usual}
    with contextlib.suppress(NoBrowser):
        folders |= {profiles_of(browser, usual) for browser in find.candidates(world.browser)}
    return sum(janitor.sweep(folder) for folder in folders)
