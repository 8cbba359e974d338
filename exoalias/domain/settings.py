"""What can be set, with the value it has when nobody set it. How a value is found is adapters/ladder.py's business."""

from __future__ import annotations

from dataclasses import dataclass

from exoalias.domain.ways import Way


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings one run works with."""

    idle_minutes: int = 10  # a session nobody uses for so long is forgotten
    longest_hours: int = 12  # and every session after so long
    unlock_minutes: int = 30  # for so long a production instance may be written to once it was unlocked
    side_by_side: int = 16  # instances checked at a time
    ca_file: str = ""  # a PEM file with the authorities to trust, instead of the system's
    proxy: str = ""  # "" the system's and the environment's; "none" no proxy; else its address, without credentials
    browser: str = ""  # path of the browser for sign-ins; "" found
    keep_secrets: bool = True  # False: never in the keyring, each run asks
    first_use: bool = True  # whether an account nobody named may be stored unconfirmed
    ways: tuple[Way, ...] = tuple(Way)  # the ways in that may be used
    log_days: int = 14  # a log file older than this is deleted
