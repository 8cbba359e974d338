"""The id of a record. Apart from the records themselves, which take longer to load than the first paint may wait for."""

from __future__ import annotations

from typing import NewType

SysId = NewType("SysId", str)

NO_RECORD = SysId("")
