"""Which host a browser goes to, read from the URL Standard (url.spec.whatwg.org), independently of the program.

Only what is needed for special schemes: the basic URL parser's states up to the host, and the host parser.
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

SPECIAL = {"http": 80, "https": 443, "ws": 80, "wss": 443, "ftp": 21}
_FORBIDDEN = set("\x00\t\n\r #/:<>?@[\\]^|%\x7f") | {chr(c) for c in range(0x20)}
_C0_AND_SPACE = "".join(chr(c) for c in range(0x21))


def goes_to(text: str) -> tuple[str, str, int] | None:
    """Scheme, host and port a browser would use for this address; None where it refuses it, or reads no special scheme.

    A host with letters outside ASCII gives a host that begins with "?": the mapping of such names is not followed here.
    """
    plain = re.sub(r"[\t\n\r]", "", text.strip(_C0_AND_SPACE))
    match = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", plain)
    if match is None or match[1].lower() not in SPECIAL:
        return None
    scheme = match[1].lower()
    rest = plain[match.end() :].lstrip("/\\")
    authority = re.split(r"[/\\?#]", rest, maxsplit=1)[0]
    where = authority.rpartition("@")[2]
    port = SPECIAL[scheme]
    colon = re.search(r":([0-9]*)$", where)
    if colon:
        where = where[: colon.start()]
        if colon[1]:
            port = int(colon[1])
    elif ":" in re.sub(r"\[[^\]]*\]", "", where):
        return None
    host = _host(where)
    return (scheme, host, port) if host and port <= 65535 else None


def _host(text: str) -> str:
    if text.startswith("["):
        return text.lower() if text.endswith("]") else ""
    try:
        domain = unquote_to_bytes(text).decode()
    except UnicodeDecodeError:
        return ""
    if not domain.isascii():
        return "?" + domain
    domain = domain.lower()
    if not domain or set(domain) & _FORBIDDEN:
        return ""
    last = domain.removesuffix(".").rpartition(".")[2]
    if last.isdigit() or re.fullmatch(r"0x[0-9a-f]*", last):
        return _ipv4(domain.removesuffix("."))
    return domain


def _ipv4(text: str) -> str:
    """The IPv4 parser: one to four numbers, decimal, octal or hexadecimal; the last fills what is left."""
    parts = text.split(".")
    numbers = [_number(part) for part in parts]
    if len(parts) > 4 or None in numbers:
        return ""
    known = [number for number in numbers if number is not None]
    if any(number > 255 for number in known[:-1]) or known[-1] >= 256 ** (5 - len(known)):
        return ""
    value = known[-1] + sum(number * 256 ** (3 - place) for place, number in enumerate(known[:-1]))
    return ".".join(str(value >> shift & 255) for shift in (24, 16, 8, 0))


def _number(text: str) -> int | None:
    if not text:
        return None
    base, digits = (
        (16, text[2:]) if text[:2] in {"0x", "0X"} else (8, text[1:]) if text[0] == "0" and len(text) > 1 else (10, text)
    )
    try:
        return int(digits, base) if digits and "_" not in digits else 0 if not digits else None
    except ValueError:
        return None
