"""What the policies of a machine's browser mean for the sign-in window: one table, and the judgement of what was found.

Sources: the browsers' own lists, one page a policy (``Policy.page``). What is not said there was measured with Chromium: with
*RemoteDebuggingAllowed* off it ends at once, with private windows forced it opens none of ours, and a managed
*AuthServerAllowlist* counts over the command line.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_CHROME: Final = "https://chromeenterprise.google/policies/#"
_EDGE: Final = "https://learn.microsoft.com/deployedge/microsoft-edge-policies/"
# "Windows Accounts" / "Microsoft Single Sign On" in the Chrome Web Store.
# learn.microsoft.com/entra/identity/conditional-access/concept-conditional-access-conditions, "Chrome support"
SINGLE_SIGN_ON: Final = "ppnbnpeolgkicgegkbkbjmhlideopiji"
_SHOWN: Final = 60  # letters of a value before the rest is left out


class Effect(Enum):
    """What a policy does to the sign-in window."""

    FORBIDS = "forbids"  # there can't be one
    CHECKED = "checked"  # it may not be ours: looked at after the start
    NO_PRIVATE = "no private window"  # it works, but for private windows
    AMBIENT = "ambient"  # it works; in private windows too somebody may be signed in unasked
    NOTED = "noted"  # it works; what a person may meet is said


class Kind(Enum):
    """The type a browser takes a policy's value for."""

    FLAG = "yes or no"
    NUMBER = "a number"
    TEXT = "a text"
    LIST = "a list"
    TABLE = "a table"


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy that matters. ``values`` are those that do; None: any that is not empty."""

    name: str
    kind: Kind
    values: frozenset[bool | int | str] | None
    effect: Effect
    words: str
    remedy: str = ""
    edge: str = ""  # its name in Edge, where that is another one; "-" where Edge has none

    def named(self, *, edge: bool) -> str:
        """Its name in that browser; "" where it has none."""
        return (self.edge.rstrip("-") if self.edge else self.name) if edge else self.name

    def page(self, *, edge: bool) -> str:
        """Where the browser's maker says what it does."""
        return f"{_EDGE}{self.named(edge=True).lower()}" if edge else f"{_CHROME}{self.name}"

    def matters(self, value: object) -> bool:
        """Whether this value does something to us."""
        if self.values is None:
            return bool(value)
        if isinstance(value, (list, tuple)):
            return any(str(each).partition(";")[0].strip() in self.values for each in value)
        return value in self.values


_ASK: Final = "Ask for the policy {name} to be lifted for this machine, use another browser, or sign in on another machine."
_UNASKED: Final = "integrated sign-in (Kerberos, NTLM) may answer Microsoft's sign-in unasked; whose it was is still compared"
_PROXY: Final = "the window's proxy is fixed by it, whatever is set here"

