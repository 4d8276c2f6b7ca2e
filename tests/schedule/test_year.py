from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind, next_due, week_covered
from bot.model.timerange import DAY
from bot.state.deliveries import Deliveries, Delivery, DeliveryStep
from bot.state.subscriptions import NewSubscription, Subscriptions

if TYPE_CHECKING:
    from conftest import Bot

NEW_YEAR, YEAR = datetime(2026, 1, 1, tzinfo=UTC), timedelta(days=371)


class YearIsOver(Exception):
    """Ends the loop."""


def digest(zone: str, weekday: int, clock: str) -> NewSubscription:
    at = time.fromisoformat(clock)
    schedule = Schedule(ScheduleKind.WEEKLY, at, zone, weekday, whole_week=True)
    return NewSubscription(Destination(Platform.SLACK, "C1"), "U1", "digest", schedule)


async def live(bot: Bot, wanted: NewSubscription, start: datetime, length: timedelta) -> list[Delivery]:
    """Run the loop from `start` on; returns the deliveries, oldest first."""
    bot.now, bot.answer.files = start, ()
    await Subscriptions(bot.db).add(wanted, next_due(wanted.schedule, start), start)

    async def until_something_is_due(seconds: float) -> None:
        due = min(one.next_due_at for one in await Subscriptions(bot.db).all())
        bot.now = max(bot.now + timedelta(seconds=seconds), due + timedelta(seconds=7))
        if bot.now > start + length:
            raise YearIsOver

    with pytest.raises(YearIsOver):
        await replace(bot.ticker(), sleep=until_something_is_due).run()
    return list((await Deliveries(bot.db).last(100))[::-1])


@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe"])
async def test_a_year_has_every_week_once_at_nine_on_tuesday(bot: Bot, zone: str) -> None:
    runs = await live(bot, digest(zone, 1, "09:00"), NEW_YEAR, YEAR)
    assert all(run.step is DeliveryStep.DONE for run in runs)
    local = [run.planned_at.astimezone(ZoneInfo(zone)) for run in runs]
    assert {(one.weekday(), one.time()) for one in local} == {(1, time(9))}
    assert len({one.utcoffset() for one in local}) == 2  # summer and winter
    weeks = [week_covered(run.planned_at).start for run in runs]
    assert weeks == [weeks[0] + 7 * n * DAY for n in range(len(weeks))]
    assert [run.period for run in runs] == ["2026-W01", *(f"2026-W{n:02d}" for n in range(2, 54))]
    assert len(bot.poster.all("post")) == 53
    assert bot.poster.all("tell") == []
    assert bot.answer.asked == [run.planned_at for run in runs]


@pytest.mark.parametrize(
    ("zone", "clock", "edge"),
    [
        ("Europe/Berlin", "02:30", "2026-03-29T01:00"),
        ("Europe/Berlin", "02:30", "2026-10-25T00:30"),
        ("America/New_York", "02:30", "2026-03-08T07:00"),
        ("America/New_York", "01:30", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "01:45", "2026-04-04T14:45"),
    ],
)
async def test_an_edge_of_summer_time_posts_once(bot: Bot, zone: str, clock: str, edge: str) -> None:
    at = datetime.fromisoformat(edge).replace(tzinfo=UTC)
    runs = await live(bot, digest(zone, 6, clock), at - 10 * DAY, 20 * DAY)
    assert len(runs) == len(bot.poster.all("post")) == 3
    assert runs[1].planned_at == at
    assert len({run.period for run in runs}) == 3


async def test_an_early_monday_waits_for_the_week_in_every_week_of_the_year(bot: Bot) -> None:
    runs = await live(bot, digest("Europe/Berlin", 0, "07:00"), NEW_YEAR, YEAR)
    assert {(run.planned_at.weekday(), run.planned_at.time()) for run in runs} == {(0, time(12))}
    assert [run.period for run in runs] == [f"2026-W{n:02d}" for n in range(1, 54)]


async def test_a_bot_that_slept_for_a_month_posts_the_next_week_only(bot: Bot) -> None:
    wanted = digest("UTC", 1, "09:00")
    await Subscriptions(bot.db).add(wanted, datetime(2026, 9, 22, 9, tzinfo=UTC), NEW_YEAR)
    await bot.ticker().run_due(bot.now)
    bot.now = datetime(2026, 10, 27, 9, tzinfo=UTC)
    await bot.ticker().run_due(bot.now)
    assert [(run.period, run.step.value) for run in await Deliveries(bot.db).last()] == [
        ("2026-W43", "done"),
        ("2026-W38", "skipped"),
    ]
