"""Whether the bot can post in a conversation, found out with the scopes it has anyway."""

from __future__ import annotations

from bot.model.chat import Asker, Place
from bot.model.errors import Unreachable
from bot.slack.outbox import Outbox, RefusedBySlackError, UnconfirmedError

_CANNOT = frozenset({"not_in_channel", "channel_not_found", "is_archived", "restricted_action"})
_SAID = "I can post here."


class SlackReach:
    """Tries with a line that only the asker sees: asking Slack for its members would need `channels:read`."""

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox

    async def __call__(self, place: Place, asker: Asker) -> bool:
        """False when Slack says that the bot is not there; raises Unreachable when Slack says nothing."""
        try:
            await self._outbox.call(
                "chat.postEphemeral", {"channel": place.id, "user": asker.id, "text": _SAID}
            )
        except RefusedBySlackError as refused:
            # any other refusal is about the asker: the bot itself is in
            return refused.code not in _CANNOT
        except UnconfirmedError as unsure:
            raise Unreachable(str(unsure)) from unsure
        return True
