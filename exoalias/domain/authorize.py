"""The authorize request and its answer: reading, comparing and editing addresses without disturbing a byte of the rest.

Query strings are kept as they came: only what is added is written by us, everything else goes on unchanged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import quote, unquote_plus, urlsplit

from exoalias.domain.target import GRAPH_URL, bare_scope
from exoalias.domain.words import say

_HARMLESS_SCOPES = {"openid", "profile", "email"}  # they name the user to the client and grant nothing
_OURS = ("prompt", "login_hint", "client_info")
_DECIDING = {"client_id", "redirect_uri", "response_type", "response_mode", "request", "request_uri", "scope", "state"}
_LONGEST_SHOWN = 200
_ODD_IN_A_NAME = re.compile("[^a-z0-9_]")
_NO_TEXT = "\ufffd"  # what bytes that are no text are read as: two different ones would look alike


class Address(NamedTuple):
    """An address taken apart; ``parts`` keeps the raw pieces between the ampersands."""

    origin: str
    path: str
    parts: tuple[str, ...]

    def values(self, name: str) -> tuple[str, ...]:
        """All values of that parameter, decoded, in order."""
        return tuple(_value(p) for p in self.parts if _name(p) == name)

    def value(self, name: str) -> str:
        """The value of that parameter; "" where it is missing (use ``repeated`` to refuse doubles first)."""
        return next(iter(self.values(name)), "")

    @property
    def repeated(self) -> tuple[str, ...]:
        """Names given more than once, in any case: a way to say one thing to us and another to the server."""
        names = [_name(p).lower() for p in self.parts]
        return tuple(sorted({n for n in names if names.count(n) > 1}))

    @property
    def misspelt(self) -> tuple[str, ...]:
        """Deciding names a tolerant server would read and we don't: in another case, with odd characters, after a semicolon."""
        hidden = (_name(piece) for part in self.parts for piece in part.split(";")[1:])
        unusual = (n for n in map(_name, self.parts) if n not in _DECIDING)
        return tuple(n for n in (*unusual, *hidden) if _ODD_IN_A_NAME.sub("", n.lower()) in _DECIDING)

    def text(self) -> str:
        """The address as it came."""
        return f"{self.origin}{self.path}" + (f"?{'&'.join(self.parts)}" if self.parts else "")


def _name(part: str) -> str:
    return unquote_plus(part.partition("=")[0])


def _value(part: str) -> str:
    return unquote_plus(part.partition("=")[2])


def take_apart(url: str) -> Address | None:
    """The address, or None where it isn't a plain http(s) address (user info, control characters, no host, a fragment…)."""
    if why_unreadable(url):
        return None
    split = urlsplit(url)
    query = tuple(split.query.split("&")) if split.query else ()
    return Address(f"{split.scheme}://{split.netloc.lower()}", split.path, query)


def why_unreadable(url: str) -> str:
    """What keeps it from being a plain http(s) address; "" where it is one.

    A browser keeps a fragment to itself, so an address with one was made by somebody: what follows it would not be compared.
    """
    if not url.isascii() or any(c <= " " or c in "\x7f\\" for c in url):
        return "it holds blanks, control characters or letters no address has"
    try:
        split = urlsplit(url)
        _ = split.port
    except ValueError:
        return "its host or port is none"
    if split.scheme not in {"https", "http"} or not split.hostname:
        return "it names no host by https"
    if "@" in split.netloc:
        return "it carries a user name"
    return "it carries a fragment" if "#" in url else ""


@dataclass(frozen=True, slots=True)
class Planned:
    """The one authorize request that may become a token: as registry and profile say it."""

    authorize_url: str  # the registry's, without its own query if any
    client_id: str
    redirect_url: str
    scopes: tuple[str, ...]
    graph_urls: tuple[str, ...] = (GRAPH_URL,)  # Microsoft Graph in the cloud the address leads to

    @property
    def address(self) -> Address:
        """The registry's authorize address, taken apart; empty where it is no address (the rules say so first)."""
        return take_apart(self.authorize_url) or Address("", "", ())


def same_scopes(asked: str, wanted: tuple[str, ...], graph_urls: tuple[str, ...] = (GRAPH_URL,)) -> str:
    """How the scopes asked for differ from the profile's; "" where they don't. Bare or with Graph's address, any case.

    Only the address Microsoft Graph has in this cloud may stand before a scope: another cloud's makes it another scope.
    Scopes are printable ASCII parted by blanks (RFC 6749, 3.3): other letters can become the same ones in lower case.
    """
    if not (asked.isascii() and asked.isprintable()):
        return "holds letters no scope has"
    have, want = ({bare_scope(s, graph_urls) for s in scopes} for scopes in (asked.split(), wanted))
    missing, more = sorted(want - have), sorted(have - want - _HARMLESS_SCOPES)
    said = [say("lacks {missing}", missing=", ".join(missing))] if missing else []
    return "; ".join(said + ([say("also asks for {more}", more=", ".join(more))] if more else []))


def _bare_id(client_id: str) -> str:
    return "".join(c for c in client_id.lower() if c.isalnum())


