"""The verbs about the list of instances: add, change, rotate, list, remove. Secrets are asked for, never arguments."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exoalias.adapters.wording import _
from exoalias.cli import documents
from exoalias.domain.problems import UsageProblem
from exoalias.domain.ways import WAYS, Need, Way, way_in
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.kept import Kept
    from exoalias.app.instances import Said
    from exoalias.cli.run import Run

_TEXTS = ("user", "client_id", "redirect_url", "certificate", "ca_file", "customer", "kind")
_FLAGS = ("one_time_code", "sign_in_for_me")
_QUESTIONS = {
    Need.PASSWORD: "Password of {user} on {name}",
    Need.API_KEY: "API key for {name}",
    Need.CLIENT_SECRET: "Client secret of {client_id} on {name}",
    Need.PASSPHRASE: "Passphrase of {certificate}",
}


def secrets_for(run: Run, entry: InstanceEntry, *, empty_means: str = "none") -> Kept:
    """Ask for each secret the entry's way in takes, in the order of its table; one that may be left out is on Enter."""
    from exoalias.adapters.keeping.kept import Kept
    from exoalias.adapters.keeping.secret import Secret

    given: dict[str, Secret] = {}
    for need in (need for need in (*entry.asked, *entry.may_be_told) if need.secret):
        optional = need not in entry.asked
        question = _(_QUESTIONS[need], user=entry.user, name=entry.name, client_id=entry.client_id, certificate=entry.certificate)
        empty = _(" (Enter for {empty_means})", empty_means=_(empty_means)) if optional else ""
        text = run.ask_secret(f"{question}{empty}: ", optional=optional)
        if text:
            given[need.value] = Secret(text)
    return Kept(**given)


def _add(run: Run) -> int:
    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.app.instances import add

    args, said = run.args, _said(run)
    way = _way(run) or (Way.PASSWORD if args.user else Way.BROWSER)
    secrets = secrets_for(run, InstanceEntry(args.name, args.url, way=way, **said)) if _worth_asking(run) else None
    entry = add(run.world, args.name, args.url, way, secrets=secrets, tell=run.tell, control=run.control, **said)
    _told(run, entry, kept=bool(secrets))
    return 0


def _change(run: Run) -> int:
    from exoalias.app.instances import change
    from exoalias.app.world import vault_key

    args, said, way = run.args, _said(run), _way(run)
    known = run.world.book.get(args.name)
    new = known._replace(way=way or known.way, **said)
    anew = args.url or vault_key(new) != vault_key(known) or _secret_needs(new) - _secret_needs(known)
    if not said and not args.url and not way:
        raise UsageProblem(
            why=say("Say what changes: exoalias instance change {args_name} --way …, --user …, --customer …", args_name=args.name)
        )
    secrets = secrets_for(run, new) if anew and _worth_asking(run) else None
    entry = change(run.world, args.name, url=args.url or "", way=way, secrets=secrets, tell=run.tell, control=run.control, **said)
    _told(run, entry, kept=bool(secrets))
    return 0


def _rotate(run: Run) -> int:
    from exoalias.app.instances import rotate

    name, world = run.args.name, run.world
    secrets = secrets_for(run, world.book.get(name), empty_means="the one kept")
    entry = rotate(world, name, secrets, try_first=not run.args.untried, tell=run.tell, control=run.control)
    _told(run, entry, kept=True)
    return 0


def _list(run: Run) -> int:
    from exoalias.app.instances import listing

    entries = listing(run.world)
    run.result = {"instances": documents.plain(entries)}
    for entry in entries:
        user = entry.delegated_user
        words = (
            entry.name,
            entry.origin,
            entry.way.value,
            entry.customer,
            entry.kind,
            user.upn if user else "no delegated user yet",
        )
        run.terminal.result("  ".join(word for word in words if word))
    if not entries:
        run.terminal.result("No instance is known yet: exoalias instance add NAME --url URL")
    return 0


def _remove(run: Run) -> int:
    from exoalias.app.instances import remove

    name = run.args.name
    entry = run.world.book.get(name)
    if not run.args.yes:
        question = _("Forget {name} ({origin}) with its secrets, proofs and journal?", name=name, origin=entry.origin)
        run.terminal.confirm(question, what=say("A yes to forgetting {name}", name=name), how="Give it with --yes.")
    remove(run.world, name, tell=run.tell, control=run.control)
    run.result = {"removed": name}
    run.terminal.result(_("{name} is forgotten. Nothing was changed on {origin}.", name=name, origin=entry.origin))
    return 0


def _said(run: Run) -> Said:
    """What the options say; one that was not given is left out."""
    args = run.args
    texts = {name: getattr(args, name) for name in _TEXTS if getattr(args, name) is not None}
    flags = {name: True for name in _FLAGS if getattr(args, name)} | {
        name: False for name in _FLAGS if getattr(args, f"no_{name}", False)
    }
    said: Said = {**texts, **flags}  # type: ignore[typeddict-item] # the keys are Said's own
    return said


def _worth_asking(run: Run) -> bool:
    """Where nothing is kept, a secret would be gone with this very command: the next ones ask for it."""
    from exoalias.app.instances import keeps_secrets

    return keeps_secrets(run.world) or run.world.simulated is not None


def _way(run: Run) -> Way | None:
    said = run.args.way
    known = {each.way.value: each.way for each in WAYS}
    if said is not None and said not in known:
        raise UsageProblem(why=say("{said} is no way in; there are {known}.", said=said, known=", ".join(known)))
    return known.get(said or "")


def _secret_needs(entry: InstanceEntry) -> set[Need]:
    return {need for need in entry.asked if need.secret}


def _told(run: Run, entry: InstanceEntry, *, kept: bool) -> None:
    from exoalias.app.instances import keeps_secrets

    words = way_in(entry.way)
    run.result = {
        "name": entry.name,
        "origin": entry.origin,
        "user": entry.user,
        "way": entry.way.value,
        "customer": entry.customer,
        "kind": entry.kind,
    }
    who = (
        _(", user {user}", user=entry.user)
        if entry.user
        else _(", client {client_id}", client_id=entry.client_id)
        if entry.client_id
        else ""
    )
    run.terminal.result(
        _(
            "{entry_name} is {origin}{who}. Way in: {title}.",
            entry_name=entry.name,
            origin=entry.origin,
            who=who,
            title=_(words.title),
        )
    )
    if kept and keeps_secrets(run.world):
        run.terminal.result(_("Its secret is kept by {describe}.", describe=run.world.vault.describe()))


DEEDS: Mapping[str, Callable[[Run], int]] = {
    "instance add": _add,
    "instance change": _change,
    "instance rotate": _rotate,
    "instance list": _list,
    "instance remove": _remove,
}
