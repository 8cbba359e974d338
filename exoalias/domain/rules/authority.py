"""Is an authorization or token address well-formed? Read with tolerance, so that a misprint is named and not just refused.

A Microsoft address is ``https://<sign-in host>/<tenant>/oauth2/v2.0/<authorize|token>``. The setup page prints the token
address with a stray `` >`` at its end and ``<tenant_id>`` as a placeholder: both are met on instances.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from exoalias.domain.target import CLOSED_CLOUDS
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exoalias.domain.target import Cloud

GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SHARED_TENANTS = frozenset({"common", "organizations", "consumers"})

_ADDRESS = re.compile(r"(?P<scheme>[A-Za-z][A-Za-z0-9+.-]*)://(?P<host>[^/?#]*)(?P<path>[^?#]*)(?P<rest>.*)", re.DOTALL)
_TENANT = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


@dataclass(frozen=True, slots=True)
class Authority:
    """What an address says: its cloud and tenant where they can be made out, and everything wrong with it, in words."""

    cloud: Cloud | None
    tenant: str  # as written, lower case; "" where it can't be made out
    faults: tuple[str, ...]
    query: bool = False  # something follows "?"

    @property
    def tenant_guid(self) -> str:
        """The tenant's id, where it is written as one."""
        return self.tenant if GUID.fullmatch(self.tenant) else ""


@lru_cache(maxsize=256)  # several checks look at the same two addresses
def read_authority(text: str, endpoint: Literal["authorize", "token"], clouds: tuple[Cloud, ...]) -> Authority:
    """Take an address apart. No error is raised whatever the text."""
    if not text.strip():
        return Authority(None, "", ("it is empty",))
    spelling = tuple(_spelling(text))
    found = _ADDRESS.match(text.strip().rstrip("> \t"))
    if found is None:
        return Authority(None, "", (*spelling, "it is not an https address"))
    cloud = _cloud(found["scheme"], found["host"], clouds)
    host = () if cloud else (_unknown(found["scheme"], found["host"]),)
    parts = [part for part in found["path"].split("/") if part]
    tenant = parts[0].casefold() if parts and _TENANT.fullmatch(parts[0]) else ""
    path = _path_fault(parts, found["path"], endpoint)
    fragment = ("it carries a fragment (#)",) if "#" in found["rest"] else ()
    return Authority(cloud, tenant, (*spelling, *host, *path, *fragment), query=found["rest"].startswith("?"))


def _spelling(text: str) -> Iterable[str]:
    """What is wrong with the letters themselves."""
    if re.search(r"\s>\s*$", text):
        yield "it ends in “ >”, a misprint of the setup page"
    elif ">" in text.rstrip()[-1:] and "<" not in text:
        yield "it ends in “>”"
    elif re.search(r"[\s\x00-\x1f\x7f]", text):
        yield "it holds a blank or control character"
    if placeholder := re.search(r"<[^<>]*>", text):
        yield say("the placeholder {placeholder} was left in", placeholder=placeholder[0])


def _cloud(scheme: str, host: str, clouds: Iterable[Cloud]) -> Cloud | None:
    origin = f"{scheme}://{host}".casefold()
    if scheme.casefold() == "https":
        origin = origin.removesuffix(":443")
    return next((cloud for cloud in clouds if origin in {o.casefold() for o in cloud.sign_in_origins}), None)


def _unknown(scheme: str, host: str) -> str:
    """Why no cloud is known by that host; one that was closed is named."""
    closed = _cloud(scheme, host, CLOSED_CLOUDS)
    if closed is not None:
        return say(
            "{host} was the sign-in host of {closed_name}, which was closed on {closed_clouds}",
            host=host,
            closed_name=closed.name,
            closed_clouds=CLOSED_CLOUDS[closed],
        )
    return say(
        "{host} over {scheme} is not a Microsoft sign-in host of a known cloud", host=host or say("no host"), scheme=scheme
    )


def _path_fault(parts: list[str], path: str, endpoint: str) -> tuple[str, ...]:
    rest = [part.casefold() for part in parts[1:]]
    if rest == ["oauth2", endpoint]:
        return (say("it is the v1 endpoint: /oauth2/{endpoint} instead of /oauth2/v2.0/{endpoint}", endpoint=endpoint),)
    straight = f"/{'/'.join(parts)}"
    if rest != ["oauth2", "v2.0", endpoint] or path.casefold() != straight.casefold():
        return (say("its path is not /<tenant>/oauth2/v2.0/{endpoint}", endpoint=endpoint),)
    return ()
