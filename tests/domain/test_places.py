"""Places are named for our own code alone, from what the compiler wrote down."""

from __future__ import annotations

import json
import sys

import pytest

from exoalias.domain import places
from exoalias.domain.log_paths import template
from exoalias.domain.places import MOST_PLACES, WRITTEN, Dumped, Place, in_dump, of_error, of_stack, texts

ROOT = places.__file__.replace("\\", "/").removesuffix("domain/places.py")


def code(name: str, function: str = "work") -> Place:
    """A place as if it were in that file."""
    return Place(of_stack.__code__.replace(co_filename=name, co_name=function), 7)


def test_an_error_through_our_code_names_it_and_counts_the_rest() -> None:
    with pytest.raises(AttributeError) as caught:
        template(None)  # type: ignore[arg-type] # an error in the program
    lines = texts(of_error(caught.value.__traceback__))
    assert lines[0] == "1 of other code"  # this test
    assert any(line.startswith("domain/log_paths.py:") for line in lines)
    assert all(WRITTEN.fullmatch(line) for line in lines)


def test_an_error_elsewhere_names_nothing() -> None:
    with pytest.raises(ValueError, match="Expecting") as caught:
        json.loads("{")
    assert texts(of_error(caught.value.__traceback__)) == ["4 of other code"]
    assert of_error(None) == ()


def test_where_a_thread_is_the_outermost_first() -> None:
    here = of_stack(sys._getframe())
    assert here[-1].code is test_where_a_thread_is_the_outermost_first.__code__
    assert len(here) > 5
    assert of_stack(None) == ()


@pytest.mark.parametrize(
    "name",
    [
        "/srv/hunter2/exoalias/ui/desk.py",
        "/usr/lib/python3/json/decoder.py",
        "<string>",
        "",
        f"{ROOT}../hunter2.py",
        f"{ROOT}ui/Geheim Nis.py",
    ],
)
def test_a_file_that_is_not_in_the_package_is_not_named(name: str) -> None:
    assert not code(name).ours
    assert texts([code(name)]) == ["1 of other code"]


def test_both_ways_of_writing_a_path() -> None:
    assert code(f"{ROOT}ui/desk.py").text == "ui/desk.py:7 work"
    assert code(f"{ROOT}ui\\desk.py").text == "ui/desk.py:7 work"


def test_runs_of_other_code_are_counted_and_deep_stacks_cut() -> None:
    ours, other = code(f"{ROOT}ui/desk.py"), code("/x.py")
    assert texts([other, other, ours, other]) == ["2 of other code", "ui/desk.py:7 work", "1 of other code"]
    assert len(texts([ours] * 100)) == MOST_PLACES
    assert texts([]) == []


def test_what_the_interpreter_wrote_down() -> None:
    dump = (
        "Fatal Python error: Segmentation fault\n\n"
        'Thread 0x00007f1 (most recent call first):\n  File "/usr/lib/threading.py", line 3 in wait\n'
        f'  File "{ROOT}adapters/machine/watchdog.py", line 9 in _look\n\n'
        f'Current thread 0x00007f2 (most recent call first):\n  File "{ROOT}ui/main.py", line 12 in <module>\n'
        '  File "/home/hunter2/x.py", line 1 in secret\nExtension modules: PySide6\n'
    )
    assert in_dump(dump) == (
        Dumped(("adapters/machine/watchdog.py:9 _look", "1 of other code")),
        Dumped(("1 of other code", "ui/main.py:12 <module>")),
    )
    assert in_dump(f'Stack (most recent call first):\n  File "{ROOT}ui/main.py", line 2 in run\n') == (
        Dumped(("ui/main.py:2 run",)),
    )
    assert in_dump("") == ()
    assert in_dump(f'  File "{ROOT}ui/main.py", line 2 in run\n') == ()
    heads = "Current thread 0x1 (most recent call first):\nStack (most recent call first):\n"
    two = f'{heads}  File "{ROOT}ui/main.py", line 2 in run\n'
    assert in_dump(two) == (Dumped(("ui/main.py:2 run",)),)
