"""The time, in one place."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from exoalias.adapters.machine.clock import utc_now


def test_it_is_now_and_aware() -> None:
    before = datetime.now(UTC)
    assert before <= utc_now() <= before + timedelta(seconds=5)
    assert utc_now().utcoffset() == timedelta(0)
