"""Pins and proofs as JSON-able values, for the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exoalias.domain.records import SysId
from exoalias.domain.target import HomeAccount, Pin, Proof, Tier, TokenMark


def _when(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _text(when: datetime | None) -> str | None:
    return when.isoformat() if when else None


def from_pin(pin: Pin) -> dict[str, Any]:
    """The JSON-able form of a pin."""
    account = pin.account
    return {
        "object_id": account.object_id,
        "tenant_id": account.tenant_id,
        "tier": pin.tier.name,
        "at": pin.at.isoformat(),
        "sign_in": pin.sign_in,
        "upn": pin.upn,
    }


def to_pin(value: dict[str, Any]) -> Pin:
    """The pin of that form."""
    account = HomeAccount(value["object_id"], value["tenant_id"])
    return Pin(account, Tier[value["tier"]], datetime.fromisoformat(value["at"]), value["sign_in"], value.get("upn", ""))


def from_proof(proof: Proof) -> dict[str, Any]:
    """The JSON-able form of a proof."""
    tokens = [
        {
            "sys_id": t.sys_id,
            "kind": t.kind,
            "created_on": _text(t.created_on),
            "updated_on": _text(t.updated_on),
            "mod_count": t.mod_count,
        }
        for t in proof.tokens
    ]
    return {
        "credential": proof.credential,
        "tier": proof.tier.name,
        "object_id": proof.account.object_id,
        "tenant_id": proof.account.tenant_id,
        "upn": proof.upn,
        "at": proof.at.isoformat(),
        "sign_in": proof.sign_in,
        "tokens": tokens,
    }


def to_proof(value: dict[str, Any]) -> Proof:
    """The proof of that form."""
    marks = tuple(
        TokenMark(SysId(t["sys_id"]), t["kind"], _when(t["created_on"]), _when(t["updated_on"]), t["mod_count"])
        for t in value["tokens"]
    )
    return Proof(
        credential=SysId(value["credential"]),
        tier=Tier[value["tier"]],
        account=HomeAccount(value["object_id"], value["tenant_id"]),
        upn=value["upn"],
        at=datetime.fromisoformat(value["at"]),
        sign_in=value["sign_in"],
        tokens=marks,
    )
