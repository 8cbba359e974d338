"""What must hold of the instance itself, and of what the person said about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from exoalias.domain import sources
from exoalias.domain.checklist import Act, Action, Group, Row
from exoalias.domain.ownership import moment
from exoalias.domain.rules.authority import GUID
from exoalias.domain.rules.rule import Rule
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.domain.checklist import Finding
    from exoalias.domain.records import App
    from exoalias.domain.rules.case import Case

SPOKE = "sn_ex_online_spke"
CALENDAR_SYNC = "sn_wsd_rsvsync"
SYNC_MODE_PROPERTY = "sn_wsd_rsvsync.sync_integration_mode"
_VERSION = re.compile(r"[0-9]{1,9}(\.[0-9]{1,9}){0,5}")
NARROWER_ROLES = ("oauth_admin", "connection_admin", "credential_admin")

REACHABLE = Rule(
    "instance.reachable",
    "The instance is reachable and awake",
    "Everything below was read from it just now.",
    (sources.REST_API,),
)
SIGNED_IN = Rule(
    "instance.signed-in",
    "The session's user is known",
    "What can be read and written depends on who is signed in.",
    (sources.REST_API,),
)
ROLE = Rule(
    "instance.role",
    "The user has the role admin",
    "The procedure asks for admin. Without it records are hidden, and a hidden record looks like one that isn't there.",
    (sources.STRICT_ALIAS, sources.INITIAL_TOKEN),
    blocks=True,
    blocks_in_doubt=True,
)
DELEGATED_USER = Rule(
    "instance.delegated-user",
    "The delegated user is named, with the object id of the account",
    "The tokens must be this account's. A name can belong to two people; the object id identifies one.",
    (sources.STRICT_ALIAS, sources.KB_WRONG_ACCOUNT),
)
RELEASE = Rule(
    "instance.release",
    "The release is known",
    "Pages and behaviour differ between releases, for one how a refresh token's expiry is kept (from Yokohama on).",
    (sources.KB_REFRESH_EXPIRY,),
)
SPOKE_APP = Rule(
    "instance.spoke",
    "Microsoft Exchange Online Spoke is installed and active",
    "The aliases and credentials belong to it.",
    (sources.SPOKE,),
)
SYNC_APP = Rule(
    "instance.calendar-sync",
    "Workplace Calendar Synchronization is installed and active",
    "Strict mode is this application's, and it is what uses the tokens.",
    (sources.STRICT_ALIAS, sources.PROVIDER),
)
PROCEDURE = Rule(
    "instance.procedure",
    "The procedure applies to the installed versions",
    "Two pages disagree: from Workplace Calendar Synchronization 2.0.1 with spoke 3.2.1 the strict-mode page calls this "
    "procedure “no "
    "longer required”, while the troubleshooting page of 2026 still asks for an authorization-code token on the credential in "
    "strict "
    "mode.",
    (sources.STRICT_ALIAS, sources.TROUBLESHOOTING),
)
SCOPE = Rule(
    "instance.application-scope",
    "The application scope is shown",
    "The procedure is done in the scope Microsoft Exchange Online Spoke. exoalias updates records where they are and never "
    "switches "
    "the scope silently.",
    (sources.STRICT_ALIAS,),
)
UPDATE_SET = Rule(
    "instance.update-set",
    "The current update set is shown",
    "What somebody saves on a form is captured in the current update set of the application; it is shown so that nothing lands "
    "where nobody looks for it.",
    (sources.STRICT_ALIAS,),
)
SYNC_MODE = Rule(
    "instance.sync-mode",
    say("{sync_mode_property} is Strict", sync_mode_property=SYNC_MODE_PROPERTY),
    "The property decides whose calendar access is used: Strict, Personal or Normal, which is the default. It replaces the "
    "provider's "
    "former strict-mode check box.",
    (sources.SYNC_PROPERTIES, sources.SYNC_MODE, sources.TROUBLESHOOTING),
)

RULES = (
    REACHABLE, SIGNED_IN, ROLE, DELEGATED_USER, RELEASE, SPOKE_APP, SYNC_APP, PROCEDURE, SCOPE, UPDATE_SET, SYNC_MODE,
)  # fmt: skip


def rows(case: Case) -> tuple[Row, ...]:
    """The one row of the instance."""
    snapshot = case.snapshot
    findings = (
        REACHABLE.holds(say("It answered on {moment}.", moment=moment(snapshot.taken_at))),
        _signed_in(case),
        _role(case),
        _delegated_user(case),
        _release(case),
        _app(case, SPOKE_APP, SPOKE),
        _app(case, SYNC_APP, CALENDAR_SYNC),
        _procedure(case),
        *_scope(case),
        _sync_mode(case),
    )
    return (Row("instance", Group.INSTANCE, snapshot.origin.partition("://")[2], snapshot.build.one() or "", findings=findings),)


def _signed_in(case: Case) -> Finding:
    reading = case.snapshot.user
    if not reading:
        return SIGNED_IN.unreadable(reading, "the session's user", "admin")
    user = reading.one()
    if user is None or not user.user_name:
        return SIGNED_IN.cannot_tell(
            "The instance did not say who is signed in.", remedy="Check again, or sign in with another user."
        )
    return SIGNED_IN.holds(
        say("Signed in as {user_name} ({display_name}).", user_name=user.user_name, display_name=user.display_name)
    )


def _role(case: Case) -> Finding:
    reading = case.snapshot.roles
    narrower = ", ".join(NARROWER_ROLES)
    if not reading:
        return ROLE.cannot_tell(
            say("The instance did not let the user's roles be read: {unreadable}", unreadable=reading.unreadable),
            remedy=say("A user with the role admin can. For reading alone {narrower} are needed.", narrower=narrower),
        )
    if "admin" in reading.rows:
        return ROLE.holds("The user has the role admin.")
    missing = [role for role in NARROWER_ROLES if role not in reading.rows]
    also = (
        say(" Of the narrower roles it lacks {missing}.", missing=", ".join(missing))
        if missing
        else say(" It has the narrower roles {narrower}.", narrower=narrower)
    )
    return ROLE.wrong(
        say("The user lacks the role admin.{also}", also=also), remedy="Sign in with a user who has the role admin."
    )


def _delegated_user(case: Case) -> Finding:
    choose = Action(Act.CHOOSE_TARGET, "Name the delegated user …")
    user = case.target.delegated_user
    if user is None or not case.upn:
        return DELEGATED_USER.needs_you(
            "The delegated user has not been named yet.", remedy="Name the account whose calendar access is used.", action=choose
        )
    if case.contradiction:
        return DELEGATED_USER.needs_you(
            "The object id entered is not the account proven at an earlier sign-in.",
            remedy="Enter the right one. If the account was created anew, its object id changed: remove the instance here and "
            "add it anew.",
            action=choose,
        )
    if user.object_id and not GUID.fullmatch(user.object_id.strip()):
        return DELEGATED_USER.needs_you("The object id entered is not a GUID.", remedy="Copy it from Entra.", action=choose)
    account = case.account
    if account is None:
        return DELEGATED_USER.advice(
            say("{upn}; the object id is not known yet.", upn=case.upn),
            remedy=say("Enter it before the first sign-in: az ad user show --id {upn} --query id -o tsv", upn=case.upn),
            action=Action(Act.CHOOSE_TARGET, "Enter the object id …"),
        )
    return DELEGATED_USER.holds(say("{upn}, object id {object_id}.", upn=case.upn, object_id=account.object_id))


# -- release and applications --------------------------------------------------------------------------------------------


def _release(case: Case) -> Finding:
    tag = case.snapshot.build.one()
    if tag is None:
        said = f": {case.snapshot.build.unreadable}" if case.snapshot.build.unreadable else "."
        return RELEASE.advice(say("The build tag glide.buildtag was not returned{said}", said=said))
    family = re.match(r"glide-([a-z]+)", tag.casefold())
    if family is None:
        return RELEASE.advice(say("The build tag {tag} names no release known here.", tag=tag or say("(empty)")))
    return RELEASE.holds(say("{title} (build {tag}).", title=family[1].title(), tag=tag))


def version_of(text: str | None) -> tuple[int, ...]:
    """A version as numbers that compare; () where it isn't one."""
    return tuple(int(part) for part in text.split(".")) if text and _VERSION.fullmatch(text) else ()


