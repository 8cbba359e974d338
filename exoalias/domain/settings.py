"""What can be set: one table, from which the settings page, the verb ``settings``, doctor and the documents are made.

Which value counts where several were given is domain/ladder.py's business; where they are read, adapters/machine/ladder.py's.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exoalias.domain.setting import Kind, Setting
from exoalias.domain.strategies import AUTO, WISHES
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from exoalias.domain.setting import Value


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings one run works with."""

    idle_minutes: int = 10  # a session nobody uses for so long is forgotten
    longest_hours: int = 12  # and every session after so long
    unlock_minutes: int = 30  # for so long a production instance may be written to once it was unlocked
    side_by_side: int = 16  # instances checked at a time
    ca_file: str = ""  # a PEM file with the authorities to trust, instead of the system's
    proxy: str = ""  # "" the system's and the environment's; "none" no proxy; else its address, without credentials
    strategy: str = AUTO  # how the Microsoft leg of a sign-in is kept apart, see domain/strategies.py
    browser: str = ""  # path of the browser for sign-ins; "" found
    keep_secrets: bool = True  # False: never in the keyring, each run asks
    first_use: bool = True  # whether an account nobody named may be stored unconfirmed
    ways: tuple[Way, ...] = tuple(Way)  # the ways in that may be used
    log_days: int = 14  # a log file older than this is deleted
    appearance: str = "system"  # "system", "light" or "dark"
    language: str = "system"  # of all that is shown: "system", "en" or "de"
    one_window: bool = True  # a second start brings the first one's window forward


# -- the table -----------------------------------------------------------------------------------------------------------

_SESSIONS, _SIGNING_IN, _NETWORK, _CHECKS, _WINDOW = "Sessions and secrets", "Signing in", "Network", "Checks and log", "Window"

SETTINGS: Final[tuple[Setting, ...]] = (
    Setting(
        "idle_minutes",
        _SESSIONS,
        "Lock a session after",
        "A session on an instance that nobody uses for so long is forgotten.",
        Kind.NUMBER,
        lowest=1,
        highest=120,
        unit="minutes",
    ),
    Setting(
        "longest_hours",
        _SESSIONS,
        "End every session after",
        "Used or not, a session is forgotten after so long.",
        Kind.NUMBER,
        lowest=1,
        highest=12,
        unit="hours",
    ),
    Setting(
        "unlock_minutes",
        _SESSIONS,
        "Keep production unlocked for",
        "For so long a production instance may be written to once its name was typed.",
        Kind.NUMBER,
        lowest=1,
        highest=240,
        unit="minutes",
    ),
    Setting(
        "keep_secrets",
        _SESSIONS,
        "Keep secrets in the keyring",
        "Without it nothing is kept: each run asks for what it needs.",
        Kind.YES_NO,
        flag="--this-run-only",
    ),
    Setting(
        "ways",
        _SIGNING_IN,
        "Ways in",
        "The ways in to an instance that may be used here.",
        Kind.WAYS,
    ),
    Setting(
        "first_use",
        _SIGNING_IN,
        "Accept accounts on first use",
        "An account nobody has named yet may be stored, as unconfirmed, once a person agreed. Without it the object id has to be "
        "entered first.",
        Kind.YES_NO,
    ),
    Setting(
        "strategy",
        _SIGNING_IN,
        "Window of the delegated user",
        "How the sign-in to Microsoft is kept apart: auto begins with relay (cookies of its own) and goes to private-window when "
        "somebody was signed in unasked. managed-device is for Conditional Access that wants one; no-control can't prevent a "
        "wrong user.",
        Kind.CHOICE,
        choices=WISHES,
        flag="--strategy",
    ),
    Setting(
        "browser",
        _SIGNING_IN,
        "Browser for sign-ins",
        "Edge, Chrome or Chromium. Left empty, it is found.",
        Kind.PATH,
        blank="find",
        flag="--browser",
    ),
    Setting(
        "proxy",
        _NETWORK,
        "Proxy",
        "Left empty, the system's and the environment's settings count. “none” goes without one.",
        Kind.PROXY,
        blank="system",
    ),
    Setting(
        "ca_file",
        _NETWORK,
        "Certificate authorities",
        "A PEM file with the authorities to trust instead of the system's. Left empty, the system's count.",
        Kind.PATH,
        blank="system",
    ),
    Setting(
        "side_by_side",
        _CHECKS,
        "Check at a time",
        "So many instances are checked side by side.",
        Kind.NUMBER,
        lowest=1,
        highest=32,
        unit="instances",
    ),
    Setting(
        "log_days",
        _CHECKS,
        "Keep the log for",
        "A log file older than this is deleted. The journal is not a log and stays.",
        Kind.NUMBER,
        lowest=1,
        highest=365,
        unit="days",
        at_start=True,
    ),
    Setting(
        "appearance",
        _WINDOW,
        "Appearance",
        "Light, dark, or as the system has it.",
        Kind.CHOICE,
        choices=("system", "light", "dark"),
        fixable=False,
    ),
    Setting(
        "language",
        _WINDOW,
        "Language",
        "Of window, terminal and the pages in the sign-in windows: English (en), German (de), or as the system has it.",
        Kind.CHOICE,
        choices=("system", "en", "de"),
        at_start=True,
    ),
    Setting(
        "one_window",
        _WINDOW,
        "One window only",
        "A second start brings the open window forward.",
        Kind.YES_NO,
        at_start=True,
    ),
)


def setting(name: str) -> Setting | None:
    """The setting of that name; None where there is none."""
    return next((each for each in SETTINGS if each.name == name), None)


def built_in(known: Setting) -> Value:
    """The value when nobody set it."""
    value: Value = getattr(_BUILT_IN, known.name)
    return value


_BUILT_IN: Final = Settings()
