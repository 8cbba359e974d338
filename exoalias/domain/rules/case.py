"""Everything one judgement looks at: the Snapshot, what should be true, the proofs kept, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from exoalias.domain.candidates import Chosen, choose
from exoalias.domain.records import NO_RECORD, SysId
from exoalias.domain.rules.authority import read_authority
from exoalias.domain.target import GRAPH_URL, HomeAccount

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from exoalias.domain.records import EntityProfile, Registry, Snapshot
    from exoalias.domain.target import Proof, Target


@dataclass(frozen=True, slots=True)
class Case:
    """One instance as it stood, beside what should be true of it."""

    snapshot: Snapshot
    target: Target
    now: datetime
    proofs: Mapping[SysId, Proof]  # the latest of each credential
    chosen: Chosen
    tenant: str  # the registry's tenant id, a lower-case GUID; "" where its address doesn't name one
    graph_url: str  # Microsoft Graph of the registry's cloud
    graph_urls: tuple[str, ...]  # all its addresses there

    @property
    def profile(self) -> EntityProfile | None:
        """The target profile, where it was read."""
        return self.chosen.profile

    @property
    def registry(self) -> Registry | None:
        """The registry of the target profile, where it was read."""
        return self.chosen.registry

    @property
    def profile_id(self) -> SysId:
        """The id of the target profile, "" while it isn't on the instance or isn't chosen."""
        return self.chosen.profile.sys_id if self.chosen.profile is not None else NO_RECORD

    @property
    def upn(self) -> str:
        """The delegated user as named, "" while nobody is."""
        user = self.target.delegated_user
        return user.upn.strip() if user is not None else ""

    @property
    def contradiction(self) -> bool:
        """Whether the object id entered is not the one proven before."""
        entered, pin = self._entered, self.target.pin
        return bool(entered and pin and entered != pin.account.object_id.casefold())

    @property
    def account(self) -> HomeAccount | None:
        """The Microsoft account the tokens must be of: the pinned one, else the one entered. None while nobody knows."""
        if self.contradiction:
            return None
        if self.target.pin is not None:
            return self.target.pin.account
        return HomeAccount(self._entered, self.tenant) if self._entered else None

    @property
    def _entered(self) -> str:
        user = self.target.delegated_user
        return user.object_id.strip().casefold() if user is not None else ""


def open_case(snapshot: Snapshot, target: Target, proofs: Iterable[Proof], now: datetime) -> Case:
    """Work out what the checks share: the chosen profile, its tenant and cloud, the latest proof of each credential."""
    latest: dict[SysId, Proof] = {}
    for proof in sorted(proofs, key=lambda p: p.at):
        latest[proof.credential] = proof
    chosen = choose(snapshot, target)
    address = chosen.registry.auth_url if chosen.registry is not None else None
    authority = read_authority(address or "", "authorize", target.clouds)
    graph = authority.cloud.graph_urls if authority.cloud is not None else (GRAPH_URL,)
    return Case(snapshot, target, now, latest, chosen, authority.tenant_guid, graph[0], graph)
