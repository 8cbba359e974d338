"""Rounds of questions: two against the simulated instance, one when the ids found still hold; odd answers from a paper one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from exoalias.adapters.instance import questions as q
from exoalias.adapters.instance.batch import Reply
from exoalias.adapters.instance.columns import PROVIDER
from exoalias.adapters.instance.reading import Reader
from exoalias.adapters.instance.remembered import Remembered
from exoalias.domain.problems import Unreachable
from exoalias.domain.records import SysId
from exoalias.domain.target import Cloud, Target
from tests.adapters.simulated import simulated
from tests.domain.build import World

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED = Reply(unreadable="403 no")
KNOWN = Remembered(ids={"credentials": frozenset({"c1"}), "registries": frozenset({"r1"})}, columns={PROVIDER: {"alias": "u_a"}})


class Paper:
    """An Asker whose instance has these rows; it finds those a list of ids asks for, and gives all to any other query."""

    def __init__(self, *refuses: str, **tables: list[dict[str, str]]) -> None:
        self.tables, self.refuses = tables, refuses
        self.rounds: list[dict[str, str]] = []

    def ask(self, paths: Mapping[str, str]) -> dict[str, Reply]:
        """One round."""
        self.rounds.append(dict(paths))
        return {key: self._reply(path) for key, path in paths.items()}

    def _reply(self, path: str) -> Reply:
        table = urlsplit(path).path.rpartition("/")[2]
        if table in self.refuses or table not in self.tables:
            return REFUSED if table in self.refuses else Reply(result=[])
        asked = parse_qs(urlsplit(path).query)
        rows = [{name: row.get(name, "") for name in asked["sysparm_fields"][0].split(",")} for row in self.tables[table]]
        by_ids = re.fullmatch(r"([a-z_.]+)IN([^^]*)", asked["sysparm_query"][0])
        return Reply(result=[r for r in rows if not by_ids or r[by_ids[1]] in by_ids[2].split(",")])


def _read(paper: Paper, remembered: Remembered | None = None, target: Target | None = None) -> Reader:
    """A reader that has read."""
    reader = Reader(paper, "adm", target or Target("https://acme.service-now.com"), remembered or Remembered())  # type: ignore[arg-type] # of paper
    reader.read()
    return reader


# -- the simulated instance ----------------------------------------------------------------------------------------------


def test_two_rounds_then_one_and_the_same_is_found() -> None:
    with simulated() as at:
        first, remembered = at.instance.read(at.target, Remembered())
        again, kept = at.instance.read(at.target, remembered)
    assert (first.round_trips, again.round_trips) == (2, 1)
    assert kept == remembered
    assert again.credentials == first.credentials
    assert again.registries == first.registries
    assert again.rooms == first.rooms
    assert {c.name for c in first.credentials.rows} >= {"MS Graph 1", "MS Graph 2"}


def test_a_wrong_memory_is_found_out() -> None:
    with simulated() as at:
        right, remembered = at.instance.read(at.target, Remembered())
        stale = Remembered(ids={kind: frozenset({"0" * 32}) for kind in remembered.ids}, columns=remembered.columns)
        found, corrected = at.instance.read(at.target, stale)
    assert found.credentials == right.credentials
    assert found.tokens == right.tokens
    assert found.round_trips <= 3
    assert corrected == remembered


# -- one of paper --------------------------------------------------------------------------------------------------------


def test_an_empty_instance_is_asked_once_and_never_for_all_records() -> None:
    paper = Paper()
    reader = _read(paper)
    assert len(paper.rounds) == 1
    assert not {"tokens", "scopes", "profile scopes", "providers"} & set(paper.rounds[0])
    assert set(reader.replies) == {"current user", "picker"}
    assert not any(reader.ids().values())


def test_what_is_not_a_table_is_asked_once() -> None:
    paper = Paper(oauth_2_0_credentials=[{"sys_id": "c1", "name": "MS Graph 1"}])
    _read(paper)
    assert len(paper.rounds) == 2
    assert paper.rounds[0]["picker"] == q.PICKER
    assert set(paper.rounds[1]) == {"tokens"}


@pytest.mark.parametrize("remembers", [True, False])
def test_a_dictionary_that_cannot_be_read_is_remembered(remembers: bool) -> None:
    given = KNOWN if remembers else Remembered()
    reader = _read(Paper("sys_dictionary"), given)
    assert reader.columns() == given.columns
    assert reader.remember().columns == given.columns


def test_what_could_not_be_read_this_time_is_not_forgotten() -> None:
    kept = _read(Paper("oauth_2_0_credentials", "oauth_entity"), KNOWN).remember()
    assert kept.of("credentials") == {"c1"}
    assert kept.of("registries") == {"r1"}


def test_an_override_alias_and_the_credential_behind_it_are_followed() -> None:
    dictionary = [
        {"sys_id": f"d{n}", "name": PROVIDER, "element": element, "column_label": label, "internal_type": kind}
        for n, (element, label, kind) in enumerate(
            [("u_o", "Override alias", "boolean"), ("u_a", "Connection & Credential alias", "reference")]
        )
    ]
    providers = [
        {"sys_id": "p1", "u_o": "true", "u_a": "a9"},
        {"sys_id": "p2", "u_o": "false", "u_a": "a8"},
        {"sys_id": "p3", "u_o": "true", "u_a": "a^NQ"},
    ]
    paper = Paper(
        sys_dictionary=dictionary,
        **{PROVIDER: providers},
        sys_alias=[{"sys_id": "a9", "id": "sn_x.Own"}],
        http_connection=[{"sys_id": "k9", "connection_alias": "a9", "credential": "c9"}],
        oauth_2_0_credentials=[{"sys_id": "c9", "name": "Own", "oauth_entity_profile": "f9"}],
        oauth_entity_profile=[{"sys_id": "f9", "oauth_entity": "r9"}, {"sys_id": "f8", "oauth_entity": "r8"}],
        oauth_entity=[{"sys_id": "r9", "auth_url": "https://idp.example/authorize"}, {"sys_id": "r8"}],
    )
    reader = _read(paper)
    assert reader.override_aliases() == {"a9"}, "not that of a provider which doesn't override, nor what can't be an id"
    assert [r["sys_id"] for r in reader.aliases()] == ["a9"]
    assert [r["sys_id"] for r in reader.connections()] == ["k9"]
    assert [r["name"] for r in reader.credentials()] == ["Own"]
    assert reader.ids()["profiles"] == {"f9"}, "in use, wherever it signs in"
    assert reader.ids()["registries"] == {"r9"}
    assert len(paper.rounds) <= 5


@pytest.mark.parametrize(
    ("address", "of_interest"),
    [
        ("https://login.example/t/oauth2/v2.0/authorize", True),
        ("HTTPS://LOGIN.EXAMPLE/t/oauth2/v2.0/authorize", True),
        ("https://elsewhere.example/authorize", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("column", ["auth_url", "token_url"])
def test_registries_at_a_microsoft_sign_in_are_of_interest(column: str, address: str, of_interest: bool) -> None:
    paper = Paper(oauth_entity=[{"sys_id": "r1", column: address}], oauth_entity_profile=[{"sys_id": "f1", "oauth_entity": "r1"}])
    target = Target("https://acme.service-now.com", clouds=(Cloud("Test", ("https://login.example",)),))
    ids = _read(paper, target=target).ids()
    assert ids["registries"] == ({"r1"} if of_interest else set())
    assert ids["profiles"] == ({"f1"} if of_interest else set())


def test_among_too_many_profiles_the_chosen_one_and_those_in_use_are_kept() -> None:
    """An address has a length: not every profile's scopes can be asked for, but never may these seem to have none."""
    many = [f"{n:03}" for n in range(130)]
    paper = Paper(
        oauth_entity=[{"sys_id": f"r{n}", "auth_url": "https://login.example/authorize"} for n in many],
        oauth_entity_profile=[{"sys_id": f"f{n}", "oauth_entity": f"r{n}"} for n in many],
        oauth_2_0_credentials=[{"sys_id": "c1", "name": "MS Graph 1", "oauth_entity_profile": "f127"}],
    )
    clouds = (Cloud("Test", ("https://login.example",)),)
    reader = _read(paper, target=Target("https://acme.service-now.com", profile=SysId("f125"), clouds=clouds))
    ids = reader.ids()
    assert {kind: len(left) for kind, left in reader.left_out().items()} == {"profiles": 30, "registries": 30}
    assert not reader.left_out()["profiles"] & ids["profiles"]
    assert ids["profiles"] >= {"f125", "f127"}
    assert ids["registries"] >= {"r125", "r127"}
    assert len(ids["profiles"]) == len(ids["registries"]) == 100
    scopes = parse_qs(urlsplit(paper.rounds[-1]["profile scopes"]).query)["sysparm_query"][0]
    assert "f125" in scopes
    assert "f127" in scopes


def test_what_was_right_is_looked_for_by_its_id() -> None:
    desired = World().remembering().target.desired
    assert desired is not None
    renamed = {"sys_id": "credential-1", "name": "Something else", "oauth_entity_profile": "f1"}
    paper = Paper(oauth_2_0_credentials=[renamed])
    paper.tables["oauth_2_0_credentials"] = [renamed]
    reader = _read(paper, target=Target("https://acme.service-now.com", desired=desired))
    assert [r["name"] for r in reader.credentials()] == ["Something else"]
    assert reader.ids()["other_credentials"] == {"credential-1", "credential-2"}
    assert "profile-strict" in reader.ids()["profiles"]
    assert reader.left_out() == {}


def test_an_instance_out_of_reach_is_no_empty_instance() -> None:
    class Gone(Paper):
        def ask(self, paths: Mapping[str, str]) -> dict[str, Reply]:
            raise Unreachable(host="acme.service-now.com", why="no route")

    with pytest.raises(Unreachable):
        _read(Gone())
