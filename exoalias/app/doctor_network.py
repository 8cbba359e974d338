"""Doctor on the network: what can't be seen from settings alone. Nothing of an instance is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from exoalias.adapters.network.pac import pac_of_this_machine
from exoalias.domain.problems import BadAnswer, RateLimited, Unreachable
from exoalias.domain.words import say

if TYPE_CHECKING:
    from exoalias.app.world import World

_METADATA: Final = "/common/v2.0/.well-known/openid-configuration"
_NAMED: Final = "Name the proxy in the setting proxy (HOST:PORT), or in HTTPS_PROXY."


class Looked(NamedTuple):
    """One thing looked at: a Probe's fields."""

    name: str
    result: Literal["ok", "fail", "skip"]
    says: str
    remedy: str = ""


def pac(world: World) -> Looked | None:
    """A PAC file that this machine names and exoalias does not read; None where there is none, or a proxy is set."""
    if world.simulated is not None or world.settings.proxy:
        return None
    address = pac_of_this_machine()
    if not address:
        return None
    proxy = world.http.proxy_of(world.clouds[0].sign_in_origins[0])
    if proxy is not None:
        says = say("{address} is named too; exoalias does not read such files and uses {host}", address=address, host=proxy.host)
        return Looked("Proxy", "ok", says)
    says = say(
        "this machine finds its proxy by a file ({address}), which exoalias does not read: its own requests go directly",
        address=address,
    )
    return Looked("Proxy", "fail", says, _NAMED)


def inspection(world: World) -> Looked:
    """Who stands between this machine and Microsoft's sign-in, by one request for a public document."""
    name = say("Microsoft's sign-in")
    if world.simulated is not None:
        return Looked(name, "skip", "simulated")
    origin = world.clouds[0].sign_in_origins[0]
    host = origin.partition("://")[2]
    try:
        world.http.client(origin).send("GET", _METADATA, headers={"Accept": "application/json"})
    except Unreachable as problem:
        return Looked(name, "skip", say("not looked at: {problem_words}", problem_words=problem.words), problem.remedy)
    except (BadAnswer, RateLimited) as odd:  # it was reached, and showed its certificate: nothing else is asked here
        said = say(" ({odd})", odd=odd.words)
    else:
        said = ""
    issuer = world.http.inspected_by(origin)
    if issuer is None:
        return Looked(name, "ok", say("{host} shows a certificate of an authority Microsoft uses{said}", host=host, said=said))
    says = say(
        "the certificate of {host} was issued by {issuer}, not by an authority Microsoft uses: most "
        "likely a company's TLS inspection, which can read our own requests there and what a browser "
        "sends",
        host=host,
        issuer=issuer,
    )
    return Looked(name, "ok", says)
