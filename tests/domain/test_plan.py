"""The plan: its parts, and the fingerprint a person agrees to."""

from __future__ import annotations

from dataclasses import replace

from exoalias.domain.plan import Advise, Plan, SetField, SignIn
from exoalias.domain.records import SysId
from tests.domain.build import NOW

WRITE = SetField("t", SysId("r"), "R", "f", "", "", "b", "B", 3, NOW)
SIGN_IN = SignIn(SysId("r"), "R", SysId("p"), "why")
PLAN = Plan("https://acme.service-now.com", (WRITE, SIGN_IN, Advise("a", "b")), ("because",))


def test_parts() -> None:
    assert PLAN.writes == (WRITE,)
    assert PLAN.sign_ins == (SIGN_IN,)


def test_the_digest_is_of_what_would_be_done_and_where() -> None:
    assert replace(PLAN).digest == PLAN.digest
    assert len(PLAN.digest) == 16
    others = [
        replace(PLAN, origin="https://other.service-now.com"),
        replace(PLAN, steps=PLAN.steps[::-1]),
        replace(PLAN, steps=PLAN.steps[:2]),
        replace(PLAN, steps=(replace(WRITE, after="c"), SIGN_IN)),
        replace(PLAN, steps=(replace(WRITE, mod_count=4), SIGN_IN, PLAN.steps[2])),
        replace(PLAN, steps=(WRITE, replace(SIGN_IN, profile=SysId("q")), PLAN.steps[2])),
    ]
    assert len({plan.digest for plan in (PLAN, *others)}) == len(others) + 1
