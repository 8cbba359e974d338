"""A perfectly configured instance as a Snapshot, to be spoiled one thing at a time with ``dataclasses.replace``."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from exoalias.domain.candidates import choose
from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.desired import remember
from exoalias.domain.planning import make_plan
from exoalias.domain.records import (
    NO_RECORD,
    Alias,
    App,
    Connection,
    Credential,
    CurrentScope,
    EntityProfile,
    InstanceUser,
    ProfileScope,
    Provider,
    Reading,
    Registry,
    Room,
    Scope,
    Snapshot,
    SysId,
    Token,
)
from exoalias.domain.rules import Judgement, judge
from exoalias.domain.target import HomeAccount, Proof, Target, Tier, TokenMark

if TYPE_CHECKING:
    from exoalias.domain.checklist import Checklist, Finding, Row
    from exoalias.domain.plan import Plan
    from exoalias.domain.scan import Scan

ORIGIN = "https://juniperhall.service-now.com"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SIGNED_IN = NOW - timedelta(days=3)
TENANT = "7f1d2f0e-6a59-4c7e-9a51-3a1f6f2b9c10"
OBJECT_ID = "0b5a8c51-94d7-4fb0-8a44-5f3c1a9e7d22"
CLIENT_ID = "c2c0a7de-1f65-4d0c-b6cb-1df2a4b8e903"
UPN = "svc-rooms-41@juniperhall.example"
MAIL = "rooms.217@juniperhall.example"

MS1, MS2 = SysId("credential-1"), SysId("credential-2")
PROFILE, REGISTRY = SysId("profile-strict"), SysId("registry-strict")
NORMAL, REGISTRY_NORMAL = SysId("profile-normal"), SysId("registry-normal")
ALIAS1, ALIAS2 = SysId("alias-1"), SysId("alias-2")
SCOPES = ("Calendars.ReadWrite", "https://graph.microsoft.com/calendars.readwrite.shared", "OFFLINE_ACCESS")
REFUSED: Reading[Any] = Reading(unreadable="403 Insufficient rights to query records")


def credential(sys_id: SysId, name: str) -> Credential:
    """A credential as it should be."""
    return Credential(
        sys_id=sys_id,
        name=name,
        active=True,
        profile=PROFILE,
        profile_name="Rooms default_profile",
        integration_type="system",
        scope="sn_ex_online_spke",
        mod_count=7,
        updated_on=NOW - timedelta(days=5),
        updated_by="lena",
    )


def token(credential_id: SysId, kind: str = "refresh_token") -> Token:
    """A token row of the sign-in three days ago."""
    return Token(
        sys_id=SysId(f"{kind}-{credential_id}"),
        kind=kind,
        credential=credential_id,
        profile=PROFILE,
        expires=SIGNED_IN + timedelta(days=100),
        created_on=SIGNED_IN,
        updated_on=SIGNED_IN,
        created_by="lena",
        mod_count=0,
    )


def perfect() -> Snapshot:
    """All as the procedure wants it."""
    return Snapshot(
        origin=ORIGIN,
        taken_at=NOW,
        user=Reading((InstanceUser(SysId("user"), "lena", "Lena Fischer"),)),
        roles=Reading(("admin", "itil")),
        build=Reading(("glide-australia-02-11-2026__patch1-03-02-2026",)),
        apps=Reading(
            (
                App(SysId("app-1"), "sn_ex_online_spke", "Microsoft Exchange Online Spoke", "3.13.0", active=True),
                App(SysId("app-2"), "sn_wsd_rsvsync", "Workplace Calendar Synchronization", "3.4.1", active=True),
            )
        ),
        sync_mode=Reading(("Strict",)),
        current_scope=Reading((CurrentScope("app-1", "Microsoft Exchange Online Spoke", "Default"),)),
        aliases=Reading(
            (
                Alias(ALIAS1, "sn_ex_online_spke.Microsoft_Exchange_Online", "Microsoft Exchange Online", NO_RECORD, False),
                Alias(ALIAS2, "sn_ex_online_spke.Microsoft_Exchange_Online_clientCred", "clientCred", NO_RECORD, False),
            )
        ),
        connections=Reading(
            (
                Connection(SysId("connection-1"), "MS Graph 1", True, "https://graph.microsoft.com", MS1, ALIAS1),
                Connection(SysId("connection-2"), "MS Graph 2", True, "https://graph.microsoft.com/", MS2, ALIAS2),
            )
        ),
        credentials=Reading((credential(MS1, "MS Graph 1"), credential(MS2, "MS Graph 2"))),
        profiles=Reading(
            (
                EntityProfile(PROFILE, "Rooms default_profile", "authorization_code", REGISTRY, True, NOW - timedelta(days=20)),
                EntityProfile(
                    NORMAL, "Microsoft Exchange Online default_profile", "client_credentials", REGISTRY_NORMAL, True, NOW
                ),
            )
        ),
        registries=Reading((registry(), normal_registry())),
        scopes=Reading(tuple(Scope(SysId(f"scope-{i}"), value, REGISTRY) for i, value in enumerate(SCOPES))),
        profile_scopes=Reading(
            tuple(
                ProfileScope(SysId(f"profile-scope-{i}"), PROFILE, SysId(f"scope-{i}"), value, REGISTRY)
                for i, value in enumerate(SCOPES)
            )
        ),
        tokens=Reading((token(MS1), token(MS1, "access_token"), token(MS2), token(MS2, "access_token"))),
        providers=Reading((Provider(SysId("provider-1"), "Rooms", True, "Microsoft Graph", MAIL.upper(), NO_RECORD),)),
        rooms=Reading((Room(SysId("room-1"), "Oak", "oak@juniperhall.example"),)),
        round_trips=2,
        notes=("a note",),
    )


def registry() -> Registry:
    """The strict-mode registry."""
    authority = f"https://login.microsoftonline.com/{TENANT}/oauth2/v2.0"
    return Registry(
        sys_id=REGISTRY,
        name="Rooms",
        active=True,
        client_id=CLIENT_ID,
        auth_url=f"{authority}/authorize",
        token_url=f"{authority}/token",
        redirect_url=f"{ORIGIN}/oauth_redirect.do",
        grant_type="authorization_code",
        refresh_token_lifespan_s=7_776_000,
    )


def normal_registry() -> Registry:
    """The normal-mode registry: client credentials, no scopes of its own."""
    return registry()._replace(sys_id=REGISTRY_NORMAL, name="Microsoft Exchange Online", grant_type="client_credentials")


def target() -> Target:
    """What should be true, with the object id entered."""
    return Target(ORIGIN, DelegatedUser(UPN, OBJECT_ID, MAIL), PROFILE, "Rooms default_profile")


def proof(credential_id: SysId, tier: Tier = Tier.ENTERED) -> Proof:
    """What the sign-in of three days ago showed."""
    row = token(credential_id)
    mark = TokenMark(row.sys_id, "refresh_token", row.created_on, row.updated_on, row.mod_count)
    return Proof(credential_id, tier, HomeAccount(OBJECT_ID, TENANT), UPN, SIGNED_IN, "s-17", (mark,))


PROOFS = (proof(MS1), proof(MS2))


@dataclass(frozen=True)
class World:
    """A judgement to be: change a part with ``replace``, then ask."""

    snapshot: Snapshot = field(default_factory=perfect)
    target: Target = field(default_factory=target)
    proofs: tuple[Proof, ...] = PROOFS
    now: datetime = NOW
    scan: Scan | None = None

    def with_row(self, question: str, index: int = 0, /, **changes: Any) -> World:  # noqa: ANN401 - a row's fields have many types
        """The same with one row of one question changed."""
        rows = list(getattr(self.snapshot, question).rows)
        rows[index] = rows[index]._replace(**changes)
        return self.with_rows(question, *rows)

    def with_rows(self, question: str, *rows: object) -> World:
        """The same with other rows for one question."""
        return self.answering(question, Reading(rows))

    def answering(self, question: str, reading: Reading[Any]) -> World:
        """The same with another answer to one question."""
        answer: dict[str, Any] = {question: reading}
        return replace(self, snapshot=replace(self.snapshot, **answer))

    def adding(self, question: str, *rows: object) -> World:
        """The same with more rows for one question."""
        return self.with_rows(question, *getattr(self.snapshot, question).rows, *rows)

    def refusing(self, *questions: str) -> World:
        """The same with questions the instance refuses."""
        answers: dict[str, Any] = dict.fromkeys(questions, REFUSED)
        return replace(self, snapshot=replace(self.snapshot, **answers))

    def aiming(self, **changes: Any) -> World:  # noqa: ANN401 - the target's fields have many types
        """The same with another target."""
        return replace(self, target=replace(self.target, **changes))

    def remembering(self, *, by_person: bool = False) -> World:
        """The same, with this state remembered as right."""
        desired = remember(self.snapshot, self.target, (MS1, MS2), by_person=by_person)
        assert desired is not None
        return self.aiming(desired=desired)

    def whole_plan(self) -> Plan:
        """The plan with its repairs beside it."""
        return self.judgement().plan

    def planned(self, checklist: Checklist | None = None) -> Plan:
        """The plan made of its checklist."""
        return make_plan(checklist or self.judged(), self.snapshot, self.target, choose(self.snapshot, self.target).profile)

    def row(self, record: SysId) -> Row:
        """The row of a record."""
        row = self.judged().row_of(record)
        assert row is not None
        return row

    def judged(self) -> Checklist:
        """The checklist of it."""
        return self.judgement().checklist

    def judgement(self) -> Judgement:
        """Checklist and plan."""
        return judge(self.snapshot, self.target, self.proofs, self.now, "juniperhall", self.scan)

    def found(self, code: str, record: SysId | None = None) -> Finding:
        """The first finding of that code (of that record's row)."""
        rows = [row for row in self.judged().rows if record is None or row.record == record]
        return next(f for row in rows for f in row.findings if f.code == code)
