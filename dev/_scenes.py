"""The states of the window worth looking at, each played on a fresh window with hand-drawn values. No instance is needed."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from PySide6.QtCore import QPoint, QSize
from PySide6.QtGui import QColor, QPainter, QPalette, QPixmap
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from exoalias.adapters import wording
from exoalias.adapters.keeping.vault import REMEDY
from exoalias.app.control import Control
from exoalias.app.doors import Doors
from exoalias.domain.by_hand import WARNING, steps, stored_words
from exoalias.domain.events import ByHand, FirstUseQuestion, Phase, SignInPhase, StrategyTaken, TokenStored
from exoalias.domain.problems import BrowserForbidden, Hibernating, NoBrowser, NoSecret, NoVault, StoredUnwatched, WrongUser
from exoalias.domain.strategies import Ground, Strategy, choose
from exoalias.domain.target import Tier
from exoalias.domain.ways import Need, Way
from exoalias.domain.words import say
from exoalias.ui import appearance, outcome, words
from exoalias.ui.conduct.conductor import Conductor
from exoalias.ui.crash import CrashDialog
from exoalias.ui.desk import Desk, Known
from exoalias.ui.dialogs.instance_form import InstanceForm
from exoalias.ui.dialogs.page_says import PageSays
from exoalias.ui.dialogs.reports import DoctorView, JournalView
from exoalias.ui.dialogs.target_form import TargetForm
from exoalias.ui.runner import Job
from exoalias.ui.verbs import Verbs
from exoalias.ui.window import Window
from tests.ui import judged, stories

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from exoalias.app.world import World
    from exoalias.domain.checklist import Checklist
    from exoalias.domain.plan import Plan

DARK = {
    QPalette.ColorRole.Window: "#2b2d30",
    QPalette.ColorRole.WindowText: "#e8e8e8",
    QPalette.ColorRole.Base: "#1f2123",
    QPalette.ColorRole.AlternateBase: "#26282b",
    QPalette.ColorRole.Text: "#e8e8e8",
    QPalette.ColorRole.Button: "#3a3d41",
    QPalette.ColorRole.ButtonText: "#e8e8e8",
    QPalette.ColorRole.BrightText: "#ffffff",
    QPalette.ColorRole.Highlight: "#2f65b5",
    QPalette.ColorRole.HighlightedText: "#ffffff",
    QPalette.ColorRole.Link: "#8ab8ff",
    QPalette.ColorRole.ToolTipBase: "#3a3d41",
    QPalette.ColorRole.ToolTipText: "#e8e8e8",
    QPalette.ColorRole.PlaceholderText: "#9a9da1",
    QPalette.ColorRole.Mid: "#4a4d52",
    QPalette.ColorRole.Light: "#4a4d52",
    QPalette.ColorRole.Midlight: "#404348",
    QPalette.ColorRole.Dark: "#1a1b1d",
    QPalette.ColorRole.Shadow: "#000000",
}


def scheme_palette(scheme: str) -> QPalette:
    """The style's own palette, or a dark one such as a desktop would give."""
    app = cast("QApplication", QApplication.instance())
    palette = app.style().standardPalette()
    if scheme == "dark":
        for role, value in DARK.items():
            palette.setColor(role, QColor(value))
        for role in (QPalette.ColorRole.Text, QPalette.ColorRole.WindowText, QPalette.ColorRole.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, role, QColor("#8a8d91"))
    return palette


SIZE = QSize(1180, 760)


