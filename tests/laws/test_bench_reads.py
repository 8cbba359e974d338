"""What is measured against a check really reads the same, and a difference would be noticed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from exoalias.simulator.many import Many

if TYPE_CHECKING:
    from collections.abc import Iterator

    import _bench_many as many
    import _bench_reads as bench
    import _bench_reads_script as script
else:  # scripts, not a package: loaded from where they stand
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "dev"))
        many, bench, script = map(import_module, ("_bench_many", "_bench_reads", "_bench_reads_script"))

WANTED: bench.Rows = {"oauth_entity": {"a": {"sys_id": "a", "name": "one"}, "b": {"sys_id": "b", "name": "two"}}}


@pytest.fixture(scope="module")
def instance() -> Iterator[Many]:
    """One simulated instance, as it is measured."""
    with Many(1, scenarios=(bench.SCENARIO,), seed=1) as one:
        yield one


@pytest.fixture(scope="module")
def looked(instance: Many, tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], bench.Rows]:
    """What a check asked it, and what it got."""
    world = many.world_on(instance.announcement(), tmp_path_factory.mktemp("home"))
    try:
        return bench.look(world, world.book.all()[0].name)
    finally:
        world.close()


@pytest.mark.parametrize("name", script.TOOLS)
def test_each_tool_gets_what_the_check_gets(
    instance: Many, looked: tuple[list[dict[str, Any]], bench.Rows], name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    make, (reads, rows) = script.TOOLS[name], looked
    tool = make(instance.origins[0], instance.user, instance.password)
    before = instance.requests
    got = script.read_all(tool, reads, bundled=make is script.Bundled)
    tool.close()
    assert instance.requests - before == (2 if make is script.Bundled else len(reads))
    bench.same_or_stop(name, script.by_table(got, reads), rows)
    assert len(rows) == len({read["table"] for read in reads}) > 15


@pytest.mark.parametrize(
    "got",
    [
        {},
        {"oauth_entity": {"a": WANTED["oauth_entity"]["a"]}},
        {"oauth_entity": WANTED["oauth_entity"] | {"b": {"sys_id": "b", "name": "three"}}},
        {"oauth_entity": WANTED["oauth_entity"] | {"b": {"sys_id": "b", "name": "two", "client_id": ""}}},
        {"oauth_entity": WANTED["oauth_entity"] | {"c": {"sys_id": "c", "name": ""}}},
        WANTED | {"sys_alias": {"d": {"sys_id": "d"}}},
    ],
    ids="nothing|a row less|another value|a column more|a row more|a table more".split("|"),
)
def test_a_difference_ends_it(got: bench.Rows) -> None:
    bench.same_or_stop("PySNC", WANTED, WANTED)
    with pytest.raises(SystemExit, match="PySNC read "):
        bench.same_or_stop("PySNC", got, WANTED)


def test_a_read_the_script_does_not_know_ends_it() -> None:
    rows: dict[str, list[dict[str, str | None]]] = {key: [] for key in ("credentials", "connections", "profiles", "registries")}
    with pytest.raises(SystemExit, match="'something new'"):
        script.ids("something new", rows)