def _find(case: Case, scope: str) -> App | None:
    return next((app for app in case.snapshot.apps.rows if app.scope == scope), None)


def _app(case: Case, rule: Rule, scope: str) -> Finding:
    if not case.snapshot.apps:
        return rule.unreadable(case.snapshot.apps, "installed applications", "admin")
    app = _find(case, scope)
    if app is None:
        return rule.wrong(
            say("{scope} was not found among the installed applications.", scope=scope),
            remedy="Install it from the ServiceNow Store.",
        )
    if app.active is None:
        return rule.no_column(say("active of {scope}", scope=scope))
    if not app.active:
        return rule.wrong(
            say("{app_name} is installed but not active.", app_name=app.name or scope), remedy="Activate the application."
        )
    if not app.version:
        return rule.cannot_tell(
            say("{app_name} is installed; its version was not returned.", app_name=app.name or scope),
            remedy="Look at its page in the Store.",
        )
    return rule.holds(f"{app.name or scope} {app.version}.")


def _procedure(case: Case) -> Finding:
    if not case.snapshot.apps:
        return PROCEDURE.unreadable(case.snapshot.apps, "installed applications", "admin")
    sync, spoke = _find(case, CALENDAR_SYNC), _find(case, SPOKE)
    if sync is None or spoke is None:
        return PROCEDURE.not_applicable("An application it is about is not installed.")
    versions = version_of(sync.version), version_of(spoke.version)
    if not all(versions):
        return PROCEDURE.cannot_tell(
            say(
                "Versions found: Workplace Calendar Synchronization {version}, spoke {version2}.",
                version=sync.version or say("unknown"),
                version2=spoke.version or say("unknown"),
            ),
            remedy="Look the versions up in the instance.",
        )
    if versions[0] >= (2, 0, 1) and versions[1] >= (3, 2, 1):
        return PROCEDURE.advice(
            say("With versions {version} and {version2} it may not be needed.", version=sync.version, version2=spoke.version),
            remedy="Keep to the troubleshooting page while the integration mode is Strict: the token is still asked for there.",
        )
    return PROCEDURE.holds(
        say("It is needed with versions {version} and {version2}.", version=sync.version, version2=spoke.version)
    )


