"""Gather every sentence a person may read into resources/language, and make the catalogues the program reads: language.

What is new is put in without a translation, what is gone is taken out; a translation whose sentence changed is no longer used.
"""

from __future__ import annotations

import ast
import re
import sys
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from babel.messages.catalog import Catalog

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "language"
_FIRST, _THREE = range(1), range(3)
_CALLS = {  # which of the arguments may be sentences
    "_": _FIRST,
    "say": _FIRST,
    "say_of": _FIRST,
    "told": _FIRST,
    "joined": _FIRST,
    "plural": _THREE,
    "counted": _THREE,
    "unreadable": range(2),
    "Probe": _FIRST,
    "State": range(2, 6),
}
_INTERNAL = {
    "compile",
    "execute",
    "getLogger",
    "TypeError",
    "RuntimeError",
    "LookupError",
    "cast",
    "Signal",
    "TypeVar",
    "findChild",
}
_ENUMS = {"Status", "Group", "Tier", "Phase", "Who", "Part", "Strategy"}
_NO_DAY = datetime(2000, 1, 1, tzinfo=UTC)  # the same bytes for the same sentences
_KEYWORDS = {"unit"}  # an argument of this name is a word
_LISTS = {"_KINDS", "_MONTHS", "TIERS", "_COUNTED", "ITS_OWN", "_FIELDS"}  # tuples and tables of single words
_SENTENCE = re.compile(r"[^\W\d_]{2,}[,;:.’']?\s+\S*[^\W\d_]{2,}|[^\W\d_]{3,} …")
_WORD = re.compile(r"&?[A-Z][a-z&]{2,}")
_NO_SENTENCE = re.compile(
    r"^(SELECT|INSERT|DELETE|PRAGMA|CREATE|UPDATE|SOFTWARE|#|<|Q[A-Z]|First Run|Local State)|\.app/|Managed Preferences"
    r"|[\\^]|\$[{(]|: [a-z-]+;|={2}|\.py\b"
)
# Told to programs or to its developers, in English: the support bundle, the log, what the simulator is asked.
_LEFT_OUT = {
    "adapters/instance/columns.py",
    "adapters/instance/questions.py",
    "adapters/keeping/journal.py",
    "adapters/keeping/journal_files.py",
    "adapters/machine/first_look.py",
    "adapters/machine/last_words.py",
    "adapters/network/inspection.py",
    "cli/documents.py",
    "domain/log_events.py",
    "domain/log_net.py",
    "domain/log_paths.py",
    "ui/appearance.py",
    "ui/theme.py",
}


def messages() -> dict[str, list[str]]:
    """Every sentence, and in which files it stands."""
    found: dict[str, list[str]] = {}
    for file in sorted((ROOT / "exoalias").rglob("*.py")):
        name = file.relative_to(ROOT / "exoalias").as_posix()
        if name.startswith("simulator/") or name in _LEFT_OUT:
            continue
        for text in _Reader(name).read(ast.parse(file.read_text(encoding="utf-8"))):
            places = found.setdefault(text, [])
            if name not in places:
                places.append(name)
    return found


