"""The form and the Home on Bolt: opened, submitted, published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import structlog
from slack_bolt.async_app import AsyncAck, AsyncApp

from bot.kit.tasks import Tasks
from bot.slack.deliver import Manners
from bot.slack.desk import Desk
from bot.slack.home import home
from bot.slack.incoming import Payload, Visit, from_home, from_shortcut
from bot.slack.modal import CALLBACK_ID, Question, from_submission, modal, problems
from bot.slack.outbox import Outbox, RefusedBySlackError
from bot.slack.whisper import GONE

log = structlog.get_logger(__name__)

_TRIGGER_GONE = frozenset(
    {"expired_trigger_id", "trigger_expired", "exchanged_trigger_id", "invalid_trigger_id"}
)
_AGAIN = "Slack did not let me open the form in time. Please choose the shortcut again."


@dataclass(frozen=True, slots=True)
class Views:
    """Opens the form and publishes the Home; a failure of Slack is logged, never raised."""

    outbox: Outbox
    desk: Desk
    manners: Manners
    questions: Sequence[Question]

    async def open_form(self, visit: Visit) -> None:
        """Open the form; when the trigger is spent, the person is told how to get it."""
        try:
            await self.outbox.call(
                "views.open", {"trigger_id": visit.trigger_id, "view": modal(self.questions)}
            )
        except RefusedBySlackError as refused:
            log.warning("slack_form_refused", error=refused.code)
            if refused.code in _TRIGGER_GONE:
                await self._quietly("chat.postMessage", {"channel": visit.user_id, "text": _AGAIN})
        except GONE as failed:
            log.warning("slack_form_failed", error=str(failed))

    async def publish_home(self, visit: Visit) -> None:
        """Publish the Home as the person may see it now."""
        page = await self.desk.home(visit)
        if page is not None:
            view = home(page, self.manners.look())
            await self._quietly("views.publish", {"user_id": visit.user_id, "view": view})

    async def submitted(self, body: Payload) -> None:
        """Answer a submitted form once."""
        incoming = from_submission(body, self.questions)
        if incoming is None:
            log.warning("slack_payload_ignored")
        else:
            await self.desk.serve(incoming)

    async def _quietly(self, method: str, args: dict[str, Any]) -> None:
        try:
            await self.outbox.call(method, args)
        except GONE as failed:
            log.warning("slack_call_failed", method=method, error=str(failed))


def listen_to_views(bolt: AsyncApp, views: Views, tasks: Tasks) -> None:
    """One listener per kind: acknowledge, then hand over."""

    @bolt.shortcut(CALLBACK_ID)
    async def on_shortcut(ack: AsyncAck, body: dict[str, Any]) -> None:
        await ack()
        if (visit := from_shortcut(body)) is not None:
            tasks.start(views.open_form(visit))

    @bolt.view(CALLBACK_ID)
    async def on_submission(ack: AsyncAck, body: dict[str, Any]) -> None:
        if found := problems(body):
            await ack(response_action="errors", errors=found)
            return
        await ack()
        tasks.start(views.submitted(body))

    @bolt.event("app_home_opened")
    async def on_home(body: dict[str, Any]) -> None:
        if (visit := from_home(body)) is not None:
            tasks.start(views.publish_home(visit))
