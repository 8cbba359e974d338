"""exoalias: no verb opens the window, a verb speaks in the terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from exoalias.app.far_side import FarSide
    from exoalias.app.world import World


def main() -> int:
    """The program ``exoalias``."""
    if not sys.argv[1:]:
        return _window(None, None)  # at once: the terminal's half takes a tenth of the window's start to load
    from exoalias.cli.main import main as terminal

    return terminal(sys.argv[1:], _window)


def gui() -> int:
    """The program ``exoalias-gui``: the same without a console on Windows."""
    return main()


def _window(world: World | None, far_side: FarSide | None) -> int:
    import gc

    gc.disable()  # nothing of what is made at the start goes again: looking for it takes a twentieth of the first paint
    from exoalias.ui.signatures import put_off

    put_off()  # before anything asks for Qt
    from exoalias.ui.main import run

    return run(world=world, far_side=far_side)


if __name__ == "__main__":
    sys.exit(main())
