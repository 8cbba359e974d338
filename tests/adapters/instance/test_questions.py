"""What is asked: no secret column, no condition a name could escape from, and every row looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import pytest

from exoalias.adapters.instance.columns import PROVIDER, ROOM
from exoalias.adapters.instance.questions import by_id, by_name, is_token_of, same, tokens

if TYPE_CHECKING:
    from exoalias.adapters.instance.question import Question

SECRETS = {"token", "token_received", "client_secret", "password", "user_password"}
KINDS = ("credentials", "other_credentials", "aliases", "profiles", "registries", "update_sets")
IDS = {kind: frozenset({"a" * 32}) for kind in KINDS}
COLUMNS = {PROVIDER: {"name": "name", "processor": "u_p", "alias": "u_a"}, ROOM: {"name": "u_space", "mailbox": "u_mail"}}
NAMES = ("MS Graph 1", "MS Graph 2")
STRICT = "sn_ex_online_spke.Microsoft_Exchange_Online"


def _question(key: str) -> Question:
    """The question of that key, of the user adm."""
    return next(q for q in by_name("adm", NAMES) + by_id(IDS, COLUMNS) if q.key == key)


def _query(question: Question) -> str:
    """Its query, as the instance decodes it."""
    return parse_qs(urlsplit(question.path).query)["sysparm_query"][0]


def test_no_question_names_a_secret_column() -> None:
    questions = by_name("adm", NAMES) + by_id(IDS, COLUMNS)
    assert len(questions) > 10
    for question in questions:
        asked = parse_qs(urlsplit(question.path).query)["sysparm_fields"][0].split(",")
        assert "sys_id" in asked, question.key
        assert not SECRETS & {name.rpartition(".")[2] for name in asked}, question.key


def test_what_is_asked_by_name_is_made_once_for_a_user_and_given_as_a_list_of_its_own() -> None:
    first, again = by_name("adm", NAMES), by_name("adm", NAMES)
    assert first is not again
    assert all(one is other for one, other in zip(first, again, strict=True))
    assert _query(by_name("eve", NAMES)[0]) == "user_name=eve"


def test_keys_are_unique() -> None:
    keys = [question.key for question in by_name("adm", ("MS Graph 1",)) + by_id(IDS, COLUMNS)]
    assert len(keys) == len(set(keys))


def test_a_name_cannot_end_its_condition() -> None:
    asked = {q.key: _query(q) for q in by_name("adm^active=true", ("MS Graph 1^NQname=x", "b"))}
    assert asked["user"] == "user_name=adm^^active=true"
    assert asked["roles"] == "user.user_name=adm^^active=true^state=active"
    assert asked["preference"] == "user.user_name=adm^^active=true^name=sys_update_set"
    assert asked["credentials"] == "name=MS Graph 1^^NQname=x^ORname=b"
    assert asked["connections"].endswith("^ORcredential.name=MS Graph 1^^NQname=x^ORcredential.name=b")


@pytest.mark.parametrize(
    ("key", "fitting", "stranger"),
    [
        ("user", {"user_name": "ADM"}, {"user_name": "adm2"}),
        ("roles", {"user.user_name": "adm", "state": "active"}, {"user.user_name": "other", "state": "active"}),
        ("roles", {"user.user_name": "adm", "state": "Active"}, {"user.user_name": "adm", "state": "requested"}),
        ("preference", {"user.user_name": "adm", "name": "sys_update_set"}, {"user.user_name": None, "name": "sys_update_set"}),
        ("preference", {"user.user_name": "adm", "name": "sys_update_set"}, {"user.user_name": "adm", "name": "homepage"}),
        ("properties", {"name": "glide.buildtag"}, {"name": "glide.buildtag.last"}),
        ("sys_store_app", {"scope": "sn_ex_online_spke"}, {"scope": "sn_ex_online"}),
        ("sys_scope", {"scope": "sn_wsd_rsvsync"}, {"scope": "global"}),
        ("aliases", {"id": STRICT, "parent.id": None}, {"id": "sn_x.Other", "parent.id": ""}),
        ("aliases", {"id": "sn_x.Child", "parent.id": STRICT}, {"id": None, "parent.id": None}),
        (
            "connections",
            {"connection_alias.id": "", "connection_alias.parent.id": "", "credential.name": "ms graph 2"},
            {"connection_alias.id": "", "connection_alias.parent.id": "", "credential.name": "MS Graph 3"},
        ),
        (
            "connections",
            {"connection_alias.id": "", "connection_alias.parent.id": STRICT, "credential.name": "MS Graph 3"},
            {"connection_alias.id": "x", "connection_alias.parent.id": "x", "credential.name": None},
        ),
        ("credentials", {"name": "MS Graph 1"}, {"name": "MS Graph 11"}),
        ("dictionary", {"name": PROVIDER}, {"name": "sys_user"}),
    ],
)
def test_every_row_is_looked_at(key: str, fitting: dict[str, str | None], stranger: dict[str, str | None]) -> None:
    question = _question(key)
    assert question.answering([{"sys_id": "1", **fitting}])
    assert not question.answering([{"sys_id": "1", **stranger}])


@pytest.mark.parametrize("kind", KINDS)
def test_where_no_id_is_known_no_row_would_fit(kind: str) -> None:
    """An empty list of ids must never become a question for every record."""
    without = {question.key: question for question in by_id({k: v for k, v in IDS.items() if k != kind}, {})}
    lost = [q for q in by_id(IDS, {}) if q.ids and not without[q.key].ids]
    assert lost
    for question in lost:
        assert not without[question.key].answering([dict.fromkeys(question.fields, "a" * 32)])
        assert question.answering([dict.fromkeys(question.fields, "a" * 32)])


def test_looked_up_tables_are_asked_by_their_own_columns_and_only_where_these_are_known() -> None:
    keys = {question.key for question in by_id(IDS, {})}
    assert not {"providers", "rooms"} & keys
    asked = _question("providers")
    assert (asked.table, asked.fields) == (PROVIDER, ("sys_id", "name", "u_a", "u_p"))
    assert asked.shown == {"name", "u_p"}, "what they refer to, as people see it"
    assert _question("rooms").shown == {"u_space"}
    assert "rooms" not in {question.key for question in by_id(IDS, {PROVIDER: COLUMNS[PROVIDER], ROOM: {}})}


def test_token_rows_of_these_credentials() -> None:
    asked = tokens(frozenset({"c2", "c1"}))
    assert _query(asked) == "oauth_requestor_profile.requestor_idINc1,c2"
    assert asked.answering([{"oauth_requestor_profile.requestor_id": "c1"}])
    assert not asked.answering([{"oauth_requestor_profile.requestor_id": "c3"}])
    assert is_token_of({"oauth_requestor_profile.oauth_entity_profile": "p"}, "p")
    assert not is_token_of({"oauth_requestor_profile.oauth_entity_profile": None}, "p")


@pytest.mark.parametrize(
    ("left", "right", "alike"),
    [
        ("MS Graph 1", "ms graph 1 ", True),
        ("MS Graph 1", "MS Graph 2", False),
        (None, None, False),
        ("", None, False),
        ("", "", True),
    ],
)
def test_same_as_the_database_sees_it(left: str | None, right: str | None, alike: bool) -> None:
    assert same(left, right) is alike
