"""What the keyring holds for one instance: one item, with everything its way in must keep.

The item is a small JSON object, so that a way with two secrets needs one item and one prompt. Windows takes 2,560 bytes of it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import Final

from exoalias.adapters.keeping.secret import Secret

_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Kept:
    """The secrets of one instance; None where its way in needs none of that kind."""

    password: Secret | None = None
    api_key: Secret | None = None
    client_secret: Secret | None = None
    refresh_token: Secret | None = None
    passphrase: Secret | None = None

    def __bool__(self) -> bool:
        return bool(self.held)

    @property
    def held(self) -> dict[str, Secret]:
        """Those that are there, by name."""
        return {each.name: secret for each in fields(self) if isinstance(secret := getattr(self, each.name), Secret)}

    @property
    def longest(self) -> str:
        """The name of the secret that takes most room; "" where there is none."""
        lengths = {name: len(secret.reveal()) for name, secret in self.held.items()}
        return max(lengths, key=lambda name: lengths[name], default="")

    def overlaid(self, newer: Kept) -> Kept:
        """These secrets, with those that *newer* holds in their place."""
        return replace(self, **newer.held)

    def to_text(self) -> str:
        """As it is put into the keyring."""
        held = {name: secret.reveal() for name, secret in self.held.items()}
        return json.dumps({"v": _VERSION, **held}, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_text(cls, text: str | None) -> Kept:
        """Read an item. One that is no such object is a password, as somebody put it there by hand."""
        if text is None:
            return cls()
        try:
            said = json.loads(text)
        except (ValueError, RecursionError):
            said = None
        if not isinstance(said, dict) or said.get("v") != _VERSION:
            return cls(password=Secret(text))
        known = {each.name for each in fields(cls)}
        return cls(**{name: Secret(value) for name, value in said.items() if name in known and isinstance(value, str) and value})
