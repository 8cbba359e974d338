"""The menus: one QAction for each verb, named after it, with its shortcut. The table is read by the law on verbs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu

from exoalias.ui.words import _

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QMainWindow


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu. ``needs`` is what must be there: "" nothing, else a word of Window._there."""

    name: str
    text: str
    keys: tuple[str, ...] = ()
    needs: str = ""
    tip: str = ""


SEPARATOR = Entry("", "")
MENUS: tuple[tuple[str, tuple[Entry, ...]], ...] = (
    (
        "&Instances",
        (
            Entry(
                "verb-instance-add",
                "&Add an instance …",
                ("Ctrl+N",),
                "world",
                "Add an instance by its address, and how exoalias is let in",
            ),
            Entry(
                "verb-instance-change",
                "&Change how this instance is entered …",
                (),
                "instance",
                "Another way in, user, customer or kind; secrets kept for the old one are removed",
            ),
            Entry(
                "verb-instance-rotate",
                "Give a ne&w password or key …",
                (),
                "instance",
                "The new one is tried first; the old one stays if it is refused",
            ),
            Entry(
                "forget-session",
                "&Forget its session now",
                ("Ctrl+Shift+L",),
                "signed-in",
                "Sign out here and close its browser window; the next check signs in anew",
            ),
            Entry(
                "verb-instance-remove",
                "&Remove this instance …",
                (),
                "instance",
                "Forget the instance here; nothing is changed on it",
            ),
            Entry(
                "verb-instance-list", "&List the instances", ("Ctrl+1",), "world", "Go to the list of instances and read it anew"
            ),
            SEPARATOR,
            Entry("verb-export", "E&xport the list …", (), "list", "Write the instances to a file, without any secret"),
            Entry("verb-import", "I&mport a list …", (), "world", "Take instances from a file, after seeing what it would do"),
            SEPARATOR,
            Entry(
                "verb-demo",
                "&Try it on a simulated instance",
                (),
                "",
                "Start a simulated instance and Microsoft sign-in on this computer",
            ),
            SEPARATOR,
            Entry("quit", "&Quit", ("Ctrl+Q",)),
        ),
    ),
    (
        "&Checklist",
        (
            Entry("verb-check", "&Check", ("F5", "Ctrl+R"), "idle", "Read everything and judge it; nothing is changed"),
            Entry("check-all", "Check &all instances", ("Ctrl+Shift+R",), "idle", "Read every instance, some side by side"),
            Entry(
                "verb-target",
                "What should be &true …",
                ("Ctrl+T",),
                "instance",
                "Say the delegated user, their object id and the profile",
            ),
            Entry(
                "verb-pin",
                "Pi&nned account …",
                ("Ctrl+Shift+P",),
                "instance",
                "Whose sign-in is let through, since when; another account, or none",
            ),
            SEPARATOR,
            Entry(
                "verb-plan", "Review the &plan …", ("Ctrl+P",), "plan", "Show each change as before and after; nothing is written"
            ),
            Entry(
                "verb-apply", "&Write the plan …", ("Ctrl+Return",), "plan", "Shows the plan first; written only when you agree"
            ),
            Entry(
                "verb-sign-in", "&Sign in …", ("Ctrl+L",), "plan", "Sign in the delegated user for the credentials that need it"
            ),
            Entry(
                "verb-undo",
                "&Undo what was written …",
                ("Ctrl+Z",),
                "instance",
                "Put back what exoalias wrote, if it is still that",
            ),
            SEPARATOR,
            Entry("verb-remember", "&Remember as right …", ("Ctrl+M",), "instance", "Later checks tell what changed since"),
            Entry(
                "verb-owner", "Wh&ose token is it? …", ("Ctrl+Shift+W",), "instance", "A script to run on the instance by hand"
            ),
            Entry("verb-scan", "Run S&erviceNow's own scan …", ("Ctrl+Shift+E",), "instance", "Starts a job on the instance"),
            SEPARATOR,
            Entry(
                "verb-unlock",
                "Unloc&k for writing …",
                ("Ctrl+U",),
                "guarded",
                "Let a production instance be written to for a while",
            ),
            Entry("verb-lock", "&Lock now", ("Ctrl+Shift+U",), "unlocked", "Make the production instance read-only again"),
            SEPARATOR,
            Entry("verb-journal", "&Journal …", ("Ctrl+J",), "known", "What was intended and what happened on this instance"),
        ),
    ),
    (
        "&Edit",
        (
            Entry("verb-settings", "&Settings …", ("Ctrl+,",), "world", "What is set on this computer, and where it came from"),
            Entry("verb-proxy", "&Proxy's user and password …", (), "world", "Kept for the proxy that is set"),
        ),
    ),
    (
        "&View",
        (
            Entry("all-instances", "&All instances", ("Ctrl+0",), "list", "Every instance in one table, to sort and filter"),
            Entry("find", "&Find an instance", ("Ctrl+F",), "list", "Filter the instances by what you type"),
            SEPARATOR,
            Entry("go-checklist", "Go to the &checklist", ("Ctrl+2",)),
            Entry("go-detail", "Go to the &detail", ("Ctrl+3",)),
            Entry("expand-all", "&Open all lines", ("Ctrl+Shift++",)),
            Entry("collapse-all", "C&lose all lines", ("Ctrl+Shift+-",)),
        ),
    ),
    (
        "&Help",
        (
            Entry(
                "verb-support",
                "&Support bundle …",
                (),
                "",
                "What helps when something goes wrong, without names and secrets: you see every byte before it is saved",
            ),
            Entry("verb-doctor", "&Doctor …", ("Ctrl+D",), "world", "Look at this computer: keyring, browser, certificates"),
            Entry(
                "verb-explain", "&What does the page say? …", ("Ctrl+E",), "", "Explain an error code or text of a sign-in page"
            ),
            SEPARATOR,
            Entry("about", "&About exoalias"),
        ),
    ),
)


class Actions:
    """The window's actions by name, with what each does and when it can."""

    def __init__(self, window: QMainWindow) -> None:
        self.by_name: dict[str, QAction] = {}
        self._needs: dict[str, str] = {}
        self.menus: list[QMenu] = []
        for title, entries in MENUS:
            menu = QMenu(_(title), window)
            window.menuBar().addMenu(menu)
            self.menus.append(menu)
            for entry in entries:
                if entry is SEPARATOR:
                    menu.addSeparator()
                else:
                    menu.addAction(self._made(entry, window))

    def _made(self, entry: Entry, window: QMainWindow) -> QAction:
        action = QAction(_(entry.text), window)
        action.setObjectName(entry.name)
        action.setShortcuts([QKeySequence(keys) for keys in entry.keys])
        action.setStatusTip(_(entry.tip) if entry.tip else "")
        if entry.name == "quit":
            action.setMenuRole(QAction.MenuRole.QuitRole)
        elif entry.name == "verb-settings":
            action.setMenuRole(QAction.MenuRole.PreferencesRole)
        elif entry.name == "about":
            action.setMenuRole(QAction.MenuRole.AboutRole)
        self.by_name[entry.name] = action
        self._needs[entry.name] = entry.needs
        return action

    def connect(self, name: str, do: Callable[[], object]) -> None:
        """Let that action do this."""
        self.by_name[name].triggered.connect(lambda _checked=False: do())

    def allow(self, there: set[str]) -> None:
        """Enable what can be done now: ``there`` holds the needs that are met."""
        for name, action in self.by_name.items():
            need = self._needs[name]
            action.setEnabled(not need or need in there)