class Scene:
    """A window to play on."""

    def __init__(self, scheme: str) -> None:
        app = cast("QApplication", QApplication.instance() or QApplication([]))
        app.setStyle("Fusion")
        app.setPalette(scheme_palette(scheme))
        appearance.keep_readable()
        words.stretch(on=False)
        self.desk = Desk(Verbs())
        self.desk.world = cast("World", SimpleNamespace(doors=Doors()))
        self.window = Window(self.desk).complete()
        self.window.resize(SIZE)
        self.conductor = Conductor(self.window)
        self.dialog: QWidget | None = None

    def known(self, checklist: Checklist | None, plan: Plan | None, *, name: str = stories.NAME) -> Known:
        """Put three instances on the desk and stand on the first."""
        entries = (stories.ENTRY._replace(name=name), *stories.OTHERS)
        self.desk.list_again(entries)
        known = self.desk.known[name]
        known.checklist, known.plan = checklist, plan
        self.desk.known["calder production"].checklist = judged.both(profiles=True, tokens=2, name="calder production")[0]
        self.desk.current = name
        self.window.draw()
        return known

    def show(self, dialog: QWidget) -> Any:  # noqa: ANN401 - whatever dialog it was
        """Show a dialog over the window."""
        self.dialog = dialog
        dialog.show()
        return dialog


