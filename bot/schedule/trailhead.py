"""Once a day the signed head of the trail, kept in the state and posted where more people see it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime

import structlog

from bot.kit.words import day, plural
from bot.model.chat import Reply
from bot.model.signing import Signer
from bot.state.engine import StateDb
from bot.state.trail import Trail
from bot.state.trailheads import SignedHead, TrailHeads, signed_head

LOG = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DailyHead:
    """`post` says whether the channel took it; None where no channel is set: then heads are only kept."""

    db: StateDb
    signer: Callable[[], Signer]
    post: Callable[[Reply], Awaitable[bool]] | None
    slash: str = "/codex"

    async def run(self, now: datetime) -> None:
        """Keep the head of the UTC day of `now` once, and post it until that worked. Call it hourly."""
        heads, today = TrailHeads(self.db), now.astimezone(UTC).date()
        kept = await heads.of(today)
        if kept is None:
            head = await Trail(self.db).head()
            if not head.seq:
                return
            kept = await heads.keep(signed_head(today, head, self.signer()))
        if self.post is None or kept.posted_at is not None:
            return
        if await self.post(head_reply(kept, self.slash)):
            await heads.posted(today, now)
        else:
            LOG.warning("trail_head_not_posted")


def head_reply(kept: SignedHead, slash: str) -> Reply:
    """What stands in the channel."""
    head = kept.head
    return Reply(
        "trail",
        f"The audit trail of look-ups on {day(kept.day)} {kept.day.year} (UTC): {plural(head.seq, 'line')}, "
        f"head {head.hash}.\nSignature {kept.signature} by {kept.public_key}.\n"
        f"`{slash} trail verify {head.seq}:{head.hash}` tells whether the trail still holds it.",
    )
