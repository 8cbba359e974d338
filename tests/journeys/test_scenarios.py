"""Every story of the table, from check to check, with the real browser: in a window and without one.

The far side's own record says how a story ended, not the program. Each run draws its people, ids and records afresh; the
printed seed (``--seed``) draws them again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.simulator.scenario import SCENARIOS
from tests.journeys.playing import NAME, Ended, Game, game, judge, profiles, story_of

if TYPE_CHECKING:
    from exoalias.simulator.scenario import Scenario
    from tests.journeys.playing import Json, Player

NOT_PLAYED_HERE = {
    "by-hand",
    "naive",
}  # a person types (test_typed_password.py); no program of ours guards it (app/test_naive.py)
STORIES = sorted(set(SCENARIOS) - NOT_PLAYED_HERE)
AT_A_SCREEN = {"os-account"}  # without one a browser opens no private window
REST_CLOSED = {"hibernating", "basic-auth-refused", "not-admin"}  # nobody can ask the instance itself

# What the finding or the Problem must name, for the stories that end on one.
PROBLEMS = {
    "wrong-user": {"wrong-user"},
    "wrong-user-second": {"wrong-user"},
    "admin-instead": {"wrong-user"},
    "guest": {"wrong-tenant"},
    "same-name-other-tenant": {"wrong-tenant"},
    "first-use": {"first-use"},
    "cancel": {"window-closed"},
    "microsoft-cancel": {"cancelled"},
    "consent-refused": {"consent-refused"},
    "microsoft-error": {"microsoft-error"},
    "token-exchange-fails": {"token-not-stored"},
    "hibernating": {"hibernating"},
    "basic-auth-refused": {"sign-in-refused"},
    "write-ignored": {"write-ignored"},
    "moved-meanwhile": {"record-moved"},
    "no-client-info": {"identity-unreadable"},
}
WRITES = {  # how many fields are written
    "right": 0,
    "missing": 2,
    "wrong": 2,
    "second-missing": 1,
}
NOTHING_WRITTEN = {"moved-meanwhile", "not-admin", "hibernating", "basic-auth-refused"}
DOUBTED = {"registry-misprints", "wrong-grant", "scope-missing", "cloned"}  # the registry or profile itself: no write at all


def _judge_ending(story: Scenario, ended: Ended) -> None:
    assert ended.exit_code == story.exit_code, f"{ended.document['problem']}\n{ended.stderr}"
    assert ended.problem in PROBLEMS.get(story.name, {""}), ended.document["problem"]


def _judge_writes(story: Scenario, record: Json, planned: dict[str, str]) -> None:
    """Only what is not in doubt is written: of duplicates neither, of a personal credential nothing."""
    written = [write["sys_id"] for write in record["writes"]]
    names = [planned[sys_id] for sys_id in written]
    if story.name in NOTHING_WRITTEN | DOUBTED:
        assert names == []
    elif story.name == "duplicate-credential":
        assert "MS Graph 1" not in names
    elif story.name == "personal-credential":
        assert "MS Graph 2" not in names
    elif story.name == "write-ignored":
        assert len(names) == 1, "the first write that changes nothing ends it"
    else:
        assert len(names) == WRITES[story.profile_field]
        assert len(set(written)) == len(written), "each field once"


def _judge_story(story: Scenario, record: Json) -> None:
    """What is particular to one story."""
    delivered = [code["owner"] for code in record["codes_delivered"]]
    others = {code["owner"] for code in record["codes_issued"]} - {"delegated"}
    at_instance = [s for s in record["sign_ins"] if s["side"] == "instance" and s["how"] != "basic"]
    match story.name:
        case "admin-sso-oidc" | "admin-sso-saml":
            assert any(s["who"] == "admin" for s in record["sign_ins"] if s["side"] == "microsoft"), "the trap was not set"
            assert delivered == ["delegated", "delegated"]
        case "session-dies":
            assert len(at_instance) == 2, at_instance
        case "wrong-user" | "guest" | "same-name-other-tenant" | "admin-instead" | "wrong-user-second":
            assert others, "the wrong person did sign in"
            assert delivered == ["delegated"] * story.tokens_after
        case "os-account":
            assert others == {"admin"}, "the operating system did sign somebody in"
            assert delivered == ["delegated", "delegated"]
        case "token-exchange-fails":
            assert delivered == ["delegated"], "the instance got the code and could not redeem it"
        case "first-use" | "no-client-info":
            assert delivered == []


def _judge_all(story: Scenario, said: Json, ended: Ended, record: Json) -> None:
    planned = {c["sys_id"]: c["name"] for c in said["credentials"]}
    _judge_ending(story, ended)
    judge(story, record, said["delegated"], set(planned), said["registry"]["client_id"])
    _judge_writes(story, record, planned)
    _judge_story(story, record)


def _judge_fields(story: Scenario, played: Game, before: dict[str, str]) -> None:
    """The profile of each planned credential afterwards, asked of the instance itself."""
    fields, right = played.credential_fields(), played.said["profile"]["sys_id"]
    planned = {c["name"]: c["sys_id"] for c in played.said["credentials"]}
    if story.tokens_after == 2:
        assert {fields[sys_id] for sys_id in planned.values()} == {right}
    if story.name in NOTHING_WRITTEN | DOUBTED | {"write-ignored"}:
        assert fields == before
    if story.name == "duplicate-credential":
        assert {k: v for k, v in fields.items() if k != planned["MS Graph 2"]} == {
            k: v for k, v in before.items() if k != planned["MS Graph 2"]
        }
    if story.name == "personal-credential":
        assert fields[planned["MS Graph 2"]] == before[planned["MS Graph 2"]]


@pytest.mark.browser
@pytest.mark.parametrize("name", [story for story in STORIES if story not in AT_A_SCREEN])
def test_the_demo_without_a_window(player: Player, name: str) -> None:
    story = story_of(name)
    ended = player.run("demo", "--headless", "--scenario", name)
    seed = ended.document["result"]["seed"]
    print(f"scenario {name}, seed {seed}")
    with game("happy", player, seed) as drawn:  # the same people, ids and names again: only to know them
        said = drawn.said
    _judge_all(story, said, ended, ended.document["result"]["record"])


@pytest.mark.browser
@pytest.mark.desktop(shared=True)
@pytest.mark.parametrize("name", STORIES)
def test_verb_by_verb_in_a_window(seated: Player, name: str) -> None:
    story = story_of(name)
    with game(name, seated) as played:
        before = {} if name in REST_CLOSED else played.credential_fields()
        played.add()
        ended = played.apply_and_sign_in()
        _judge_all(story, played.said, ended, played.record())
        if name not in REST_CLOSED:
            _judge_fields(story, played, before)
        assert profiles(seated.home) == []


@pytest.mark.browser
def test_a_second_check_agrees_with_the_far_side(player: Player) -> None:
    """What holds after the sign-ins holds at the next start too, without any memory but the journal's proofs."""
    with game("profile-missing", player) as played:
        played.add()
        assert played.apply_and_sign_in().exit_code == 0
        again = played.verb("check", NAME)
        assert again.exit_code == 0, again.stderr
        assert again.document["result"]["instances"][0]["checklist"]["holds"] is True
