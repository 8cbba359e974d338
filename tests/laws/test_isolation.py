"""The suite has no network, touches nobody's settings or keyring, and its real parts are real."""

from __future__ import annotations

import errno
import os
import socket
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Screen


@pytest.mark.parametrize("address", [("192.0.2.1", 443), ("2001:db8::1", 443)])
def test_what_is_not_this_machine_is_unreachable(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outgoing, pytest.raises(OSError, match="the tests have no network") as caught:
        outgoing.connect(address)
    assert caught.value.errno == errno.ENETUNREACH


def test_names_of_the_world_are_unknown() -> None:
    with pytest.raises(socket.gaierror, match="no network"):
        socket.getaddrinfo("login.microsoftonline.com", 443)


def test_loopback_is_there(free_port: int) -> None:
    def hang_up() -> None:
        connection, _ = server.accept()
        connection.close()

    with socket.create_server(("127.0.0.1", free_port)) as server:
        answer = threading.Thread(target=hang_up)
        answer.start()
        with socket.create_connection(("localhost", free_port), 5) as incoming:
            assert incoming.recv(1) == b""
        answer.join(5)


def test_every_folder_of_a_person_is_a_throwaway_one(private_home: Path) -> None:
    child = "import os, platformdirs; print(platformdirs.user_config_dir('x')); print(os.path.expanduser('~'))"
    printed = subprocess.run([sys.executable, "-c", child], capture_output=True, text=True, check=True).stdout.split()
    assert all(Path(place).is_relative_to(private_home) for place in printed)


def test_no_setting_of_the_developer_comes_in() -> None:
    assert {name for name in os.environ if name.lower().endswith("_proxy")} == set()
    assert os.environ["QT_QPA_PLATFORM"] == "offscreen"


@pytest.mark.desktop
def test_a_real_window_gets_the_focus(screen: Screen) -> None:
    shows = (
        "from PySide6.QtCore import QTimer; from PySide6.QtWidgets import QApplication, QLabel; import sys; "
        "a = QApplication([]); w = QLabel('law'); w.show(); w.activateWindow(); t = QTimer(); "
        "t.timeout.connect(lambda: a.exit(0) if w.isActiveWindow() else None); t.start(20); "
        "QTimer.singleShot(20000, lambda: a.exit(9)); code = a.exec(); print(a.platformName()); sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", shows], env=screen.environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout.strip()) == (0, "xcb"), done.stderr


@pytest.mark.vault
def test_the_secret_service_is_unlocked(secret_service: str) -> None:
    child = (
        "from keyring.backends.SecretService import Keyring; k = Keyring(); k.set_password('law', 'a', 'kept'); "
        "print(k.get_password('law', 'a')); k.delete_password('law', 'a'); print(k.get_password('law', 'a'))"
    )
    bus = {**os.environ, "DBUS_SESSION_BUS_ADDRESS": secret_service}
    done = subprocess.run([sys.executable, "-c", child], env=bus, capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["kept", "None"], done.stderr
