"""Passwords: the operating system's keyring, or memory for this run; never a plain file.

keyring is used through the one backend class this platform ought to have. Its own choice is never asked: it honours
``PYTHON_KEYRING_BACKEND`` and a configuration file, starts compilers to find libraries, and may settle on a backend that
writes plain text or silently keeps nothing.
"""

from __future__ import annotations

import configparser
import contextlib
import os
import secrets
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from exoalias.adapters.machine.log import note
from exoalias.domain.log_events import LogEvent
from exoalias.domain.problems import NoVault, VaultLocked
from exoalias.domain.words import say, unended

if TYPE_CHECKING:
    from collections.abc import Iterator

    from keyring.backend import KeyringBackend

SERVICE = "exoalias"
MOST_BYTES = 2560  # of one item: Windows keeps 5 * 512 (CRED_MAX_CREDENTIAL_BLOB_SIZE), and keyring writes UTF-16 there
REMEDY = {
    "linux": "Start a Secret Service (GNOME Keyring, KWallet or KeePassXC) in this session, or run with --this-run-only.",
    "win32": "Sign in to Windows as a user with a profile, or run with --this-run-only.",
    "darwin": "Unlock the login keychain, or run with --this-run-only.",
}
# Backends of keyring and of its companions, by the start of their classes' names.
_WEAK = {
    "keyring.backends.fail": "keeps nothing: every call fails",
    "keyring.backends.null": "keeps nothing, and doesn't say so",
    "keyring.backends.chainer": "hands secrets to whatever backends there are",
    "keyrings.alt.file.Plaintext": "keeps secrets readable in a file",
    "keyrings.alt": "keeps secrets in files of its own",
    "keyrings.cryptfile": "keeps secrets in a file of its own",
    "sagecipher": "keeps secrets in a file of its own",
}
_STRONG = ("keyring.backends.SecretService", "keyring.backends.Windows", "keyring.backends.macOS", "keyring.backends.kwallet")


class Vault(Protocol):
    """Keeps one secret for each key. Every call may raise NoVault or VaultLocked, and may wait for a person."""

    def get(self, instance: str) -> str | None:
        """The secret, or None where none is kept."""

    def set(self, instance: str, secret: str) -> None:
        """Keep it, instead of an earlier one. ValueError when it is longer than a keyring takes."""

    def remove(self, instance: str) -> None:
        """Forget it; nothing happens where none is kept."""

    def describe(self) -> str:
        """What keeps the secrets, in a few words."""


class ThisRunOnly:
    """Secrets in memory: gone when the program ends."""

    def __init__(self) -> None:
        self._secrets: dict[str, str] = {}

    def get(self, instance: str) -> str | None:
        """The secret, or None."""
        return self._secrets.get(instance)

    def set(self, instance: str, secret: str) -> None:
        """Keep it until the program ends."""
        if not secret:
            raise ValueError("an empty secret can't be kept")
        self._secrets[instance] = secret

    def remove(self, instance: str) -> None:
        """Forget it."""
        self._secrets.pop(instance, None)

    def describe(self) -> str:
        """In words."""
        return "memory, for this run only"

    def __repr__(self) -> str:
        return f"ThisRunOnly({len(self._secrets)} secrets)"


class OsKeyring:
    """The platform's keyring."""

    def __init__(self, backend: KeyringBackend, name: str) -> None:
        self._backend = backend
        self._name = name

    def get(self, instance: str) -> str | None:
        """The secret, or None."""
        with _translated():
            return self._backend.get_password(SERVICE, instance)

    def set(self, instance: str, secret: str) -> None:
        """Keep it, and make sure by reading it again: a backend that keeps nothing is found out here."""
        _measure(secret)
        with _translated():
            self._backend.set_password(SERVICE, instance, secret)
            kept = self._backend.get_password(SERVICE, instance)
        if kept is None or not secrets.compare_digest(kept.encode(), secret.encode()):
            raise NoVault(why="what was written did not come back", how=_remedy())

    def remove(self, instance: str) -> None:
        """Forget it."""
        from keyring.errors import PasswordDeleteError

        with _translated(), contextlib.suppress(PasswordDeleteError):
            self._backend.delete_password(SERVICE, instance)

    def describe(self) -> str:
        """In words."""
        return self._name


class MemoryFirst:
    """What was said for this run only, then the platform's keyring, which is opened when it is first needed."""

    def __init__(self) -> None:
        self._memory = ThisRunOnly()
        self._keyring: Vault | None = None
        self._lock = threading.Lock()

    def get(self, instance: str) -> str | None:
        """The secret, or None."""
        held = self._memory.get(instance)
        return held if held is not None else self._opened().get(instance)

    def set(self, instance: str, secret: str) -> None:
        """Keep it in the keyring."""
        self._opened().set(instance, secret)
        self._memory.remove(instance)

    def keep_for_this_run(self, instance: str, secret: str) -> None:
        """Keep it in memory, beside whatever the keyring holds."""
        self._memory.set(instance, secret)

    def remove(self, instance: str) -> None:
        """Forget it everywhere."""
        self._memory.remove(instance)
        self._opened().remove(instance)

    def describe(self) -> str:
        """In words."""
        return self._opened().describe()

    def _opened(self) -> Vault:
        with self._lock:
            if self._keyring is None:
                self._keyring = open_vault()
            return self._keyring