def paint(scene: Scene, path: Path) -> None:
    """Window and dialog as they would lie on a screen."""
    app = cast("QApplication", QApplication.instance())
    scene.window.show()
    for _round in range(4):
        app.processEvents()
    if len(scene.desk.known) > 1000:  # so many are laid out in portions, each after a moment
        QTest.qWait(1000)
    picture = QPixmap(scene.window.grab())
    dialog = scene.dialog or scene.conductor.dialog
    if dialog is not None:
        dialog.show()
        app.processEvents()
        top = dialog.grab()
        painter = QPainter(picture)
        at = QPoint((scene.window.width() - dialog.width()) // 2, (scene.window.height() - dialog.height()) // 2)
        painter.fillRect(scene.window.rect(), QColor(0, 0, 0, 70))
        painter.drawPixmap(at, top)
        painter.setPen(QColor(0, 0, 0, 120))
        painter.drawRect(at.x(), at.y(), dialog.width(), dialog.height())
        painter.end()
        dialog.close()
    picture.save(str(path))
    scene.window.hide()
    scene.window.deleteLater()
    app.processEvents()


# -- the scenes ---------------------------------------------------------------------------------------------------------


def first_start(scene: Scene) -> None:
    scene.window.draw()


def unchecked(scene: Scene) -> None:
    scene.known(None, None)


def check(scene: Scene) -> None:
    scene.known(*judged.both())


def signed_in(scene: Scene) -> None:
    scene.known(*judged.both(profiles=True, tokens=2))
    stored = [
        TokenStored(i, n, stories.UPN, stories.OBJECT_ID, Tier.ENTERED, read_back=True)
        for i, n in ((stories.GRAPH_1, "MS Graph 1"), (stories.GRAPH_2, "MS Graph 2"))
    ]
    scene.conductor.banners.show(outcome.of_sign_in(stored))


def everything_holds(scene: Scene) -> None:
    scene.known(*judged.both(profiles=True, tokens=2, rooms=True))


def plan(scene: Scene) -> None:
    check(scene)
    scene.conductor.review()


def signing_in(scene: Scene, phase: Phase = Phase.MICROSOFT, *, can_continue: bool = False) -> None:
    scene.known(*judged.both(profiles=True))
    panel = scene.conductor.signing.the_panel()
    panel.begin(("MS Graph 1", "MS Graph 2"), stories.ENTRY.delegated_user)
    panel.move_on(
        SignInPhase(stories.GRAPH_1, "MS Graph 1", stories.UPN, phase, 581.0, can_continue, "" if can_continue else "ada.keller")
    )
    scene.window.stage.show_only(panel)


_FORBIDDEN = BrowserForbidden(
    browser="Microsoft Edge",
    why=say(
        "the policy {finding_words}",
        finding_words=say(
            "{self_name} is {self_value} in {where}: {self_why}",
            self_name="RemoteDebuggingAllowed",
            self_value="false",
            where="HKLM\\SOFTWARE\\Policies\\Microsoft\\Edge",
            self_why="exoalias can't steer the browser then, over a pipe neither.",
        ),
    ),
).words


def by_hand(scene: Scene) -> None:
    signing_in(scene, Phase.BY_HAND, can_continue=True)
    panel = scene.conductor.signing.the_panel()
    listed = steps(stories.ORIGIN, stories.AUTHORIZE, stories.INITIATOR, stories.UPN)
    panel.take_strategy(StrategyTaken("", Strategy.NO_CONTROL, choose(Ground(why_none=_FORBIDDEN)).order[0].reason))
    panel.show_steps(ByHand(stories.GRAPH_1, "MS Graph 1", stories.UPN, WARNING, listed, "Microsoft Edge"))


def strategy_said(scene: Scene) -> None:
    signing_in(scene)
    panel = scene.conductor.signing.the_panel()
    reason = choose(Ground(browser="Microsoft Edge")).order[1].reason
    panel.take_strategy(StrategyTaken("MS Graph 1", Strategy.PRIVATE, reason, instead=True))


def stored_by_hand(scene: Scene) -> None:
    scene.known(*judged.both(profiles=True))
    said = stored_words((("MS Graph 1", True, "ada.keller"),))
    scene.conductor.banners.show(outcome.of_problem(StoredUnwatched(instance="acme", upn=stories.UPN, stored=said), "sign-in"))


def continue_offered(scene: Scene) -> None:
    signing_in(scene, Phase.INSTANCE, can_continue=True)


def wrong_user(scene: Scene) -> None:
    scene.known(*judged.both(profiles=True))
    problem = WrongUser(credential="MS Graph 1", upn=stories.UPN, expected=stories.OBJECT_ID, actual=stories.OTHER_ID)
    scene.conductor.banners.show(outcome.of_problem(problem, "sign-in"))


def unreachable(scene: Scene) -> None:
    known = scene.known(None, None)
    known.problem = Hibernating(host="birkenfeld-test.service-now.com")
    scene.window.draw()
    scene.conductor.banners.show(outcome.of_problem(known.problem, "check"))


def no_secret(scene: Scene) -> None:
    known = scene.known(None, None)
    known.problem = NoSecret(instance=stories.NAME)
    scene.window.draw()
    scene.conductor.banners.show(outcome.of_problem(known.problem, "check"))


def first_use(scene: Scene) -> None:
    signing_in(scene, Phase.WHO)
    question = FirstUseQuestion("MS Graph 1", stories.UPN, stories.OTHER_ID, stories.TENANT)
    scene.conductor.signing.ask_first_use(Job(0, "sign-in", stories.NAME, Control()), question)


def add_instance(scene: Scene) -> None:
    form = scene.show(InstanceForm(scene.window))
    form.way.setCurrentIndex(form.way.findData(Way.PASSWORD.value))
    form.address.setText("https://birkenfeld-test.service-now.com")
    form.name.setText("birkenfeld test")
    form.edits[Need.USER].setText("ada.keller")
    form.edits[Need.PASSWORD].setText("not a real one")


def keyring_refuses(scene: Scene) -> None:
    add_instance(scene)
    cast("InstanceForm", scene.dialog).refuse(NoVault(why="what was written did not come back", how=REMEDY["linux"]))


def target(scene: Scene) -> None:
    check(scene)
    form = scene.show(TargetForm(stories.ENTRY._replace(profile=""), scene.window))
    form.offer(judged.candidates())
    form.show_pin(stories.PIN)


def page_says(scene: Scene) -> None:
    signing_in(scene)
    scene.show(PageSays(scene.window)).text.setText("Sorry … AADSTS50105: Your administrator has configured the application")


def journal(scene: Scene) -> None:
    from exoalias.adapters.keeping.journal import Entry

    check(scene)
    facts = {"record": "MS Graph 1", "field": "oauth_entity_profile", "after": stories.PROFILE}
    entries = (
        Entry(1, stories.NAME, stories.TAKEN, "write", facts, "done", stories.TAKEN, {"mod_count": "5"}),
        Entry(2, stories.NAME, stories.TAKEN, "sign-in", {"credential": "MS Graph 1", "expected": stories.UPN}),
    )
    scene.show(JournalView(stories.NAME, scene.window)).draw(entries)


def doctor(scene: Scene) -> None:
    from exoalias.app.doctor import Probe

    check(scene)
    missing = NoBrowser(why="")
    probes = (
        Probe("Earlier runs", "ok", "nothing unexpected within a day"),
        Probe("Browser", "fail", missing.words, missing.remedy),
        Probe("User", "skip", "root; allowed against a simulated instance"),
    )
    scene.show(DoctorView(scene.window)).draw(probes)


def crash(scene: Scene) -> None:
    check(scene)
    places = ("2 of other code", "app/check.py:33 check", "ui/desk.py:101 work")
    text = "\n  ".join(("exoalias 0.1.0, Python 3.11.7, PySide6 6.11.3, Linux\nKeyError", *places))
    scene.show(CrashDialog(text, wording.told(say("checking {name}", name=stories.NAME)), scene.window)).count(2)


def bundle(scene: Scene) -> None:
    from exoalias.app.support import Bundle, Part
    from exoalias.ui.dialogs.bundle import BundleView

    check(scene)
    line = (
        '{"at":"2026-03-04T12:00:00.123Z","run":4711,"level":"info","event":"http","host":"host-badolemi","method":"GET",'
        '"path":"/api/now/table/oauth_2_0_credentials","ms":112,"status":200,"kilobytes":3}'
    )
    parts = (
        Part("README.txt", "", "A support bundle of exoalias. Every file is plain text. It was shown before it was saved.\n"),
        Part("versions.txt", "", "exoalias 0.1.0\n"),
        Part("doctor.txt", "", "ok     Python\n"),
        Part("settings.txt", "", "proxy                built_in     not set\n"),
        Part("instances.txt", "", "3 instances\n"),
        Part("journal.txt", "", "instance-badolemi: 0 entries\n"),
        Part("problems.txt", "", "     2 x unexpected KeyError at ui/desk.py:101 work\n"),
        Part("log/exoalias-20260304.log", "", f"{line}\n" * 600),
    )
    view = scene.show(BundleView(scene.window))
    view.draw(Bundle(parts, (("instance-badolemi", stories.NAME),)))
    view.files.setCurrentRow(7)


def simulated(scene: Scene) -> None:
    check(scene)
    scene.window.show_people(stories.ANNOUNCEMENT)


def long_names(scene: Scene) -> None:
    scene.known(stories.long_checklist(), stories.plan(), name=stories.LONG_NAME)


def german_length(scene: Scene) -> None:
    words.stretch(on=True)
    other = Scene.__new__(Scene)
    other.desk, other.dialog = Desk(Verbs()), None
    other.desk.world = scene.desk.world
    scene.window.deleteLater()
    scene.desk, scene.window = other.desk, Window(other.desk).complete()
    scene.window.resize(SIZE)
    scene.conductor = Conductor(scene.window)
    signing_in(scene)


def narrow(scene: Scene) -> None:
    check(scene)
    scene.window.resize(scene.window.minimumSizeHint())


SCENES: dict[str, Callable[[Scene], None]] = {
    "first-start": first_start,
    "unchecked": unchecked,
    "check": check,
    "signed-in": signed_in,
    "everything-holds": everything_holds,
    "plan": plan,
    "signing-in": signing_in,
    "continue-offered": continue_offered,
    "by-hand": by_hand,
    "strategy-said": strategy_said,
    "stored-by-hand": stored_by_hand,
    "wrong-user": wrong_user,
    "unreachable": unreachable,
    "no-secret": no_secret,
    "first-use": first_use,
    "add-instance": add_instance,
    "keyring-refuses": keyring_refuses,
    "target": target,
    "page-says": page_says,
    "journal": journal,
    "doctor": doctor,
    "crash": crash,
    "bundle": bundle,
    "simulated": simulated,
    "long-names": long_names,
    "german-length": german_length,
    "narrow": narrow,
}
