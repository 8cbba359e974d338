"""A sign-in without control: the steps a person follows in a private window of their own browser, and what can be said after it.

Nothing is held and nobody is asked to prove who they are: the authorize request goes on without ``prompt=login``. If ServiceNow's
own single sign-on put the admin's account into that window, Microsoft would take it unasked; so the steps sign it out first.
Source of that address: learn.microsoft.com, "OpenID Connect on the Microsoft identity platform", *Send a sign-out request*.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlsplit

from exoalias.domain.words import joined, say

WARNING = (
    "exoalias can't steer the browser in this sign-in. If somebody else signs in, their token is stored: a wrong user can then "
    "only be detected, not prevented."
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to do; ``address`` is to be opened in the private window, "" where there is nothing to open."""

    words: str
    address: str = ""


def steps(instance: str, authorize_url: str, initiator_url: str, upn: str) -> tuple[Step, ...]:
    """What the person does, in order. ``instance`` is its origin, ``initiator_url`` that of this credential alone."""
    return (
        Step("Close every private window, then open a new one: only then its cookies are empty."),
        Step("In it, sign in to ServiceNow as yourself.", f"{instance}/navpage.do"),
        Step(
            "Then sign out of Microsoft in the same window: otherwise your own account may be taken without asking.",
            sign_out_url(authorize_url),
        ),
        Step(say("Open this address in the same window. Sign in as {upn} and as nobody else.", upn=upn), initiator_url),
        Step("When ServiceNow says that the token was stored, close the private window and say here that you are done."),
    )


def sign_out_url(authorize_url: str) -> str:
    """Where Microsoft signs everybody out, beside the registry's authorize address and in the same tenant."""
    split = urlsplit(authorize_url)
    tenant = split.path.strip("/").partition("/")[0]
    return f"{split.scheme}://{split.netloc}/{tenant}/oauth2/v2.0/logout"


def stored_words(names: tuple[tuple[str, bool, str], ...]) -> str:
    """What was stored, in sentences: a credential's name, whether that could be read back, and by which ServiceNow user."""
    return joined(" ", (_stored(name, user, read=read) for name, read, user in names))


def _stored(name: str, user: str, *, read: bool) -> str:
    if not read:
        return say("{name}: what the instance stored can't be read.", name=name)
    return (
        say("{name}: a new token is stored, fetched in ServiceNow by {user}.", name=name, user=user)
        if user
        else say("{name}: a new token is stored.", name=name)
    )
