"""From outside, as a screen reader does it: over AT-SPI a button is found by name and pressed, and the window does it."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from jeepney import DBusAddress, new_method_call  # type: ignore[import-untyped] # it ships no types
from jeepney.io.blocking import DBusConnection, open_dbus_connection  # type: ignore[import-untyped] # as above

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from tests.conftest import Screen

_ACCESSIBLE = "org.a11y.atspi.Accessible"
_SENSITIVE, _SHOWING = 24, 25  # numbers of AtspiStateType
_PATIENCE_S = 90.0  # a slow machine starts a simulator, a bus and a window meanwhile


class Node(NamedTuple):
    """One thing on the accessibility bus, by the address its program gave it there."""

    bus: DBusConnection
    owner: str
    path: str

    def ask(self, interface: str, method: str, signature: str | None = None, body: tuple[object, ...] = ()) -> Any:  # noqa: ANN401 - whatever the answer holds
        """Call a method of it."""
        message = new_method_call(DBusAddress(self.path, self.owner, interface), method, signature, body)
        answer = self.bus.send_and_get_reply(message, timeout=_PATIENCE_S)
        return answer.body[0] if answer.body else None

    @property
    def name(self) -> str:
        """Its name."""
        kind_and_value = self.ask("org.freedesktop.DBus.Properties", "Get", "ss", (_ACCESSIBLE, "Name"))
        return str(kind_and_value[1])

    @property
    def role(self) -> str:
        """Its role, in words."""
        return str(self.ask(_ACCESSIBLE, "GetRoleName"))

    def has(self, state: int) -> bool:
        """Whether it is in that state."""
        return bool(self.ask(_ACCESSIBLE, "GetState")[state // 32] >> state % 32 & 1)

    def children(self) -> list[Node]:
        """What is in it."""
        found = self.ask(_ACCESSIBLE, "GetChildren")
        return [Node(self.bus, *child) for child in found] if isinstance(found, list) else []

    def all(self) -> Iterator[Node]:
        """It and everything below it."""
        yield self
        for child in self.children():
            yield from child.all()


class Window:
    """The program in a process of its own, seen over the accessibility bus."""

    def __init__(self, bus: DBusConnection, process: subprocess.Popen[bytes]) -> None:
        self.bus = bus
        self.process = process
        self._until = time.monotonic() + _PATIENCE_S

    def nodes(self) -> Iterator[Node]:
        """Everything of that program's; nothing before it has come to the bus."""
        programs = Node(self.bus, "org.a11y.atspi.Registry", "/org/a11y/atspi/accessible/root").children()
        for program in programs:
            if self._owner(program) == self.process.pid:
                yield from program.all()

    def _owner(self, program: Node) -> int:
        bus = Node(self.bus, "org.freedesktop.DBus", "/org/freedesktop/DBus")
        return int(bus.ask("org.freedesktop.DBus", "GetConnectionUnixProcessID", "s", (program.owner,)))

    def wait_for(self, role: str, name: str, *, sensitive: bool = False) -> Node:
        """The one on the screen with that role, whose name holds those words, as soon as there is one."""
        while time.monotonic() < self._until:
            assert self.process.poll() is None, "the program ended"
            for node in self.nodes():
                if node.role == role and name in node.name and node.has(_SHOWING) and (not sensitive or node.has(_SENSITIVE)):
                    return node
            time.sleep(0.2)
        there = sorted({f"{node.role}: {node.name}" for node in self.nodes() if node.has(_SHOWING)})
        raise AssertionError(f"no {role} {name!r} in:\n" + "\n".join(there))


def accessibility_bus() -> DBusConnection:
    """The bus of the screen readers, whose address the session's bus knows."""
    session = open_dbus_connection("SESSION")
    try:
        return open_dbus_connection(Node(session, "org.a11y.Bus", "/org/a11y/bus").ask("org.a11y.Bus", "GetAddress"))
    finally:
        session.close()


@contextmanager
def demo(environment: Mapping[str, str], log: Path) -> Iterator[Window]:
    """``exoalias demo`` as a person with a screen reader would start it; ended at the end, with its simulator."""
    bus = accessibility_bus()
    command = [sys.executable, "-m", "exoalias", "demo"]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env={**environment, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}, stdout=said, stderr=subprocess.STDOUT
        )
        try:
            yield Window(bus, process)
        finally:
            process.terminate()
            process.wait(30)
            bus.close()


@pytest.mark.desktop
def test_a_button_is_pressed_from_outside(screen: Screen, private_home: Path, tmp_path: Path) -> None:
    environment = {**screen.environment, "HOME": str(private_home)}
    environment |= {f"XDG_{kind}_HOME": str(private_home / kind.lower()) for kind in ("CONFIG", "DATA", "CACHE", "STATE")}
    with demo(environment, tmp_path / "said.txt") as window:
        window.wait_for("frame", "simulated instance")
        window.wait_for("label", "not checked yet")
        button = window.wait_for("push button", "Check", sensitive=True)
        assert button.ask("org.a11y.atspi.Action", "GetName", "i", (0,)) == "Press"
        assert button.ask("org.a11y.atspi.Action", "DoAction", "i", (0,)) is True
        window.wait_for("label", "checked at")
        window.wait_for("tree item", "MS Graph 1: ")
