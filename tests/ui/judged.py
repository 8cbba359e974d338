"""The same instance as in ``stories``, judged by the program's own rules: what pictures show, in the words a person gets."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from exoalias.domain.candidates import rank
from exoalias.domain.events import Checked
from exoalias.domain.records import NO_RECORD, Reading
from exoalias.domain.rules import judge
from exoalias.domain.target import HomeAccount, Proof, Target, Tier, TokenMark
from tests.domain import build
from tests.ui import stories

if TYPE_CHECKING:
    from exoalias.domain.candidates import Candidate
    from exoalias.domain.checklist import Checklist
    from exoalias.domain.plan import Plan
    from exoalias.domain.records import Snapshot, SysId, Token

_IDS = {build.MS1: stories.GRAPH_1, build.MS2: stories.GRAPH_2, build.PROFILE: stories.PROFILE}
_SIGNED_IN = stories.TAKEN - timedelta(days=3)
_BEFORE = _SIGNED_IN - timedelta(days=20)
_LIFESPAN_S = 100 * 86_400  # ServiceNow's usual one, above Microsoft's 90 days


@cache
def checked(*, profiles: bool = False, tokens: int = 0, name: str = stories.NAME, rooms: bool = False) -> Checked:
    """Are the profile fields set, how many of the two tokens are there, may the user list the rooms?"""
    snapshot = _snapshot(profiles=profiles, tokens=tokens, rooms=rooms)
    target = Target(stories.ORIGIN, stories.ENTRY.delegated_user, stories.PROFILE, stories.PROFILE_NAME)
    proofs = tuple(_proof(row) for row in snapshot.tokens.rows if row.kind == "refresh_token")
    judgement = judge(snapshot, target, proofs, stories.TAKEN, name)
    return Checked(judgement.checklist, judgement.plan)


def both(*, profiles: bool = False, tokens: int = 0, name: str = stories.NAME, rooms: bool = False) -> tuple[Checklist, Plan]:
    """Its two parts."""
    told = checked(profiles=profiles, tokens=tokens, name=name, rooms=rooms)
    return told.checklist, told.plan


def candidates() -> tuple[Candidate, ...]:
    """Its profiles, the likeliest first."""
    return rank(_snapshot(profiles=False, tokens=0, rooms=False), Target(stories.ORIGIN, stories.ENTRY.delegated_user))


def _proof(row: Token) -> Proof:
    mark = TokenMark(row.sys_id, "refresh_token", row.created_on, row.updated_on, row.mod_count)
    account = HomeAccount(stories.OBJECT_ID, stories.TENANT)
    assert row.credential is not None
    return Proof(row.credential, Tier.ENTERED, account, stories.UPN, _SIGNED_IN, "s-17", (mark,))


def _snapshot(*, profiles: bool, tokens: int, rooms: bool) -> Snapshot:
    perfect = build.perfect()
    registry, normal = perfect.registries.rows
    strict, other = perfect.profiles.rows
    authority = f"https://login.microsoftonline.com/{stories.TENANT}/oauth2/v2.0"
    ours = registry._replace(
        name="Exchange Online Strict",
        auth_url=f"{authority}/authorize",
        token_url=f"{authority}/token",
        redirect_url=f"{stories.ORIGIN}/oauth_redirect.do",
        refresh_token_lifespan_s=_LIFESPAN_S,
    )
    profile, profile_name = (stories.PROFILE, stories.PROFILE_NAME) if profiles else (NO_RECORD, "")
    return replace(
        perfect,
        origin=stories.ORIGIN,
        taken_at=stories.TAKEN,
        user=Reading((perfect.user.rows[0]._replace(user_name="ada.keller", display_name="Ada Keller"),)),
        credentials=Reading(
            tuple(
                row._replace(
                    sys_id=_now(row.sys_id),
                    updated_on=stories.TAKEN,
                    mod_count=4,
                    profile=profile,
                    profile_name=profile_name,
                )
                for row in perfect.credentials.rows
            )
        ),
        connections=Reading(tuple(row._replace(credential=_now(row.credential)) for row in perfect.connections.rows)),
        profiles=Reading((strict._replace(sys_id=stories.PROFILE, name=stories.PROFILE_NAME, updated_on=_BEFORE), other)),
        registries=Reading((ours, normal._replace(redirect_url=f"{stories.ORIGIN}/oauth_redirect.do"))),
        profile_scopes=Reading(tuple(row._replace(profile=stories.PROFILE) for row in perfect.profile_scopes.rows)),
        tokens=Reading(tuple(_token(row) for row in perfect.tokens.rows if _now(row.credential) in _SIGNED[:tokens])),
        providers=Reading((perfect.providers.rows[0]._replace(name="Birkenfeld", delegated_user=stories.UPN),)),
        rooms=perfect.rooms if rooms else build.REFUSED,
    )


_SIGNED: tuple[SysId, ...] = (stories.GRAPH_1, stories.GRAPH_2)


def _now(record: SysId | None) -> SysId:
    """The record's id here."""
    assert record is not None
    return _IDS[record]


def _token(row: Token) -> Token:
    return row._replace(
        credential=_now(row.credential),
        profile=stories.PROFILE,
        expires=_SIGNED_IN + timedelta(days=100),
        created_on=_SIGNED_IN,
        updated_on=_SIGNED_IN,
        created_by="ada.keller",
    )
