"""The verb ``proxy`` on the terminal: whose user and password the proxy that is set gets."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli.terminal import clean

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.app.proxy_login import ProxyState
    from exoalias.cli.run import Run


def proxy(run: Run) -> int:
    """Show, keep or forget. The password is asked for, never an argument."""
    from exoalias.adapters.keeping.secret import Secret
    from exoalias.app.proxy_login import forget_login, keep_login, state
    from exoalias.domain.problems import UsageProblem

    if run.args.forget and run.args.user:
        raise UsageProblem(why="Either --user or --forget.")
    if run.args.forget:
        now = forget_login(run.world)
    elif run.args.user:
        password = run.ask_secret(_("Password of {user} for the proxy: ", user=run.args.user))
        now = keep_login(run.world, run.args.user, Secret(password))
    else:
        now = state(run.world)
    run.result = asdict(now)
    run.terminal.result(text(now))
    return 0


def text(now: ProxyState) -> str:
    """The same in a sentence."""
    if not now.proxy:
        return "No proxy is set: the system's and the environment's are used, with the credentials in their addresses."
    if not now.user:
        return clean(_("{proxy}: no user is kept.", proxy=now.proxy))
    return clean(_("{proxy}: as {user}, whose password is kept by {keeper}.", proxy=now.proxy, user=now.user, keeper=now.keeper))


DEEDS: Mapping[str, Callable[[Run], int]] = {"proxy": proxy}
