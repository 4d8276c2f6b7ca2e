from __future__ import annotations

import pytest

from bot.model.chat import Refusal, Reply
from tests.handlers.answering import Bot
from tests.handlers.small import numbers_of, rows_of


async def models(bot: Bot, text: str = "models 30d") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_shares_of_credits_and_tokens_stand_side_by_side(demo_bot: Bot) -> None:
    reply = await models(demo_bot)
    numbers, rows = numbers_of(reply), rows_of(reply)
    for row in rows:
        assert row["share_pct"] == pytest.approx(100 * row["credits"] / numbers["credits"])  # type: ignore[operator]
        assert row["tokens_share_pct"] == pytest.approx(100 * row["tokens"] / numbers["tokens"])  # type: ignore[operator]
    assert [row["credits"] for row in rows[:-1]] == sorted(
        (row["credits"] for row in rows[:-1]), reverse=True
    )  # type: ignore[type-var]


async def test_the_leading_model_is_the_finding(demo_bot: Bot) -> None:
    reply = await models(demo_bot)
    assert reply.text.startswith(f"{rows_of(reply)[0]['model']} made ")
    assert "of credits in the 30 days to 20 Oct, " in reply.text


async def test_fast_speed_is_a_share_of_credits(demo_bot: Bot) -> None:
    by_speed = {
        row["speed"]: row["share_pct"] for row in rows_of(await models(demo_bot, "models 30d by speed"))
    }
    assert numbers_of(await models(demo_bot))["fast_share"] == pytest.approx(by_speed["Fast"])


async def test_the_share_of_fast_speed_is_told_once(demo_bot: Bot) -> None:
    for text in ("models 30d by speed", "models 30d"):
        assert (await models(demo_bot, text)).text.count("Fast speed made") == 1


async def test_without_any_model_there_is_no_data_rather_than_a_zero(small_bot: Bot) -> None:
    reply = await models(small_bot, "models 7d")
    assert reply.text.startswith("There is no data on models in the 7 days to 20 Oct.")
    assert numbers_of(reply)["fast_share"] is None
    assert rows_of(reply) == []


async def test_models_of_one_client_are_refused_with_what_can_be_asked(demo_bot: Bot) -> None:
    answer = await demo_bot.ask("usage 30d by model client cli")
    assert isinstance(answer, Refusal)
    assert (answer.message, answer.hint) == (
        "The API does not tell models or speeds by client.",
        "Try `usage 30d by surface client cli`.",
    )
