"""The window end to end by key presses, with the app's side in memory: first start, check, plan, apply, sign-in, endings."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from exoalias.domain.checklist import Status
from exoalias.domain.events import FirstUseQuestion, Phase, Progress, SignInPhase, TokenStored
from exoalias.domain.problems import Cancelled, Hibernating, NoSecret, NoTarget, NoVault, WrongTenant, WrongUser
from exoalias.domain.target import Tier
from tests.ui import stories

if TYPE_CHECKING:
    from collections.abc import Sequence

    from exoalias.app.control import Control
    from exoalias.domain.events import Tell
    from tests.ui.hands import App, Face

CTRL = Qt.KeyboardModifier.ControlModifier


def with_instance(app: App, *, profiles: bool = False) -> None:
    app.entries = [stories.ENTRY, *stories.OTHERS]
    app.profiles = profiles


def checked(face: Face) -> Face:
    """Opened, and checked with F5."""
    face.open()
    face.key(Qt.Key.Key_F5)
    face.idle()
    return face


# -- first start, instances ---------------------------------------------------------------------------------------------


def test_first_start_offers_two_things(face: Face) -> None:
    assert face.window.pages.currentWidget() is face.window.first
    assert not face.window.first.add.isEnabled(), "nothing can be added before there is a world"
    face.open()
    assert face.window.first.add.isEnabled()
    assert face.window.first.play.isEnabled()


def test_adding_an_instance_by_keyboard_checks_it(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    assert face.dialog.objectName() == "add-instance"
    face.find("add-address").setFocus()
    face.write("https://birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_Tab)
    assert face.find("add-name").text() == "birkenfeld-test", "the name is suggested from the address"
    face.key(Qt.Key.Key_Tab)
    assert face.focus() == "add-user"
    face.write("ada.keller")
    face.key(Qt.Key.Key_Tab)
    face.write("a-secret-of-the-test")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", "birkenfeld-test") in app.calls)
    face.idle()
    assert app.calls[0] == (
        "add",
        "birkenfeld-test",
        "https://birkenfeld-test.service-now.com",
        "ada.keller",
        "a-secret-of-the-test",
        True,
    )
    assert face.dialog is None
    assert face.desk.current == "birkenfeld-test"
    assert face.window.pages.currentWidget() is not face.window.first


def test_an_incomplete_form_is_not_sent(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    face.find("add-address").setFocus()
    face.key(Qt.Key.Key_Return)
    assert "address" in face.find("form-says").text()
    assert not app.calls


def test_a_refusing_keyring_leads_to_this_run_only(face: Face, app: App) -> None:
    face.open()
    face.key(Qt.Key.Key_N, CTRL)
    for name, text in (("add-address", "https://a.service-now.com"), ("add-name", "a"), ("add-user", "u"), ("add-secret", "p")):
        face.find(name).setText(text)
    app.problem = NoVault(why="no Secret Service answers", how="Install gnome-keyring.")
    face.find("add-secret").setFocus()
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: face.find("form-says").text())
    face.idle()
    assert "Install gnome-keyring." in face.find("form-says").text()
    assert face.focus() == "add-this-run-only"
    assert face.find("add-secret").text() == "", "a password is not kept in the dialog"
    face.key(Qt.Key.Key_Space)
    face.find("add-secret").setText("p")
    face.find("add-secret").setFocus()
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", "a") in app.calls)
    face.idle()
    assert app.calls[1][-1] is False


def test_removing_asks_first(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Delete)
    assert face.dialog.objectName() == "ask"
    face.key(Qt.Key.Key_Escape)
    assert len(app.entries) == 3
    face.window.instances.setFocus()
    face.key(Qt.Key.Key_Delete)
    face.find("ask-go").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert stories.NAME not in face.desk.known
    assert len(face.desk.known) == 2


def test_the_instances_are_walked_with_the_arrows(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    face.key(Qt.Key.Key_1, CTRL)
    face.idle()
    assert face.focus() == "instances"
    face.key(Qt.Key.Key_Down)
    assert face.desk.current == "aldermoor production"
    assert face.window.header.title.accessibleName() == "aldermoor production"


# -- check, plan, apply -------------------------------------------------------------------------------------------------


def test_check_by_key_draws_the_checklist_and_stands_on_what_presses(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    assert app.thread_names == {next(iter(app.thread_names))}
    assert all(name.startswith("verb") for name in app.thread_names), "verbs never run in the window's thread"
    assert face.window.detail.item is not None
    assert face.window.detail.item.status.is_finding
    assert face.window.header.main.text() == "Review 2 changes …"
    assert "4 need you" in face.window.header.line.text()
    assert face.find("detail-found").text() == "(empty)"


def test_the_keyboard_stays_where_the_person_was_after_a_new_check(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    view.setFocus()
    face.key(Qt.Key.Key_Down)
    here = view.currentIndex().data()
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert view.currentIndex().data() == here


def test_cannot_tell_is_shown_with_what_is_missing(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    line = next(i for i in view.lines.lines() if i.data() == "Calendar provider Birkenfeld")
    check = next(
        c for n in range(view.lines.rowCount(line)) if (c := view.lines.index(n, 0, line)).data() == "Rooms are configured"
    )
    view.setCurrentIndex(check)
    assert face.find("detail-status").text() == "cannot tell"
    assert "Insufficient rights" in face.find("detail-found").text()
    assert "sn_wsd_core.admin" in face.find("detail-why").text()


def test_nothing_is_written_before_the_person_agrees(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.window.header.main.setFocus()
    face.key(Qt.Key.Key_Space)
    assert face.dialog.objectName() == "plan-preview"
    change = face.find("plan-change-1")
    assert change.accessibleName() == f"MS Graph 1: oauth_entity_profile from (empty) to {stories.PROFILE_NAME}"
    face.key(Qt.Key.Key_Escape)
    assert face.dialog is None
    assert "apply" not in [c[0] for c in app.calls]


def test_apply_writes_the_plan_that_was_shown_and_the_sign_ins_follow(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    shown = face.desk.here.plan  # type: ignore[union-attr] # an instance is there
    face.key(Qt.Key.Key_P, CTRL)
    face.wait(lambda: face.focus() == "plan-agree")
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: "sign-in" in [c[0] for c in app.calls])
    face.idle()
    assert app.calls[1] == ("apply", stories.NAME, shown)
    assert app.calls[1][2] is shown
    assert app.calls[2] == ("sign-in", stories.NAME, ("MS Graph 1", "MS Graph 2"))


def test_the_sign_ins_may_be_left_for_later(face: Face, app: App) -> None:
    with_instance(app)
    checked(face)
    face.key(Qt.Key.Key_P, CTRL)
    face.find("plan-then-sign-in").setChecked(False)
    face.find("plan-agree").click()
    face.wait(lambda: app.profiles)
    face.idle()
    assert [c[0] for c in app.calls] == ["check", "apply"]
    assert face.window.header.main.text() == "Sign in MS Graph 1 …"


def test_undo_asks_first(face: Face, app: App) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.key(Qt.Key.Key_Z, CTRL)
    assert face.focus() == "ask-back"
    face.key(Qt.Key.Key_Return)
    assert "undo" not in [c[0] for c in app.calls]
    face.key(Qt.Key.Key_Z, CTRL)
    face.find("ask-go").click()
    face.idle()
    assert ("undo", stories.NAME) in app.calls


def test_a_copy_button_copies(face: Face, app: App, qapp: QApplication) -> None:
    with_instance(app)
    checked(face)
    view = face.window.checklist
    line = view.lines.lines()[-1]
    view.setCurrentIndex(view.lines.index(view.lines.rowCount(line) - 1, 0, line))
    view.setFocus()
    face.key(Qt.Key.Key_Return)
    assert qapp.clipboard().text().startswith("Set-CalendarProcessing")
    face.key(Qt.Key.Key_C, CTRL)
    assert qapp.clipboard().text().startswith("advice: The meeting subject stays unchanged")


def test_one_verb_at_a_time_and_the_window_stays_alive(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    assert face.window.header.main.text() == "Checking …"
    assert not face.window.header.main.isEnabled()
    assert face.window.header.stop.isVisible()
    face.key(Qt.Key.Key_F5)
    face.key(Qt.Key.Key_1, CTRL)
    face.key(Qt.Key.Key_Down)
    assert face.desk.current == "aldermoor production", "the list answers while a check runs"
    app.gate.set()
    face.idle()
    assert app.calls == [("check", stories.NAME)]
    assert face.desk.known[stories.NAME].checklist is not None


def test_check_all_goes_on_after_a_problem(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_R, CTRL | Qt.KeyboardModifier.ShiftModifier)
    face.idle()
    assert [c[1] for c in app.calls] == [stories.NAME, "aldermoor production", "corvant dev"]
    assert face.desk.known[stories.NAME].problem is not None
    assert face.desk.known["corvant dev"].status is not None


def test_progress_is_shown(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: face.desk.job)
    job = face.desk.job
    assert job is not None
    face.desk.runner.told.emit(job, Progress("Reading the credentials", 2, 5))
    assert face.window.header.line.text() == "Reading the credentials"
    assert face.window.header.progress.value() == 2


# -- sign-in ------------------------------------------------------------------------------------------------------------


def start_sign_in(face: Face, app: App) -> None:
    with_instance(app, profiles=True)
    checked(face)
    face.window.header.main.setFocus()
    face.key(Qt.Key.Key_Space)


def test_the_panel_says_who_which_window_and_how_long(face: Face, app: App) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.MICROSOFT, 125.0, instance_window_user="ada.keller"))
        begun.set()
        assert go_on.wait(20)
        for at, name in ((stories.GRAPH_1, "MS Graph 1"), (stories.GRAPH_2, "MS Graph 2")):
            tell(TokenStored(at, name, stories.UPN, stories.OBJECT_ID, Tier.ENTERED, True))

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: begun.is_set() and face.find("sign-in-phase").text().startswith("Waiting for the delegated user"))
    assert face.find("sign-in-title").text() == "Signing in MS Graph 1 (1 of 2)"
    assert face.find("sign-in-upn").text() == stories.UPN
    assert stories.OBJECT_ID in face.find("sign-in-object-id").text()
    assert face.find("sign-in-time").text() in {"2:05 left", "2:04 left"}
    panel = face.find("sign-in-panel")
    assert panel.instance.accessibleName() == "ServiceNow window: done"
    assert panel.microsoft.accessibleName() == "Microsoft window: your turn"
    face.wait(lambda: face.find("sign-in-time").text() <= "2:03 left")
    go_on.set()
    face.idle()
    assert face.find("banner-title").text() == "Signed in. The tokens belong to the delegated user."
    assert not panel.isVisible()


def test_cancel_is_a_wish_and_the_verb_ends_itself(face: Face, app: App) -> None:
    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.MICROSOFT, 600.0))
        while not control.cancelled:
            threading.Event().wait(0.01)
        raise Cancelled(credential="MS Graph 1")

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.focus() == "sign-in-cancel" and "Waiting" in face.find("sign-in-phase").text())
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert face.find("banner-title").text() == "Cancelled"
    assert "Nothing was stored" in face.find("banner-words").text()
    assert face.desk.here.status is not None  # type: ignore[union-attr] # an instance is there


def test_continue_appears_when_offered_and_is_passed_on(face: Face, app: App) -> None:
    wishes: list[str | None] = []

    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, Phase.INSTANCE, 600.0, can_continue=True))
        while (wish := control.next_wish()) is None:
            threading.Event().wait(0.01)
        wishes.append(wish)

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.find("sign-in-continue").isVisible())
    face.find("sign-in-continue").setFocus()
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert wishes == ["continue"]


def test_a_wrong_user_is_refused_calmly_and_unmistakably(face: Face, app: App) -> None:
    def does(_names: Sequence[str], _tell: Tell, _control: Control) -> None:
        raise WrongUser(credential="MS Graph 1", upn=stories.UPN, expected=stories.OBJECT_ID, actual=stories.OTHER_ID)

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.window.findChild(QLabel, "banner-title") is not None)
    face.idle()
    assert face.find("banner-title").text() == "Not the delegated user. Nothing was stored."
    assert [face.find(f"banner-fact-{n}").text() for n in range(3)] == [stories.UPN, stories.OBJECT_ID, stories.OTHER_ID]
    assert face.focus() == "banner-again"
    app.sign_in_does = None
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert [c[0] for c in app.calls] == ["check", "sign-in", "sign-in"]


def test_a_wrong_tenant_says_nothing_was_stored_once(face: Face, app: App) -> None:
    app.sign_in_does = None
    with_instance(app, profiles=True)
    checked(face)
    app.problem = WrongTenant(credential="MS Graph 1", upn=stories.UPN, expected="t1", actual="t2")
    face.window.header.main.click()
    face.wait(lambda: face.window.findChild(QLabel, "banner-title") is not None)
    face.idle()
    assert "Nothing was stored" in face.find("banner-title").text()
    assert "Nothing was stored" not in face.find("banner-words").text()


@pytest.mark.parametrize(("press", "wish"), [(Qt.Key.Key_Escape, "disagree"), (Qt.Key.Key_Return, "disagree"), (None, "agree")])
def test_first_use_stores_only_when_told_to(face: Face, app: App, press: Qt.Key | None, wish: str) -> None:
    wishes: list[str | None] = []

    def does(_names: Sequence[str], tell: Tell, control: Control) -> None:
        tell(FirstUseQuestion("MS Graph 1", stories.UPN, stories.OTHER_ID, stories.TENANT))
        while (answer := control.next_wish()) is None:
            threading.Event().wait(0.01)
        wishes.append(answer)
        if answer == "agree":
            tell(TokenStored(stories.GRAPH_1, "MS Graph 1", stories.UPN, stories.OTHER_ID, Tier.FIRST_USE, True))

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.dialog is not None and face.focus() == "first-use-no")
    assert face.find("first-use-object-id").text() == stories.OTHER_ID
    if press is None:
        face.find("first-use-yes").setFocus()
        face.key(Qt.Key.Key_Space)
    else:
        face.key(press)
    face.idle()
    assert wishes == [wish]
    if wish == "agree":
        assert face.find("banner-title").text() == "Stored, owner unconfirmed"


def test_a_first_use_question_goes_when_the_sign_in_ends(face: Face, app: App) -> None:
    asked = threading.Event()

    def does(_names: Sequence[str], tell: Tell, _control: Control) -> None:
        tell(FirstUseQuestion("MS Graph 1", stories.UPN, stories.OTHER_ID, stories.TENANT))
        assert asked.wait(20)
        raise Cancelled(credential="MS Graph 1")

    app.sign_in_does = does
    start_sign_in(face, app)
    face.wait(lambda: face.dialog is not None)
    asked.set()
    face.idle()
    face.wait(lambda: face.dialog is None)


def test_the_page_can_be_explained_during_a_sign_in(face: Face, app: App) -> None:
    hold = threading.Event()
    app.sign_in_does = lambda _names, _tell, _control: print(hold.wait(20))
    start_sign_in(face, app)
    face.wait(lambda: face.focus() == "sign-in-cancel")
    face.find("sign-in-page-says").click()
    assert not face.dialog.isModal(), "it must not stand in the way of Cancel"
    face.find("page-says-text").setFocus()
    face.write("error AADSTS50126 and so on")
    assert "AADSTS50126" in face.find("page-says-title").text()
    assert "whoever signs in" in face.find("page-says-who").text()
    hold.set()
    face.idle()


def test_without_a_delegated_user_the_target_is_asked_for(face: Face, app: App) -> None:
    app.entries = [stories.BARE]
    app.profiles = True
    checked(face)
    face.key(Qt.Key.Key_L, CTRL)
    assert face.dialog.objectName() == "target-form"
    face.idle()


# -- what should be true ------------------------------------------------------------------------------------------------


def test_the_target_is_said_by_keyboard(face: Face, app: App) -> None:
    app.entries = [stories.BARE]
    face.open()
    face.key(Qt.Key.Key_T, CTRL)
    face.idle()
    profiles = face.find("target-profiles")
    assert profiles.currentItem().data(Qt.ItemDataRole.UserRole) == stories.PROFILE or profiles.currentItem() is not None
    face.find("target-upn").setFocus()
    face.write(stories.UPN)
    assert f"az ad user show --id {stories.UPN} --query id -o tsv" in face.dialog.how.text()
    face.find("target-object-id").setFocus()
    face.write("7d0c")
    face.key(Qt.Key.Key_Return)
    assert "not complete" in face.find("form-says").text()
    face.find("target-object-id").setText(stories.OBJECT_ID)
    face.key(Qt.Key.Key_Return)
    face.wait(lambda: ("check", stories.NAME) in app.calls)
    face.idle()
    said = next(c for c in app.calls if c[0] == "set-target")[2]
    assert said["delegated_user"] == stories.UPN
    assert said["object_id"] == stories.OBJECT_ID
    assert said["profile"] == stories.PROFILE
    assert face.dialog is None


# -- errors -------------------------------------------------------------------------------------------------------------


def test_a_problem_is_said_with_its_remedy_and_can_be_tried_again(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = Hibernating(host="birkenfeld-test.service-now.com")
    face.key(Qt.Key.Key_F5)
    face.idle()
    assert "hibernating" in face.find("banner-words").text()
    assert "developer.servicenow.com" in face.find("banner-remedy").text()
    assert face.desk.here.status is Status.CANNOT_TELL  # type: ignore[union-attr] # an instance is there
    assert face.focus() == "banner-again"
    face.key(Qt.Key.Key_Space)
    face.idle()
    assert not face.window.stage.isVisible()
    assert face.desk.here.checklist is not None  # type: ignore[union-attr] # as above


def test_a_missing_password_can_be_given_at_once(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoSecret(instance=stories.NAME)
    face.key(Qt.Key.Key_F5)
    face.idle()
    face.find("banner-password", QPushButton).click()
    assert face.dialog.objectName() == "add-instance"
    assert face.find("add-name").text() == stories.NAME
    assert face.find("add-name").isReadOnly()


def test_a_missing_target_leads_to_the_form(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.problem = NoTarget(instance=stories.NAME, why="no delegated user is known")
    face.key(Qt.Key.Key_F5)
    face.idle()
    face.find("banner-target", QPushButton).click()
    assert face.dialog.objectName() == "target-form"
    face.idle()


def test_closing_waits_for_what_runs(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    app.gate = threading.Event()
    face.key(Qt.Key.Key_F5)
    face.wait(lambda: app.calls)
    job = face.desk.job
    assert job is not None
    face.window.close()
    assert face.window.isVisible()
    assert job.control.cancelled
    app.gate.set()
    face.wait(lambda: not face.window.isVisible())


def test_the_reports_open_and_close_by_key(face: Face, app: App) -> None:
    with_instance(app)
    face.open()
    for key, name in ((Qt.Key.Key_J, "journal-view"), (Qt.Key.Key_D, "doctor-view"), (Qt.Key.Key_E, "page-says-dialog")):
        face.key(key, CTRL)
        assert face.dialog.objectName() == name
        face.idle()
        face.key(Qt.Key.Key_Escape)
        face.wait(lambda: face.dialog is None)
