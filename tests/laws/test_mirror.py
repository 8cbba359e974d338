"""The tests mirror the program file by file: whoever changes a file knows where its tests are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

# Source files without a test file of their own, each with the reason.
WITHOUT: dict[str, str] = {}

# Folders of tests that follow a thought through many files instead of mirroring one.
ACROSS = ("access", "contracts", "journeys", "laws", "packaging")


def _sources(root: Path) -> set[str]:
    """Every module that holds more than a docstring: domain/gate, main for __main__."""
    package = root / "exoalias"
    names = {path.relative_to(package).with_suffix("").as_posix() for path in package.rglob("*.py") if path.name != "__init__.py"}
    return {name.replace("__main__", "main") for name in names}


def _tests(root: Path) -> set[str]:
    """Every test file as the source name it mirrors, whatever follows it: simulator/entra_tokens."""
    folder = root / "tests"
    names = {path.relative_to(folder) for path in folder.rglob("test_*.py")}
    return {name.with_name(name.stem.removeprefix("test_")).as_posix() for name in names if name.parts[0] not in ACROSS}


def _belongs(test: str, source: str) -> bool:
    return test == source or test.startswith(f"{source}_")


def untested(sources: set[str], tests: set[str]) -> list[str]:
    """Sources that no test file mirrors."""
    return sorted(source for source in sources if not any(_belongs(test, source) for test in tests))


def orphans(sources: set[str], tests: set[str]) -> list[str]:
    """Test files whose source is gone or was renamed."""
    return sorted(test for test in tests if not any(_belongs(test, source) for source in sources))


def test_every_source_file_has_its_test_file(root: Path) -> None:
    assert untested(_sources(root), _tests(root)) == sorted(WITHOUT)


def test_every_test_file_has_its_source_file(root: Path) -> None:
    assert orphans(_sources(root), _tests(root)) == []


def test_both_are_noticed() -> None:
    sources, tests = {"domain/gate", "domain/plan", "main"}, {"domain/gate_table", "ui/gate", "main"}
    assert untested(sources, tests) == ["domain/plan"]
    assert orphans(sources, tests) == ["ui/gate"]