# -- where the session stands --------------------------------------------------------------------------------------------


def _scope(case: Case) -> Iterable[Finding]:
    current = case.snapshot.current_scope.one()
    if current is None:
        why = case.snapshot.current_scope.unreadable
        yield SCOPE.advice(say("The session's application was not returned{why}", why=": " + why if why else "."))
        yield UPDATE_SET.advice("The current update set was not returned.")
        return
    yield SCOPE.holds(
        say("The session stands in {app_name}.", app_name=current.app_name or current.app or say("an unnamed application"))
    )
    if current.update_set:
        yield UPDATE_SET.holds(say("The current update set is {update_set}.", update_set=current.update_set))
    else:
        yield UPDATE_SET.advice("The current update set was not returned.")


def _sync_mode(case: Case) -> Finding:
    reading = case.snapshot.sync_mode
    address = f"{case.target.origin}/sys_properties_list.do?sysparm_query=name%3D{SYNC_MODE_PROPERTY}"
    action = Action(Act.OPEN, "Open the property", text=address)
    if case.snapshot.apps and _find(case, CALENDAR_SYNC) is None:
        return SYNC_MODE.not_applicable("Workplace Calendar Synchronization is not installed.")
    if not reading:
        return SYNC_MODE.unreadable(
            reading, say("the property {sync_mode_property}", sync_mode_property=SYNC_MODE_PROPERTY), "admin"
        )
    mode = reading.one()
    if mode is None:
        return SYNC_MODE.cannot_tell(
            say(
                "The property {sync_mode_property} was not returned; its default is Normal.",
                sync_mode_property=SYNC_MODE_PROPERTY,
            ),
            remedy="Set it to Strict.",
            action=action,
        )
    if mode.strip().casefold() != "strict":
        return SYNC_MODE.needs_you(
            say("It is {strip}.", strip=mode.strip() or say("empty")), "Strict", remedy="Set it to Strict.", action=action
        )
    return SYNC_MODE.holds("It is Strict.", "Strict")
