"""What a sign-in profile is set to before its first start: nothing is kept, nothing filled in, nothing typed goes astray.

A password typed into the address bar by mistake is on its way to a search engine with every key. So there are no suggestions
from outside, and the search engine is a page that says nothing was searched for. Suggestions are the person's own setting on
every system; the search engine counts as set where the browser takes a profile's word for it. Both were seen with Chromium 156
on Linux; on Windows and macOS, where it guards that setting, it may keep its own (not tried).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from exoalias.adapters.wording import _

if TYPE_CHECKING:
    from collections.abc import Mapping

# Never offer to keep the delegated user's password, and don't fill anything in.
_KEPT_OUT = {
    "credentials_enable_service": False,
    "credentials_enable_autosignin": False,
    "profile": {"password_manager_enabled": False},
    "autofill": {"profile_enabled": False, "credit_card_enabled": False},
    "translate": {"enabled": False},
    "signin": {"allowed": False},
    "search": {"suggest_enabled": False},
    # Or the session cookies would go with the last window of A: its person would have to sign in to the instance again before
    # a code could be stored. They go with the profile.
    "session": {"restore_on_startup": 1},
}


def preferences() -> Mapping[str, object]:
    """The profile's ``Preferences``, as the browser reads them from JSON."""
    return _KEPT_OUT | {"default_search_provider_data": {"template_url_data": _nowhere()}}


def _nowhere() -> dict[str, str]:
    """A search engine that asks nobody: what was typed stays behind the #, which is sent to no server."""
    says = _(
        "Nothing was searched for, and nothing was sent: the address bar of this window has no search engine. "
        "Go back, and type into the page."
    )
    page = f"<title>exoalias</title><p>{says}</p>"
    return {
        "short_name": "exoalias",
        "keyword": "exoalias",
        "url": f"data:text/html;charset=utf-8,{quote(page)}#{{searchTerms}}",
        "id": "99",  # above those of the engines a browser brings along
        "date_created": "0",
        "last_modified": "0",
    }
