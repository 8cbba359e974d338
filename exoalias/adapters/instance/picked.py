"""The application picker's answer, in any of the shapes met: releases differ in how they name the current application."""

from __future__ import annotations

from exoalias.adapters.instance.rows import cell, is_sys_id
from exoalias.domain.records import NO_RECORD, SysId


def picked_application(result: object) -> tuple[SysId, str]:
    """The sys_id and name of the current application; "" where the answer doesn't name one."""
    if not isinstance(result, dict):
        return NO_RECORD, ""
    listed = result.get("list")
    items = [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
    flagged = next((item for item in items if item.get("current") or item.get("selected")), None)
    current = result.get("current") or flagged or result
    app = _picked(current)
    if not app:
        return NO_RECORD, ""
    entry = next((item for item in items if _picked(item) == app), current if isinstance(current, dict) else {})
    return app, cell(entry.get("name")) or ""


def _picked(given: object) -> SysId:
    """A bare id, or an object with it under one of several names."""
    if isinstance(given, dict):
        names = ("sysId", "sys_id", "app_id", "value")
        return next((SysId(str(given[k])) for k in names if is_sys_id(given.get(k))), NO_RECORD)
    return SysId(str(given)) if is_sys_id(given) else NO_RECORD
