from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta

from bot.model.message import MessageRef
from bot.model.timerange import TimeRange
from bot.state.alerts import Alerts, AlertState, NewAlert, Silence
from bot.state.engine import StateDb

FOUND = NewAlert("budget:workspace:credits:2026-10:80", "budget", "workspace", '{"pct":80}')
LATER = timedelta(hours=1)


async def test_a_finding_alerts_once_for_ever(db: StateDb, other_db: StateDb, now: datetime) -> None:
    opened = [
        one for one in await asyncio.gather(*(Alerts(d).open(FOUND, now) for d in (db, other_db) * 8)) if one
    ]
    assert len(opened) == 1
    assert opened[0].id == f"AL-{opened[0].number}"
    assert await Alerts(db).resolve(opened[0].number, now)
    assert await Alerts(db).open(FOUND, now + LATER) is None


async def test_an_alert_only_moves_forward(db: StateDb, now: datetime) -> None:
    alerts = Alerts(db)
    opened = await alerts.open(FOUND, now)
    assert opened
    assert await alerts.acknowledge(opened.number, "U1", now + LATER)
    assert not await alerts.acknowledge(opened.number, "U2", now + LATER)
    assert await alerts.unresolved() != ()
    assert await alerts.resolve(opened.number, now + 2 * LATER)
    assert not await alerts.resolve(opened.number, now + 3 * LATER)
    assert not await alerts.acknowledge(opened.number, "U2", now + 3 * LATER)
    held = await alerts.get(opened.number)
    assert held
    assert (held.state, held.acknowledged_by) == (AlertState.RESOLVED, "U1")
    assert (held.acknowledged_at, held.resolved_at) == (now + LATER, now + 2 * LATER)
    assert await alerts.unresolved() == ()


async def test_two_people_at_once_acknowledge_once(db: StateDb, other_db: StateDb, now: datetime) -> None:
    opened = await Alerts(db).open(FOUND, now)
    assert opened
    tries = [Alerts(one).acknowledge(opened.number, f"U{n}", now) for n, one in enumerate((db, other_db) * 8)]
    assert sorted(await asyncio.gather(*tries)) == [False] * 15 + [True]


async def test_an_alert_knows_its_one_message_and_its_news(db: StateDb, now: datetime) -> None:
    opened = await Alerts(db).open(FOUND, now)
    assert opened
    assert opened.message is None
    await Alerts(db).posted(opened.number, MessageRef("C1", "1.2"))
    await Alerts(db).keep(opened.number, '{"pct":91}')
    held = await Alerts(db).get(opened.number)
    assert held
    assert (held.message, held.found.detail) == (MessageRef("C1", "1.2"), '{"pct":91}')
    assert await Alerts(db).get(opened.number + 1) is None


async def test_planned_days_are_found_by_any_window_that_shares_one(db: StateDb, now: datetime) -> None:
    silence = Silence("team:Search", TimeRange(date(2026, 10, 19), date(2026, 10, 22)), "migration", "U1")
    await Alerts(db).silence(silence, now)
    assert await Alerts(db).silences(TimeRange(date(2026, 10, 1), date(2026, 10, 20))) == (silence,)
    assert await Alerts(db).silences(TimeRange(date(2026, 10, 21), date(2026, 10, 31))) == (silence,)
    assert await Alerts(db).silences(TimeRange(date(2026, 10, 1), date(2026, 10, 19))) == ()
    assert await Alerts(db).silences(TimeRange(date(2026, 10, 22), date(2026, 10, 31))) == ()


async def test_the_newest_alerts_come_in_any_state(db: StateDb, now: datetime) -> None:
    alerts = Alerts(db)
    for name in ("a", "b", "c"):
        assert await alerts.open(NewAlert(name, "budget", "workspace"), now)
    assert await alerts.resolve(2, now)
    assert [alert.found.dedupe_key for alert in await alerts.recent(2)] == ["c", "b"]


async def test_what_a_resolved_alert_tells_can_be_kept_up_to_date(db: StateDb, now: datetime) -> None:
    alerts = Alerts(db)
    opened = await alerts.open(FOUND, now)
    assert opened
    assert await alerts.resolve(opened.number, now)
    await alerts.keep(opened.number, '{"shown":1}')
    held = await alerts.get(opened.number)
    assert held
    assert (held.found.detail, held.state) == ('{"shown":1}', AlertState.RESOLVED)


async def test_silences_are_found_by_the_days_they_share(db: StateDb, now: datetime) -> None:
    alerts = Alerts(db)
    days = TimeRange(date(2026, 10, 5), date(2026, 10, 8))
    silence = Silence("workspace", days, "load test", "U1")
    await alerts.silence(silence, now)
    assert await alerts.silences(TimeRange(date(2026, 10, 7), date(2026, 10, 9))) == (silence,)
    assert await alerts.silences(TimeRange(date(2026, 10, 8), date(2026, 10, 9))) == ()
    assert await alerts.silences(TimeRange(date(2026, 10, 1), date(2026, 10, 5))) == ()
