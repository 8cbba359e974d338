"""The known instances: add one, change one, give its secrets anew, list them, forget one."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypedDict, Unpack

from exoalias.adapters.keeping import entries, settings_file
from exoalias.adapters.keeping.entries import KINDS, InstanceEntry
from exoalias.adapters.keeping.vault import ThisRunOnly
from exoalias.adapters.network.tls import Certificate
from exoalias.app.control import Control
from exoalias.app.entrance import Visit, quiet
from exoalias.app.lobby import Lobby, microsoft_of
from exoalias.app.safekeeping import keep as keep_secrets
from exoalias.app.safekeeping import may_hold
from exoalias.app.unlocking import unlocked
from exoalias.app.ways import allow, tried
from exoalias.app.world import vault_key
from exoalias.domain.address import parse
from exoalias.domain.instance_name import RULE, may_be_called
from exoalias.domain.problems import BadAddress, BadSettings, UnknownInstance, UsageProblem
from exoalias.domain.redirect import redirect_flaw
from exoalias.domain.ways import Need, Way, way_in
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from exoalias.adapters.keeping.kept import Kept
    from exoalias.app.world import World
    from exoalias.domain.events import Tell


class Said(TypedDict, total=False):
    """What can be said of an instance beside its name, address and way in; the fields of InstanceEntry."""

    user: str
    client_id: str
    redirect_url: str
    certificate: str
    ca_file: str
    one_time_code: bool
    sign_in_for_me: bool
    customer: str
    kind: str


def add(  # noqa: PLR0913 - the first three by place, all else by name
    world: World,
    name: str,
    url: str,
    way: Way = Way.BROWSER,
    *,
    secrets: Kept | None = None,
    keep: bool = True,
    tell: Tell = quiet,
    control: Control | None = None,
    **said: Unpack[Said],
) -> InstanceEntry:
    """Add an instance, or say anew how a known one is entered. ``keep=False``: the secrets in memory, for this run only.

    Without secrets none are stored: each run asks for them. They are stored first: a keyring that refuses leaves nothing half
    added. UsageProblem, BadAddress, WayForbidden, BadCertificate, BadAuthorities, SecretTooLong, NoVault, VaultLocked.
    """
    wanted = InstanceEntry(name.strip(), _origin(world, url), way=way)
    known = _known(world, wanted.name)
    if known is not None and known.origin != wanted.origin:
        raise UsageProblem(why=say("{known_name} is the name of {origin} already.", known_name=known.name, origin=known.origin))
    wanted = _without_code((known or wanted)._replace(way=way, **said), said)
    return _settle(_visit(world, wanted, tell, control), known, secrets, keep=keep)


def change(  # noqa: PLR0913 - the first two by place, all else by name
    world: World,
    name: str,
    *,
    url: str = "",
    way: Way | None = None,
    secrets: Kept | None = None,
    keep: bool = True,
    tell: Tell = quiet,
    control: Control | None = None,
    **said: Unpack[Said],
) -> InstanceEntry:
    """Say something anew of a known instance. Another address, user or way in: the secrets kept for the old one are removed.

    UnknownInstance, and as ``add``.
    """
    known = world.book.get(name)
    origin = _origin(world, url) if url else known.origin
    wanted = _without_code(known._replace(origin=origin, way=way or known.way, **said), said)
    return _settle(_visit(world, wanted, tell, control), known, secrets, keep=keep)


def rotate(  # noqa: PLR0913 - the first three by place, all else by name
    world: World,
    name: str,
    secrets: Kept,
    *,
    try_first: bool = True,
    keep: bool = True,
    tell: Tell = quiet,
    control: Control | None = None,
) -> InstanceEntry:
    """Give the secrets of a known instance anew. They are tried first with one read; refused, the old ones stay.

    UnknownInstance, UsageProblem, the Problem of the way where they are refused, SecretTooLong, NoVault, VaultLocked.
    """
    visit = _visit(world, world.book.get(name), tell, control)
    entry = visit.entry
    if not may_hold(entry):
        raise UsageProblem(
            why=say("The way in of {name} is “{title}”: no secret of it is kept.", name=name, title=say(way_in(entry.way).title))
        )
    if not secrets:
        raise UsageProblem(why="No new password or key was given.")
    _refuse_empty(secrets)
    new = unlocked(partial(world.kept, entry), visit.tell, visit.control).overlaid(secrets)
    if try_first:
        try:
            new = tried(visit, new)
        finally:
            visit.lobby.close()
    _keep(visit, new, keep=keep)
    world.doors.shut(name)
    return entry


def lend_secrets(world: World, name: str, ask: Callable[[InstanceEntry], Kept]) -> None:
    """For a run that leaves the keyring alone: *ask* for what the way in needs, if this run hasn't got it yet."""
    entry = world.book.get(name)
    needed = any(need.secret for need in entry.asked) or entry.certificate
    if not needed or world.simulated is not None or not isinstance(world.vault, ThisRunOnly):
        return
    if world.vault.get(vault_key(entry)) is None and (given := ask(entry)):
        _refuse_empty(given)
        keep_secrets(world, entry, given, lasting=False)