def shown(text: str, longest: int = _LONGEST_SHOWN) -> str:
    """Text out of an address as a person may see it: no control or bidirectional characters, not endless."""
    return "".join(c if c.isprintable() else " " for c in text[:longest])


def is_foreign(address: Address, planned: Planned) -> bool:
    """Whether an authorize request serves another purpose: the instance's own sign-in, say. It must pass untouched.

    Another client, or ours with a redirect to this instance but to another page than ``/oauth_redirect.do``. A request that
    names our client anywhere, be it among several, in braces or under ``Client_ID``, is not foreign: it is refused elsewhere.
    """
    clients = {_bare_id(_value(p)) for p in address.parts if _name(p).lower() == "client_id"}
    if not any(_bare_id(planned.client_id) in client for client in clients):
        return True
    redirect = take_apart(address.value("redirect_uri"))
    here = take_apart(planned.redirect_url)
    return (
        not address.repeated
        and redirect is not None
        and here is not None
        and redirect.origin == here.origin
        and not redirect.path.lower().startswith(here.path.lower())
    )


def foreign_state(address: Address, planned: Planned) -> str:
    """The state by which the answer to a foreign request is known when it comes to our own redirect address.

    "" where none may come there: only a request that plainly names another client and exactly that address has its answer
    let pass later. One that redirects elsewhere, or can be read in two ways, passes itself but vouches for nothing.
    """
    text = not any(_NO_TEXT in unquote_plus(part) for part in address.parts)
    plain = text and not address.misspelt and not address.repeated and bool(address.value("client_id"))
    return address.value("state") if plain and address.value("redirect_uri") == planned.redirect_url else ""


def difference(address: Address, planned: Planned) -> str:
    """How a request with our client id differs from the planned one; "" where it is the planned one."""
    return shown(_misshapen(address, planned) or _misdirected(address, planned) or _asks_otherwise(address, planned), 600)


def _misshapen(address: Address, planned: Planned) -> str:
    wanted = planned.address
    if address.repeated:
        return say("{shown} given more than once", shown=", ".join(map(shown, address.repeated)))
    if address.misspelt:
        return say("it spells {misspelt} in an unusual way", misspelt=", ".join(address.misspelt))
    if (address.origin, address.path) != (wanted.origin, wanted.path):
        return say(
            "it goes to {origin} instead of {origin2}{path}",
            origin=shown(address.origin + address.path),
            origin2=wanted.origin,
            path=wanted.path,
        )
    return ""


def _misdirected(address: Address, planned: Planned) -> str:
    if address.value("client_id").lower() != planned.client_id.lower():
        return "another client id"
    if address.value("redirect_uri") != planned.redirect_url:
        return say(
            "its redirect address is {redirect_uri} instead of {redirect_url}",
            redirect_uri=shown(address.value("redirect_uri")) or say("missing"),
            redirect_url=planned.redirect_url,
        )
    return ""


def _asks_otherwise(address: Address, planned: Planned) -> str:
    if address.value("response_type") != "code":
        return say(
            "its response type is {response_type} instead of code",
            response_type=shown(address.value("response_type")) or say("missing"),
        )
    if address.value("response_mode") not in {"", "query"}:
        return say("it wants its answer by {response_mode}", response_mode=shown(address.value("response_mode")))
    for name in ("request", "request_uri"):
        if address.values(name):
            return say("it carries {name}", name=name)
    if not address.value("state"):
        return "it carries no state"
    if _NO_TEXT in address.value("state"):
        return "its state is no text"
    scopes = same_scopes(address.value("scope"), planned.scopes, planned.graph_urls)
    return say("scope {scopes}", scopes=scopes) if scopes else ""


def prompted(address: Address, upn: str) -> str:
    """The same request with ``prompt=login``, ``login_hint`` and ``client_info=1``; all else byte for byte as it came.

    ``prompt=login`` makes Microsoft ask for credentials whoever is signed in; ``login_hint`` only prefills the name.
    Source: learn.microsoft.com, "Microsoft identity platform and OAuth 2.0 authorization code flow".
    """
    kept = tuple(p for p in address.parts if _name(p).lower() not in _OURS)
    ours = ("prompt=login", f"login_hint={quote(upn, safe='')}", "client_info=1")
    return Address(address.origin, address.path, kept + ours).text()


def without_client_info(answer: Address) -> str:
    """Microsoft's answer as the instance would have got it had we not asked who signed in."""
    return Address(answer.origin, answer.path, tuple(p for p in answer.parts if _name(p).lower() != "client_info")).text()


def carries(address: Address, held: Address) -> bool:
    """Whether a later authorize request in the same window is the held one again, perhaps with more parameters.

    Microsoft's page may reload its own address (``sso_reload``). What was there must still be there, byte for byte, but for
    the three we set.
    """
    if (address.origin, address.path) != (held.origin, held.path) or address.repeated:
        return False
    kept = [p for p in held.parts if _name(p).lower() not in _OURS]
    return all(p in address.parts for p in kept)
