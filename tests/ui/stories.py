"""Checklists, plans and events drawn by hand, to look at the window and to test it without an instance."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from exoalias.adapters.keeping.entries import InstanceEntry
from exoalias.domain.candidates import Candidate
from exoalias.domain.checklist import Act, Action, Checklist, Finding, Group, Row, Source, Status
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.events import Checked
from exoalias.domain.plan import Advise, Plan, SetField, SignIn, Step
from exoalias.domain.records import EntityProfile, Registry, SysId
from exoalias.domain.target import HomeAccount, Pin, Tier
from exoalias.domain.words import counted, say

UPN = "svc-rooms@birkenfeld.example"
OBJECT_ID = "7d0c2f8e-51b4-4a0e-9a3b-2f0d6b1e9c55"
OTHER_ID = "b6f1d9aa-0c1e-4c57-8f4e-90a7c3d2e1f0"
TENANT = "3a5c7e90-1b2d-4f6a-8c0e-5d7f9b1a3c5e"
ORIGIN = "https://birkenfeld-test.service-now.com"
NAME = "birkenfeld test"
AUTHORIZE = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0/authorize"
TAKEN = datetime(2026, 3, 12, 9, 12, tzinfo=UTC)
GRAPH_1, GRAPH_2 = SysId("8b21f0c41b3a4410a1b2c3d4e5f60001"), SysId("8b21f0c41b3a4410a1b2c3d4e5f60002")
PROFILE = SysId("8b21f0c41b3a4410a1b2c3d4e5f60010")
INITIATOR = (
    f"{ORIGIN}/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials&oauth_requestor={GRAPH_1}"
    f"&oauth_provider_profile={PROFILE}&response_type=code"
)
PROFILE_NAME = "Exchange Online Strict default_profile"
STRICT = Source(
    "Configure strict mode Connection and Credential alias for Microsoft Exchange Online",
    "https://www.servicenow.com/docs/r/employee-service-management/workplace-service-delivery/configure-strict-mode.html",
)
PROFILES = Source("OAuth entity profiles", "https://www.servicenow.com/docs/r/platform-security/c_OAuthProfiles.html")
BUILD = "glide-australia-02-11-2026__patch1-03-02-2026"

ENTRY = InstanceEntry(NAME, ORIGIN, "ada.keller", DelegatedUser(UPN, OBJECT_ID), PROFILE, PROFILE_NAME)
PIN = Pin(HomeAccount(OBJECT_ID, TENANT), Tier.SECOND_OPINION, TAKEN, "s-17", UPN)
BARE = InstanceEntry(NAME, ORIGIN, "ada.keller")
OTHERS = (
    InstanceEntry("calder production", "https://calder.service-now.com", "integration.exoalias"),
    InstanceEntry("corvant dev", "https://corvantdev.service-now.com", "ada.keller"),
)


def holds(code: str, title: str, found: str, why: str = "The page lists it as a condition.") -> Finding:
    """A check that holds."""
    return Finding(code, Status.HOLDS, title, found, found, why, sources=(STRICT,))


def _instance(status: Status) -> Row:
    findings = (
        holds("instance.reachable", "The instance is awake and answers", ORIGIN),
        holds("instance.user", "The session's user is known", "ada.keller (Ada Keller)"),
        holds("instance.admin", "The user has the role admin", "admin"),
        holds("instance.release", "The release is known", BUILD),
        Finding(
            "instance.apps",
            status,
            "Spoke and Workplace Calendar Synchronization fit together",
            "Microsoft Exchange Online Spoke 3.13.0, Workplace Calendar Synchronization 3.4.1",
            "Both applications installed; see the note on versions",
            "From Workplace Calendar Synchronization 2.0.1 with spoke 3.2.1 the page calls this "
            "procedure no longer required, while the "
            "troubleshooting page of 2026 still asks for the token. Both are named below; a stored token does no harm.",
            sources=(
                STRICT,
                Source("Troubleshooting Workplace Calendar Synchronization", "https://www.servicenow.com/docs/r/t.html"),
            ),
        ),
        holds("instance.scope", "Application scope and update set are shown", "Global, Default"),
        holds("instance.mode", "The mode of synchronization", "Strict"),
    )
    return Row("instance", Group.INSTANCE, NAME, BUILD, findings=findings)


def _registry() -> Row:
    findings = (
        holds("registry.chosen", "One strict mode registry is chosen", "Exchange Online Strict"),
        holds("registry.active", "It is active", "true"),
        holds("registry.addresses", "Authorization and token address are well-formed", f"login.microsoftonline.com/{TENANT}"),
        holds("registry.redirect", "The redirect address is this instance's", f"{ORIGIN}/oauth_redirect.do"),
        holds("registry.grant", "The grant type is authorization code", "authorization_code"),
        holds("registry.client", "The client id is a GUID", TENANT),
        Finding(
            "registry.lifespan",
            Status.ADVICE,
            "The refresh token lifespan is not above 90 days",
            "100 days",
            "At most 90 days",
            "Microsoft ends an unused refresh token after 90 days; ServiceNow believes its own figure and would call it alive.",
            "Set it to 7,776,000 seconds when you next edit the registry.",
            (PROFILES,),
        ),
    )
    return Row("registry/1", Group.REGISTRY, "Exchange Online Strict", "Application registry", SysId("r1"), findings)


def _profile() -> Row:
    findings = (
        holds("profile.exists", "The profile exists", PROFILE_NAME),
        holds("profile.grant", "Its grant type is its registry's", "authorization_code"),
        holds("profile.scopes", "The three scopes are on it", "Calendars.ReadWrite, Calendars.ReadWrite.Shared, offline_access"),
        holds("profile.same", "The scopes belong to the same registry", "Exchange Online Strict"),
    )
    return Row("profile/1", Group.PROFILE, PROFILE_NAME, "OAuth entity profile", PROFILE, findings)


def _credential(record: SysId, name: str, alias: str, *, profile: bool, token: bool) -> Row:
    ahead = Action(Act.REVIEW_PLAN, "Review the plan …")
    sign_in = Action(Act.SIGN_IN, say("Sign in {name} …", name=name), record)
    field = (
        holds("credential.profile", "OAuth Entity Profile is set to the target profile", PROFILE_NAME)
        if profile
        else Finding(
            "credential.profile",
            Status.NEEDS_YOU,
            "OAuth Entity Profile is set to the target profile",
            "(empty)",
            PROFILE_NAME,
            "Without a profile the instance does not know which registry and scopes to ask a token "
            "with; the form then takes any.",
            "Review the plan: exoalias sets this one field.",
            (STRICT, PROFILES),
            ahead,
        )
    )
    owner = (
        holds(
            "credential.owner",
            "The token was issued to the delegated user",
            f"{UPN}, proven by object id, today 09:10, sign-in 3",
        )
        if token
        else Finding(
            "credential.owner",
            Status.NEEDS_YOU,
            "The token was issued to the delegated user",
            "No refresh token is stored",
            f"A refresh token of {UPN}",
            "The instance shows no owner of a token. If you are not prompted when you get one by "
            "hand, it may be issued to whoever is "
            "signed in to that browser.",
            "Sign in through exoalias: it lets nobody else's code reach the instance.",
            (STRICT,),
            sign_in,
        )
    )
    findings = (
        holds("credential.one", f"Exactly one record is named {name}", "one record"),
        holds("credential.active", "It is active", "true"),
        holds("credential.type", "The Integration Type is System", "System"),
        field,
        holds("credential.alias", "It is reached by its alias", alias),
        holds("credential.connection", "Exactly one active connection, to Microsoft Graph", "https://graph.microsoft.com"),
        owner,
    )
    return Row(f"credential/{record}", Group.CREDENTIAL, name, f"OAuth 2.0 credential · {alias}", record, findings)


def _afterwards() -> Row:
    command = 'Set-CalendarProcessing -Identity "Sitzungszimmer Säntis" -DeleteSubject $false -AddOrganizerToSubject $false'
    findings = (
        holds("afterwards.processor", "The calendar provider uses Microsoft Graph", "Microsoft Graph"),
        holds("afterwards.user", "Its delegated user is the target's", UPN),
        Finding(
            "afterwards.rooms", Status.CANNOT_TELL, "Rooms are configured", "403 Insufficient rights to query records",
            "The rooms to synchronize", "They can be listed only by a user with the role sn_wsd_core.admin.",
            "Check as a user who has that role.", (STRICT,),
        ),
        Finding(
            "afterwards.subject", Status.ADVICE, "The meeting subject stays unchanged", "Exchange deletes it by default",
            "DeleteSubject and AddOrganizerToSubject are false", "Otherwise rooms show the organizer's name for every meeting.",
            "Run this in Exchange Online PowerShell.", (STRICT,), Action(Act.COPY, "Copy the command", text=command),
        ),
    )  # fmt: skip
    return Row("afterwards/1", Group.AFTERWARDS, "Calendar provider Birkenfeld", "Calendar provider", SysId("p1"), findings)


def checklist(*, profiles: bool = False, tokens: int = 0, name: str = NAME, status: Status = Status.ADVICE) -> Checklist:
    """As it stands: are the profile fields set, how many of the two tokens are there?"""
    rows = (
        _instance(status),
        _registry(),
        _profile(),
        _credential(GRAPH_1, "MS Graph 1", "Microsoft_Exchange_Online", profile=profiles, token=tokens > 0),
        _credential(GRAPH_2, "MS Graph 2", "Microsoft_Exchange_Online_clientCred", profile=profiles, token=tokens > 1),
        _afterwards(),
    )
    if not profiles:
        ahead = Action(Act.REVIEW_PLAN, counted(2, "Review {n} change …", "Review {n} changes …"))
    elif tokens < 2:
        which, label = (GRAPH_1, "MS Graph 1") if tokens == 0 else (GRAPH_2, "MS Graph 2")
        ahead = Action(Act.SIGN_IN, say("Sign in {name} …", name=label), which)
    else:
        ahead = Action(Act.CHECK, "Check again")
    return Checklist(name, ORIGIN, TAKEN, rows, ahead, 1)


def all_holds(name: str = NAME) -> Checklist:
    """Nothing left to do."""
    done = checklist(profiles=True, tokens=2, name=name)
    rows = tuple(
        replace(r, findings=tuple(f._replace(status=Status.HOLDS) if f.status is Status.CANNOT_TELL else f for f in r.findings))
        for r in done.rows
    )
    return replace(done, rows=rows)


def plan(*, profiles: bool = False, tokens: int = 0) -> Plan:
    """The plan that goes with it."""
    steps: list[Step] = []
    both = ((GRAPH_1, "MS Graph 1"), (GRAPH_2, "MS Graph 2"))
    if not profiles:
        steps += [
            SetField("oauth_2_0_credentials", at, name, "oauth_entity_profile", "", "", PROFILE, PROFILE_NAME, 4, TAKEN)
            for at, name in both
        ]
    steps += [SignIn(at, name, PROFILE, "no refresh token is stored") for at, name in both[tokens:]]
    if tokens < 2:
        steps.append(Advise("Meeting subject", "Set-CalendarProcessing: each room, in Exchange Online PowerShell."))
    return Plan(ORIGIN, tuple(steps))


def checked(*, profiles: bool = False, tokens: int = 0, name: str = NAME) -> Checked:
    """Both together, as check tells them."""
    return Checked(checklist(profiles=profiles, tokens=tokens, name=name), plan(profiles=profiles, tokens=tokens))


def candidates() -> tuple[Candidate, ...]:
    """Three profiles, one of which fits."""

    def one(at: str, name: str, registry: str, score: int, eligible: bool, *reasons: str) -> Candidate:
        profile = EntityProfile(SysId(at), name, "authorization_code", SysId(f"r{at}"), True, TAKEN)
        owner = Registry(SysId(f"r{at}"), registry, True, TENANT, "", "", "", "authorization_code", 8640000)
        return Candidate(profile, owner, score, reasons, eligible)

    return (
        one(
            PROFILE,
            PROFILE_NAME,
            "Exchange Online Strict",
            90,
            True,
            "authorization code on both",
            "all three scopes",
            "this instance's redirect",
        ),
        one(
            "2",
            "Exchange Online default_profile",
            "Exchange Online",
            40,
            False,
            "client credentials: no sign-in page would appear",
        ),
        one("3", "Google Calendar default_profile", "Google Calendar", 0, False, "its authorization address is not Microsoft's"),
    )


LONG_NAME = "Donaudampfschifffahrtsgesellschaft Produktivinstanz Wien Zentrale"


def long_checklist() -> Checklist:
    """Names as long as they get."""
    base = checklist(name=LONG_NAME)
    rows = tuple(
        replace(
            row,
            title=row.title + " der Raumbuchungssynchronisation für sämtliche Konferenzbereiche",
            detail=row.detail + " · " + "Verbindungszugangsdatenbezeichnung" * 2,
            findings=tuple(
                f._replace(title=f.title + ", und zwar durchgehend und nachweislich seit der letzten Änderung")
                for f in row.findings
            ),
        )
        for row in base.rows
    )
    return replace(base, rows=rows)


ANNOUNCEMENT = {
    "rest": {"user": "ada.keller", "password": "Velvet-Harbour-31"},
    "admin": {"upn": "ada.keller@birkenfeld.example", "password": "Quiet-Lantern-84"},
    "delegated": {"upn": UPN, "password": "Amber-Orchard-07", "object_id": OBJECT_ID},
}
