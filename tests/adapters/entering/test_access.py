"""What every way in shares: data told from everything else, and every sign of a dead session."""

from __future__ import annotations

import pytest

from exoalias.adapters.entering.access import is_signed_out, judged
from exoalias.adapters.network.http import Answer
from exoalias.domain.problems import SignInRefused

REFUSED = b'{"error":{"message":"User Not Authenticated","detail":"Required to provide Auth information"},"status":"failure"}'
PAGE = b"<html><body>Sign in</body></html>"
JSON_TYPE = {"content-type": "application/json"}
HTML_TYPE = {"content-type": "text/html"}


@pytest.mark.parametrize(
    ("status", "headers", "body", "dead"),
    [
        (401, JSON_TYPE, REFUSED, True),
        (401, HTML_TYPE, PAGE, True),
        (302, {"location": "/login.do"}, b"", True),
        (302, {"location": "https://acme.service-now.com/logout_success.do?x=1"}, b"", True),
        (303, {"location": "/Login_Redirect.do?sysparm_stack=no"}, b"", True),
        (302, {"location": "https://elsewhere.example/"}, b"", False),
        (302, {"location": "https://[broken/login.do"}, b"", False),
        (302, {}, b"", False),
        (200, HTML_TYPE, PAGE, True),
        (200, HTML_TYPE, b"  ", False),
        (200, HTML_TYPE, b"<html>Instance Hibernating page</html>", False),
        (200, JSON_TYPE, b"{}", False),
        (204, {}, b"", False),
        (403, HTML_TYPE, PAGE, False),
        (503, HTML_TYPE, PAGE, False),
    ],
)
def test_every_sign_of_a_dead_session_is_known(status: int, headers: dict[str, str], body: bytes, dead: bool) -> None:
    assert is_signed_out(Answer(status, "acme", headers, body)) is dead


def test_a_refusal_is_explained_by_the_way_that_met_it() -> None:
    def refused(answer: Answer) -> SignInRefused:
        return SignInRefused(host=answer.host, user="somebody", detail="no")

    with pytest.raises(SignInRefused, match="somebody"):
        judged(Answer(401, "acme", {}, b""), changes=False, refused=refused)
    good = Answer(200, "acme", JSON_TYPE, b"{}")
    assert judged(good, changes=True, refused=refused) is good
