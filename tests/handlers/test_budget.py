from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import charts
from bot.lake import Lake
from bot.model.chat import Asker, Drawing, Level, Picture, Place, Refusal, RefusalCode, Reply, Unit
from bot.state.budgets import Budgets
from tests.handlers.answering import Bot, a_bot, person
from tests.handlers.spending import directory


@pytest.fixture
async def bot(tmp_path: Path, spending: Lake) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, spending, directory=directory()) as bot:
        yield bot


async def reply(bot: Bot, text: str, **changes: object) -> Reply:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Reply), answer
    return answer


async def refused(bot: Bot, text: str, **changes: object) -> Refusal:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Refusal), answer
    return answer


def numbers(answer: Reply) -> dict[str, float | None]:
    return {fact.key: fact.number for fact in answer.facts}


async def test_without_a_budget_the_forecast_is_told_and_how_to_set_one(bot: Bot) -> None:
    said = await reply(bot, "budget")
    first, second, *_ = said.text.splitlines()
    # 14 working days of 80 and the 500 of the burst; 8 working days are left
    assert first == (
        "Codex used 1,620 credits in October 2026 through 20 Oct, heading for 2,260 credits "
        "(80% band 2,260 to 2,260)."
    )
    assert second == "No budget is set; an admin sets one with `budget set 50000 credits monthly`."
    assert numbers(said) == {
        "credits": 1620,
        "forecast": 2260,
        "forecast_low": 2260,
        "forecast_high": 2260,
        "backtest_error_pct": 0,
    }


async def test_a_budget_is_shown_with_forecast_exhaustion_day_and_back_test_error(bot: Bot) -> None:
    await reply(bot, "budget set 2,000 credits monthly")
    said = await reply(bot, "budget", asker=person(Level.MEMBER))
    first, second = said.text.splitlines()
    assert first == (
        "Codex used 1,620 of 2,000 credits (81%) in October 2026 through 20 Oct; the month is heading for "
        "2,260 credits (80% band 2,260 to 2,260), 260 credits over the budget, which runs out on 27 Oct."
    )
    # from each Tuesday of 26 weeks; after the newest one not all of the eleven days ahead have passed
    assert second == "In 25 back-tests the days ahead were off by 0% of what was used."
    # 20 Oct: 1,620; 21-23: 1,860; 26: 1,940; 27: 2,020
    assert numbers(said)["days_to_exhaustion"] == 7
    assert numbers(said)["budget_used_pct"] == 81
    assert said.footer.window is not None
    assert (said.footer.window.start.day, said.footer.window.day_count) == (1, 20)
    assert said.basis


async def test_a_budget_that_is_used_up_says_when_it_ran_out(bot: Bot) -> None:
    await reply(bot, "budget set 1000 credits monthly")
    assert "which ran out on 19 Oct" in (await reply(bot, "budget")).text  # 13 days of 80 are 1,040


async def test_the_picture_is_the_forecast_chart_over_the_whole_month(tmp_path: Path, spending: Lake) -> None:
    drawn: list[Drawing] = []

    async def draw(drawing: Drawing) -> Picture:
        drawn.append(drawing)
        return Picture(charts.png(drawing.make()), drawing.alt, 1000, 560, drawing.name)

    async with a_bot(tmp_path, spending, draw=draw) as bot:
        await reply(bot, "budget set 2000 credits monthly")
        said = await reply(bot, "budget")
    assert said.pictures[0].png.startswith(b"\x89PNG")
    assert said.pictures[0].alt == said.text.splitlines()[0]
    fallback = drawn[0].fallback
    assert fallback is not None
    assert len(fallback.rows) == 31
    assert fallback.rows[18] == ("2026-10-19", 1040, None, None, None)
    assert fallback.rows[19] == ("2026-10-20", 1620, 1620, 1620, 1620)
    assert fallback.rows[30] == ("2026-10-31", None, 2260, 2260, 2260)


async def test_credits_usd_and_estimated_usd_are_three_budgets_that_never_mix(bot: Bot) -> None:
    await reply(bot, "budget set 5000 credits monthly")
    await reply(bot, "budget set 100 estimated-usd monthly")
    await reply(bot, "budget set 40 usd monthly")
    said = await reply(bot, "budget")
    assert said.table is not None
    rows = {row[1]: row[2:6] for row in said.table.rows}
    assert rows["credits"] == (5000, 1620, pytest.approx(32.4), 2260)
    assert rows["estimated-usd"] == (100, 64.8, pytest.approx(64.8), 90.4)
    assert rows["usd"] == (40, None, None, None)  # nothing was billed in USD: no data, not 0


async def test_a_team_has_a_budget_of_its_own(bot: Bot) -> None:
    await reply(bot, "budget set 100 credits monthly team web")
    said = await reply(bot, "budget team Web")
    assert said.text.startswith("Web used 280 of 100 credits (280%) in October 2026 through 20 Oct;")
    assert [budget.team for budget in await Budgets(bot.state).all()] == ["Web"]
    await reply(bot, "budget remove team WEB")
    assert await Budgets(bot.state).all() == ()


