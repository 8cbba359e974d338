"""What is asked: no secret column, no condition a name could escape from, and every row looked at."""

from __future__ import annotations

import pytest

from exoalias.adapters.questions import by_id, by_name, same

SECRETS = {"token", "token_received", "client_secret", "password", "user_password"}
IDS = {
    kind: frozenset({"a" * 32})
    for kind in ("credentials", "other_credentials", "aliases", "profiles", "registries", "update_sets")
}


def test_no_question_names_a_secret_column() -> None:
    questions = by_name("adm", ("MS Graph 1", "MS Graph 2")) + by_id(IDS, {})
    assert len(questions) > 10
    for question in questions:
        asked = question.path.partition("sysparm_fields=")[2].partition("&")[0].replace("%2C", ",").split(",")
        assert asked
        assert not SECRETS & {name.rpartition(".")[2] for name in asked}, question.key


def test_keys_are_unique() -> None:
    keys = [question.key for question in by_name("adm", ("MS Graph 1",)) + by_id(IDS, {})]
    assert len(keys) == len(set(keys))


def test_a_name_cannot_end_its_condition() -> None:
    paths = [q.path for q in by_name("adm^active=true", ("MS Graph 1^NQname=x",))]
    assert any("adm%5E%5Eactive" in path for path in paths)
    assert any("MS%20Graph%201%5E%5ENQname" in path or "MS+Graph+1%5E%5ENQname" in path for path in paths)


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
