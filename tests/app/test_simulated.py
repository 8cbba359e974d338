"""What a simulator announces."""

from __future__ import annotations

import pytest

from exoalias.app.simulated import Keys, Simulated
from exoalias.domain.problems import BadAnswer
from exoalias.domain.ways import Way


@pytest.mark.parametrize(
    ("now", "code"),
    # RFC 6238, appendix B: the last six of the eight digits given there for SHA-1.
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)
def test_the_authenticator_shows_what_the_standard_says(monkeypatch: pytest.MonkeyPatch, now: int, code: str) -> None:
    monkeypatch.setattr("time.time", lambda: float(now))
    assert Keys(code_seed="GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ").code_now() == code


def test_keys_are_read_and_do_not_show() -> None:
    keys = Keys.from_announcement(
        {
            "way": "oauth",
            "rest": {"api_key": "HUSH1", "code_seed": "HUSH2", "wants_code": True},
            "oauth": {
                "client_id": "c",
                "redirect_url": "http://localhost:8410/exoalias",
                "client_credentials": {"client_id": "m", "client_secret": "HUSH3"},
            },
        }
    )
    assert (keys.way, keys.wants_code, keys.client_id, keys.machine_id) == (Way.OAUTH, True, "c", "m")
    assert (keys.api_key, keys.code_seed, keys.machine_secret) == ("HUSH1", "HUSH2", "HUSH3")
    assert "HUSH" not in repr(keys)


def test_an_older_announcement_has_the_password_alone() -> None:
    assert Keys.from_announcement({}) == Keys()


def test_what_is_no_announcement_is_refused() -> None:
    with pytest.raises(BadAnswer, match="scenario"):
        Simulated.from_announcement({"rest": {}, "delegated": {}, "admin": {}})
