"""Members of conversations: what a directory needs to decide who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.teams.outbox import Outbox
from bot.teams.ports import Address, Profile


class People:
    """Reads members; raises what the outbox raises. Keeps nothing, so a change of role holds at once."""

    def __init__(self, outbox: Outbox, tenant_id: str) -> None:
        self._outbox = outbox
        self._tenant_id = tenant_id

    async def profile(self, address: Address, user_id: str) -> Profile:
        """Return the profile of a member. Without a tenant id of ours, tenants are not compared."""
        member = await self._outbox.member(address, user_id)
        object_id = _text(member, "aadObjectId") or _text(member, "objectId")
        email = (_text(member, "email") or _text(member, "userPrincipalName")).strip().lower()
        return Profile(
            object_id=object_id or user_id,
            email=email if "@" in email else None,
            is_outsider=not object_id or self._is_guest(member, address),
        )

    def _is_guest(self, member: Mapping[str, Any], address: Address) -> bool:
        if _text(member, "userRole").lower() in {"guest", "anonymous"}:
            return True
        tenants = {_text(member, "tenantId").lower(), address.tenant_id.lower()} - {""}
        return bool(self._tenant_id) and tenants != {self._tenant_id.lower()}


def _text(member: Mapping[str, Any], name: str) -> str:
    value = member.get(name)
    return value if isinstance(value, str) else ""
