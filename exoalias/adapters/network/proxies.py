"""Which proxy leads to a host: the one set, else the environment's, else the system's; and what it wants to know of us.

Credentials are kept apart from addresses: a proxy's address may be shown and logged, credentials never. PAC files are not
evaluated (adapters/network/pac.py finds them, so that it can be said).
"""

from __future__ import annotations

import base64
import re
import threading
import urllib.request
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote, urlsplit

from exoalias.adapters.keeping.secret import Secret
from exoalias.domain.problems import BadProxy
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Login: TypeAlias = tuple[str, Secret]  # user and password
ProxyLogin: TypeAlias = "Callable[[], Login | None]"  # where they are kept

NONE: Final = "none"  # the setting's value for: no proxy at all
_HTTP: Final = "http"
_SETTING: Final = "the setting proxy"
_SYSTEM: Final = "the system's settings"


@dataclass(frozen=True, slots=True)
class Proxy:
    """A proxy: its address without credentials, who named it, and the credentials it came with."""

    address: str  # scheme://host:port
    source: str  # "the setting proxy", "HTTPS_PROXY", "the system's settings"
    login: Login | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Host and port, as a person may see them."""
        return self.address.partition("://")[2]

    @property
    def authorization(self) -> str:
        """The value of Proxy-Authorization; "" without credentials."""
        if self.login is None:
            return ""
        user, password = self.login
        return f"Basic {base64.b64encode(f'{user}:{password.reveal()}'.encode()).decode('ascii')}"


@dataclass(frozen=True, slots=True)
class System:
    """The operating system's own proxy settings, as urllib finds them in the Windows registry and on macOS."""

    proxies: Callable[[], Mapping[str, str]]
    bypasses: Callable[[str], bool]


def this_system() -> System:
    """This machine's; on Linux there are none beside the environment."""
    names = (("getproxies_registry", "proxy_bypass_registry"), ("getproxies_macosx_sysconf", "proxy_bypass_macosx_sysconf"))
    for read, bypass in names:
        if hasattr(urllib.request, read):
            return System(getattr(urllib.request, read), getattr(urllib.request, bypass))
    return System(dict, lambda _host: False)


class Proxies:
    """Finds the proxy for each request. Safe from any thread.

    ``setting``: "" the environment's and the system's, "none" no proxy, else an address without credentials.
    ``login``: where the credentials of that address are kept. It may have to wait for a person, so it is asked only when the
    proxy wants some, or refused those it got.
    """

    def __init__(self, setting: str = "", login: ProxyLogin = lambda: None, system: System | None = None) -> None:
        self._setting = setting.strip()
        self._ask = login
        self._system = system or this_system()
        self._lock = threading.Lock()
        self._login: Login | None = None

    def of(self, host: str, port: int | None = None) -> Proxy | None:
        """The proxy that leads to that host over https, None where the way is direct; BadProxy."""
        if self._setting.lower() == NONE:
            return None
        environment = urllib.request.getproxies_environment()
        if bypassed(host, port, environment.get("no", "")):
            return None
        if self._setting:
            proxy = parse(self._setting, _SETTING)
            if proxy.login is not None:
                raise BadProxy(proxy=proxy.host, source=_SETTING, why="it carries a user name, which is not kept in settings")
            return Proxy(proxy.address, _SETTING, self._login)
        for name in ("https", "all"):
            if environment.get(name):
                return parse(environment[name], f"{name.upper()}_PROXY")
        return self._of_system(host)

    def ask_again(self, refused: Proxy) -> bool:
        """The proxy refused what it was told: whether there is something else to tell it now. Raises what ``login`` does."""
        if not self._setting:
            return False  # credentials of the environment come with the address, and there are no others
        with self._lock:
            if _same(self._login, refused.login):
                self._login = self._ask()
            return self._login is not None and not _same(self._login, refused.login)

    def _of_system(self, host: str) -> Proxy | None:
        found = self._system.proxies()
        address = found.get("https") or found.get("all") or ""
        return parse(address, _SYSTEM) if address and not self._system.bypasses(host) else None


def _same(one: Login | None, other: Login | None) -> bool:
    if one is None or other is None:
        return one is other
    return (one[0], one[1].reveal()) == (other[0], other[1].reveal())


def parse(text: str, source: str) -> Proxy:
    """A proxy's address, with or without scheme and credentials; BadProxy repeats neither user nor password."""
    plain = text.strip()
    if "://" not in plain:
        plain = f"{_HTTP}://{plain}"
    try:
        parts = urlsplit(plain)
        host, port, user, password = parts.hostname or "", parts.port, parts.username, parts.password
    except ValueError:
        raise BadProxy(proxy="its address", source=source, why="it is no address") from None
    if not re.fullmatch(r"[0-9A-Za-z._:-]+", host):
        raise BadProxy(proxy="its address", source=source, why="it names no host")
    shown = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    if parts.scheme not in {"http", "https"}:
        raise BadProxy(
            proxy=shown,
            source=source,
            why=say("exoalias does not speak {scheme}, only to http and https proxies", scheme=parts.scheme),
        )
    login = (unquote(user), Secret(unquote(password or ""))) if user else None
    return Proxy(f"{parts.scheme}://{shown}", source, login)


def bypassed(host: str, port: int | None, exceptions: str) -> bool:
    """Whether a NO_PROXY list names the host: a name and all below it, an address, a network (10.0.0.0/8), "*" for all."""
    name = host.lower().strip("[]").rstrip(".")
    return any(_names(each, name, port) for each in re.split(r"[,\s]+", exceptions.lower()) if each)


def _names(exception: str, host: str, port: int | None) -> bool:
    if exception == "*":
        return True
    match = re.fullmatch(r"(\[[0-9a-f:.]+\]|[^:]*):([0-9]+)", exception)
    if match:
        if port is None or int(match[2]) != port:
            return False
        exception = match[1]
    exception = exception.strip("[]")
    try:
        address = ip_address(host)
    except ValueError:
        domain = exception.removeprefix("*").strip(".")
        return bool(domain) and (host == domain or host.endswith(f".{domain}"))
    try:
        return address in ip_network(exception, strict=False)
    except ValueError:
        return False
