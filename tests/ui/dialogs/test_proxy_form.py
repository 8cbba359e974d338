"""The form for the proxy's user and password."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit

from exoalias.ui.dialogs.proxy_form import ProxyForm

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.mark.parametrize(
    ("kept", "user", "password", "missing"),
    [
        ("", "", "", "Type the user and the password."),
        ("", "", "x", "Type the user."),
        ("", "me", "", ""),  # some proxies know people by name alone
        ("", "me", "x", ""),
        ("me", "", "", ""),
    ],
)
def test_what_keeps_it_from_being_sent(qtbot: QtBot, kept: str, user: str, password: str, missing: str) -> None:
    form = ProxyForm("proxy.example:8080", kept, "memory", None)
    qtbot.addWidget(form)
    form.user.setText(user)
    form.password.setText(password)
    assert form.missing() == missing
    assert form.forgets == (not user and not password)


def test_the_password_is_not_shown(qtbot: QtBot) -> None:
    form = ProxyForm("proxy.example:8080", "me", "memory", None)
    qtbot.addWidget(form)
    assert form.password.echoMode() is QLineEdit.EchoMode.Password
    assert form.password.text() == ""
