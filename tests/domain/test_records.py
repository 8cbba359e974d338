"""What an instance holds."""

from __future__ import annotations

from exoalias.domain.records import Reading, SysId
from tests.domain.build import MS1, PROFILE, REFUSED, REGISTRY, perfect


def test_reading() -> None:
    assert Reading((1,)).one() == 1
    assert Reading((1, 2)).one() is None
    assert Reading[int]().one() is None
    assert Reading[int]((0,))
    assert not REFUSED


def test_lookups() -> None:
    snapshot = perfect()
    assert snapshot.profile(PROFILE) is snapshot.profiles.rows[0]
    assert snapshot.registry(REGISTRY) is snapshot.registries.rows[0]
    for nothing in (None, SysId(""), SysId("x")):
        assert snapshot.profile(nothing) is None
        assert snapshot.registry(nothing) is None
    assert {token.kind for token in snapshot.tokens_of(MS1)} == {"refresh_token", "access_token"}
    assert snapshot.tokens_of(SysId("x")) == ()
