"""The address of an instance, from whatever a person pastes: a bare name, a deep link, a login page.

Only the origin is kept. What could send a password to the wrong place is refused with its reason: user info before the
host, letters that only look like plain ones, a host that only resembles ServiceNow's, plain http. Where an address is taken,
it leads to the host a browser would go to (WHATWG URL Standard), or it is a bare name, which is one of ServiceNow's.
"""

from __future__ import annotations

import re
import unicodedata
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import Final

from exoalias.domain.problems import BadAddress
from exoalias.domain.words import say

# "Instance URL": https://<instance>.service-now.com. The second is ServiceNow's for government customers.
_DOMAIN: Final = "service-now.com"
_DOMAINS: Final = (_DOMAIN, "servicenowservices.com")
# ServiceNow's own sites, on none of which an instance lives.
_NO_INSTANCE: Final = "servicenow.com"
_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"(?P<host>\[[0-9A-Fa-f:.]*\]|[^:\[\]]*)(?::(?P<port>[0-9]*))?")
_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?")
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
_TWINS: Final = str.maketrans({"0": "o", "1": "l", "i": "l", "3": "e", "5": "s", "-": ""})
_OWNERS: Final = {"servicenowservices": _DOMAINS[1], "servicenow": _DOMAIN}  # the longer name is looked for first
# Labels that are part of many registries' own suffixes: acme.co.uk, acme.com.au.
_SUFFIXES: Final = frozenset("ac co com edu go gob gouv gov govt ltd mil ne net nhs or org plc".split())
# What word processors, chats and mail programs leave around an address: characters nobody sees, quotes, brackets.
_UNSEEN: Final = "\u200b\u200c\u200d\u2060\ufeff\u00ad\u200e\u200f\u202a\u202c"
_QUOTES: Final = "<>\"'`\u201c\u201d\u201e\u2018\u2019\u201a\u00ab\u00bb\u2039\u203a"
_SHOWN: Final = 80  # so much of a bad address is repeated to the person


def parse(text: str, *, allow_loopback_http: bool = False) -> str:
    """The origin of an instance, e.g. "https://acme.service-now.com"; BadAddress says why there is none.

    ``allow_loopback_http``: a simulated world, whose instance is plain http on a literal loopback host.
    """
    plain = _unwrapped(text)
    _refuse_odd_characters(plain, text)
    scheme, rest = _scheme(plain, text)
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if "@" in authority:
        raise _bad(text, "it carries a user name before the host. Give the address alone")
    match = _AUTHORITY.fullmatch(authority)
    if match is None or not match["host"]:
        raise _bad(text, "it names no host")
    port = _port(match["port"], scheme, text)
    host = _host(match["host"].lower().removesuffix("."), port, text)
    if scheme == "http" and not (allow_loopback_http and host in _LOOPBACK):
        raise _bad(text, "it is plain http, which would send the password readable. It has to be https")
    return f"{scheme}://{host}{port}"


def _unwrapped(text: str) -> str:
    """The text without what stands around it and belongs to no address."""
    before = ""
    while text != before:
        before, text = text, text.strip().strip(_UNSEEN + _QUOTES)
    return text


def _bad(text: str, why: str) -> BadAddress:
    shown = "".join(c if c.isprintable() else "�" for c in text.strip())
    _, at, after = shown.rpartition("@")
    if at:  # what stands before it may be a password
        shown = f"…@{after}"
    return BadAddress(text=shown[:_SHOWN] + "…" * (len(shown) > _SHOWN) or say("An empty text"), why=say("{why}.", why=why))


def _refuse_odd_characters(plain: str, text: str) -> None:
    if not plain:
        raise _bad(text, "nothing was given")
    if any(c in plain for c in "\r\n"):
        raise _bad(text, "it is broken over several lines, or several were given. Give one address")
    if any(unicodedata.category(c) == "Cc" for c in plain):
        raise _bad(text, "it contains control characters")
    head = re.split(r"[/?#]", plain.partition("://")[2] or plain, maxsplit=1)[0]
    if any(unicodedata.category(c) == "Cf" for c in head):
        raise _bad(text, "its host has characters in it that can't be seen. Type the address instead of pasting it")
    if not head.isascii():
        raise _bad(text, "its host has letters outside a-z that may only look like plain ones")
    if re.search(r"[\s\\%]", head):
        raise _bad(text, "its host contains blanks or signs that no host has")


