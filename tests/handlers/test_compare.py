from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.model.chat import Audience, Refusal, RefusalCode, Reply
from bot.model.timerange import TimeRange
from tests.handlers.answering import Bot, a_bot
from tests.handlers.small import HELD, LAST, facts_of, numbers_of, rows_of, small_lake, uses_of


async def compare(bot: Bot, text: str) -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_equal_windows_are_compared_by_their_sums(small_bot: Bot) -> None:
    """14 to 20 Oct 76 turns; 1 to 7 Oct ana 7 times 3 and ben 5 times 4."""
    reply = await compare(small_bot, "compare 7d vs 2026-10-01..2026-10-07 turns")
    facts = facts_of(reply)
    assert (facts["turns"].number, facts["turns_before"].number) == (76, 41)
    assert facts["turns"].change_pct == pytest.approx((76 - 41) / 41 * 100)
    assert "Both windows have 7 days." in reply.text
    assert reply.text.startswith("People ran 76 turns in 14–20 Oct 2026, up 85% on 1–7 Oct 2026 (41).")


async def test_unequal_windows_are_compared_per_day_and_it_is_said(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare oct vs sep turns")
    facts = facts_of(reply)
    assert facts["turns"].change_pct is None
    assert facts["turns_per_day"].number == pytest.approx((20 * 3 + 14 * 4 + 9 * 5) / 20)
    assert facts["turns_per_day_before"].number == pytest.approx((30 * 3 + 22 * 4 + 30) / 30)
    assert "The windows are unequal, 20 days against 30" in reply.text
    assert facts["active_users"].change_pct is None


async def test_groups_that_only_one_window_has_are_there(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare 2026-10-17 vs 2026-10-16 by client")
    assert [(row["client"], row["now"], row["before"]) for row in rows_of(reply)] == [
        ("VS Code extension", 1, 11),
        ("CLI", 5, 5),
    ]
    assert "VS Code extension moved most, by −10 credits (−91%)." in reply.text


@pytest.mark.parametrize("before", ["2026-10-19", "2026-10-12..2026-10-18"])
async def test_a_day_that_is_not_over_is_never_compared(tmp_path: Path, before: str) -> None:
    lake = small_lake(tmp_path, TimeRange(HELD.start, LAST))
    lake.fetched_at = datetime(2026, 10, 21, 9, tzinfo=UTC)
    lake.put({LAST: uses_of(LAST)})
    async with a_bot(tmp_path, lake.lake) as bot:
        bot.now = lake.fetched_at
        reply = await compare(bot, f"compare 2026-10-20 vs {before} by client")
    assert all(fact.change_pct is None for fact in reply.facts)
    assert all(row["change_pct"] is None for row in rows_of(reply))
    assert "A day is not over, so no change is told" in reply.text
    assert "moved most" not in reply.text


async def test_changes_of_unequal_windows_are_named_per_day(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare oct vs sep turns by client")
    assert reply.table is not None
    assert reply.table.columns[-1].label == "Change a day"
    assert "turns a day (" in reply.text.splitlines()[0]


async def test_a_single_day_is_asked_about_on_that_day(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare 2026-10-17 vs 2026-10-16")
    assert reply.text.startswith("Codex used 6 credits on 17 Oct 2026,")


async def test_a_smaller_cost_has_one_sign(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare 2026-10-17 vs 2026-10-16 cost by client")
    assert "~$−" not in reply.text
    assert "+~" not in reply.text


@pytest.mark.parametrize("text", ["compare 7d", "7d compare", "compare 7d with 2026-10-07..2026-10-13"])
async def test_one_range_alone_meets_the_one_before_it(small_bot: Bot, text: str) -> None:
    reply = await compare(small_bot, text)
    assert facts_of(reply)["credits"].change_pct == pytest.approx((92 - 82) / 82 * 100)


async def test_no_range_is_the_last_30_days(small_bot: Bot) -> None:
    assert "21 Sep–20 Oct 2026" in (await compare(small_bot, "compare")).text


async def test_the_words_come_in_any_order(small_bot: Bot) -> None:
    one = await compare(small_bot, "compare by surface turns oct vs sep")
    other = await compare(small_bot, "compare oct vs sep turns by surface")
    assert numbers_of(one) == numbers_of(other)


async def test_private_is_private_here_too(small_bot: Bot) -> None:
    assert (await compare(small_bot, "compare oct vs sep private")).audience is Audience.ASKER
    assert (await compare(small_bot, "compare oct vs sep")).audience is Audience.HERE


async def test_every_other_breakdown_is_a_command_that_runs(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare oct vs sep by surface tokens weekly")
    for action in reply.actions:
        assert isinstance(await small_bot.ask(action.command), Reply), action


async def test_a_window_that_begins_before_the_history_says_so(small_bot: Bot) -> None:
    reply = await compare(small_bot, "compare oct vs 2026-08-01..2026-08-20")
    assert "10–20 Aug 2026, from the first day held" in reply.text


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("compare oct vs sep vs aug", "Two ranges are compared; `2026-08` is a third."),
        ("compare oct vs", "`vs` needs a range on each side."),
        ("compare against", "`against` needs a range on each side."),
        ("compare oct vs sep by model by client", "`by client` is one too many: keep one."),
        ("compare oct vs sep credits turns", "`turns` is one too many: keep one."),
        ("compare oct vs sep daily weekly", "`weekly` is one too many: keep one."),
        ("compare oct vs sepp", "I don't know `sepp`."),
        ("compare oct vs sep by colour", "`by` needs surface, client, model or speed."),
        ("compare oct vs sep by", "`by` needs surface, client, model or speed."),
        ("compare oct vs sep by model turns", "The API does not tell turns by model."),
        ("compare 0d vs 7d", '"0d" has no day in it.'),
        ("compare 2027-01 vs oct", "2027-01 has not begun: today is 2026-10-21 UTC."),
        ("compare oct vs 99999d", "A range has at most 1,096 days; this one has 99,999."),
    ],
)
async def test_nothing_is_guessed(small_bot: Bot, text: str, said: str) -> None:
    answer = await small_bot.ask(text)
    assert isinstance(answer, Refusal)
    assert (answer.code, answer.message) == (RefusalCode.WRONG_USE, said)
    assert answer.hint.startswith("Try ")


async def test_a_window_without_a_held_day_says_where_history_starts(small_bot: Bot) -> None:
    answer = await small_bot.ask("compare oct vs 2025-10")
    assert isinstance(answer, Refusal)
    assert (answer.code, "2026-08-10" in answer.message) == (RefusalCode.UNAVAILABLE, True)
