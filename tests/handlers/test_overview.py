from __future__ import annotations

from bot.model.chat import Reply
from tests.handlers.answering import Bot


async def test_no_word_means_overview(demo_bot: Bot) -> None:
    answer = await demo_bot.ask("")
    assert isinstance(answer, Reply)
    assert answer.command == "overview"
