from __future__ import annotations

import pytest

from bot.model.chat import Reply
from tests.handlers.answering import Bot
from tests.handlers.small import facts_of, numbers_of, rows_of


async def activity(bot: Bot, text: str = "activity 7d") -> Reply:
    answer = await bot.ask(text)
    assert isinstance(answer, Reply), answer
    return answer


async def test_turns_stand_by_client_with_their_shares(small_bot: Bot) -> None:
    """14 to 20 Oct through the CLI: ana 7 times 2, cid 7 times 5; the rest is VS Code."""
    reply = await activity(small_bot)
    found = [(row["client"], row["turns"], row["share_pct"], row["active_users"]) for row in rows_of(reply)]
    assert found == [
        ("CLI", 49, pytest.approx(4900 / 76), 2),
        ("VS Code extension", 27, pytest.approx(2700 / 76), 2),
    ]
    assert reply.text.startswith("People ran 76 turns in the 7 days to 20 Oct, up 49% on the 7 days before.")
    assert "CLI leads with 64.5%." in reply.text


async def test_facts_lead_with_the_metric_asked_for(small_bot: Bot) -> None:
    facts = (await activity(small_bot, "activity 7d threads")).facts
    assert [fact.key for fact in facts] == ["threads", "turns", "active_users"]
    assert facts[0].change_pct == pytest.approx((76 - 51) / 51 * 100)


async def test_through_one_client_only_its_own_turns_count(small_bot: Bot) -> None:
    reply = await activity(small_bot, "activity 7d client vscode")
    assert numbers_of(reply) == {"turns": 27, "threads": 27, "active_users": 2}
    assert reply.text.startswith("People ran 27 turns through VS Code extension in the 7 days to 20 Oct")


async def test_by_surface_there_is_always_a_row_for_code_review(small_bot: Bot) -> None:
    rows = rows_of(await activity(small_bot, "activity 7d by surface"))
    assert [row["surface"] for row in rows] == [
        "CLI",
        "IDE extension",
        "Code Review (not reported by the API)",
    ]
    assert rows[-1]["turns"] is None


async def test_one_turn_is_one_turn(small_bot: Bot) -> None:
    text = (await activity(small_bot, "activity 2026-10-18 client ide")).text
    assert text.startswith("People ran 1 turn through IDE extension on 18 Oct 2026")
    assert "1 person" in text


async def test_a_window_shorter_than_a_week_says_that_there_is_no_series(small_bot: Bot) -> None:
    reply = await activity(small_bot, "activity 3d weekly")
    assert "The window holds no whole week" in reply.text
    assert facts_of(reply)["turns"].number is not None


async def test_monthly_series_leave_part_months_out(small_bot: Bot) -> None:
    text = (await activity(small_bot, "activity 2026-08-20..2026-10-20 monthly")).text
    assert "calendar months; 20–31 Aug 2026 and 1–20 Oct 2026 are part months and left out of it." in text


async def test_other_ranges_keep_the_question(small_bot: Bot) -> None:
    reply = await activity(small_bot, 'activity 7d threads by surface weekly client "IDE extension"')
    assert {action.command for action in reply.actions if action.group == "range"} == {
        'activity 30d by surface client "IDE extension" metric threads weekly',
        'activity 90d by surface client "IDE extension" metric threads weekly',
    }
