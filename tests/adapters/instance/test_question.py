"""Rows are compared with what was asked."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest

from exoalias.adapters.instance.batch import Reply
from exoalias.adapters.instance.question import Gathered, Notebook, Question


def question(**changes: object) -> Question:
    given = {"key": "k", "table": "t", "fields": ("sys_id", "name"), "query": "name=a", "keep": lambda r: r["name"] == "a"}
    return Question(**(given | changes))  # type: ignore[arg-type]  # a table of cases


def gathered(asked: Question, *rows: object) -> Gathered:
    notes = Gathered(asked)
    notes.take(asked, Reply(result=list(rows)))
    return notes


def test_its_address_says_fields_limit_and_query() -> None:
    parts = urlsplit(question(query="name=a&b^ORname=ü c").path)
    asked = parse_qs(parts.query)
    assert parts.path == "/api/now/table/t"
    assert asked["sysparm_query"] == ["name=a&b^ORname=ü c"]
    assert asked["sysparm_fields"] == ["sys_id,name"]
    assert asked["sysparm_exclude_reference_link"] == ["true"]
    assert int(asked["sysparm_limit"][0]) <= 1000


@pytest.mark.parametrize("column", ["token", "token_received", "client_secret", "password", "credential.password"])
def test_secrets_are_never_asked_for(column: str) -> None:
    for _ in range(2):  # the answer for these columns is remembered
        with pytest.raises(ValueError, match="never"):
            question(fields=("sys_id", column))


@pytest.mark.parametrize("ids", [{"a1", "b-2_c"}, {"ü", "a b", "x^y&z", "100%2C"}])
def test_a_list_of_ids_is_quoted_as_any_text(ids: set[str]) -> None:
    path = question(query="", keep=None, column="t.id", ids=frozenset(ids)).path
    assert path.endswith("&sysparm_query=" + quote(f"t.idIN{','.join(sorted(ids))}", safe=""))


def test_strangers_are_left_out_and_noted() -> None:
    notes = gathered(question(), {"sys_id": "1", "name": "a"}, {"sys_id": "2", "name": "b"})
    assert list(notes.rows) == ["1"]
    assert not notes.unreadable
    assert "1 records of t that were not asked for" in notes.notes[0]


def test_where_strangers_may_hide_what_was_asked_for_nothing_is_concluded() -> None:
    assert gathered(question(), {"sys_id": "2", "name": "b"}).unreadable
    full = [{"sys_id": str(n), "name": "a" if n == 0 else "b"} for n in range(3)]
    assert gathered(question(limit=3), *full).unreadable
    assert not gathered(question(limit=4), *full).unreadable


def test_a_cut_answer_is_noted() -> None:
    assert "Only the first 2" in gathered(question(limit=2), {"sys_id": "1", "name": "a"}, {"sys_id": "2", "name": "a"}).notes[0]


def test_broken_rows_are_left_out_and_noted() -> None:
    notes = gathered(question(), {"sys_id": "1", "name": "a"}, 5, [], {"name": "a"})
    assert list(notes.rows) == ["1"]
    assert "3 rows of t could not be read" in notes.notes[0]


@pytest.mark.parametrize("result", [None, {}, "x", 5])
def test_what_is_no_list_is_unreadable(result: object) -> None:
    notes = Gathered(question())
    notes.take(question(), Reply(result=result))
    assert notes.unreadable


def test_a_notebook_asks_only_for_what_it_does_not_know() -> None:
    book = Notebook()
    ids = question(query="", keep=None, column="name", ids=frozenset("ab"))
    plain = question(key="plain")
    assert book.missing([plain, ids]) == [plain, ids]
    book.take(ids, Reply(result=[{"sys_id": "1", "name": "a"}]))
    assert book.missing([ids]) == []
    more = question(query="", keep=None, column="name", ids=frozenset("abc"))
    assert book.missing([more])[0].ids == {"c"}
    book.take(book.missing([more])[0], Reply(result=[{"sys_id": "2", "name": "c"}]))
    assert [r["sys_id"] for r in book.rows("k")] == ["1", "2"]
    assert book.missing([question(query="", keep=None, column="name", ids=frozenset())]) == []
    other = question(query="", keep=None, column="name", ids=frozenset("a"), fields=("sys_id", "name", "x"))
    assert book.missing([other]) == [other]
    book.take(other, Reply(unreadable="403"))
    assert book.rows("k") == []
    assert book.unreadable("k") == "403"
    assert book.unreadable("nothing") == ""
    assert not book.asked("nothing")


def test_columns_as_people_see_them() -> None:
    asked = question(keep=None, shown=frozenset({"name"}))
    cells = {"sys_id": {"value": "1", "display_value": "1"}, "name": {"value": "ms_graph", "display_value": "Microsoft Graph"}}
    row = gathered(asked, cells).rows["1"]
    assert (row["name"], row["name.shown"]) == ("ms_graph", "Microsoft Graph")
    assert "sysparm_display_value=all" in asked.path
