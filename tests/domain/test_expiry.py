"""When a refresh token dies, and why we think so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exoalias.domain.expiry import Expiry, honest_expiry, last_stamp
from tests.domain.build import MS1, NOW, token

DAY = timedelta(days=1)
MOMENTS = st.none() | st.datetimes(timezones=st.just(UTC))


@pytest.mark.parametrize(
    ("expires", "created", "updated", "at", "words"),
    [
        (100 * DAY, 0 * DAY, 0 * DAY, 90 * DAY, "90 days"),
        (365 * DAY, 0 * DAY, 10 * DAY, 100 * DAY, "90 days"),
        (30 * DAY, 0 * DAY, 0 * DAY, 30 * DAY, "instance itself"),
        (90 * DAY, 0 * DAY, 0 * DAY, 90 * DAY, "instance itself"),
        (None, 0 * DAY, None, 90 * DAY, "90 days"),
        (50 * DAY, None, None, 50 * DAY, "instance itself"),
        (None, None, None, None, "neither"),
    ],
)
def test_the_earlier_date_is_the_honest_one(
    expires: timedelta | None, created: timedelta | None, updated: timedelta | None, at: timedelta | None, words: str
) -> None:
    def moment(offset: timedelta | None) -> datetime | None:
        return None if offset is None else NOW + offset

    row = token(MS1)._replace(expires=moment(expires), created_on=moment(created), updated_on=moment(updated))
    expiry = honest_expiry(row)
    assert expiry.at == moment(at)
    assert words in expiry.why


def test_passed_and_days_left() -> None:
    expiry = Expiry(NOW, "")
    assert expiry.passed(NOW)
    assert not expiry.passed(NOW - DAY)
    assert expiry.days_left(NOW - 3 * DAY - timedelta(hours=5)) == 3
    assert expiry.days_left(NOW + DAY) == 0
    assert Expiry(None, "").days_left(NOW) == 0
    assert not Expiry(None, "").passed(NOW)


@given(MOMENTS, MOMENTS, MOMENTS)
def test_never_later_than_either_reckoning(expires: datetime | None, created: datetime | None, updated: datetime | None) -> None:
    row = token(MS1)._replace(expires=expires, created_on=created, updated_on=updated)
    at = honest_expiry(row).at
    issued = last_stamp(row)
    if expires is not None:
        assert at is not None
        assert at <= expires
    if issued is not None and issued.year < 9000:
        assert at is not None
        assert at - issued <= timedelta(days=90)
