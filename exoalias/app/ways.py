"""From an entry to a way in: which Access it is, with which secrets, and who is asked meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from exoalias.adapters.entering.basic import PasswordAndCode, UserAndPassword
from exoalias.adapters.entering.bearer import Bearer
from exoalias.adapters.entering.oauth import PersonsGrant, TokenEndpoint
from exoalias.adapters.entering.persons_session import PersonsSession
from exoalias.adapters.entering.shown import ApiKey, ClientCertificate
from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.secret import Secret
from exoalias.adapters.keeping.vault import ThisRunOnly
from exoalias.adapters.network.tls import Certificate
from exoalias.app.safekeeping import keep, may_hold
from exoalias.app.unlocking import unlocked
from exoalias.domain.events import CodeQuestion, Progress
from exoalias.domain.problems import NoCodeGiven, NoSecret, SecretTooLong, WayForbidden, WouldPrompt
from exoalias.domain.ways import Way, way_in
from exoalias.domain.words import say

if TYPE_CHECKING:
    from collections.abc import Callable

    from exoalias.adapters.entering.access import Lasting
    from exoalias.adapters.entering.shown import Shown
    from exoalias.adapters.network.http import Client
    from exoalias.app.entrance import Visit

CODE_S: Final = 180.0  # so long a person may look for the code


def make_access(visit: Visit) -> Lasting:
    """The Access of that entry, tried where that is the only way to learn whom it acts as.

    WayForbidden, NoSecret, NoVault, VaultLocked, BadCertificate, BadAuthorities, and what a person's sign-in may end with.
    """
    allow(visit)
    entry = visit.entry
    kept = _kept(visit) if may_hold(entry) else Kept()
    held = _Held(visit, kept)
    if entry.way is Way.BROWSER:
        session = PersonsSession(held.client(), visit.lobby.bring)
        visit.lobby.bring(session)
        return session
    access = _MADE[entry.way](held)
    if not access.user:
        access.meet()
    return access


def _kept(visit: Visit) -> Kept:
    """The entry's secrets. Memory gives them at once; a keyring may have to be unlocked by somebody first."""
    ask = partial(visit.world.kept, visit.entry)
    return ask() if isinstance(visit.world.vault, ThisRunOnly) else unlocked(ask, visit.tell, visit.control)


def tried(visit: Visit, kept: Kept) -> Kept:
    """Let ourselves in with these secrets and ask who we are: the secrets as they are afterwards. Nothing is stored.

    The Problem of the way where they are refused. A way that starts with a person's sign-in is not tried without a token.
    """
    allow(visit)
    held = _Held(visit, kept, lasting=False)
    if visit.entry.way is not Way.BROWSER and (visit.entry.way is not Way.OAUTH or kept.refresh_token is not None):
        _MADE[visit.entry.way](held).meet()
    return held.kept


def allow(visit: Visit) -> None:
    """WayForbidden where the settings rule the entry's way out."""
    allowed = visit.world.settings.ways
    if visit.entry.way not in allowed:
        titles = ", ".join(way_in(way).title for way in allowed) or "none"
        raise WayForbidden(way=way_in(visit.entry.way).title, instance=visit.entry.name, allowed=titles)


@dataclass(slots=True)
class _Held:
    """An entry and its secrets on the way to an Access; ``lasting``: what the far side changes of them is stored."""

    visit: Visit
    kept: Kept
    lasting: bool = True

    def client(self) -> Client:
        """A way to the instance, with the entry's trust and certificate."""
        entry = self.visit.entry
        certificate = Certificate(entry.certificate, self.kept.passphrase) if entry.certificate else None
        return self.visit.world.http.client(entry.origin, ca_file=entry.ca_file, certificate=certificate)

    def secret(self, secret: Secret | None) -> Secret:
        """One that is needed; NoSecret."""
        if secret is None:
            raise NoSecret(instance=self.visit.entry.name)
        return secret

    def refreshed(self, token: Secret) -> None:
        """A new refresh token: stored at once, for the old one may be dead. One too long for a keyring serves this run."""
        self.kept = replace(self.kept, refresh_token=token)
        if not self.lasting:
            return
        world, entry = self.visit.world, self.visit.entry
        try:
            keep(world, entry, self.kept)
        except SecretTooLong:
            keep(world, entry, self.kept, lasting=False)
            self.visit.lobby.tell(
                Progress(
                    say(
                        "The refresh token of {entry_name} is too long for the keyring: it is kept for this run only",
                        entry_name=entry.name,
                    )
                )
            )

    def code(self) -> Secret:
        """The code the person's authenticator shows now. WouldPrompt, NoCodeGiven."""
        lobby, entry = self.visit.lobby, self.visit.entry
        if lobby.control.authenticator is not None:
            return Secret(lobby.control.authenticator())
        if not lobby.control.interactive:
            raise WouldPrompt(
                what=say("A one-time code for {user} on {entry_name}", user=entry.user, entry_name=entry.name),
                how="Run it where somebody can type it, or choose a way in without one, such as an API key.",
            )
        lobby.tell(CodeQuestion(entry.name, entry.user))
        text = "".join((lobby.control.typed(CODE_S) or "").split())
        if not text:
            raise NoCodeGiven(user=entry.user, instance=entry.name)
        return Secret(text)


def _password(held: _Held) -> Shown:
    password = held.secret(held.kept.password)
    if held.visit.entry.one_time_code:
        return PasswordAndCode(held.client(), held.visit.entry.user, password, held.code)
    return UserAndPassword(held.client(), held.visit.entry.user, password)


def _api_key(held: _Held) -> Shown:
    return ApiKey(held.client(), held.secret(held.kept.api_key))


def _certificate(held: _Held) -> Shown:
    return ClientCertificate(held.client())


def _oauth(held: _Held) -> Shown:
    lobby, entry = held.visit.lobby, held.visit.entry
    endpoint = TokenEndpoint(held.client(), Way.OAUTH, entry.client_id, held.kept.client_secret)
    grant = PersonsGrant(endpoint, entry.redirect_url, lobby.authorize, held.kept.refresh_token, held.refreshed)
    return Bearer(held.client(), Way.OAUTH, grant)


def _client_credentials(held: _Held) -> Shown:
    endpoint = TokenEndpoint(
        held.client(), Way.CLIENT_CREDENTIALS, held.visit.entry.client_id, held.secret(held.kept.client_secret)
    )
    return Bearer(held.client(), Way.CLIENT_CREDENTIALS, endpoint.for_client)


_MADE: Final[dict[Way, Callable[[_Held], Shown]]] = {
    Way.PASSWORD: _password,
    Way.API_KEY: _api_key,
    Way.OAUTH: _oauth,
    Way.CLIENT_CREDENTIALS: _client_credentials,
    Way.CERTIFICATE: _certificate,
}