@pytest.mark.parametrize("team", ["Tiny", "Nowhere"])
async def test_a_team_that_is_unknown_or_too_small_is_refused_alike(bot: Bot, team: str) -> None:
    said = await refused(bot, f"budget set 100 credits monthly team {team}")
    assert said.message == f"I know no team `{team}` of 5 people or more."


async def test_setting_again_replaces_and_says_so(bot: Bot) -> None:
    await reply(bot, "budget set 2000 credits monthly")
    said = await reply(bot, "budget set 3000.50 credits a month")
    assert said.text.startswith(
        "The budget is 3,000 credits per UTC calendar month, instead of 2,000 credits."
    )
    (only,) = await Budgets(bot.state).all()
    assert (only.amount_micro, only.unit, only.place_id) == (3_000_500_000, Unit.CREDITS, bot.place.id)


async def test_a_place_where_the_bot_is_not_is_told_to_invite_it(tmp_path: Path, spending: Lake) -> None:
    async def nowhere(place: Place, asker: Asker) -> bool:
        del place, asker
        return False

    async with a_bot(tmp_path, spending, reach=nowhere) as bot:
        assert "invite me" in (await reply(bot, "budget set 2000 credits monthly")).text


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("budget set", "A budget needs an amount and a unit."),
        ("budget set 0 credits", "A budget is more than 0."),
        ("budget set 0.00 credits", "A budget is more than 0."),
        ("budget set 0.000001 credits", "A budget is at least 0.01."),
        ("budget set -5 credits", "A budget is more than 0, not `-5`."),
        ("budget set −5 credits", "A budget is more than 0, not `−5`."),
        ("budget set lots", "`lots` is not an amount: write a number such as 50000 or 1250.50."),
        ("budget set 1e9 credits", "`1e9` is not an amount: write a number such as 50000 or 1250.50."),
        ("budget set 50.000 credits", "`50.000` is not an amount: write a number such as 50000 or 1250.50."),
        ("budget set 5,0 credits", "`5,0` is not an amount: write a number such as 50000 or 1250.50."),
        ("budget set ٥٠ credits", "`٥٠` is not an amount: write a number such as 50000 or 1250.50."),
        ("budget set 99999999999999 credits", "A budget is at most 9,223,372,036,854."),
    ],
)
async def test_an_amount_that_is_none_is_one_clear_message(bot: Bot, typed: str, message: str) -> None:
    said = await refused(bot, typed)
    assert (said.code, said.message) == (RefusalCode.WRONG_USE, message)
    assert said.hint == "Try `budget set 50000 credits monthly`."
    assert await Budgets(bot.state).all() == ()


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("budget set 50", "`50` of what?"),
        ("budget set $50 monthly", "`$50` could be billed or estimated"),
        ("budget set 50 eur", "`eur` is no unit of a budget, and nothing is converted"),
        ("budget set 50 credits usd", "`credits usd` is not one unit"),
        ("budget set 50 credits weekly", "`credits weekly` is not one unit: a budget is monthly"),
        ("budget remove eur", "`eur` is no unit of a budget"),
        ("budget remove credits usd", "One budget at a time"),
        ("budget remove", "No monthly budget in credits is set."),
        ("budget plan", "`budget plan` is nothing I can do"),
    ],
)
async def test_mixed_up_units_are_one_clear_message(bot: Bot, typed: str, named: str) -> None:
    said = await refused(bot, typed)
    assert said.code is RefusalCode.WRONG_USE
    assert said.message.startswith(named)


@pytest.mark.parametrize("text", ["budget set 100 credits monthly", "budget remove credits"])
async def test_only_admins_change_budgets(bot: Bot, text: str) -> None:
    await reply(bot, "budget set 50 credits monthly")
    said = await refused(bot, text, asker=person(Level.ANALYST))
    assert said.code is RefusalCode.NOT_ALLOWED
    (only,) = await Budgets(bot.state).all()
    assert only.amount_micro == 50_000_000


async def test_a_budget_can_be_shown_every_day_but_not_set_every_day(bot: Bot) -> None:
    await reply(bot, 'subscribe "budget" daily 08:30')
    said = await refused(bot, 'subscribe "budget set 100 credits monthly" daily 08:30')
    assert said.message == "`budget` is nothing to be repeated."


async def test_on_the_first_of_a_month_nothing_is_used_yet_and_the_forecast_stands(bot: Bot) -> None:
    bot.now = datetime(2026, 10, 1, 9, tzinfo=UTC)
    await reply(bot, "budget set 2000 credits monthly")
    said = await reply(bot, "budget")
    assert said.text.startswith(
        "Codex used 0 of 2,000 credits (0%) in October 2026 (no day of it is complete yet); "
        "the month is heading for 1,760 credits"
    )
