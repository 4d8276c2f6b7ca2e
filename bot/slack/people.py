"""Profiles of chat users: what a directory needs to decide who somebody is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.slack.outbox import Outbox, RefusedBySlackError


@dataclass(frozen=True, slots=True)
class ChatProfile:
    """A Slack user. `is_outsider`: guest, stranger of a shared channel, bot or deleted account."""

    user_id: str
    team_id: str
    email: str | None
    is_outsider: bool


class People:
    """Reads profiles and user groups; raises what the outbox raises. Keeps nothing: the caller caches."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def profile(self, user_id: str) -> ChatProfile:
        """Return the profile of a user (`users.info`; the e-mail needs `users:read.email`)."""
        return _profile(user_id, (await self._outbox.call("users.info", {"user": user_id})).get("user") or {})

    async def of_email(self, email: str) -> ChatProfile | None:
        """Return who has an address (`users.lookupByEmail`, `users:read.email`); None for nobody."""
        try:
            answer = await self._outbox.call("users.lookupByEmail", {"email": email})
        except RefusedBySlackError as refused:
            if refused.code == "users_not_found":
                return None
            raise
        user = answer.get("user") or {}
        return _profile(str(user.get("id") or ""), user)

    async def members(self, usergroup_id: str) -> frozenset[str]:
        """Return the user ids of a user group (`usergroups:read`)."""
        answer = await self._outbox.call("usergroups.users.list", {"usergroup": usergroup_id})
        return frozenset(str(user) for user in answer.get("users") or ())


def _profile(user_id: str, user: Mapping[str, Any]) -> ChatProfile:
    email = (user.get("profile") or {}).get("email")
    return ChatProfile(
        user_id=user_id,
        team_id=str(user.get("team_id") or ""),
        email=email.strip().lower() if isinstance(email, str) and email.strip() else None,
        is_outsider=_is_outsider(user),
    )


def _is_outsider(user: Mapping[str, Any]) -> bool:
    flags = ("is_restricted", "is_ultra_restricted", "is_stranger", "is_bot", "deleted")
    return any(bool(user.get(flag)) for flag in flags)
