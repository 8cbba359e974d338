"""Everything outside the program, in one small value: given to every verb, made by the faces.

``World.real`` is this user's machine. ``World.simulated_from`` is the same program on a simulated far side: only there is
plain http accepted, and only for the two loopback addresses the simulator announced.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exoalias.adapters.keeping.kept import Kept
from exoalias.adapters.keeping.settings import Places
from exoalias.adapters.keeping.together import book_and_journal
from exoalias.adapters.keeping.vault import MemoryFirst, ThisRunOnly, Vault
from exoalias.adapters.machine.clock import utc_now
from exoalias.adapters.machine.ladder import climb
from exoalias.adapters.network.http import Http
from exoalias.app.doors import Doors
from exoalias.app.proxy_login import login_of
from exoalias.app.simulated import Simulated
from exoalias.domain.ladder import Resolved
from exoalias.domain.records import SysId
from exoalias.domain.settings import Settings
from exoalias.domain.target import CLOUDS, Cloud, Target
from exoalias.domain.ways import Way

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from exoalias.adapters.keeping.entries import InstanceEntry
    from exoalias.adapters.keeping.journal import Aim, Journal
    from exoalias.adapters.keeping.settings import InstanceBook


@dataclass(frozen=True, slots=True)
class World:
    """Everything outside."""

    book: InstanceBook
    vault: Vault
    journal: Journal
    http: Http
    clock: Callable[[], datetime]
    places: Places
    clouds: tuple[Cloud, ...] = CLOUDS
    browser: Path | None = None  # named by the person; None: found
    headless: bool = False  # only ever in a simulated world
    simulated: Simulated | None = None
    doors: Doors = field(default_factory=Doors)
    settings: Settings = field(default_factory=Settings)
    ladder: Resolved = field(default_factory=Resolved)  # where each setting came from
    flags: Mapping[str, str] = field(default_factory=dict)  # the settings this run was told, by name

    @classmethod
    def real(
        cls,
        *,
        places: Places | None = None,
        browser: Path | None = None,
        this_run_only: bool = False,
        flags: Mapping[str, str] | None = None,
    ) -> World:
        """This user's machine. ``flags`` are settings this run was told, as text; ``browser`` and ``this_run_only`` are two."""
        where = places or Places.of_this_user()
        said = told(flags, browser, this_run_only=this_run_only)
        ladder = climb(where.settings_file, said)
        settings = ladder.settings
        book, journal = book_and_journal(where, utc_now)
        vault = MemoryFirst() if settings.keep_secrets else ThisRunOnly()
        return cls(
            book=book,
            vault=vault,
            journal=journal,
            http=_http(settings, vault),
            clock=utc_now,
            places=where,
            browser=browser_of(settings),
            doors=doors_of(settings),
            settings=settings,
            ladder=ladder,
            flags=said,
        )

    @classmethod
    def simulated_from(
        cls,
        announcement: Mapping[str, Any],
        state_dir: Path,
        *,
        headless: bool = False,
        browser: Path | None = None,
        flags: Mapping[str, str] | None = None,
    ) -> World:
        """The far side a simulator announced, with files below *state_dir* and the password in memory.

        The settings are this user's, as everywhere on this machine; network and keyring are the simulation's own.
        """
        simulated = Simulated.from_announcement(announcement)
        where = Places.below(state_dir)
        said = told(flags, browser, this_run_only=False)
        ladder = climb(Places.of_this_user().settings_file, said)
        settings = ladder.settings
        book, journal = book_and_journal(where, utc_now)
        return cls(
            book=book,
            vault=ThisRunOnly(),
            journal=journal,
            http=Http(simulated=frozenset({simulated.instance, simulated.microsoft})),
            clock=utc_now,
            places=where,
            clouds=(*CLOUDS, Cloud("Simulated", (simulated.microsoft,))),
            browser=browser_of(settings),
            headless=headless,
            simulated=simulated,
            doors=doors_of(settings),
            settings=settings,
            ladder=ladder,
            flags=said,
        )

    def settled(self, ladder: Resolved) -> World:
        """The same world with other settings: what a changed one decides is made anew, all else goes on.

        Where the network or the keeping of secrets changed, open sessions are forgotten: they went the old way.
        """
        before, now = self.settings, ladder.settings
        self.doors.last(now.idle_minutes * 60.0, now.longest_hours * 3600.0)
        changed: dict[str, Any] = {"settings": now, "ladder": ladder, "browser": browser_of(now)}
        if self.simulated is None and before.keep_secrets is not now.keep_secrets:
            changed["vault"] = MemoryFirst() if now.keep_secrets else ThisRunOnly()
        elsewhere = (before.ca_file, before.proxy) != (now.ca_file, now.proxy)
        if self.simulated is None and (elsewhere or "vault" in changed):
            changed["http"] = _http(now, changed.get("vault", self.vault))
        if changed.keys() & {"http", "vault"}:
            self.doors.shut_all()
        return replace(self, **changed)

    @property
    def user_settings(self) -> Path:
        """The file the person's own settings are in; a simulated world has the same."""
        return self.places.settings_file if self.simulated is None else Places.of_this_user().settings_file

    def close(self) -> None:
        """Leave: connections are closed, and whoever waits for the far side stops waiting. May be called again."""
        self.doors.shut_all()
        self.http.close()

    def target(self, name: str, known: Aim | None = None) -> Target:
        """What should be true on that instance, by what was *known* or else is kept now; UnknownInstance."""
        entry = self.book.get(name)
        aim = known or self.journal.aim(name)
        return Target(
            origin=entry.origin,
            delegated_user=entry.delegated_user,
            profile=SysId(entry.profile),
            profile_name=entry.profile_name,
            credential_names=entry.credential_names,
            public_client_id=entry.public_client_id,
            pin=aim.pin if aim.pin is not None and aim.pin.serves(entry.delegated_user) else None,
            desired=aim.desired,
            answers=aim.answers,
            fenced=aim.fenced,
            clouds=self.clouds,
        )

    def kept(self, entry: InstanceEntry) -> Kept:
        """The secrets of that instance; NoVault, VaultLocked."""
        kept = Kept.from_text(self.vault.get(vault_key(entry)))
        return self.simulated.secrets_for(entry).overlaid(kept) if self.simulated is not None else kept


def vault_key(entry: InstanceEntry) -> str:
    """Under which key the entry's secrets are kept. It names address, way in and user: no other is ever shown them."""
    who = entry.user or entry.client_id
    way = "" if entry.way is Way.PASSWORD else f"[{entry.way.value}] "
    return f"{entry.name} {way}{who}@{entry.origin}"


def told(flags: Mapping[str, str] | None, browser: Path | None, *, this_run_only: bool) -> dict[str, str]:
    """The settings a run was told by its options, by name."""
    said = dict(flags or {})
    if browser is not None:
        said["browser"] = str(browser)
    if this_run_only:
        said["keep_secrets"] = "no"
    return said


def _http(settings: Settings, vault: Vault) -> Http:
    """The way out as it is set; the proxy's user and password are looked up when it wants them."""
    return Http(ca_file=settings.ca_file, proxy=settings.proxy, proxy_login=partial(login_of, vault, settings.proxy))


def browser_of(settings: Settings) -> Path | None:
    """The browser named; None where it is to be found."""
    return Path(settings.browser).expanduser() if settings.browser else None


def doors_of(settings: Settings) -> Doors:
    """Doors that shut when the settings say."""
    return Doors(idle_s=settings.idle_minutes * 60.0, longest_s=settings.longest_hours * 3600.0)
