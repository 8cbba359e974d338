"""What should be true on an instance: said once by the person, remembered, compared with at every check."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from exoalias.domain.ids import NO_RECORD, SysId

if TYPE_CHECKING:
    from datetime import datetime

STRICT_CREDENTIALS = ("MS Graph 1", "MS Graph 2")
STRICT_ALIASES = {
    "MS Graph 1": "sn_ex_online_spke.Microsoft_Exchange_Online",
    "MS Graph 2": "sn_ex_online_spke.Microsoft_Exchange_Online_clientCred",
}
REQUIRED_SCOPES = ("Calendars.ReadWrite", "Calendars.ReadWrite.Shared", "offline_access")
GRAPH_URL = "https://graph.microsoft.com"


@dataclass(frozen=True, slots=True)
class Cloud:
    """A Microsoft cloud: the origins its sign-in pages have. Source: learn.microsoft.com, national clouds."""

    name: str
    sign_in_origins: tuple[str, ...]
    graph_url: str = GRAPH_URL


CLOUDS = (
    Cloud("Global", ("https://login.microsoftonline.com", "https://login.microsoft.com", "https://login.windows.net")),
    Cloud("US Government", ("https://login.microsoftonline.us",), "https://graph.microsoft.us"),
    Cloud(
        "China",
        ("https://login.partner.microsoftonline.cn", "https://login.chinacloudapi.cn"),
        "https://microsoftgraph.chinacloudapi.cn",
    ),
)


class Tier(Enum):
    """How we know who signed in, weakest first; the ladder of SECURITY.md."""

    FIRST_USE = "first use"  # nobody knew the user: stored, owner unconfirmed
    ENTERED = "entered"  # the object id was typed beforehand and equals Microsoft's answer
    PINNED = "pinned"  # equals the user proven at an earlier sign-in
    SECOND_OPINION = "second opinion"  # a signed ID token of the same session says so

    @property
    def proves(self) -> bool:
        """Whether a token of this tier counts as the delegated user's."""
        return self is not Tier.FIRST_USE


@dataclass(frozen=True, slots=True)
class HomeAccount:
    """A Microsoft account where it lives: object id and tenant id, lower-case GUIDs (``uid``.``utid`` of client_info)."""

    object_id: str
    tenant_id: str


@dataclass(frozen=True, slots=True)
class DelegatedUser:
    """The account whose token the instance must hold. ``upn`` is only ever a hint; the object id identifies."""

    upn: str
    object_id: str = ""  # entered beforehand; "" where nobody knows it yet
    mail: str = ""  # the mailbox address, where it differs from the UPN


@dataclass(frozen=True, slots=True)
class Pin:
    """The account proven at an earlier sign-in; later ones must be the same."""

    account: HomeAccount
    tier: Tier
    at: datetime
    sign_in: str  # id of the sign-in in the journal


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
    clouds: tuple[Cloud, ...] = field(default=CLOUDS)

    @property
    def redirect_url(self) -> str:
        """The one redirect address this instance may have."""
        return f"{self.origin}/oauth_redirect.do"
