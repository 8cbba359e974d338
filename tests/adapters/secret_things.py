"""Secrets of every kind, drawn from a seed, and a judge who looks for them, in every form, in what was written."""

from __future__ import annotations

import base64
import json
import string
import urllib.parse
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterable

WINDOW = 6  # so many characters of a secret in a row are a leak
_WORDS = "kranich ofenrohr wacholder tintenfisch quittung zwiebel dampfer enzian fjordpferd glühwurm härtefall jasmin".split()
_B64 = string.ascii_letters + string.digits + "-_"
_HEX = "0123456789ABCDEF"
FORGED = '"}\n{"at":"1999-12-31T23:59:59.999Z","run":1,"level":"info","event":"~~~~~~'  # a second line, smuggled in
_ANY = string.ascii_letters + string.digits + "!§$%&/()=?+*#'-.,;:<>|^°äöüßéñ漢字🔑"


def _draw(rng: random.Random, alphabet: str, least: int, most: int) -> str:
    return "".join(rng.choice(alphabet) for _ in range(rng.randint(least, most)))


def _jwt(rng: random.Random) -> str:
    claims = {"upn": _upn(rng), "sub": _draw(rng, _B64, 20, 40), "exp": rng.randint(10**9, 10**10)}
    parts = (json.dumps({"alg": "RS256", "kid": _draw(rng, _B64, 8, 20)}), json.dumps(claims))
    heads = (base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
    return ".".join((*heads, _draw(rng, _B64, 40, 200)))


def _upn(rng: random.Random) -> str:
    return f"{rng.choice(_WORDS)}.{_draw(rng, string.ascii_lowercase, 5, 9)}@{_draw(rng, string.ascii_lowercase, 5, 12)}.example"


def _guid(rng: random.Random) -> str:
    digits = _draw(rng, "0123456789abcdef", 32, 32)
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


def _lines(rng: random.Random) -> str:
    return f"{_draw(rng, _ANY, 6, 9)}\r\n{_draw(rng, _ANY, 6, 9)}\x00\x1b[31m{_draw(rng, _ANY, 6, 9)}"


def _redirect(rng: random.Random) -> str:
    return f"https://a.example/oauth_redirect.do?code={_draw(rng, _B64, 40, 80)}&state={_draw(rng, _B64, 20, 40)}"


def _pem(rng: random.Random) -> str:
    lines = "\n".join(_draw(rng, _B64, 64, 64) for _ in range(rng.randint(2, 6)))
    return f"-----BEGIN PRIVATE KEY-----\n{lines}\n-----END PRIVATE KEY-----\n"


MAKERS: dict[str, Callable[[random.Random], str]] = {
    "password": lambda rng: _draw(rng, _ANY, 7, 24),
    "password with lines": _lines,
    "passphrase": lambda rng: " ".join(rng.sample(_WORDS, 4)),
    "lower-case password": lambda rng: _draw(rng, string.ascii_lowercase, 8, 20),
    "token": lambda rng: _draw(rng, _B64, 24, 90),
    "refresh token": lambda rng: f"0.{_draw(rng, _B64, 90, 200)}",
    "guid": _guid,
    "jwt": _jwt,
    "authorization code": lambda rng: f"0.A{_draw(rng, _B64, 60, 200)}",
    "redirect": _redirect,
    "session": lambda rng: _draw(rng, _HEX, 32, 32),
    "cookie": lambda rng: f"JSESSIONID={_draw(rng, _HEX, 32, 32)}; glide_session_store={_draw(rng, _HEX, 32, 32)}",
    "g_ck": lambda rng: _draw(rng, "0123456789abcdef", 72, 72),
    "bearer": lambda rng: f"Bearer {_draw(rng, _B64, 30, 60)}",
    "basic": lambda rng: f"Basic {base64.b64encode(_draw(rng, _ANY, 10, 20).encode()).decode()}",
    "client secret": lambda rng: f"{_draw(rng, _B64, 3, 3)}~{_draw(rng, _B64, 34, 34)}",
    "api key": lambda rng: f"now_{_draw(rng, _B64, 60, 80)}",
    "pem": _pem,
    "one-time code": lambda rng: _draw(rng, string.digits, 6, 8),
    "upn": _upn,
    "proxy": lambda rng: f"http://{_draw(rng, string.ascii_letters, 6, 9)}:{_draw(rng, _B64, 8, 12)}@proxy.example:3128",
    "forged line": lambda rng: f"{_draw(rng, _B64, 8, 12)}{FORGED}{_draw(rng, _B64, 8, 12)}",
}  # fmt: skip


def forms(secret: str) -> frozenset[str]:
    """A secret as it is, and as it may be disguised on its way through a program."""
    raw = secret.encode("utf-8", "surrogatepass")
    shifted = (base64.b64encode(b"x" * shift + raw).decode()[4 * shift :] for shift in range(3))
    every = (
        secret,
        json.dumps(secret)[1:-1],
        json.dumps(secret, ensure_ascii=False)[1:-1],
        repr(secret)[1:-1],
        repr(raw)[2:-1],
        urllib.parse.quote(secret, safe=""),
        urllib.parse.quote_plus(secret),
        *shifted,
        base64.urlsafe_b64encode(raw).decode(),
        raw.hex(),
        secret[::-1],
        secret.upper(),
        secret.lower(),
    )
    return frozenset(every)


def windows(text: str) -> set[str]:
    """Every piece of that many characters."""
    return {text[at : at + WINDOW] for at in range(len(text) - WINDOW + 1)}


class Judge:
    """Knows everything that was written, cut into pieces."""

    def __init__(self, written: Iterable[str]) -> None:
        self.pieces: set[str] = set()
        for line in written:
            self.pieces |= windows(line)

    def leaked(self, secret: str, harmless: frozenset[str] = frozenset()) -> set[str]:
        """The pieces of that secret, in any of its forms, that were written."""
        return {piece for form in forms(secret) for piece in windows(form) if piece in self.pieces} - harmless
