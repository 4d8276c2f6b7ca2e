"""What is found in half a year of equal days that ends with a burst, see tests/handlers/spending.py."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.lake import Lake
from bot.metrics.figures import MICRO
from bot.model.chat import Unit
from bot.model.message import Destination, Platform
from bot.model.timerange import TimeRange
from bot.state.alerts import Alerts, Silence
from bot.state.budgets import Budget, Budgets
from bot.watch.found import Finding, Kind
from bot.watch.look import Look
from tests.handlers.answering import NOW, Bot, a_bot
from tests.handlers.spending import BURST, directory, spending_lake, uses_of
from tests.handlers.weeks import SmallLake

PLACE = Destination(Platform.SLACK, "C1")


@pytest.fixture(scope="session")
def spending(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return spending_lake(tmp_path_factory.mktemp("watched")).lake


@pytest.fixture
async def bot(tmp_path: Path, spending: Lake) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, spending, directory=directory()) as bot:
        yield bot


def look(bot: Bot) -> Look:
    return Look(bot.state, bot.dispatcher.deps.analytics, place=PLACE)


async def found(bot: Bot, now: datetime = NOW) -> dict[str, Finding]:
    seen = await look(bot).at(now)
    assert not seen.unjudged
    return {finding.key: finding for finding in seen.findings}


async def budget(bot: Bot, amount: int, team: str | None = None, unit: Unit = Unit.CREDITS) -> None:
    await Budgets(bot.state).put(Budget(amount * MICRO, unit, team, Platform.SLACK, "C2", "U1", NOW))


def continued(spending: Lake, root: Path, last: int) -> Lake:
    """The same lake with ordinary days up to `last` October."""
    shutil.copytree(spending.root, root)
    lake = SmallLake(root)
    days = (date(2026, 10, n) for n in range(21, last + 1))
    lake.put({day: uses_of(day) for day in days}, reviews=False)
    return lake.lake


async def test_the_burst_is_a_spike_of_workspace_surface_and_team(bot: Bot) -> None:
    seen = await found(bot)
    assert list(seen) == [
        "anomaly/workspace/spike/2026-10-20",
        "anomaly/surface:cli/spike/2026-10-20",
        "anomaly/team:Core/spike/2026-10-20",
    ]
    assert [one.kind for one in seen.values()] == [Kind.SPIKE] * 3
    assert {one.told.place for one in seen.values()} == {PLACE}


async def test_a_spike_names_its_baseline_and_its_effects_add_up(bot: Bot) -> None:
    told = (await found(bot))["anomaly/surface:cli/spike/2026-10-20"].told
    assert told.text.splitlines()[:2] == [
        "Codex used 560 credits through CLI on Tuesday 20 Oct 2026, above the usual 60.",
        "Usual for a Tuesday is 0 to 160, from 8 Tuesdays in 25 Aug–13 Oct 2026.",
    ]
    assert told.text.splitlines()[2].startswith("Against Tue 13 Oct, a usual day: +500 credits: ")
    numbers = {fact.key: fact.number or 0 for fact in told.facts}
    effects = [round(numbers[f"effect_{name}"] * MICRO) for name in ("users", "intensity", "price_mix")]
    assert sum(effects) == round(numbers["change"] * MICRO) == 500 * MICRO
    assert told.planned == 'planned 2026-10-20..2026-10-20 surface "cli"'


async def test_a_spike_is_drawn_over_eight_weeks_with_its_day_flagged(bot: Bot) -> None:
    chart = (await found(bot))["anomaly/workspace/spike/2026-10-20"].told.anomaly
    assert chart is not None
    assert (chart.days[0], chart.days[-1], chart.flagged) == (date(2026, 8, 26), BURST, (BURST,))
    assert (chart.values[-1], chart.low[-1], chart.high[-1]) == (580, 0, 180)


async def test_two_days_later_the_spike_still_stands_and_on_the_third_it_is_history(
    tmp_path: Path, spending: Lake
) -> None:
    lake = continued(spending, tmp_path / "later", 23)
    async with a_bot(tmp_path, lake) as bot:
        bot.now = datetime(2026, 10, 23, 15, tzinfo=UTC)
        assert "anomaly/workspace/spike/2026-10-20" in await found(bot, bot.now)
        bot.now = datetime(2026, 10, 24, 15, tzinfo=UTC)
        assert await found(bot, bot.now) == {}


@pytest.mark.parametrize(
    ("scope", "left"),
    [
        ("workspace", set()),
        ("surface:cli", {"anomaly/workspace/spike/2026-10-20", "anomaly/team:Core/spike/2026-10-20"}),
    ],
)
async def test_planned_days_are_not_told_of(bot: Bot, scope: str, left: set[str]) -> None:
    silence = Silence(scope, TimeRange(BURST, date(2026, 10, 23)), "load test", "U1")
    await Alerts(bot.state).silence(silence, NOW)
    assert set(await found(bot)) == left


async def test_a_latest_day_that_is_missing_judges_nothing(bot: Bot) -> None:
    seen = await look(bot).at(datetime(2026, 10, 22, 15, tzinfo=UTC))
    assert seen.unjudged >= {"anomaly/workspace", "anomaly/surface:cli", "anomaly/team:Core"}


async def test_the_highest_threshold_reached_and_the_overrun_ahead_are_told(bot: Bot) -> None:
    await budget(bot, 2000)
    seen = {key: one for key, one in (await found(bot)).items() if key.startswith("budget")}
    group = "budget/workspace/credits/2026-10/2000000000"
    assert list(seen) == [f"{group}/80", f"{group}/overrun"]
    threshold, overrun = seen.values()
    assert threshold.told.text.startswith(
        "80% of the budget of 2,000 credits is used.\nCodex used 1,620 of 2,000"
    )
    assert overrun.told.text.startswith(
        "Codex is heading for 2,260 credits (80% band 2,260 to 2,260) in October 2026, "
        "above the budget of 2,000 credits; it runs out on 27 Oct."
    )
    assert "Against the same days of the month before: " in overrun.told.text
    assert overrun.told.place == Destination(Platform.SLACK, "C2")
    assert overrun.told.forecast is not None
    assert overrun.told.forecast.exhausted_on == date(2026, 10, 27)


@pytest.mark.parametrize(
    ("amount", "told"),
    [(3241, []), (3240, ["50"]), (2025, ["80", "overrun"]), (1620, ["100"]), (1000, ["100"])],
)
async def test_thresholds_are_told_from_the_credit_that_reaches_them(
    bot: Bot, amount: int, told: list[str]
) -> None:
    await budget(bot, amount)
    keys = [key.rpartition("/")[2] for key in await found(bot) if key.startswith("budget")]
    assert keys == told


async def test_a_team_and_a_unit_are_budgets_of_their_own(bot: Bot) -> None:
    await budget(bot, 300, team="Web")
    await budget(bot, 70, unit=Unit.ESTIMATED_USD)
    keys = [key for key in await found(bot) if key.startswith("budget")]
    assert keys == [
        "budget/workspace/estimated_usd/2026-10/70000000/80",
        "budget/workspace/estimated_usd/2026-10/70000000/overrun",
        "budget/team:Web/credits/2026-10/300000000/80",
        "budget/team:Web/credits/2026-10/300000000/overrun",
    ]


async def test_the_last_day_of_a_month_is_looked_at_when_the_next_month_has_begun(
    tmp_path: Path, spending: Lake
) -> None:
    lake = continued(spending, tmp_path / "later", 31)
    async with a_bot(tmp_path, lake) as bot:
        bot.now = datetime(2026, 11, 1, 13, tzinfo=UTC)
        await budget(bot, 2240)
        keys = [key for key in await found(bot, bot.now) if key.startswith("budget")]
    assert keys == ["budget/workspace/credits/2026-10/2240000000/100"]
