"""The form of one instance: it asks what the chosen way in needs, and says it once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.domain.problems import BadAddress, BadAuthorities, BadCertificate, NoVault, Problem, UsageProblem
from exoalias.domain.ways import WAYS, Need, Way
from exoalias.ui.dialogs.instance_form import InstanceForm, _line_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

KNOWN = InstanceEntry(
    "acme",
    "https://acme.service-now.com",
    user="ada",
    way=Way.PASSWORD,
    one_time_code=True,
    customer="Acme",
    kind="production",
    ca_file="/etc/acme.pem",
)


def made(qtbot: QtBot, known: InstanceEntry | None = None, way: Way | None = None) -> InstanceForm:
    form = InstanceForm(None, known, ("Acme", "Beta"))
    qtbot.addWidget(form)
    form.open()
    form.activateWindow()
    qtbot.waitUntil(form.isActiveWindow, timeout=5000)
    if way is not None:
        form.way.setCurrentIndex(form.way.findData(way.value))
    return form


def shown(form: InstanceForm) -> set[Need]:
    return {need for need, edit in form.edits.items() if form.fields.isRowVisible(_line_of(edit, form))}


def test_the_browser_session_is_offered_first_and_asks_for_no_secret(qtbot: QtBot) -> None:
    form = made(qtbot)
    assert form.chosen.way is Way.BROWSER
    assert shown(form) == set()
    assert not form.this_run_only.isVisible()
    assert form.customer.currentText() == ""


@pytest.mark.parametrize("way", list(Way))
def test_each_way_asks_what_it_needs_and_explains_itself(qtbot: QtBot, way: Way) -> None:
    form = made(qtbot, way=way)
    words = next(each for each in WAYS if each.way is way)
    assert shown(form) == {*words.needs, *words.may_need}
    assert words.explains in form.explains.text()
    assert words.keeps in form.explains.text()
    assert form.code.isVisible() is (way is Way.PASSWORD)
    for need, edit in form.edits.items():
        assert (edit.echoMode() is edit.EchoMode.Password) is need.secret


@pytest.mark.parametrize("way", list(Way))
def test_what_a_way_needs_is_asked_for_before_it_is_sent(qtbot: QtBot, way: Way) -> None:
    form = made(qtbot, way=way)
    form.address.setText("acme")
    form.name.setText("acme")
    for need in form.chosen.needs:
        form.go.click()
        assert "missing" in form.says.text()
        form.edits[need].setText("x")
    with qtbot.waitSignal(form.submitted, timeout=1000):
        form.go.click()


def test_typed_with_keys_alone(qtbot: QtBot) -> None:
    form = made(qtbot)
    QTest.keyClicks(form.address, "https://acme.service-now.com/navpage.do")
    QTest.keyClick(form.address, Qt.Key.Key_Tab)
    assert form.name.text() == "acme"
    form.way.setFocus()
    QTest.keyClicks(form.way, "API")
    assert form.chosen.way is Way.API_KEY
    QTest.keyClicks(form.edits[Need.API_KEY], "k3y")
    form.kind.setCurrentIndex(form.kind.findData("production"))
    assert form.kind_says.isVisible()
    with qtbot.waitSignal(form.submitted, timeout=1000):
        QTest.keyClick(form.edits[Need.API_KEY], Qt.Key.Key_Return)
    wanted = form.take()
    assert vars(wanted) == {
        "name": "acme",
        "url": "https://acme.service-now.com/navpage.do",
        "way": Way.API_KEY,
        "known": False,
        "keep": True,
        "said": {
            "one_time_code": False,
            "sign_in_for_me": False,
            "customer": "",
            "kind": "production",
            "ca_file": "",
        },
        "secrets": {"api_key": "k3y"},
    }
    assert "k3y" not in repr(wanted)
    assert form.edits[Need.API_KEY].text() == ""
    assert form.take().secrets == {}


def test_signing_in_for_the_person_needs_a_user_of_the_instance(qtbot: QtBot) -> None:
    form = made(qtbot)
    form.for_me.setChecked(True)
    assert shown(form) == {Need.USER, Need.PASSWORD}
    form.way.setCurrentIndex(form.way.findData(Way.API_KEY.value))
    assert shown(form) == {Need.API_KEY}
    assert form.take().said["sign_in_for_me"] is False


def test_a_known_instance_is_shown_as_it_is_and_keeps_its_secret(qtbot: QtBot) -> None:
    form = made(qtbot, KNOWN)
    for edit in (form.name, form.address):
        assert edit.isReadOnly()
        assert not edit.hasFrame(), "it doesn't look like a line to type in"
    assert form.focusWidget() is form.edits[Need.PASSWORD]
    with qtbot.waitSignal(form.submitted, timeout=1000):
        form.go.click()
    wanted = form.take()
    assert wanted.known
    assert wanted.secrets == {}
    assert wanted.said == {
        "user": "ada",
        "one_time_code": True,
        "sign_in_for_me": False,
        "customer": "Acme",
        "kind": "production",
        "ca_file": "/etc/acme.pem",
    }


def test_the_passphrase_of_a_known_certificate_is_what_is_asked_for(qtbot: QtBot) -> None:
    form = made(qtbot, InstanceEntry("acme", "https://acme.service-now.com", way=Way.CERTIFICATE, certificate="/tmp/ada.pem"))
    assert form.focusWidget() is form.edits[Need.PASSPHRASE]
    QTest.keyClicks(form.focusWidget(), "right")
    assert (form.chosen.way, form.take().secrets) == (Way.CERTIFICATE, {"passphrase": "right"})


@pytest.mark.parametrize(
    ("address", "name", "says"),
    [
        ("https://ada@acme.service-now.com", "acme", "user name before the host"),
        ("https://acme.example.com/", "acme:8443", "A name has 1 to 64"),
    ],
)
def test_what_can_be_seen_here_is_not_sent(qtbot: QtBot, address: str, name: str, says: str) -> None:
    form = made(qtbot, way=Way.PASSWORD)
    for edit, text in ((form.address, address), (form.name, name), (form.edits[Need.USER], "ada")):
        edit.setText(text)
    form.edits[Need.PASSWORD].setText("a-secret-of-the-test")
    sent: list[int] = []
    form.submitted.connect(lambda: sent.append(1))
    form.go.click()
    assert sent == []
    assert says in form.says.text()
    assert form.focusWidget() is (form.address if name == "acme" else form.name)
    assert form.edits[Need.PASSWORD].text() == "a-secret-of-the-test", "nothing was sent, so nothing has to be typed again"


def test_the_suggested_name_can_be_taken(qtbot: QtBot) -> None:
    form = made(qtbot)
    QTest.keyClicks(form.address, "https://it.acme.example:8443/now")
    QTest.keyClick(form.address, Qt.Key.Key_Tab)
    assert form.name.text() == "it.acme.example-8443"
    with qtbot.waitSignal(form.submitted, timeout=1000):
        QTest.keyClick(form.name, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (BadAddress(text="x", why="no"), "add-address"),
        (BadCertificate(path="x", why="no", how="Give another file."), "add-certificate"),
        (BadCertificate(path="x", why="no", how="Give the passphrase again."), "add-passphrase"),
        (BadAuthorities(path="x", why="no"), "add-ca-file"),
    ],
)
def test_a_refusal_stands_on_what_was_refused(qtbot: QtBot, problem: Problem, line: str) -> None:
    form = made(qtbot, way=Way.CERTIFICATE)
    form.customer.setFocus()
    form.refuse(problem)
    focused = form.focusWidget()
    assert focused is not None
    assert focused.objectName() == line


def test_it_grows_upwards_at_the_lower_edge_of_the_screen(qtbot: QtBot) -> None:
    form = made(qtbot, way=Way.CERTIFICATE)
    room = form.screen().availableGeometry()
    form.move(form.x(), room.bottom() - form.frameGeometry().height())
    QTest.qWait(100)
    form.say("The client certificate can't be used. " * 6)
    qtbot.waitUntil(lambda: form.frameGeometry().bottom() <= room.bottom(), timeout=2000)
    assert form.frameGeometry().top() >= room.top()


def test_another_way_of_a_known_instance_wants_its_secret(qtbot: QtBot) -> None:
    form = made(qtbot, KNOWN, Way.API_KEY)
    form.go.click()
    assert form.says.text() == "API key is missing."


def test_a_refusal_keeps_what_was_typed_and_offers_this_run_only(qtbot: QtBot) -> None:
    form = made(qtbot, way=Way.PASSWORD)
    form.address.setText("acme")
    form.refuse(UsageProblem(why="No."))
    assert form.says.text() == "No."
    form.refuse(NoVault(why="none", how="Start one."))
    assert "this run only" in form.says.text()
    assert form.focusWidget() is form.this_run_only
    assert form.address.text() == "acme"


def test_a_file_is_looked_for(qtbot: QtBot) -> None:
    form = made(qtbot, way=Way.CERTIFICATE)
    browse = form.findChild(QPushButton, "add-certificate-browse")
    assert browse is not None
    browse.click()
    dialog = form._last_dialog
    assert dialog is not None
    dialog.fileSelected.emit("/tmp/ada.pem")
    assert form.edits[Need.CERTIFICATE].text() == "/tmp/ada.pem"
    dialog.close()


@pytest.mark.parametrize("way", list(Way))
def test_no_sentence_is_cut_off(qtbot: QtBot, way: Way) -> None:
    form = made(qtbot)
    for each in (Way.CERTIFICATE, way):
        form.way.setCurrentIndex(form.way.findData(each.value))
    form.kind.setCurrentIndex(form.kind.findData("production"))
    form.say("The address of the instance is missing. " * 4)
    QTest.qWait(50)
    for label in (form.explains, form.kind_says, form.says):
        lines = label.fontMetrics().boundingRect(0, 0, label.width(), 10_000, Qt.TextFlag.TextWordWrap, label.text()).height()
        assert lines <= label.height() <= lines + label.fontMetrics().height(), "neither cut off nor a gap"
    for box in (form.code, form.for_me, form.this_run_only):
        assert box.width() >= box.sizeHint().width(), box.text()
    assert form.buttons.geometry().bottom() <= form.height()
