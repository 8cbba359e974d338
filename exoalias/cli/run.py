"""One run of one verb: its arguments, its terminal, its world, and what it came to."""

from __future__ import annotations

import json
import signal
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.app.control import Control
from exoalias.domain.problems import UsageProblem
from exoalias.domain.words import say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from exoalias.app.far_side import FarSide
    from exoalias.app.world import World
    from exoalias.cli.terminal import Terminal
    from exoalias.domain.events import Event, Tell

    Window = Callable[[World | None, FarSide | None], int]


@dataclass
class Run:
    """What a verb's handler is given. ``result`` is what --json prints, also when a Problem ends the run.

    ``heard`` is told all that the verb tells, before the terminal is.
    """

    args: argparse.Namespace
    terminal: Terminal
    window: Window
    result: dict[str, object] = field(default_factory=dict)
    heard: Tell = lambda _event: None

    @cached_property
    def world(self) -> World:
        """Everything outside; made when first needed, because it loads what talks HTTP."""
        from exoalias.adapters.machine.core_dumps import keep_memory_private
        from exoalias.app.leftovers import sweep
        from exoalias.app.world import World

        keep_memory_private()  # from here on it may hold a secret
        if self.args.simulated is not None:
            return self._minded(_simulated(self.args.simulated, headless=self.headless, flags=self.flags))
        if self.headless:
            raise UsageProblem(why="--headless works against a simulated instance only: a person must see where they sign in.")
        world = self._minded(World.real(flags=self.flags))
        sweep(world)
        return world

    @cached_property
    def flags(self) -> Mapping[str, str]:
        """The settings this run is told on its command line, by name; UsageProblem."""
        from exoalias.app.settings import assignments

        said = assignments((*self.args.set_before, *getattr(self.args, "set_after", ())))
        if self.args.browser is not None:
            said["browser"] = str(self.args.browser)
        if getattr(self.args, "strategy", None) is not None:
            said["strategy"] = self.args.strategy
        if self.args.this_run_only:
            said["keep_secrets"] = "no"
        return said

    def _minded(self, world: World) -> World:
        """The same world; a value of the command line that can't be is refused, one that a policy overrules is named."""
        from exoalias.app.speaking import speak
        from exoalias.domain.ladder import Rung

        speak(world.settings.language)  # a flag may have said another one
        wrong = [each for each in world.ladder.complaints if each.rung is Rung.FLAG]
        if wrong:
            world.close()
            raise UsageProblem(why=f"{wrong[0].name}: {wrong[0].why}.")
        for each in world.ladder.standings:
            if each.fixed and any(found.rung is Rung.FLAG for found in each.overrules):
                self.terminal.message(
                    _(
                        "{setting_name} stays {each_text}: a policy of this machine fixes it ({where}).",
                        setting_name=each.setting.name,
                        each_text=each.text,
                        where=each.where,
                    )
                )
        return world

    def close(self) -> None:
        """Leave the world, where one was made."""
        if self.entered:
            self.world.close()

    @property
    def entered(self) -> bool:
        """Whether a world was made."""
        return "world" in self.__dict__

    def on(self, name: str) -> World:
        """The world, with the secrets of that instance asked for where this run keeps them to itself."""
        from exoalias.app.instances import lend_secrets
        from exoalias.cli.deeds_instances import secrets_for

        lend_secrets(self.world, name, lambda entry: secrets_for(self, entry))
        return self.world

    def ask_secret(self, question: str, *, optional: bool = False) -> str:
        """A password or key; never shown, never an argument. "" for an optional one that is not given."""
        return self.terminal.secret(question, from_stdin=self.args.secret_stdin, optional=optional)

    @cached_property
    def control(self) -> Control:
        """The person's side of a verb that runs for long."""
        return Control(interactive=self.terminal.may_ask, trust_first_use=getattr(self.args, "trust_first_use", False))

    @property
    def headless(self) -> bool:
        """Whether no visible browser was asked for."""
        return bool(getattr(self.args, "headless", False))

    @property
    def tell(self) -> Tell:
        """Where the verb's events go."""
        speak = self.terminal.teller(self.control)

        def tell(event: Event) -> None:
            self.heard(event)
            speak(event)

        return tell

    @contextmanager
    def stoppable(self) -> Iterator[None]:
        """Ctrl+C stops between two steps; the second one ends the run at once. Elsewhere the first one does.

        A SIGTERM is taken the same way: dying of it would leave the sign-in browser's profile behind.
        """
        if threading.current_thread() is not threading.main_thread():
            yield
            return

        def stop(_number: int, _frame: object) -> None:
            if self.control.cancelled:
                raise KeyboardInterrupt
            self.control.cancel()
            self.terminal.message("Stopping … (Ctrl+C again ends at once)")

        before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _simulated(file: Path, *, headless: bool, flags: Mapping[str, str]) -> World:
    """The world of an announcement kept in a file; its own state lives beside other simulated ones in the cache."""
    from exoalias.adapters.keeping.settings import Places
    from exoalias.app.simulated import Simulated
    from exoalias.app.world import World

    try:
        announcement = json.loads(file.read_text("utf-8").splitlines()[0])
    except (OSError, ValueError, IndexError) as error:
        raise UsageProblem(
            why=say("{file} holds no line of exoalias simulate --json ({error}).", file=file, error=error)
        ) from error
    if not isinstance(announcement, dict):
        raise UsageProblem(why=say("{file} holds no line of exoalias simulate --json.", file=file))
    simulated = Simulated.from_announcement(announcement)
    port = simulated.instance.rpartition(":")[2]
    place = Places.of_this_user().cache / "simulated" / f"{simulated.seed}-{port}"
    return World.simulated_from(announcement, place, headless=headless, flags=flags)