def remove(world: World, name: str, *, tell: Tell = quiet, control: Control | None = None) -> None:
    """Forget the instance, its secrets, its proofs and its journal. Nothing is written to the instance itself.

    Where its entry can't be read, BadSettings is raised as ever, but the secrets it names are removed before.
    """
    try:
        entry = world.book.get(name)
    except BadSettings as met:
        for entry in _broken(world, name, met):
            _forget(_visit(world, entry, tell, control))
        raise
    with world.journal.claim(name):
        world.doors.shut(name)
        _forget(_visit(world, entry, tell, control))
        world.journal.forget(name)
        world.book.remove(name)


def leave(
    world: World, before: InstanceEntry, after: InstanceEntry, *, tell: Tell = quiet, control: Control | None = None
) -> None:
    """An entry was written anew: shut its door; where it is entered otherwise now, remove the secrets kept for what it was."""
    world.doors.shut(after.name)
    if vault_key(before) != vault_key(after):
        _forget(_visit(world, before, tell, control))


def listing(world: World) -> tuple[InstanceEntry, ...]:
    """The known instances."""
    return world.book.all()


def keeps_secrets(world: World) -> bool:
    """Whether a secret given now is still there at the next start."""
    return not isinstance(world.vault, ThisRunOnly)


# -- one entry, checked and settled --------------------------------------------------------------------------------------


def _visit(world: World, entry: InstanceEntry, tell: Tell, control: Control | None) -> Visit:
    control = control or Control()
    return Visit(world, entry, tell, control, Lobby(world, entry, tell, control))


def _known(world: World, name: str) -> InstanceEntry | None:
    try:
        return world.book.get(name)
    except UnknownInstance:
        return None


def _broken(world: World, name: str, met: BadSettings) -> Iterator[InstanceEntry]:
    """What settings files with a broken entry still say of that instance."""
    paths = {met.facts["path"]}
    with suppress(BadSettings):  # of the general file: that is the one met
        paths |= {each.facts["path"] for each in world.book.problems()}
    for path in map(Path, sorted(paths)):
        with suppress(BadSettings):
            tables = settings_file.read(path).get("instance")
            if isinstance(tables, dict) and name in tables:
                yield entries.readable(name, tables[name])


def _origin(world: World, url: str) -> str:
    simulated = world.simulated
    origin = parse(url, allow_loopback_http=simulated is not None)
    if simulated is not None and origin != simulated.instance:
        raise BadAddress(
            text=url, why=say("this run knows the simulated instance alone, {instance}", instance=simulated.instance)
        )
    return origin