POLICIES: Final[tuple[Policy, ...]] = (
    Policy(
        "RemoteDebuggingAllowed", Kind.FLAG, frozenset({False}), Effect.FORBIDS,
        "exoalias can't steer the browser then, over a pipe neither.", _ASK,
    ),
    # Edge's page lists Forced for phones alone today; older desktop versions obeyed, and nobody tried: the safe reading.
    Policy(
        "IncognitoModeAvailability", Kind.NUMBER, frozenset({2}), Effect.FORBIDS,
        "private windows are forced, and the sign-in windows can't be opened then.", _ASK, edge="InPrivateModeAvailability",
    ),
    Policy(
        "IncognitoModeAvailability", Kind.NUMBER, frozenset({1}), Effect.NO_PRIVATE,
        "no private window can be opened; the usual sign-in windows work", edge="InPrivateModeAvailability",
    ),
    Policy(
        "DeveloperToolsAvailability", Kind.NUMBER, frozenset({2}), Effect.NOTED,
        "no developer tools; the sign-in windows need none",
    ),
    Policy(
        "UserDataDir", Kind.TEXT, None, Effect.CHECKED,
        "the browser may take that folder instead of a fresh one; looked at after each start", _ASK,
    ),
    Policy("AuthServerAllowlist", Kind.TEXT, None, Effect.NOTED, _UNASKED),
    Policy("AuthNegotiateDelegateAllowlist", Kind.TEXT, None, Effect.NOTED, _UNASKED),
    Policy("AmbientAuthenticationInPrivateModesEnabled", Kind.NUMBER, frozenset({1, 3}), Effect.AMBIENT, _UNASKED),
    Policy(
        "BrowserSignin", Kind.NUMBER, frozenset({2}), Effect.NOTED,
        "the browser wants its own user signed in first; without effect on Chromium, not tried with Edge",
    ),
    Policy(
        "CloudAPAuthEnabled", Kind.NUMBER, frozenset({1}), Effect.NOTED,
        "this device's identity is not shown in the sign-in window of the delegated user", edge="-",
    ),
    Policy(
        "ExtensionInstallForcelist", Kind.LIST, frozenset({SINGLE_SIGN_ON}), Effect.NOTED,
        "Microsoft's single sign-on extension; it does not reach the sign-in window of the delegated user by default",
    ),
    # Measured: with "*" no page of the sign-in opens, and with HeadlessMode 2 a browser without a screen ends at once.
    Policy(
        "URLBlocklist", Kind.LIST, None, Effect.NOTED,
        "where it covers the instance or Microsoft's sign-in, the window shows them as blocked",
    ),
    Policy("HeadlessMode", Kind.NUMBER, frozenset({2}), Effect.NOTED, "no browser runs without a screen", edge="-"),
    Policy("ProxySettings", Kind.TABLE, None, Effect.NOTED, _PROXY),
    Policy("ProxyMode", Kind.TEXT, None, Effect.NOTED, _PROXY),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Found:
    """A value somebody set, and where. ``loose``: the browser takes numbers and texts for each other there (registry)."""

    name: str
    value: object
    where: str
    mandatory: bool = True
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """A policy that counts on this machine."""

    name: str
    effect: Effect
    value: str
    where: str
    why: str
    remedy: str
    page: str

    @property
    def words(self) -> str:
        """One sentence: its name, value and place, and what it means."""
        return say(
            "{self_name} is {self_value} in {where}: {self_why}",
            self_name=self.name,
            self_value=self.value,
            where=self.where,
            self_why=self.why,
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """What the policies of one browser mean. ``untold`` is what can't be told; it never counts as allowed."""

    findings: tuple[Finding, ...] = ()
    untold: tuple[str, ...] = ()

    @property
    def forbids(self) -> Finding | None:
        """The first policy that forbids the sign-in window."""
        return next(iter(self.having(Effect.FORBIDS)), None)

    def having(self, effect: Effect) -> tuple[Finding, ...]:
        """The findings with that effect."""
        return tuple(finding for finding in self.findings if finding.effect is effect)

    @property
    def notes(self) -> tuple[str, ...]:
        """All that is to be said of a browser that can be used."""
        return (
            *(finding.words for finding in self.findings if finding.effect is not Effect.FORBIDS),
            *(say("cannot tell: {words}", words=words) for words in self.untold),
        )


def judged(found: Sequence[Found], unread: Sequence[str] = (), *, edge: bool) -> Reading:
    """What was found, weaker places first. A value that is only recommended binds nobody: each profile of ours is fresh."""
    findings, untold = [], list(unread)
    for policy in POLICIES:
        said = [each for each in found if each.mandatory and each.name == policy.named(edge=edge)]
        if not said:
            continue
        counts, value = said[-1], taken(said[-1], policy.kind)
        if value is None:
            untold.append(
                say(
                    "{counts_name} in {where} is not {kind_value}",
                    counts_name=counts.name,
                    where=counts.where,
                    kind_value=policy.kind.value,
                )
            )
        elif policy.matters(value):
            findings.append(_finding(policy, counts, value, edge=edge))
        untold += _overruled(policy, said, matters=value is not None and policy.matters(value))
    return Reading(tuple(findings), tuple(dict.fromkeys(untold)))


def _overruled(policy: Policy, said: Sequence[Found], *, matters: bool) -> Iterator[str]:
    """Weaker places that forbid where the one that counts does not: the order is nowhere promised ("it's unclear which of the
    values you specify will be applied", support.google.com/chrome/a/answer/9027408)."""
    if policy.effect is Effect.FORBIDS and not matters:
        for each in said[:-1]:
            value = taken(each, policy.kind)
            if value is not None and policy.matters(value):
                yield say(
                    "{each_name} is {value} in {where}, and something else in {where2}",
                    each_name=each.name,
                    value=_shown(value),
                    where=each.where,
                    where2=said[-1].where,
                )


def _finding(policy: Policy, counts: Found, value: object, *, edge: bool) -> Finding:
    remedy = say(policy.remedy, name=counts.name)
    page = policy.page(edge=edge)
    shown = say("set") if policy.kind is Kind.TABLE else _shown(value)  # a proxy's may hold a password
    return Finding(counts.name, policy.effect, shown, counts.where, policy.words, remedy, page)


def _shown(value: object) -> str:
    """A value as it can stand in a sentence."""
    if isinstance(value, bool):
        return "true" if value else "false"
    text = ", ".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)
    clean = "".join(letter if letter.isprintable() else "?" for letter in text)
    return clean if len(clean) <= _SHOWN else f"{clean[:_SHOWN]}…"


def taken(found: Found, kind: Kind) -> object:
    """The value as the browser takes it; None where it is of another type, and the browser would ignore it or guess."""
    value = found.value
    match kind:
        case Kind.FLAG:
            if isinstance(value, bool):
                return value
            number = _number(value) if found.loose else None
            return None if number is None else bool(number)
        case Kind.NUMBER:
            if isinstance(value, int) and not isinstance(value, bool):
                return value
            return _number(value) if found.loose else None
        case Kind.TEXT:
            return value if isinstance(value, str) else None
        case Kind.LIST:
            return value if isinstance(value, (list, tuple)) else None
        case _:
            return value if isinstance(value, dict) or (found.loose and isinstance(value, str)) else None


def _number(value: object) -> int | None:
    """A number out of the registry, where it may be a text too."""
    if isinstance(value, int):
        return int(value)
    text = value.strip() if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.removeprefix("-").isdigit() and len(text) < 12 else None
