"""Slack's own charts: only where they tell the same as the picture, and only where wanted."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.recent import RecentlySeen
from bot.model.chat import Column, Picture, Plot, PlotKind, Table, Unit
from bot.slack.app import Identity, Parts, SlackApp, build_app
from bot.slack.incoming import Origin
from bot.slack.native import native_charts
from bot.slack.ports import SlackConfig
from tests.slack import samples
from tests.slack.blockcheck import check_blocks, check_message
from tests.slack.conftest import SEALER, Answering, Clock, PhoneBook, Sleeps
from tests.slack.fake import FakeSlack

CREDITS = Column("credits", "Credits", Unit.CREDITS)
LINE = Plot(PlotKind.LINE, "day", ("credits",))
WEEK = tuple((f"2026-10-{day}", 10.123 * day) for day in range(14, 21))


def series(rows: tuple[tuple[Any, ...], ...] = WEEK) -> Picture:
    return samples.picture(fallback=Table((Column("day", "Day"), CREDITS), rows), plot=LINE)


def split(names: list[str]) -> Picture:
    columns = tuple(Column(f"c{n}", name, Unit.CREDITS) for n, name in enumerate(names))
    rows = tuple((day, *(float(n) for n in range(len(names)))) for day, _ in WEEK)
    plot = Plot(PlotKind.LINE, "day", tuple(column.key for column in columns))
    return samples.picture(fallback=Table((Column("day", "Day"), *columns), rows), plot=plot)


def test_a_week_of_credits_is_a_line_of_seven_named_days() -> None:
    (block,) = native_charts((series(),), samples.NOW)
    check_blocks([block])
    assert block["title"] == "Credits rose 14.2 % to 12,345.6"
    assert block["chart"]["type"] == "line"
    assert block["chart"]["axis_config"]["categories"][0] == "14 Oct"
    assert block["chart"]["series"][0]["data"][-1] == {"label": "20 Oct", "value": 202.46}


def test_a_line_goes_on_in_time_where_its_table_has_the_newest_first() -> None:
    assert native_charts((series(WEEK[::-1]),), samples.NOW) == native_charts((series(),), samples.NOW)


def test_bars_keep_the_order_of_their_ranking() -> None:
    table = Table((Column("team", "Team"), CREDITS), (("Web", 9.0), ("Data", 7.0)))
    shown = samples.picture(fallback=table, plot=Plot(PlotKind.BAR, "team", ("credits",)))
    (block,) = native_charts((shown,), samples.NOW)
    assert block["chart"]["axis_config"]["categories"] == ["Web", "Data"]


NOT_FITTING = {
    "no table behind it": samples.picture(plot=LINE),
    "a picture of another kind": samples.picture(fallback=samples.table(3)),
    "a gap, which would be drawn as nothing at all": series((*WEEK[:3], ("2026-10-17", None), *WEEK[4:])),
    "more than 20 days": series(tuple((f"2026-09-{day:02}", 1.0) for day in range(1, 22))),
    "more than 6 lines": split([f"model {n}" for n in range(7)]),
    "two names that are the same once they are cut": split(["a" * 30 + "1", "a" * 30 + "2"]),
    "no day at all": series(()),
}


@pytest.mark.parametrize("why", NOT_FITTING)
def test_what_slack_cannot_draw_as_it_is_stays_a_picture(why: str) -> None:
    assert native_charts((NOT_FITTING[why],), samples.NOW) == ()
    assert native_charts((series(), NOT_FITTING[why]), samples.NOW) == (), "never half of the pictures"


def test_at_most_two_charts_stand_in_a_message() -> None:
    assert len(native_charts((series(), series()), samples.NOW)) == 2
    assert native_charts((series(),) * 3, samples.NOW) == ()


@given(st.lists(st.tuples(st.text(), st.none() | st.floats() | st.integers() | st.text()), max_size=25))
def test_whatever_the_rows_hold_slack_takes_what_is_made_of_them(rows: list[tuple[Any, ...]]) -> None:
    check_blocks([*native_charts((series(tuple(rows)),), samples.NOW)])


@pytest.fixture
async def drawing_bot(
    config: SlackConfig, answering: Answering, phone_book: PhoneBook, clock: Clock, sleeps: Sleeps
) -> AsyncIterator[SlackApp]:
    identity = Identity("T0000AAAA", "U0000BOTT", "B0000BOTT")
    parts = Parts(answering, phone_book, RecentlySeen(), SEALER, clock, sleeps, identity)
    app = build_app(replace(config, native_charts=True), parts)
    yield app
    await app.close()


def asked(slack: FakeSlack) -> Origin:
    url = slack.workspace.issue_response_url()
    return Origin("U0000AAAA", "C0000AAAA", "usage 7d", url, working=True)


def kinds(args: dict[str, Any]) -> list[str]:
    return [block["type"] for block in args["blocks"]]


async def test_where_wanted_slack_draws_and_nothing_is_uploaded(
    drawing_bot: SlackApp, slack: FakeSlack
) -> None:
    await drawing_bot.delivery.deliver(samples.reply(pictures=(series(),)), asked(slack))
    (posted,) = slack.workspace.messages.values()
    check_message(posted.args)
    assert kinds(posted.args).count("data_visualization") == 1
    assert "files.getUploadURLExternal" not in slack.methods()


async def test_where_slack_refuses_its_own_chart_the_picture_is_sent(
    drawing_bot: SlackApp, slack: FakeSlack, monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = slack.workspace._judge

    def without_charts(args: dict[str, Any]) -> None:
        refused = "data_visualization" in kinds(args)
        judge({**args, "blocks": [{"type": "data_visualization"}]} if refused else args)

    monkeypatch.setattr(slack.workspace, "_judge", without_charts)
    await drawing_bot.delivery.deliver(samples.reply(pictures=(series(),)), asked(slack))
    (posted,) = slack.workspace.messages.values()
    assert "image" in kinds(posted.args)
    assert "data_visualization" not in kinds(posted.args)


async def test_by_default_the_chart_is_the_picture(bot: SlackApp, slack: FakeSlack) -> None:
    await bot.delivery.deliver(samples.reply(pictures=(series(),)), asked(slack))
    (posted,) = slack.workspace.messages.values()
    assert "image" in kinds(posted.args)
    assert "data_visualization" not in kinds(posted.args)
