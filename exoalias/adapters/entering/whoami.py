"""Who somebody is to an instance, in the instance's own words.

The first address is what ServiceNow's own pages ask and is documented nowhere; where a release does not know it, the user
table is asked with a scripted filter. A filter the instance drops answers with anybody, so only a single row counts.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exoalias.adapters.entering.access import is_signed_out
from exoalias.domain.problems import BadAnswer

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.network.http import Answer

WHO: Final = "/api/now/ui/user/current_user"
WHO_ELSE: Final = (
    "/api/now/table/sys_user?sysparm_query=user_name=javascript:gs.getUserName()&sysparm_fields=user_name&sysparm_limit=2"
)


def who(read: Callable[[str], Answer]) -> str | None:
    """The user name; "" where the instance doesn't say; None for nobody. ``read`` sends one GET, and may raise Problems."""
    for path in (WHO, WHO_ELSE):
        answer = read(path)
        if is_signed_out(answer):
            return None
        name = _named(answer)
        if name:
            return name
    return ""


def _named(answer: Answer) -> str:
    """The one user an answer names; "" where it names none, or several."""
    if answer.status != 200 or not answer.is_json:
        return ""
    try:
        said = answer.json()
    except BadAnswer:
        return ""
    result = said.get("result") if isinstance(said, dict) else None
    rows = result if isinstance(result, list) else [result]
    names = [row.get("user_name") for row in rows if isinstance(row, dict)]
    return names[0] if len(names) == 1 and isinstance(names[0], str) else ""
