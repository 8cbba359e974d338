"""What should be true on an instance: said once by the person, remembered, compared with at every check."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import Enum
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from exoalias.domain.delegated import STRICT_CREDENTIALS
from exoalias.domain.ids import NO_RECORD, SysId

if TYPE_CHECKING:
    from datetime import datetime

    from exoalias.domain.delegated import DelegatedUser
    from exoalias.domain.desired import Desired
    from exoalias.domain.instance_answer import InstanceAnswer

REQUIRED_SCOPES = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access")
GRAPH_URL = "https://graph.microsoft.com"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A Microsoft cloud: the origins its sign-in pages have, and where its Microsoft Graph is.

    Its name alone is hashed: what is worked out of the clouds is looked up by them at every turn.
    """

    name: str
    sign_in_origins: tuple[str, ...] = field(hash=False)
    graph_url: str = field(default=GRAPH_URL, hash=False)
    other_graph_urls: tuple[str, ...] = field(default=(), hash=False)  # of a part of this cloud that has one of its own

    @property
    def graph_urls(self) -> tuple[str, ...]:
        """Every address Microsoft Graph has in this cloud."""
        return (self.graph_url, *self.other_graph_urls)

    def signs_in_at(self, address: str) -> bool:
        """Whether an address leads to this cloud's sign-in: read with tolerance, for a misprint is named elsewhere."""
        return bool(clouds_at(address, (self,)))

    def bare(self, scope: str) -> str:
        """A scope as compared: lower case, without the address of this cloud's Microsoft Graph. Another cloud's stays:

        a scope that names Microsoft Graph must name that of its own cloud.
        Source: learn.microsoft.com, "Access national cloud deployments with the Microsoft Graph SDKs", permission scopes.
        """
        return bare_scope(scope, self.graph_urls)


@lru_cache(maxsize=1024)  # a check looks at each registry's address many times, and many instances sign in at the same one
def clouds_at(address: str, clouds: tuple[Cloud, ...]) -> tuple[Cloud, ...]:
    """Those of the clouds to whose sign-in the address leads."""
    host = re.split(r"[/:\s>?#]", re.sub(r"^\s*(https?://)?", "", address.casefold()), maxsplit=1)[0]
    return tuple(cloud for cloud in clouds if host in {urlsplit(origin).hostname for origin in cloud.sign_in_origins})


@lru_cache(maxsize=1024)  # the same few scopes on every registry and profile
def bare_scope(scope: str, graph_urls: tuple[str, ...]) -> str:
    """A scope in lower case, without the first of these addresses that stands before it."""
    text = scope.strip().casefold()
    prefixes = (f"{url.casefold()}/" for url in graph_urls)
    return next((text[len(prefix) :] for prefix in prefixes if text.startswith(prefix)), text)


# Sources: learn.microsoft.com, "National clouds" and "Microsoft Graph national cloud deployments"; for the clouds that partners
# run (Bleu, Delos, and Singapore's government) Microsoft's own libraries: the known authority hosts of MSAL, and the
# environments of Microsoft Graph PowerShell from 2.36 on.
CLOUDS = (
    Cloud("Global", ("https://login.microsoftonline.com", "https://login.microsoft.com", "https://login.windows.net")),
    Cloud(  # the second address is the Department of Defense's (L5)
        "US Government", ("https://login.microsoftonline.us",), "https://graph.microsoft.us", ("https://dod-graph.microsoft.us",)
    ),
    Cloud(
        "China",
        ("https://login.partner.microsoftonline.cn", "https://login.chinacloudapi.cn"),
        "https://microsoftgraph.chinacloudapi.cn",
    ),
    Cloud("France (Bleu)", ("https://login.sovcloud-identity.fr",), "https://graph.svc.sovcloud.fr"),
    Cloud("Germany (Delos)", ("https://login.sovcloud-identity.de",), "https://graph.svc.sovcloud.de"),
    Cloud("Singapore Government", ("https://login.sovcloud-identity.sg",), "https://graph.svc.sovcloud.sg"),
)

# Where nobody can sign in any more, by the day it ended. Source: learn.microsoft.com, "National clouds".
CLOSED_CLOUDS = {
    Cloud("Microsoft Cloud Germany", ("https://login.microsoftonline.de",), "https://graph.microsoft.de"): "29 October 2021",
}


class Tier(Enum):
    """How we know who signed in, weakest first; the ladder of SECURITY.md."""

    UNWATCHED = "no control"  # signed in by hand, out of our sight: stored, owner unconfirmed
    FIRST_USE = "first use"  # nobody knew the user: stored, owner unconfirmed
    ENTERED = "entered"  # the object id was typed beforehand and equals Microsoft's answer
    PINNED = "pinned"  # equals the user proven at an earlier sign-in
    SECOND_OPINION = "second opinion"  # a signed ID token of the same session says so

    @property
    def proves(self) -> bool:
        """Whether a token of this tier counts as the delegated user's."""
        return self not in {Tier.UNWATCHED, Tier.FIRST_USE}


@dataclass(frozen=True, slots=True)
class HomeAccount:
    """A Microsoft account where it lives: object id and tenant id, lower-case GUIDs (``uid``.``utid`` of client_info)."""

    object_id: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class Pin:
    """The account proven at an earlier sign-in; later ones must be the same."""

    account: HomeAccount
    tier: Tier
    at: datetime
    sign_in: str  # id of the sign-in in the journal; "" where a person pinned it by hand
    upn: str = ""  # the delegated user it was pinned for; "" in pins of an older program

    def serves(self, user: DelegatedUser | None) -> bool:
        """Whether it says anything about that user: a pin made for one never answers for another."""
        return not self.upn or user is None or self.upn.casefold() == user.upn.casefold()


@dataclass(frozen=True, slots=True)
class TokenMark:
    """One token row as it stood: enough to say later whether it is still the same one."""

    sys_id: SysId
    kind: str
    created_on: datetime | None
    updated_on: datetime | None
    mod_count: int | None


@dataclass(frozen=True, slots=True)
class Proof:
    """What a finished sign-in showed: these rows, on this credential, are this account's."""

    credential: SysId
    tier: Tier
    account: HomeAccount
    upn: str  # as expected at that time; not proven by itself
    at: datetime
    sign_in: str
    tokens: tuple[TokenMark, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """What should be true on one instance."""

    origin: str  # "https://acme.service-now.com", no trailing slash
    delegated_user: DelegatedUser | None = None
    profile: SysId = NO_RECORD  # the chosen OAuth entity profile; "" while none is chosen
    profile_name: str = ""
    credential_names: tuple[str, ...] = STRICT_CREDENTIALS
    public_client_id: str = ""  # a public-client registration of the tenant, for the second opinion
    pin: Pin | None = None
    desired: Desired | None = None  # what was right before, where that was remembered
    answers: tuple[InstanceAnswer, ...] = ()  # of the instance, where an admin asked it by hand: a hint, never a proof
    fenced: frozenset[str] = frozenset()  # applications whose records the instance refused to write from another one
    clouds: tuple[Cloud, ...] = field(default=CLOUDS)

    @property
    def redirect_url(self) -> str:
        """The one redirect address this instance may have."""
        return f"{self.origin}/oauth_redirect.do"
