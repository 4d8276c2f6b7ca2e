"""The chat page's answerer over the small demo workspace of the tests."""

from __future__ import annotations

from bot.app.page_chat import PageChat
from bot.console.page_wire import Who
from bot.kit.recent import RecentlySeen
from bot.model.chat import Asker
from bot.slack.ports import SealedCommands
from tests.handlers.answering import Bot
from tests.handlers.demo import Demo


def page_chat(bot: Bot, demo: Demo) -> PageChat:
    async def asker_of(role: Who) -> Asker:
        return demo.asker(role)

    sealer = SealedCommands(bytes(range(32)))
    return PageChat(bot.dispatcher.answer, asker_of, RecentlySeen(), sealer, lambda: bot.now)
