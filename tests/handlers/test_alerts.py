"""`alerts`, `ack` and `planned` over alerts as the watcher stores them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.kit.alerting import Told
from bot.lake import Lake
from bot.model.chat import Fact, Level, Refusal, RefusalCode, Reply, Unit
from bot.model.timerange import TimeRange
from bot.state.alerts import Alerts, AlertState, NewAlert, Silence
from tests.handlers.answering import Bot, a_bot, person
from tests.handlers.spending import directory

LATER = timedelta(hours=1)


@pytest.fixture
async def bot(tmp_path: Path, spending: Lake) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, spending, directory=directory()) as bot:
        bot.asker = person(Level.ANALYST)
        yield bot


async def reply(bot: Bot, text: str, **changes: object) -> Reply:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Reply), answer
    return answer


async def refused(bot: Bot, text: str, **changes: object) -> Refusal:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Refusal), answer
    return answer


async def opened(bot: Bot, text: str) -> str:
    told = Told(
        group="g",
        text=f"{text}\nMore of it.",
        facts=(Fact("credits", "Credits", "9", 9, Unit.CREDITS),),
        window=TimeRange(date(2026, 10, 20), date(2026, 10, 21)),
        planned="planned 2026-10-20..2026-10-20",
    )
    alert = await Alerts(bot.state).open(NewAlert(text, "spike", "workspace", told.to_json()), bot.now)
    assert alert is not None
    return alert.id


async def state(bot: Bot, number: int) -> AlertState:
    alert = await Alerts(bot.state).get(number)
    assert alert is not None
    return alert.state


async def test_without_alerts_none_is_open(bot: Bot) -> None:
    said = await reply(bot, "alerts", asker=person(Level.MEMBER))
    assert (said.text, said.table) == ("No alert is open.", None)


async def test_the_list_has_the_newest_first_and_names_it(bot: Bot) -> None:
    await opened(bot, "First.")
    await opened(bot, "Second.")
    await Alerts(bot.state).resolve(1, bot.now)
    await opened(bot, "Third.")
    said = await reply(bot, "alerts")
    assert said.text == "2 alerts are open. The newest, AL-3: Third."
    assert said.table is not None
    assert [row[:2] for row in said.table.rows] == [
        ("AL-3", "open"),
        ("AL-2", "open"),
        ("AL-1", "resolved"),
    ]


async def test_one_alert_is_shown_with_its_figures_and_buttons(bot: Bot) -> None:
    await opened(bot, "Spike.")
    said = await reply(bot, "alerts al-1")
    assert (
        said.text == "Spike.\nMore of it.\nAL-1 is open since 21 Oct 15:00 UTC; `ack AL-1` acknowledges it."
    )
    assert [one.command for one in said.actions][:2] == ["ack AL-1", "planned 2026-10-20..2026-10-20"]
    assert said.facts[0].key == "credits"


async def test_every_button_of_an_alert_can_be_typed(bot: Bot) -> None:
    await opened(bot, "Spike.")
    for action in (await reply(bot, "alerts AL-1")).actions:
        assert isinstance(await bot.ask(action.command), Reply)


async def test_acknowledging_twice_changes_nothing_the_second_time(bot: Bot) -> None:
    await opened(bot, "Spike.")
    bot.now += LATER
    said = await reply(bot, "ack AL-1")
    assert said.text == "AL-1, open since 21 Oct 15:00 UTC, was acknowledged on 21 Oct 16:00 UTC.\nSpike."
    bot.now += LATER
    again = await reply(bot, "ack 1", asker=person(Level.ADMIN, "U2"))
    assert again.text.startswith(
        "Nothing changed: AL-1, open since 21 Oct 15:00 UTC, was acknowledged on 21 Oct 16:00"
    )
    alert = await Alerts(bot.state).get(1)
    assert alert is not None
    assert (alert.state, alert.acknowledged_by) == (AlertState.ACKNOWLEDGED, "U0000AAAA")
    assert (await reply(bot, "alerts")).text.startswith("No alert is open, 1 acknowledged. The newest, AL-1:")


async def test_a_resolved_alert_stays_resolved(bot: Bot) -> None:
    await opened(bot, "Spike.")
    await Alerts(bot.state).resolve(1, bot.now)
    assert (await reply(bot, "ack AL-1")).text.startswith("Nothing changed: ")
    assert await state(bot, 1) is AlertState.RESOLVED
    buttons = {one.command.split()[0] for one in (await reply(bot, "alerts AL-1")).actions}
    assert buttons.isdisjoint({"ack", "planned"})


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("ack", "`ack` needs the alert's number, such as `ack AL-3`."),
        ("ack AL-7", "There is no alert AL-7."),
        ("ack AL-0", "There is no alert AL-0."),
        ("ack all of them", "`all of them` is no alert: name one, such as `ack AL-3`."),
        ("ack AL-1 AL-2", "`AL-1 AL-2` is no alert: name one, such as `ack AL-3`."),
        (
            "ack AL-99999999999999999999",
            "`AL-99999999999999999999` is no alert: name one, such as `ack AL-3`.",
        ),
        ("alerts nine", "`nine` is no alert: name one, such as `alerts AL-3`."),
    ],
)
async def test_no_alert_is_one_clear_message(bot: Bot, typed: str, message: str) -> None:
    await opened(bot, "Spike.")
    assert (await refused(bot, typed)).message == message
    assert await state(bot, 1) is AlertState.OPEN


@pytest.mark.parametrize("text", ["ack AL-1", "planned today"])
async def test_members_see_alerts_and_do_not_put_them_aside(bot: Bot, text: str) -> None:
    await opened(bot, "Spike.")
    assert (await refused(bot, text, asker=person(Level.MEMBER))).code is RefusalCode.NOT_ALLOWED


@pytest.mark.parametrize(
    ("typed", "silence"),
    [
        ('planned 2026-10-22..2026-10-25 "load test"', ("workspace", 22, 26, "load test")),
        ("planned 2026-10-22 to 2026-10-25 load test", ("workspace", 22, 26, "load test")),
        ("planned 2026-10-22…2026-10-22", ("workspace", 22, 23, "")),
        ("planned tomorrow", ("workspace", 22, 23, "")),
        ("planned yesterday..today surface cli", ("surface:cli", 20, 22, "")),
        ("planned today team core migration", ("team:Core", 21, 22, "migration")),
    ],
)
async def test_planned_days_are_noted_with_scope_and_reason(
    bot: Bot, typed: str, silence: tuple[str, int, int, str]
) -> None:
    await reply(bot, typed)
    scope, start, end, reason = silence
    window = TimeRange(date(2026, 10, start), date(2026, 10, end))
    assert await Alerts(bot.state).silences(window) == (Silence(scope, window, reason, "U0000AAAA"),)


async def test_days_that_an_alert_may_still_be_about_can_be_planned_afterwards(bot: Bot) -> None:
    bot.now = datetime(2026, 10, 21, 15, tzinfo=UTC)
    said = await reply(bot, 'planned 2026-09-20..2026-10-18 "load test"')
    assert said.text == (
        "29 days planned (load test): unusual use on 20 Sep–18 Oct 2026 UTC raises no alert. "
        "Budgets are still watched."
    )


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("planned", "`planned` needs days"),
        ("planned soon", "`soon` does not begin with days"),
        ("planned 2026-13-01", "2026-13-01 is not in the calendar."),
        ("planned 2026-10-25..2026-10-22", "2026-10-25..2026-10-22 ends before it starts."),
        (
            "planned 2026-09-20..2026-10-17",
            "20 Sep–17 Oct 2026 are over: no alert is about days before 18 Oct",
        ),
        ("planned 2020-01-01", "1 Jan 2020 is over: no alert is about days before 18 Oct any more."),
        ("planned 2026-10-25..2027-10-26", "At most 366 days can be planned at once."),
        ("planned 9999-12-31", "9999-12-31 is too far away."),
        ("planned today surface cli team core", "Name a surface or a team, not both."),
        ("planned today surface clo", "`surface clo` is not known."),
        ("planned today team tiny", "I know no team `tiny` of 5 people or more."),
    ],
)
async def test_days_that_cannot_be_planned_are_one_clear_message(bot: Bot, typed: str, message: str) -> None:
    said = await refused(bot, typed)
    assert said.code is RefusalCode.WRONG_USE
    assert said.message.startswith(message)
    assert await Alerts(bot.state).silences(TimeRange(date.min, date.max)) == ()
