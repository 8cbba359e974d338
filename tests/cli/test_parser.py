"""The grammar is the table of verbs."""

from __future__ import annotations

from pathlib import Path

import pytest

from exoalias.app.verbs import VERBS, Verb
from exoalias.cli.deeds import DEEDS
from exoalias.cli.parser import make_parser


def _words(verb: Verb) -> list[str]:
    words = verb.name.split()
    for argument in verb.arguments:
        if not argument.flag.startswith("--"):
            words.append("acme")
        elif argument.kind == "flag":
            words.append(argument.flag)
        else:
            words += [argument.flag, "7"]
    return words


@pytest.mark.parametrize("verb", VERBS, ids=lambda v: v.name)
def test_each_verb_is_parsed_with_all_it_takes(verb: Verb) -> None:
    args = make_parser().parse_args(_words(verb))
    assert args.verb == verb.name
    for argument in verb.arguments:
        assert getattr(args, argument.name), argument.flag
    assert verb.name == "simulate" or verb.name in DEEDS


def test_no_verb_is_the_window() -> None:
    args = make_parser().parse_args(["--browser", "/b"])
    assert (args.verb, args.browser, args.simulated, args.this_run_only) == ("", Path("/b"), None, False)


def test_options_for_every_verb_stand_before_or_after_it() -> None:
    before = make_parser().parse_args(["--this-run-only", "--browser", "/b", "check", "acme"])
    after = make_parser().parse_args(["check", "acme", "--this-run-only", "--browser", "/b"])
    assert vars(before) == vars(after)


@pytest.mark.parametrize("words", [["check", "--al"], ["--ver"], ["check", "--pass", "x"]])
def test_nothing_is_guessed(words: list[str]) -> None:
    with pytest.raises(SystemExit) as end:
        make_parser().parse_args(words)
    assert end.value.code == 2