def _scheme(plain: str, text: str) -> tuple[str, str]:
    """The scheme and what follows it; https where none was given."""
    match = _SCHEME.fullmatch(f"https:{plain}" if plain.startswith("//") else plain)
    scheme, rest = (match[1].lower(), match[2]) if match else ("https", plain)
    if scheme not in {"http", "https"}:
        raise _bad(text, say("it begins with {scheme}:// instead of https://", scheme=scheme[:20]))
    if re.match(r"https?:", rest, re.IGNORECASE):
        raise _bad(text, "it is cut off or begins twice")
    return scheme, rest


def _port(digits: str | None, scheme: str, text: str) -> str:
    """The port as it belongs into an origin: with its colon, or nothing for the usual one."""
    if digits is None:
        return ""
    if not 1 <= len(digits) <= 5 or not 1 <= int(digits) <= 65535:
        raise _bad(text, "its port is no number from 1 to 65535")
    usual = {"https": 443, "http": 80}[scheme]
    return "" if int(digits) == usual else f":{int(digits)}"


def _host(host: str, port: str, text: str) -> str:
    """The host in full: a bare name is one of ServiceNow's."""
    if host.startswith("["):
        return f"[{_ip(IPv6Address, host[1:-1], text)}]"
    labels = host.split(".")
    if labels[-1].isdecimal() or re.fullmatch(r"0x[0-9a-f]*", labels[-1]):
        if len(labels) == 1 and not port:
            raise _bad(text, "a number alone names no instance")
        return _ip(IPv4Address, host, text)
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        raise _bad(text, "its host is not a possible host name")
    if any(label.startswith("xn--") for label in labels):
        raise _bad(text, "its host has letters outside a-z (written as xn--) that may only look like plain ones")
    if len(labels) == 1 and host != "localhost":
        return _full_name(host, port, text)
    _refuse_twins(host, labels, text)
    return host


def _full_name(name: str, port: str, text: str) -> str:
    if port:
        raise _bad(text, "a name without a domain can't have a port. Give the whole address")
    return f"{name}.{_DOMAIN}"


def _ip(kind: type[IPv4Address | IPv6Address], digits: str, text: str) -> str:
    try:
        return str(kind(digits))
    except (AddressValueError, ValueError):
        raise _bad(text, "its host is not a possible address") from None


def _refuse_twins(host: str, labels: list[str], text: str) -> None:
    """Refuse hosts that only resemble ServiceNow's domains. A customer's own domain is none of them."""
    for domain in _DOMAINS:
        if host in {domain, f"www.{domain}"}:
            raise _bad(text, say("it lacks the instance's name: NAME.{domain}", domain=domain))
    if host.endswith(tuple(f".{domain}" for domain in _DOMAINS)):
        return
    if host == _NO_INSTANCE or host.endswith(f".{_NO_INSTANCE}"):
        raise _bad(text, say("no instance is there. Instances have addresses like NAME.{domain}", domain=_DOMAIN))
    likened = next((domain for domain in _DOMAINS if domain in host), "") or _likeness(labels)
    if likened:
        raise _bad(text, say("its host only resembles {likened}", likened=likened))


def _likeness(labels: list[str]) -> str:
    """The domain of ServiceNow's that the owner of a host resembles; "" where it resembles none.

    The owner is the label before the registry's suffix.
    """
    owners = [labels[-2]] if len(labels) > 1 else []
    if len(labels) > 2 and labels[-2] in _SUFFIXES:
        owners.append(labels[-3])
    for owner in owners:
        plain = owner.translate(_TWINS).replace("rn", "m").replace("vv", "w")
        for name, domain in _OWNERS.items():
            wanted = name.translate(_TWINS)
            if wanted in plain or _apart(plain, wanted) <= 2:
                return domain
    return ""


def _apart(one: str, other: str) -> int:
    """How many letters have to be added, taken away or replaced to make one word of the other; two neighbours swapped are 2."""
    if abs(len(one) - len(other)) > 2:
        return 3
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        last, row = row, [i]
        for j, b in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (a != b)))
    return row[-1]
