"""Pins and proofs come back from JSON as they went."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from exoalias.adapters.keeping.proofs import from_pin, from_proof, to_pin, to_proof
from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount, Pin, Proof, Tier, TokenMark

NOW = datetime(2026, 2, 11, 10, 20, 30, 456, tzinfo=UTC)
ACCOUNT = HomeAccount("a" * 36, "b" * 36)
MARKS = (TokenMark(SysId("t1"), "refresh_token", NOW, NOW, 0), TokenMark(SysId("t2"), "access_token", None, None, None))


@pytest.mark.parametrize("tier", list(Tier))
def test_there_and_back(tier: Tier) -> None:
    pin = Pin(ACCOUNT, tier, NOW, "s1")
    proof = Proof(SysId("c"), tier, ACCOUNT, "ö@acme.example", NOW, "s1", MARKS)
    for each in (pin, replace(pin, upn="ö@acme.example")):
        assert to_pin(json.loads(json.dumps(from_pin(each)))) == each
    older = from_pin(pin)
    del older["upn"]
    assert to_pin(older) == pin, "an older program kept no name with it"
    assert to_proof(json.loads(json.dumps(from_proof(proof)))) == proof