def _settle(visit: Visit, known: InstanceEntry | None, secrets: Kept | None, *, keep: bool) -> InstanceEntry:
    """Check the entry, store its secrets, write it down, and remove what was kept for what it was before."""
    world, entry = visit.world, _checked(visit.world, visit.entry)
    visit = replace(visit, entry=entry)
    allow(visit)
    _look_at_files(world, entry, secrets)
    if secrets:
        _refuse_empty(secrets)
        if known is not None and vault_key(known) == vault_key(entry):
            secrets = unlocked(partial(world.kept, known), visit.tell, visit.control).overlaid(secrets)
        _keep(visit, secrets, keep=keep)
    world.book.put(entry)
    if known is not None:
        leave(world, known, entry, tell=visit.tell, control=visit.control)
    return entry


def _without_code(entry: InstanceEntry, said: Said) -> InstanceEntry:
    """Where the way in was changed away from the password, its one-time code goes with it."""
    return entry._replace(one_time_code=False) if entry.way is not Way.PASSWORD and not said.get("one_time_code") else entry


def _checked(world: World, entry: InstanceEntry) -> InstanceEntry:
    """The entry as it is written down; UsageProblem."""
    if not may_be_called(entry.name):
        raise UsageProblem(why=RULE)
    texts = ("user", "client_id", "redirect_url", "kind")
    entry = entry._replace(**{name: getattr(entry, name).strip() for name in texts})
    if (entry.user or Need.USER in entry.asked) and (not entry.user or not _plain(entry.user) or ":" in entry.user):
        raise UsageProblem(why="The user name is empty, or holds a colon or a control character.")
    if (entry.client_id or Need.CLIENT_ID in entry.asked) and (not entry.client_id or not _plain(entry.client_id)):
        raise UsageProblem(why="The client id of the instance's OAuth endpoint is empty, or holds a control character.")
    if Need.CERTIFICATE in entry.asked and not entry.certificate:
        raise UsageProblem(why="The file of the client certificate is missing.")
    if entry.kind and entry.kind not in KINDS:
        raise UsageProblem(why=say("The kind of an instance is one of {kinds}.", kinds=", ".join(KINDS)))
    if entry.one_time_code and entry.way is not Way.PASSWORD:
        raise UsageProblem(why="A one-time code goes with user and password alone.")
    _refuse_redirect(world, entry)
    return entry._replace(certificate=_file(entry.certificate), ca_file=_file(entry.ca_file))


def _plain(text: str) -> bool:
    return text.isprintable() and len(text) <= 255


def _file(path: str) -> str:
    """A file's whole path: the next run may start elsewhere."""
    return str(Path(path).expanduser().absolute()) if path.strip() else ""


def _refuse_redirect(world: World, entry: InstanceEntry) -> None:
    """The redirect address is stopped inside the browser, so anything the instance knows will do; but it must be one."""
    if flaw := redirect_flaw(entry.redirect_url, entry.origin, microsoft_of(world)):
        raise UsageProblem(why=say("The redirect address {flaw}.", flaw=flaw))


def _look_at_files(world: World, entry: InstanceEntry, secrets: Kept | None) -> None:
    """Refuse files that can't be used now rather than at the first check; an encrypted key needs its passphrase for that."""
    passphrase = secrets.passphrase if secrets is not None else None
    certificate = Certificate(entry.certificate, passphrase) if entry.certificate and secrets is not None else None
    if entry.ca_file or certificate is not None:
        world.http.session(ca_file=entry.ca_file, certificate=certificate).close()


def _refuse_empty(secrets: Kept) -> None:
    if any(not secret.reveal() for secret in secrets.held.values()):
        raise UsageProblem(why="The password or key is empty.")


def _keep(visit: Visit, secrets: Kept, *, keep: bool) -> None:
    unlocked(partial(keep_secrets, visit.world, visit.entry, secrets, lasting=keep), visit.tell, visit.control)


def _forget(visit: Visit) -> None:
    """Remove the secrets of an entry; a keyring that can't hold any for it is not asked."""
    if may_hold(visit.entry):
        unlocked(partial(visit.world.vault.remove, vault_key(visit.entry)), visit.tell, visit.control)
