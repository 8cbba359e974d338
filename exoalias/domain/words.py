"""Sentences that can be told in another language: text in English that remembers how it was put together.

A ``Said`` is a ``str`` like any other: journal, log and ``--json`` keep its English, so that they read the same on every
machine. What is shown to a person goes through ``told``, which puts the same sentence together in their language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_OURS: Final = frozenset({"what", "why", "how", "does"})  # facts of Problems that are words of ours, never a name
_SPACES: Final = 2  # a fact of so many is looked up as well: a constant of ours, or found nowhere


class Said(str):
    """A sentence with the template and the facts it was made from. Facts that are Said themselves are translated too."""

    __slots__ = ("facts", "template")

    template: str
    facts: Mapping[str, object]


class Unended(Said):
    """A whole sentence without its full stop, to go on from."""

    __slots__ = ()


class Facts(dict[str, object]):
    """Facts for ``format_map``: a missing one is shown as a gap instead of hiding the whole message."""

    def __missing__(self, key: str) -> str:
        return f"‹{key}›"


def say(template: str, /, **facts: object) -> str:
    """The sentence, a ``Said``, with its facts filled in: ``say("{name} was not found.", name=name)``."""
    said = Said(template.format(**facts))
    said.template, said.facts = template, facts
    return said


def say_of(template: str, facts: Mapping[str, object]) -> str:
    """The same with facts at hand; one that is missing is a gap, and where the last one is empty no blank is left."""
    said = Said(template.format_map(Facts(facts)).rstrip())
    said.template, said.facts = template, facts
    return said


def unended(text: str) -> str:
    """A whole sentence without its full stop, in any language."""
    said = Unended(text.rstrip("."))
    said.template, said.facts = "", {"whole": text}
    return said


def word(text: str) -> str:
    """Words that may be ours, as a fact of a sentence; an instance's own, whatever stands in them, stay what they are."""
    return text if isinstance(text, Said) or "{" in text or "}" in text else say(text)


def counted(count: int, one: str, many: str, /, **facts: object) -> str:
    """The sentence for that many; ``{n}`` in it is the number."""
    return say(one if count == 1 else many, n=f"{count:,}", **facts)


def joined(separator: str, parts: Iterable[str]) -> str:
    """Sentences one after the other; each, and what stands between them, keeps what it was made from."""
    facts = {f"part{number}": part for number, part in enumerate(parts)}
    return say("{between}".join(f"{{{name}}}" for name in facts), between=separator, **facts)


def told(text: str, look: Callable[[str], str]) -> str:
    """The text in another language: *look* gives a template's translation, or the template where there is none."""
    if not isinstance(text, Said):
        return look(text) if text else text
    if isinstance(text, Unended):
        return "".join(told(whole, look).rstrip(".") for whole in text.facts.values() if isinstance(whole, str))
    other = look(text.template).format_map(Facts(facts_told(text.facts, look))) if text.template else ""
    return other if text[-1:].isspace() else other.rstrip()


def facts_told(facts: Mapping[str, object], look: Callable[[str], str]) -> dict[str, object]:
    """The facts of a sentence, those that are sentences themselves in the other language. Names stay what they are."""
    return {
        name: told(fact, look) if isinstance(fact, str) and _is_sentence(name, fact) else fact for name, fact in facts.items()
    }


def _is_sentence(name: str, fact: str) -> bool:
    return isinstance(fact, Said) or name in _OURS or fact.count(" ") >= _SPACES
