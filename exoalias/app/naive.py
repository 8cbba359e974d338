"""What happens without exoalias: the same two clicks on *Get OAuth Token* in an ordinary browser, on the simulator.

The browser has one cookie jar and nothing between it and the pages. The admin signs in to the instance with their
Microsoft account; from then on Microsoft knows who sits there, asks nobody, and the instance stores the admin's token
under the delegated user's credential. Nothing anywhere says so: only the simulator's own record does.
"""

from __future__ import annotations

import contextlib
import threading
import time
from typing import TYPE_CHECKING

from exoalias.adapters.browser.launch import launch
from exoalias.adapters.browser.pipe import CommandError, Pipe, PipeClosedError
from exoalias.adapters.browser.policy import allowed
from exoalias.app.terms import initiator_url
from exoalias.domain.events import Progress
from exoalias.domain.problems import BrowserDied, Cancelled, TimeIsUp, UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from exoalias.app.control import Control
    from exoalias.app.far_side import FarSide
    from exoalias.app.world import World
    from exoalias.domain.events import Tell

_LIMIT_S = 60.0  # the played people need a few seconds
_LOOK_S = 0.3
_GOODBYE_S = 5.0


def naive(world: World, far_side: FarSide, tell: Tell, control: Control) -> dict[str, Any]:
    """Fetch both tokens the usual way; gives the simulator's record, in which the wrong owner stands."""
    if world.simulated is None:
        raise UsageProblem(why="This is shown on a simulated instance only.")
    profile = str(far_side.announcement["profile"]["sys_id"])
    with _ordinary_browser(world) as pipe:
        for credential in far_side.announcement["credentials"]:
            name = str(credential["name"])
            tell(Progress(say("Get OAuth Token for {name}, in an ordinary browser", name=name)))
            try:
                pipe.call("Target.createTarget", url=initiator_url(world.simulated.instance, str(credential["sys_id"]), profile))
            except (CommandError, PipeClosedError) as error:
                raise BrowserDied(why=error) from error
            _wait_for_token(far_side, name, control)
    return far_side.record()


def _wait_for_token(far_side: FarSide, name: str, control: Control) -> None:
    pause, end = threading.Event(), time.monotonic() + _LIMIT_S
    while not any(token["name"] == name for token in far_side.record()["tokens"]):
        if control.cancelled:
            raise Cancelled(credential=name)
        if time.monotonic() > end:
            raise TimeIsUp(credential=name, minutes=f"{_LIMIT_S / 60:.0f}")
        pause.wait(_LOOK_S)


@contextlib.contextmanager
def _ordinary_browser(world: World) -> Iterator[Pipe]:
    """A browser as people have it: one jar, no gate. It ends with its profile deleted."""
    launched = launch(allowed(world.browser).browser, world.places.cache / "ordinary", headless=world.headless, simulated=True)
    pipe = Pipe(launched.read_fd, launched.write_fd)
    try:
        yield pipe
    finally:
        with contextlib.suppress(CommandError, PipeClosedError):
            pipe.send("Browser.close", {}, timeout_s=_GOODBYE_S)
        pipe.close()
        if not launched.process.ended(_GOODBYE_S):
            launched.process.kill()
        launched.profile.delete()