class _Reader:
    """The sentences of one file, in the order in which they stand."""

    def __init__(self, name: str) -> None:
        self._speaks = name.startswith(("domain/", "app/", "cli/", "ui/", "adapters/"))
        self._shows = name.startswith("ui/")

    def read(self, node: ast.AST) -> Iterator[str]:
        """Those below *node*."""
        if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef)):
            yield from self._of_body(node)
            return
        if isinstance(node, ast.Call):
            yield from self._of_call(node)
            return
        if isinstance(node, ast.JoinedStr):
            for part in node.values:
                if isinstance(part, ast.FormattedValue):
                    yield from self.read(part.value)
            return
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            if self._is_told(node.value):
                yield node.value
            return
        for child in ast.iter_child_nodes(node):
            yield from self.read(child)

    def _of_body(self, node: ast.Module | ast.ClassDef | ast.FunctionDef) -> Iterator[str]:
        for statement in node.body:
            if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant):
                continue  # a docstring
            if isinstance(statement, (ast.Assign, ast.AnnAssign)) and statement.value is not None:
                enum = isinstance(node, ast.ClassDef) and node.name in _ENUMS
                if enum or _named(statement) & _LISTS:
                    yield from _texts(statement.value)
            yield from self.read(statement)

    def _of_call(self, call: ast.Call) -> Iterator[str]:
        name = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""
        if name in _INTERNAL:
            return
        yield from self.read(call.func)
        for at, argument in enumerate(call.args):
            if at in _CALLS.get(name, ()):
                yield from _texts(argument)
                if not isinstance(argument, ast.Constant):
                    yield from self.read(argument)
            else:
                yield from self.read(argument)
        for keyword in call.keywords:
            if keyword.arg in _KEYWORDS:
                yield from _texts(keyword.value)
            yield from self.read(keyword.value)

    def _is_told(self, text: str) -> bool:
        if not self._speaks or _NO_SENTENCE.search(text):
            return False
        return _SENTENCE.search(text) is not None or (self._shows and _WORD.fullmatch(text) is not None)


def _texts(node: ast.expr) -> Iterator[str]:
    """The text, or both of an if-else, or those of a tuple, if there is a letter in it."""
    if (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and re.search(r"[^\W\d_]{2}", re.sub(r"\{.*?\}", "", node.value))
    ):
        yield node.value
    if isinstance(node, ast.IfExp):
        yield from _texts(node.body)
        yield from _texts(node.orelse)
    if isinstance(node, (ast.Tuple, ast.Dict)):
        for each in node.elts if isinstance(node, ast.Tuple) else node.values:
            yield from _texts(each)


def _named(statement: ast.Assign | ast.AnnAssign) -> set[str]:
    targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    return {target.id for target in targets if isinstance(target, ast.Name)}


def catalogue(language: str) -> Catalog:
    """What is kept of that language."""
    from babel.messages.pofile import read_po

    with (FOLDER / f"{language}.po").open("rb") as file:
        return read_po(file, locale=language)


def renewed(old: Catalog) -> Catalog:
    """The same translations for the sentences there are now."""
    from babel.messages.catalog import Catalog

    new = Catalog(locale=old.locale, project="exoalias", fuzzy=False, header_comment="# exoalias in another language.")
    for text, places in messages().items():
        kept = old.get(text)
        new.add(text, kept.string if kept is not None else "", locations=[(f"exoalias/{place}", 0) for place in places])
    return new


def written(new: Catalog) -> bytes:
    """As text, the same bytes for the same sentences: no dates, no line numbers."""
    from babel.messages.pofile import write_po

    file = BytesIO()
    write_po(file, new, width=130, include_lineno=False, omit_header=False)
    dated = (
        b'"POT-Creation-Date',
        b'"PO-Revision-Date',
        b'"Generated-By',
        b'"Report-Msgid',
        b'"Last-Translator',
        b'"Language-Team',
    )
    return b"\n".join(line for line in file.getvalue().splitlines() if not line.startswith(dated)) + b"\n"


def compiled(new: Catalog) -> bytes:
    """As the program reads it."""
    from babel.messages.mofile import write_mo

    new.creation_date = new.revision_date = _NO_DAY
    file = BytesIO()
    write_mo(file, new)
    return file.getvalue()


def main() -> int:
    """Renew every catalogue; 1 where a translation is missing."""
    missing = 0
    for path in sorted(FOLDER.glob("*.po")):
        new = renewed(catalogue(path.stem))
        path.write_bytes(written(new))
        path.with_suffix(".mo").write_bytes(compiled(catalogue(path.stem)))
        left = [message for message in new if message.id and not message.string]
        print(f"{path.name}: {len(new)} sentences, {len(left)} without a translation")
        missing += len(left)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
