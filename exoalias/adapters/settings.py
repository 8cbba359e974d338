"""What the person set: the instances and what should be true on them, in one TOML file; and where files live.

Secrets are never here: they are in the keyring. Keys this version doesn't know are kept. A file that can't be read is
refused and left as it is.
"""

from __future__ import annotations

import os
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from exoalias.adapters.entries import InstanceEntry, entry_of, merged, table_of, tables_in
from exoalias.adapters.lock import alone
from exoalias.domain.problems import BadSettings, UnknownInstance

if TYPE_CHECKING:
    from collections.abc import Callable

HOME_VARIABLE = "EXOALIAS_HOME"
_LOCK_WAIT_S = 10.0


@dataclass(frozen=True, slots=True)
class Places:
    """The folders exoalias writes to."""

    config: Path
    state: Path
    cache: Path

    @classmethod
    def of_this_user(cls) -> Places:
        """The platform's places, or all three below ``EXOALIAS_HOME`` (a portable copy, a test)."""
        home = os.environ.get(HOME_VARIABLE, "")
        if home:
            return cls.below(Path(home).expanduser().resolve())
        import platformdirs

        where = platformdirs.PlatformDirs("exoalias", appauthor=False)
        return cls(where.user_config_path, where.user_state_path, where.user_cache_path)

    @classmethod
    def below(cls, home: Path) -> Places:
        """All three below one folder."""
        return cls(home / "config", home / "state", home / "cache")

    @property
    def settings_file(self) -> Path:
        """The settings."""
        return self.config / "exoalias.toml"

    @property
    def journal_file(self) -> Path:
        """The journal."""
        return self.state / "journal.sqlite3"


class InstanceBook:
    """The instances in the settings file at *path*. Each change reads the file anew, so that no other writer's is lost."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def all(self) -> tuple[InstanceEntry, ...]:
        """Every instance, in the file's order."""
        return tuple(entry_of(self.path, name, table) for name, table in tables_in(self.path, self._read()).items())

    def get(self, name: str) -> InstanceEntry:
        """The instance of that name; UnknownInstance."""
        for entry in self.all():
            if entry.name == name:
                return entry
        raise UnknownInstance(name=name)

    def put(self, entry: InstanceEntry) -> None:
        """Add the instance, or replace what is known of it; unknown keys stay."""

        def change(instances: dict[str, Any]) -> None:
            instances[entry.name] = merged(instances.get(entry.name, {}), table_of(entry))

        self._change(change)

    def remove(self, name: str) -> None:
        """Forget the instance; UnknownInstance."""
        self.get(name)
        self._change(lambda instances: instances.pop(name, None))

    def _change(self, change: Callable[[dict[str, Any]], object]) -> None:
        with alone(self.path.with_suffix(".lock"), wait_s=_LOCK_WAIT_S):
            whole = self._read()
            self.all()  # a file with a broken entry is refused before it is written
            change(whole.setdefault("instance", {}))
            _replace(self.path, whole)

    def _read(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self.path.read_text("utf-8"))
        except FileNotFoundError:
            return {}
        except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
            raise BadSettings(path=self.path, why=error) from error


def _replace(path: Path, whole: dict[str, Any]) -> None:
    """Write the file beside, make sure it is on the disk, then put it in place: the old or the new one, never half."""
    import tomli_w

    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=path.name, suffix=".new")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            tomli_w.dump(whole, file)
            file.flush()
            os.fsync(file.fileno())
        Path(beside).replace(path)
    except BaseException:
        Path(beside).unlink(missing_ok=True)
        raise
    if os.name == "posix":
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
