"""For the journeys inside this process: the app's own functions on a simulator beside, the real browser without a window."""

from __future__ import annotations

import subprocess
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from exoalias.adapters.browser.private import arguments
from exoalias.adapters.browser.session import BrowserSession
from exoalias.app import lobby
from exoalias.app import sign_in as signing_in
from exoalias.app.apply import apply
from exoalias.app.check import check
from exoalias.app.choose import set_target
from exoalias.app.control import Control
from exoalias.app.demo import prepare
from exoalias.app.world import World
from exoalias.domain.events import ByHand, FirstUseQuestion, SignInPhase, TokenStored
from exoalias.domain.happenings import Opened
from tests.adapters.browser.loopback import using
from tests.simulator.running import running

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import pytest

    from exoalias.adapters.browser.launch import Launched
    from exoalias.adapters.browser.session import ClosedList
    from exoalias.domain.events import Checked, Event, Phase
    from exoalias.domain.happenings import InBrowser, Which
    from exoalias.simulator.serve import Simulator

BOTH = ("MS Graph 1", "MS Graph 2")


@dataclass
class Desk:
    """A prepared instance, a person's control, and everything that was told."""

    simulator: Simulator
    world: World
    name: str
    folder: Path
    events: list[Event] = field(default_factory=list)
    control: Control = field(default_factory=lambda: Control(interactive=True))
    on: dict[Phase, Callable[[], None]] = field(default_factory=dict)  # done once, at the first such phase
    on_question: Callable[[FirstUseQuestion], None] | None = None
    on_steps: Callable[[ByHand], None] | None = None

    def tell(self, event: Event) -> None:
        """Where the verb's events go."""
        self.events.append(event)
        if isinstance(event, SignInPhase) and event.phase in self.on:
            self.on.pop(event.phase)()
        if isinstance(event, FirstUseQuestion) and self.on_question is not None:
            self.on_question(event)
        if isinstance(event, ByHand) and self.on_steps is not None:
            self.on_steps(event)

    def sign_in(self, *credentials: str, strategy: str = "") -> Checked:
        """The verb."""
        return signing_in.sign_in(self.world, self.name, credentials or BOTH, self.tell, self.control, strategy=strategy)

    @property
    def stored(self) -> list[TokenStored]:
        """The sign-ins that ended well."""
        return [e for e in self.events if isinstance(e, TokenStored)]

    @property
    def owners(self) -> list[tuple[object, object]]:
        """Credential and owner of every token stored, by the simulator's record."""
        return [(row["name"], row["owner"]) for row in self.log("tokens")]

    def log(self, name: str) -> list[dict[str, object]]:
        """One list of the simulator's record."""
        return self.simulator.record.as_dict()[name]

    def left_behind(self) -> list[Any]:
        """Browsers and profiles still there."""
        profiles = self.world.places.cache / "sign-in"
        return [*using(self.folder), *(profiles.iterdir() if profiles.is_dir() else ())]


@contextmanager
def desk(
    folder: Path,
    scenario: str = "profile-missing",
    *,
    second_opinion: bool = False,
    visible: bool = False,
    faults: dict[str, Any] | None = None,
    **changes: object,
) -> Iterator[Desk]:
    """Everything up to the sign-ins done: the instance added, the target said, the profile fields written."""
    from exoalias.simulator.scenario import draw

    seed = draw().seed
    print(f"scenario {scenario} {changes}, seed {seed}")
    with running(scenario, seed=seed, faults=faults, **changes) as simulator:
        world = World.simulated_from(simulator.announcement(), folder, headless=not visible)
        try:
            name = prepare(world, lambda _event: None)
            if second_opinion:
                set_target(world, name, public_client_id=simulator.cast.public.client_id)
            plan = check(world, name, lambda _event: None).plan
            if plan.writes:
                apply(world, name, plan, lambda _event: None)
            yield Desk(simulator, world, name, folder)
        finally:
            world.http.close()


class Watched(BrowserSession):
    """The sign-in browser as it is, remembered while it is open so that a test can act on its windows."""

    latest: Watched

    def __init__(self, launched: Launched, closed_list: ClosedList) -> None:
        super().__init__(launched, closed_list)
        self.opened: list[Opened] = []
        self.told_b: list[Opened] = []  # private windows, told of when they came up
        self.made: set[str] = set()  # jars made over the pipe
        Watched.latest = self

    def next_event(self, timeout_s: float) -> InBrowser | None:
        """As ever, and a private window remembered."""
        event = super().next_event(timeout_s)
        if isinstance(event, Opened):
            self.told_b.append(event)
            self.opened.append(event)
        return event

    def _new_jar(self) -> str:
        jar = super()._new_jar()
        self.made.add(jar)
        return jar

    def open_by_hand(self, url: str) -> None:
        """A private window the person opens by the browser's own menu, and leaves open."""
        command = arguments(self.launched, url)
        subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=20, check=False)

    def open(self, which: Which, url: str, *, background: bool = False) -> Opened:
        """As ever, and remembered."""
        opened = super().open(which, url, background=background)
        self.opened.append(opened)
        return opened

    def windows(self, which: Which) -> list[str]:
        """Windows opened so far; B's are told of by the browser."""
        return [w for o in self.opened if o.which is which for w in ([o.window] if o.window else self.windows_in(o.context))]

    @classmethod
    def close_all(cls, which: Which) -> None:
        """As a person closes them."""
        for window in cls.latest.windows(which):
            cls.latest.close_window(window)


def watch_browser(monkeypatch: pytest.MonkeyPatch) -> type[Watched]:
    """Let the next sign-ins run in a remembered browser."""
    monkeypatch.setattr(lobby, "BrowserSession", Watched)
    return Watched
