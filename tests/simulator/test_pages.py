"""The pages' texts and that nothing in them can break out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.simulator import pages
from exoalias.simulator.scenario import InstanceUser

if TYPE_CHECKING:
    from exoalias.simulator.wire import Answer

HOSTILE = "</script><img src=x onerror=alert(1)>\"'"
USER = InstanceUser("0" * 32, HOSTILE, HOSTILE, HOSTILE, ("admin",))
ROW = {"sys_id": "1" * 32, "name": HOSTILE, "oauth_entity_profile": "2" * 32, "integration_type": "system"}


def text(answer: Answer) -> str:
    """A page's source."""
    return answer.body.decode()


def test_names_stay_text() -> None:
    for page in (
        pages.login("ck", error=HOSTILE, played=pages.logs_in(USER)),
        pages.home(USER, "ck", [ROW]),
        pages.credential(ROW, HOSTILE, HOSTILE, "ck"),
        pages.token_failed(HOSTILE, HOSTILE),
        pages.message(HOSTILE, HOSTILE),
    ):
        assert "<img" not in text(page)
        assert text(page).count("</script>") <= 1


def test_nobody_plays_unless_somebody_does() -> None:
    assert "<script>" not in text(pages.login("ck"))
    assert "user_password.value" in text(pages.login("ck", played=pages.logs_in(USER)))


def test_the_related_link_needs_a_profile() -> None:
    assert "Get OAuth Token" in text(pages.credential(ROW, "p", "", "ck"))
    assert "Get OAuth Token" not in text(pages.credential(ROW | {"oauth_entity_profile": ""}, "", "", "ck"))


def test_the_texts_people_search_for() -> None:
    assert "OAuth token flow completed successfully" in text(pages.token_stored())
    failed = text(pages.token_failed("invalid_client", "AADSTS7000215: secret", "https://x"))
    assert (
        "OAuth flow failed. Verify the configurations and try again. Error detail:invalid_client, AADSTS7000215: secret, https://x"
        in failed
    )
    assert "Instance Hibernating page" in pages.HIBERNATING
