"""Whose provider is it, and which credentials lie behind it?"""

from __future__ import annotations

import pytest

from exoalias.domain.delegated import DelegatedUser
from exoalias.domain.records import NO_RECORD, Provider, SysId
from exoalias.domain.rules.reach import Kin, addresses, alias_of, kin, missing_column
from tests.domain.build import ALIAS1, MAIL, UPN, World, target


@pytest.mark.parametrize(
    ("active", "address", "override", "whose"),
    [
        (True, UPN, NO_RECORD, Kin.OURS),
        (True, f" {MAIL.upper()} ", SysId("own"), Kin.OURS),
        (None, UPN, NO_RECORD, Kin.OURS),
        (False, UPN, NO_RECORD, Kin.IDLE),
        (True, "desks@x.example", SysId("own"), Kin.OTHERS),
        (True, "desks@x.example", NO_RECORD, Kin.UNSAID),
        (True, "desks@x.example", None, Kin.UNSAID),
        (True, "", SysId("own"), Kin.UNSAID),
        (True, None, SysId("own"), Kin.UNSAID),
    ],
)
def test_kin(active: bool | None, address: str | None, override: SysId | None, whose: Kin) -> None:
    assert kin(Provider(SysId("p"), "P", active, "ms_graph", address, override), target()) is whose


def test_an_empty_address_is_nobodys() -> None:
    empty = World().aiming(delegated_user=DelegatedUser(" ")).target
    assert addresses(empty) == frozenset()
    assert addresses(World().aiming(delegated_user=None).target) == frozenset()
    assert kin(Provider(SysId("p"), "P", True, "ms_graph", "", NO_RECORD), empty) is Kin.UNSAID


def test_lookups() -> None:
    snapshot = World().snapshot
    assert (alias_of(snapshot, ALIAS1) or snapshot.aliases.rows[1]).sys_id == ALIAS1
    assert alias_of(snapshot, None) is None
    assert alias_of(snapshot, SysId("x")) is None
    assert missing_column(snapshot) is None
    assert missing_column(World().with_row("connections", 1, active=None).snapshot) == "http_connection.active"