def open_vault() -> Vault:
    """The platform's keyring, its class constructed here and asserted; NoVault where there is none."""
    with _translated():
        backend, name = _backend()
        expected = type(backend)
        if weak := weakness(f"{expected.__module__}.{expected.__qualname__}"):
            raise NoVault(why=weak, how=_remedy())
        _ = expected.priority  # asks the service itself; raises where it can't be reached
        return OsKeyring(backend, name)


def weakness(backend: str) -> str:
    """What is wrong with a backend, by the name of its class; "" for one that keeps secrets as they should be."""
    for start, why in _WEAK.items():
        if backend.startswith(start):
            return say("{backend} {why}", backend=backend, why=say(why))
    return "" if backend.startswith(_STRONG) else say("{backend} is none of the keyrings of an operating system", backend=backend)


def overruled() -> tuple[str, ...]:
    """What asks keyring for another backend on this machine, and why it isn't used. Each is a sentence without its stop."""
    said = []
    named = os.environ.get("PYTHON_KEYRING_BACKEND", "")
    if named:
        said.append(_not_used("PYTHON_KEYRING_BACKEND in the environment", named))
    path = _config_file()
    read = configparser.RawConfigParser()
    try:
        read.read(path, encoding="utf-8")
        named = read.get("backend", "default-keyring", fallback="")
    except (configparser.Error, UnicodeDecodeError, OSError):
        named = ""
    if named:
        said.append(_not_used(str(path), named))
    return tuple(said)


def _not_used(where: str, backend: str) -> str:
    shown = "".join(c for c in backend if c.isprintable())[:100]
    return say("{where} asks for {shown}, which is not used", where=where, shown=shown) + (
        f": {weak}" if (weak := weakness(shown)) else ""
    )


def _config_file() -> Path:
    from keyring.util.platform_ import config_root

    return Path(config_root()) / "keyringrc.cfg"


def canary(vault: Vault) -> None:
    """Write, read back and remove a random value under a key of its own; NoVault when it doesn't come back."""
    key, value = f"canary {secrets.token_hex(8)}", secrets.token_urlsafe(24)
    vault.set(key, value)
    try:
        if vault.get(key) != value:
            raise NoVault(why="what was written did not come back", how=_remedy())
    finally:
        vault.remove(key)


def _backend() -> tuple[KeyringBackend, str]:
    if sys.platform == "win32":
        from keyring.backends.Windows import WinVaultKeyring

        return WinVaultKeyring(), "Windows Credential Manager"
    if sys.platform == "darwin":
        from keyring.backends import macOS

        return macOS.Keyring(), "the macOS login keychain"
    from keyring.backends import SecretService

    made: KeyringBackend = SecretService.Keyring()  # type: ignore[no-untyped-call] # keyring annotates its base class only
    return made, "the Secret Service of this session"


def _remedy() -> str:
    return REMEDY.get(sys.platform, REMEDY["linux"])


def bytes_of(secret: str) -> int:
    """How much room it takes in the keyring that has least of it."""
    return len(secret.encode("utf-16-le"))


def _measure(secret: str) -> None:
    if not secret:
        raise ValueError("an empty secret can't be kept")
    if bytes_of(secret) > MOST_BYTES:
        raise ValueError(say("the secret takes more than the {most_bytes} bytes a keyring has for it", most_bytes=MOST_BYTES))


@contextlib.contextmanager
def _translated() -> Iterator[None]:
    """What keyring and its libraries raise, as Problems. Their words name no secret."""
    from keyring.errors import InitError, KeyringLocked, PasswordDeleteError

    try:
        yield
    except (KeyringLocked, InitError) as error:
        note(LogEvent.KEYRING_FAILED, error=error, problem=VaultLocked)
        raise VaultLocked(why=error) from error
    except PasswordDeleteError:
        raise
    except _errors() as error:
        note(LogEvent.KEYRING_FAILED, error=error, problem=NoVault)
        raise NoVault(why=unended(_first_line(error)), how=_remedy()) from error


def _errors() -> tuple[type[Exception], ...]:
    """What keyring raises, and what the libraries below it raise without keyring's wrapping."""
    from keyring.errors import KeyringError

    ours = (KeyringError, RuntimeError, OSError)
    if sys.platform == "win32":
        import pywintypes

        return (*ours, pywintypes.error)
    if sys.platform == "darwin":
        return ours
    from jeepney import DBusErrorResponse  # type: ignore[import-untyped] # it ships no types
    from secretstorage.exceptions import SecretStorageException

    return (*ours, SecretStorageException, DBusErrorResponse)


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).strip().splitlines()), "") or type(error).__name__
