"""The codes of an authenticator app."""

from __future__ import annotations

import base64

import pytest

from exoalias.simulator.one_time_codes import OneTimeCodes, code_at
from tests.simulator.signing_in import Clock

# The last six digits of the values in RFC 6238, appendix B (SHA-1).
RFC_SEED = base64.b32encode(b"12345678901234567890").decode()
RFC = {59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037"}


@pytest.mark.parametrize("seconds", RFC)
def test_the_values_of_the_rfc(seconds: int) -> None:
    assert code_at(RFC_SEED, seconds) == RFC[seconds]


def test_a_code_is_good_for_one_time_and_around_now() -> None:
    clock = Clock()
    codes = OneTimeCodes(RFC_SEED, clock)
    first = codes.now()
    assert codes.right(first)
    assert codes.spend(first)
    assert not codes.spend(first)
    assert codes.right(first)  # right it is, though spent
    clock.now += 30
    assert codes.spend(codes.now())
    clock.now += 60
    assert not codes.right(first)
    assert not codes.spend("12345")
    assert not codes.spend("")
