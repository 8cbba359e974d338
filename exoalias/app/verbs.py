"""The table of verbs from which both faces are made: the terminal's parser and the window's actions.

Law: each verb has both faces. ``window`` is the object name of the QAction that does it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exoalias.domain.ways import WAYS
from exoalias.domain.words import say

Kind = Literal["text", "flag", "number"]


@dataclass(frozen=True, slots=True)
class Argument:
    """One argument of a verb on the command line. ``flag`` starts with two dashes; a positional one doesn't."""

    flag: str
    words: str
    kind: Kind = "text"
    metavar: str = ""
    required: bool = False  # for options; a positional argument is required unless ``many``
    many: bool = False  # a positional argument given any number of times, also never

    @property
    def name(self) -> str:
        """Under which name the parsed value is found."""
        return self.flag.lstrip("-").replace("-", "_").lower()


@dataclass(frozen=True, slots=True)
class Verb:
    """Something the product does."""

    name: str  # as typed: "check", "instance add"
    words: str  # one line, shown in --help and as the action's status tip
    window: str  # objectName of the QAction: "verb-check"
    arguments: tuple[Argument, ...] = ()


_NAME = Argument("NAME", "the instance's name")
_JSON = Argument("--json", "print one JSON document on standard output; messages go to standard error", "flag")
_YES = Argument("--yes", "do what the plan says without asking", "flag")
_HEADLESS = Argument("--headless", "no visible browser; only against a simulated instance", "flag")
_TRUST = Argument("--trust-first-use", "store the token of an account nobody has named yet; it stays unconfirmed", "flag")
_STRATEGY = Argument(
    "--strategy",
    "how the sign-in is kept apart: auto, relay, private-window, managed-device or no-control",
    metavar="STRATEGY",
)
_REPAIR = Argument("--repair", "first put back what was right before, as after a clone", "flag")
_SCENARIO = Argument("--scenario", "which story the simulation tells", metavar="S")
_SEED = Argument("--seed", "draw the same people and records again", "number", "N")
# How an instance is entered, and where it belongs.
_ENTERED = (
    Argument(
        "--way",
        say("the way in: {ways} (with --user: password)", ways=", ".join(each.way.value for each in WAYS)),
        metavar="WAY",
    ),
    Argument("--user", "the user for its REST interface", metavar="USER"),
    Argument("--client-id", "of its OAuth API endpoint", metavar="ID"),
    Argument("--redirect-url", "of its OAuth API endpoint; nothing has to listen there", metavar="URL"),
    Argument("--certificate", "a PEM file with the client certificate and its key", metavar="FILE"),
    Argument("--ca-file", "a PEM file with the authorities to trust for it, instead of the system's", metavar="FILE"),
    Argument("--one-time-code", "the password is followed by a code of the user's authenticator, asked for when needed", "flag"),
    Argument("--sign-in-for-me", "sign in to the window with the kept user and password, where the instance takes them", "flag"),
    Argument("--customer", "whose it is", metavar="CUSTOMER"),
    Argument("--kind", "production, test or development", metavar="KIND"),
)

