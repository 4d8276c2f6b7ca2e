"""A year of weekly digests from the chat command to the posted answer, with a clock that only jumps."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.model.chat import Place, Reply
from bot.model.schedule import week_covered
from bot.model.timerange import DAY, TimeRange
from bot.state.deliveries import Deliveries, DeliveryStep
from bot.state.subscriptions import Subscriptions
from tests.app.posting import Scheduled
from tests.handlers.answering import a_bot
from tests.handlers.weeks import SmallLake, Use

START = datetime(2026, 1, 1, 10, tzinfo=UTC)
LAST_DAY = date(2027, 1, 10)
FIRST_WEEK = TimeRange(date(2025, 12, 29), date(2026, 1, 5))


class YearIsOver(Exception):
    """Ends the loop."""


def uses(day: date) -> list[Use]:
    """Person n works on the days whose number n + 2 divides."""
    return [Use(f"u{n}", credits=n + 1) for n in range(9) if day.toordinal() % (n + 2) == 0]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("year"))
    lake.put({day: uses(day) for day in TimeRange(date(2025, 11, 3), LAST_DAY).days()}, reviews=False)
    return lake


@pytest.fixture
async def scheduled(tmp_path: Path, lake: SmallLake) -> AsyncIterator[Scheduled]:
    async with a_bot(tmp_path, lake.lake) as bot:
        bot.now = START
        yield Scheduled(bot)


async def live(scheduled: Scheduled, until: datetime) -> None:
    """Run the loop; every pause jumps to just after the next due run."""
    bot = scheduled.bot

    async def until_something_is_due(_seconds: float) -> None:
        due = min(one.next_due_at for one in await Subscriptions(bot.state).all())
        bot.now = max(bot.now, due) + timedelta(seconds=7)
        if bot.now > until:
            raise YearIsOver

    with pytest.raises(YearIsOver):
        await replace(scheduled.ticker(), sleep=until_something_is_due).run()


async def subscribe(scheduled: Scheduled, place: str, text: str) -> None:
    assert isinstance(await scheduled.bot.ask(text, place=Place(place)), Reply)


def posts_in(scheduled: Scheduled, place: str) -> list[Reply]:
    return [reply for where, reply in scheduled.wall.posts if where == place]


@pytest.mark.slow
@pytest.mark.timeout(600)
async def test_a_year_of_digests_has_every_week_once(scheduled: Scheduled, lake: SmallLake) -> None:
    await subscribe(scheduled, "C1", "subscribe weekly tue 09:00 Europe/Berlin")
    await live(scheduled, datetime(2027, 1, 7, tzinfo=UTC))
    weeks = [TimeRange(FIRST_WEEK.start + 7 * n * DAY, FIRST_WEEK.end + 7 * n * DAY) for n in range(53)]
    posted = posts_in(scheduled, "C1")
    assert [reply.footer.window for reply in posted] == weeks
    wau = [next(fact.number for fact in reply.facts if fact.key == "wau") for reply in posted]
    assert wau == [len(lake.active(week)) for week in weeks]
    runs = await Deliveries(scheduled.bot.state).last(100)
    local = [run.planned_at.astimezone(ZoneInfo("Europe/Berlin")) for run in runs]
    assert {(one.weekday(), one.hour, one.minute) for one in local} == {(1, 9, 0)}
    assert len({one.utcoffset() for one in local}) == 2  # both edges of summer time were crossed
    assert {run.step for run in runs} == {DeliveryStep.DONE}
    assert runs[0].period == "2026-W53"
    assert len({run.period for run in runs}) == len(scheduled.wall.edits) == 53
    assert scheduled.wall.told == []


@pytest.mark.parametrize(
    ("zone", "before", "after"),
    [
        ("Europe/Berlin", "2026-03-24T08:00", "2026-03-31T07:00"),
        ("Europe/Berlin", "2026-10-20T07:00", "2026-10-27T08:00"),
        ("America/New_York", "2026-03-03T14:00", "2026-03-10T13:00"),
        ("America/New_York", "2026-10-27T13:00", "2026-11-03T14:00"),
        ("Australia/Lord_Howe", "2026-03-30T22:00", "2026-04-06T22:30"),
        ("Australia/Lord_Howe", "2026-09-28T22:30", "2026-10-05T22:00"),
    ],
)
async def test_nine_o_clock_stays_nine_o_clock_across_an_edge(
    scheduled: Scheduled, zone: str, before: str, after: str
) -> None:
    first, second = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (before, after))
    scheduled.bot.now = first - timedelta(hours=1)
    await subscribe(scheduled, "C1", f"subscribe weekly tue 09:00 {zone}")
    await live(scheduled, second + timedelta(days=1))
    runs = await Deliveries(scheduled.bot.state).last()
    assert [run.planned_at for run in runs] == [second, first]
    assert [week_covered(run.planned_at) for run in runs[::-1]] == [
        reply.footer.window for reply in posts_in(scheduled, "C1")
    ]


async def test_the_last_week_of_the_year_is_its_fifty_third(scheduled: Scheduled) -> None:
    scheduled.bot.now = datetime(2027, 1, 4, 10, tzinfo=UTC)
    await subscribe(scheduled, "C1", "subscribe weekly mon 09:00")
    await live(scheduled, datetime(2027, 1, 5, tzinfo=UTC))
    (run,) = await Deliveries(scheduled.bot.state).last()
    assert (run.period, run.planned_at.hour) == ("2026-W53", 12)
    (reply,) = posts_in(scheduled, "C1")
    assert reply.footer.window == TimeRange(date(2026, 12, 28), date(2027, 1, 4))
