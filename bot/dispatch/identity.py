"""From what a platform vouches for to the person of the policy and of the usage rows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.dispatch.policy import Identity, levels_of
from bot.model.chat import Asker
from bot.settings import Policy

FindByEmail = Callable[[str], Awaitable[str | None]]
EmailOfChat = Callable[[str], str | None]


def unlinked(_chat_id: str) -> None:
    """What is known of chat accounts without a directory: nothing."""


@dataclass(frozen=True, slots=True)
class Access:
    """Levels from the policy; the Codex person by profile e-mail, else by directory. Guests get neither."""

    policy: Policy
    admins: tuple[str, ...]
    codex_id_of: FindByEmail
    email_of_chat: EmailOfChat = unlinked

    async def asker(self, identity: Identity) -> Asker:
        """Who asks, with every level held. Never raises for an unknown person: they are a member."""
        levels = levels_of(identity, self.policy, self.admins)
        codex_id = await self._codex_id(identity) if levels else None
        return Asker(identity.chat_id, identity.email, levels, codex_id)

    async def _codex_id(self, identity: Identity) -> str | None:
        for email in (identity.email, self.email_of_chat(identity.chat_id)):
            if email and (found := await self.codex_id_of(email)):
                return found
        return None
