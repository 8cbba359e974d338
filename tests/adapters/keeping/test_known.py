"""The list of all files: read again only where one was written, one broken file never hides the others."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from exoalias.adapters.keeping.customers import slug_of
from exoalias.adapters.keeping.known import read_known
from exoalias.adapters.keeping.settings_file import replace
from exoalias.domain.problems import BadSettings, UnknownInstance

if TYPE_CHECKING:
    from pathlib import Path

ONE = '[instance.{0}]\norigin = "https://{0}.service-now.com"\nuser = "u"\n'


def general(home: Path) -> Path:
    return home / "exoalias.toml"


def of(home: Path, customer: str) -> Path:
    return home / "customers" / slug_of(customer) / "exoalias.toml"


def write(home: Path, customer: str, *names: str) -> None:
    head = f'customer = "{customer}"\n' if customer else ""
    replace(of(home, customer) if customer else general(home), head + "".join(ONE.format(name) for name in names))


def test_general_ones_first_then_the_customers_by_name(tmp_path: Path) -> None:
    write(tmp_path, "Zeta", "z1")
    write(tmp_path, "alpha", "a2", "a1")
    write(tmp_path, "", "g")
    known = read_known(general(tmp_path), None)
    assert [(e.name, e.customer) for e in known.entries] == [("g", ""), ("a2", "alpha"), ("a1", "alpha"), ("z1", "Zeta")]
    assert known.slugs["z1"] == slug_of("Zeta")
    assert known.problems == ()
    with pytest.raises(UnknownInstance):
        raise known.missing("nobody")


def test_nothing_is_read_twice(tmp_path: Path) -> None:
    write(tmp_path, "A", "a")
    write(tmp_path, "B", "b")
    first = read_known(general(tmp_path), None)
    assert read_known(general(tmp_path), first) is first
    write(tmp_path, "B", "b", "c")
    second = read_known(general(tmp_path), first)
    assert [e.name for e in second.entries] == ["a", "b", "c"]
    assert second.files[slug_of("A")] is first.files[slug_of("A")]
    of(tmp_path, "A").unlink()
    assert [e.name for e in read_known(general(tmp_path), second).entries] == ["b", "c"]


@pytest.mark.parametrize(
    "text",
    [
        "[broken",
        'customer = "Beta"\n' + ONE.format("x"),
        ONE.format("x"),
        "customer = 3\n" + ONE.format("x"),
        'customer = "Alpha"\n[instance.x]\nuser = "u"\n',
    ],
)
def test_a_customers_broken_file_is_told_and_the_others_are_listed(tmp_path: Path, text: str) -> None:
    write(tmp_path, "", "g")
    write(tmp_path, "Beta", "b")
    replace(of(tmp_path, "Alpha"), text)
    known = read_known(general(tmp_path), None)
    assert [e.name for e in known.entries] == ["g", "b"]
    (problem,) = known.problems
    assert slug_of("Alpha") in problem.words
    with pytest.raises(BadSettings):
        raise known.missing("x")


def test_the_general_file_must_be_readable(tmp_path: Path) -> None:
    replace(general(tmp_path), "[broken")
    with pytest.raises(BadSettings):
        read_known(general(tmp_path), None)


def test_a_name_taken_twice_is_told(tmp_path: Path) -> None:
    write(tmp_path, "A", "same", "a")
    write(tmp_path, "B", "same", "b")
    known = read_known(general(tmp_path), None)
    assert [(e.name, e.customer) for e in known.entries] == [("same", "A"), ("a", "A"), ("b", "B")]
    assert "same is taken" in known.problems[0].words


def test_folders_that_are_not_ours_are_left_alone(tmp_path: Path) -> None:
    replace(tmp_path / "customers" / "Not A Slug" / "exoalias.toml", "[broken")
    (tmp_path / "customers" / "empty-0123").mkdir()
    assert read_known(general(tmp_path), None).entries == ()
