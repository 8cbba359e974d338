"""Whose token an instance must hold, and on which credentials. Apart from what else should be true, so that a start is short."""

from __future__ import annotations

from typing import NamedTuple

STRICT_CREDENTIALS = ("MS Graph 1", "MS Graph 2")
STRICT_ALIASES = {
    "MS Graph 1": "sn_ex_online_spke.Microsoft_Exchange_Online",
    "MS Graph 2": "sn_ex_online_spke.Microsoft_Exchange_Online_clientCred",
}


class DelegatedUser(NamedTuple):
    """The account whose token the instance must hold. ``upn`` is only ever a hint; the object id identifies."""

    upn: str
    object_id: str = ""  # entered beforehand; "" where nobody knows it yet
    mail: str = ""  # the mailbox address, where it differs from the UPN