VERBS: tuple[Verb, ...] = (
    Verb(
        "instance add",
        "Add an instance, or say again how it is entered; what has to be secret is asked for.",
        "verb-instance-add",
        (_NAME, Argument("--url", "its address", metavar="URL", required=True), *_ENTERED, _JSON),
    ),
    Verb(
        "instance change",
        "Change what is known of an instance; another address, user or way in removes the secrets kept for the old one.",
        "verb-instance-change",
        (
            _NAME,
            Argument("--url", "its address", metavar="URL"),
            *_ENTERED,
            Argument("--no-one-time-code", "the password goes without a code again", "flag"),
            Argument("--no-sign-in-for-me", "sign in to the window yourself again", "flag"),
            _JSON,
        ),
    ),
    Verb(
        "instance rotate",
        "Give an instance's password, key or client secret anew: it is tried first, and the old one stays if it is refused.",
        "verb-instance-rotate",
        (_NAME, Argument("--untried", "keep it without trying it", "flag"), _JSON),
    ),
    Verb("instance list", "Show the known instances.", "verb-instance-list", (_JSON,)),
    Verb(
        "instance remove",
        "Forget an instance with its password, its proofs and its journal; nothing is written to it.",
        "verb-instance-remove",
        (_NAME, _YES, _JSON),
    ),
    Verb(
        "target",
        "Say what should be true; without options show it, and the profiles to choose from.",
        "verb-target",
        (
            _NAME,
            Argument("--delegated-user", "the user principal name of the delegated user", metavar="UPN"),
            Argument("--object-id", "their object id in Microsoft Entra", metavar="GUID"),
            Argument("--mail", "their mailbox address, where it differs from the UPN", metavar="ADDRESS"),
            Argument("--profile", "the OAuth entity profile, by name or sys_id", metavar="PROFILE"),
            Argument("--public-client-id", "a public-client registration of the tenant, for the second opinion", metavar="GUID"),
            _JSON,
        ),
    ),
    Verb(
        "pin",
        "Show the account pinned for the delegated user; pin another one, or none, after typing what it is about.",
        "verb-pin",
        (
            _NAME,
            Argument("--object-id", "the object id to pin", metavar="GUID"),
            Argument("--tenant", "its tenant id, where none is known yet", metavar="GUID"),
            Argument("--remove", "pin nobody", "flag"),
            _JSON,
        ),
    ),
    Verb(
        "check",
        "Read everything, judge it, change nothing.",
        "verb-check",
        (
            Argument("NAME", "the instances' names", many=True),
            Argument("--all", "every known instance, side by side", "flag"),
            Argument("--customer", "every instance of that customer", metavar="CUSTOMER"),
            Argument("--kind", "every instance of that kind: production, test or development", metavar="KIND"),
            Argument("--lines", "with --json: a line for each instance as it comes, then one for the whole", "flag"),
            _JSON,
        ),
    ),
    Verb("plan", "Show what would be changed, before and after.", "verb-plan", (_NAME, _JSON)),
    Verb(
        "apply",
        "Write what the plan says, one field at a time, each read back.",
        "verb-apply",
        (
            _NAME,
            _YES,
            _REPAIR,
            Argument("--sign-in", "then do the sign-ins of the plan", "flag"),
            _STRATEGY,
            _TRUST,
            _HEADLESS,
            _JSON,
        ),
    ),
    Verb(
        "remember",
        "Say that the instance is right as it is now: later checks tell what changed since.",
        "verb-remember",
        (_NAME, _YES, _JSON),
    ),
    Verb(
        "scan",
        "Run ServiceNow's own scan of the calendar synchronisation: it starts a job on the instance.",
        "verb-scan",
        (_NAME, _YES, _JSON),
    ),
    Verb(
        "sign-in",
        "Get a credential its token: the delegated user signs in, in a window of its own.",
        "verb-sign-in",
        (
            _NAME,
            Argument("--credential", "which one, by name", metavar="CREDENTIAL", required=True),
            _STRATEGY,
            _TRUST,
            _HEADLESS,
            _JSON,
        ),
    ),
    Verb(
        "owner",
        "Whose token is it? Show a script to run on the instance by hand, and compare its answer; exoalias runs nothing there.",
        "verb-owner",
        (
            _NAME,
            Argument("--credential", "which one, by name", metavar="CREDENTIAL"),
            Argument("--answer", "a file with what the script said; - is standard input", metavar="FILE"),
            _JSON,
        ),
    ),
    Verb("undo", "Put back what the last apply wrote, where it still is what was written.", "verb-undo", (_NAME, _YES, _JSON)),
    Verb(
        "unlock",
        "Let a production instance be written to for a while; its name has to be typed.",
        "verb-unlock",
        (
            _NAME,
            Argument("--minutes", "for how long, at most 480", "number", "N"),
            Argument("--typed", "the name, typed here instead of being asked for", metavar="NAME"),
            _JSON,
        ),
    ),
    Verb("lock", "Make a production instance read-only again, at once.", "verb-lock", (_NAME, _JSON)),
    Verb(
        "export",
        "Write the list of instances, without secrets, to hand on or to keep.",
        "verb-export",
        (
            Argument("FILE", "the file to write; without it standard output", many=True),
            Argument("--customer", "that customer's instances alone", metavar="CUSTOMER"),
            _JSON,
        ),
    ),
    Verb(
        "import",
        "Take a list of instances: all of it, or nothing.",
        "verb-import",
        (
            Argument("FILE", "the file to read; - is standard input"),
            Argument("--dry-run", "show what would be added and changed, and why something is refused", "flag"),
            Argument("--replace", "change known instances to what the list says; their addresses never", "flag"),
            _JSON,
        ),
    ),
    Verb(
        "journal",
        "Show what was intended, what happened and who signed in; with --on, whose tokens they were on that day.",
        "verb-journal",
        (_NAME, Argument("--on", "a day, as 2026-11-20 (UTC)", metavar="DAY"), _JSON),
    ),
    Verb(
        "settings",
        "Show every setting and where it came from; with NAME=VALUE change your own, with NAME= take it away.",
        "verb-settings",
        (Argument("SETTING", "a change, as NAME=VALUE", many=True), _JSON),
    ),
    Verb(
        "proxy",
        "Keep user and password for the proxy that is set; without options, show who is kept.",
        "verb-proxy",
        (
            Argument("--user", "the user the proxy knows; the password is asked for", metavar="USER"),
            Argument("--forget", "forget what is kept", "flag"),
            _JSON,
        ),
    ),
    Verb(
        "explain",
        "Say what an error code, or the text of a sign-in page, means and who can put it right; nothing is sent.",
        "verb-explain",
        (
            Argument("CODE", "a code such as AADSTS50126 or invalid_grant; - reads a page's text from standard input", many=True),
            _JSON,
        ),
    ),
    Verb("doctor", "Look at this machine: keyring, browser, certificates, places.", "verb-doctor", (_JSON,)),
    Verb(
        "support",
        "Collect what helps when something goes wrong, without names and secrets: shown in full, then saved to FILE.",
        "verb-support",
        (
            Argument("FILE", "the zip file to write; without it the bundle is only shown", many=True),
            Argument("--preview", "only show it", "flag"),
            Argument("--yes", "save it without asking; it is shown all the same", "flag"),
            _JSON,
        ),
    ),
    Verb("demo", "The whole job on a simulated instance.", "verb-demo", (_SCENARIO, _SEED, _STRATEGY, _HEADLESS, _JSON)),
    Verb(
        "simulate",
        "Serve a simulated instance and sign-in on this machine until stopped.",
        "verb-demo",
        (_SCENARIO, _SEED, _JSON),
    ),
)


def verb(name: str) -> Verb:
    """The verb of that name."""
    return next(v for v in VERBS if v.name == name)
