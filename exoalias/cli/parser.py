"""The command line's grammar, made from the table of verbs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from exoalias import __version__
from exoalias.adapters.wording import _, told
from exoalias.app.verbs import VERBS

if TYPE_CHECKING:
    from exoalias.app.verbs import Argument, Verb

ENDS = (
    "exit codes: 0 all holds or done · 1 findings remain · 2 usage · 3 the wrong user signed in (nothing stored) · "
    "4 this machine forbids it · 5 instance or Microsoft unreachable, or refused · 6 cancelled or declined · "
    "7 stored, owner unconfirmed: nobody watched · 70 an error in the program"
)


ABOUT = (
    "Checks, sets and proves a ServiceNow instance's strict-mode credentials for Exchange Online. "
    "Without a verb it opens its window."
)


# What argparse says itself.
ITS_OWN = (
    "usage: ",
    "options",
    "positional arguments",
    "show this help message and exit",
    "show program's version number and exit",
    "%(prog)s: error: %(message)s\n",
    "argument %(argument_name)s: %(message)s",
    "the following arguments are required: %s",
    "unrecognized arguments: %s",
    "invalid choice: %(value)r (choose from %(choices)s)",
    "invalid %(type)s value: %(value)r",
    "expected one argument",
)


def make_parser() -> argparse.ArgumentParser:
    """The whole grammar. Without a verb, ``verb`` is "": the window."""
    argparse._ = _  # type: ignore[attr-defined] # it asks gettext for each of its words, which knows no setting
    parser = argparse.ArgumentParser(
        prog="exoalias",
        description=_(ABOUT),
        epilog=_(ENDS),
        allow_abbrev=False,
    )
    shown = _("show program's version number and exit")
    parser.add_argument("--version", action="version", version=f"exoalias {__version__}", help=shown)
    _add_globals(parser, hidden=False)
    parser.set_defaults(verb="")
    heads = parser.add_subparsers(metavar="VERB", title=_("verbs"))
    groups: dict[str, argparse._SubParsersAction[argparse.ArgumentParser]] = {}
    for verb in VERBS:
        head, _space, tail = verb.name.partition(" ")
        if tail and head not in groups:
            group = heads.add_parser(head, help=f"{', '.join(_tails(head))}", allow_abbrev=False)
            groups[head] = group.add_subparsers(metavar="VERB", required=True)
        _add_verb(groups[head] if tail else heads, tail or head, verb)
    return parser


def _tails(head: str) -> list[str]:
    return [v.name.partition(" ")[2] for v in VERBS if v.name.startswith(f"{head} ")]


def _add_verb(parsers: argparse._SubParsersAction[argparse.ArgumentParser], word: str, verb: Verb) -> None:
    parser = parsers.add_parser(word, help=_(verb.words), description=_(verb.words), epilog=_(ENDS), allow_abbrev=False)
    for argument in verb.arguments:
        _add_argument(parser, argument)
    _add_globals(parser, hidden=True)
    parser.set_defaults(verb=verb.name)


def _add_argument(parser: argparse.ArgumentParser, argument: Argument) -> None:
    if not argument.flag.startswith("--"):
        parser.add_argument(argument.name, metavar=argument.flag, nargs="*" if argument.many else None, help=told(argument.words))
    elif argument.kind == "flag":
        parser.add_argument(argument.flag, action="store_true", help=told(argument.words))
    else:
        parser.add_argument(
            argument.flag,
            type=int if argument.kind == "number" else str,
            metavar=argument.metavar,
            required=argument.required,
            help=told(argument.words),
        )


def _add_globals(parser: argparse.ArgumentParser, *, hidden: bool) -> None:
    """Options for every verb, taken before or after it; after it they must not put back the default given before."""

    def words(text: str) -> str:
        return argparse.SUPPRESS if hidden else _(text)

    off, none = (argparse.SUPPRESS, argparse.SUPPRESS) if hidden else (False, None)
    parser.add_argument(
        "--non-interactive", action="store_true", default=off, help=words("never ask; end with exit code 2 instead")
    )
    parser.add_argument(
        "--browser",
        type=Path,
        metavar="PATH",
        default=none,
        help=words("the browser to use: Edge, Chrome or Chromium"),
    )
    parser.add_argument(
        "--this-run-only",
        action="store_true",
        default=off,
        help=words("leave the keyring alone: each run asks for the password"),
    )
    parser.add_argument(
        "--set",
        action="append",
        dest="set_after" if hidden else "set_before",  # of two lists of one name the later one would put the other aside
        metavar="NAME=VALUE",
        default=[],
        help=words("a setting for this run alone; exoalias settings shows them"),
    )
    parser.add_argument(
        "--simulated",
        type=Path,
        metavar="FILE",
        default=none,
        help=words("act on the simulated far side whose JSON line, printed by exoalias simulate, is in FILE"),
    )
    parser.add_argument(
        "--secret-stdin",
        action="store_true",
        default=off,
        help=words("where passwords or keys are needed, read them from standard input: a line each, as they are asked for"),
    )
