"""From what a check read to the terms of a sign-in: the one request that may become a token, and who must sign in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from exoalias.adapters import microsoft
from exoalias.domain.authorize import Planned, take_apart
from exoalias.domain.candidates import clouds_of, preselected, rank
from exoalias.domain.checklist import Group
from exoalias.domain.gate import Terms
from exoalias.domain.identity import Expectation
from exoalias.domain.problems import NoTarget, SomethingInDoubt, UnknownCredential
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.control import Control
    from exoalias.app.world import World
    from exoalias.domain.checklist import Checklist
    from exoalias.domain.records import Credential, EntityProfile, Registry, Snapshot
    from exoalias.domain.target import Target

_IMPATIENT_S = 5.0  # nobody is there to press Continue: a lost deep link is opened again soon
_OBJECT_ID_FIRST = (
    "the object id of {upn} has to be entered first, because the setting first_use accepts no account that nobody has named yet."
)


def terms_of(world: World, name: str, snapshot: Snapshot, checklist: Checklist, credential_name: str, control: Control) -> Terms:
    """The terms for that credential. UnknownCredential, NoTarget, SomethingInDoubt where it may not begin."""
    target = world.target(name)
    credential = _credential(snapshot, name, credential_name)
    profile, registry = _profile(snapshot, target, name)
    _refuse_doubt(checklist, credential)
    if credential.profile != profile.sys_id:
        raise SomethingInDoubt(record=credential_name, why="its OAuth Entity Profile is not the target profile yet.")
    if target.delegated_user is None:
        raise NoTarget(instance=name, why="the delegated user has not been named yet.")
    first_use = world.settings.first_use
    if not (first_use or target.delegated_user.object_id or target.pin or target.public_client_id):
        raise NoTarget(instance=name, why=say(_OBJECT_ID_FIRST, upn=target.delegated_user.upn))
    authorize_url = (registry.auth_url or "").strip()
    planned = Planned(
        authorize_url=authorize_url.partition("?")[0],
        client_id=registry.client_id or "",
        redirect_url=target.redirect_url,
        scopes=tuple(s.value for s in snapshot.profile_scopes.rows if s.profile == profile.sys_id and s.value),
        graph_urls=clouds_of(registry, target.clouds)[0].graph_urls,
    )
    patience = {} if control.interactive else {"patience_s": _IMPATIENT_S}
    return Terms(
        credential=credential.sys_id,
        credential_name=credential_name,
        profile=profile.sys_id,
        initiator_url=initiator_url(target.origin, credential.sys_id, profile.sys_id),
        planned=planned,
        expected=Expectation(
            instance=name,
            credential_name=credential_name,
            upn=target.delegated_user.upn,
            tenant_id=_tenant(world, planned),
            object_id=target.delegated_user.object_id,
            pin=target.pin,
            trust_first_use=control.trust_first_use and first_use,
        ),
        second_opinion=bool(target.public_client_id),
        interactive=control.interactive and first_use,  # whether an account nobody named may be asked about
        **patience,
    )


def initiator_url(origin: str, credential: str, profile: str) -> str:
    """Where *Get OAuth Token* leads. Source: ServiceNow docs, "Generate Personal Auth Initiator URL", less ``personal``."""
    return (
        f"{origin}/oauth_initiator.do?oauth_requestor_context=oauth_2_0_credentials"
        f"&oauth_requestor={quote(credential)}&oauth_provider_profile={quote(profile)}&response_type=code"
    )


def _credential(snapshot: Snapshot, name: str, credential_name: str) -> Credential:
    found = [c for c in snapshot.credentials.rows if c.name == credential_name]
    if len(found) != 1:
        raise UnknownCredential(name=credential_name, instance=name)
    return found[0]


def _profile(snapshot: Snapshot, target: Target, name: str) -> tuple[EntityProfile, Registry]:
    chosen = target.profile
    if not chosen:
        candidate = preselected(rank(snapshot, target))
        if candidate is None:
            raise NoTarget(instance=name, why="no OAuth entity profile has been chosen, and no single one offers itself.")
        chosen = candidate.profile.sys_id
    profile = snapshot.profile(chosen)
    registry = snapshot.registry(profile.registry) if profile is not None else None
    if profile is None or registry is None:
        raise NoTarget(instance=name, why="the chosen OAuth entity profile or its application registry is not there any more.")
    return profile, registry


def _refuse_doubt(checklist: Checklist, credential: Credential) -> None:
    """What blocks the instance, the registry, the profile or this credential blocks its sign-in."""
    for row in checklist.rows:
        mine = row.group in {Group.INSTANCE, Group.REGISTRY, Group.PROFILE} or row.record == credential.sys_id
        for finding in row.findings if mine else ():
            if finding.blocks and finding.status.is_finding:
                raise SomethingInDoubt(record=credential.name, why=finding.found)


def _tenant(world: World, planned: Planned) -> str:
    address = take_apart(planned.authorize_url)
    segment = urlsplit(planned.authorize_url).path.strip("/").partition("/")[0]
    return microsoft.tenant_id(world.http, address.origin, segment) if address is not None and segment else ""
