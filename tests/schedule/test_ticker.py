from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from bot.model.chat import Answer, Audience, PlaceKind, Refusal, RefusalCode, Reply
from bot.schedule.ports import (
    ChannelGone,
    MaybeSent,
    NotInChannel,
    PosterError,
    PosterUnavailable,
    Refused,
    TokenRevoked,
)
from bot.state.deliveries import Delivery, DeliveryError, DeliveryStep, FileState
from bot.state.subscriptions import Subscription, Subscriptions, SubscriptionState

if TYPE_CHECKING:
    from conftest import Bot

HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)


class Crash(Exception):
    """The process dies here."""


async def test_a_due_run_is_posted_once_with_picture_and_files(bot: Bot) -> None:
    await bot.subscribe()
    report = await bot.ticker().run_due(bot.now)
    await bot.ticker().run_due(bot.now)
    assert report.ok
    assert [(method, what) for method, _, what in bot.poster.sent] == [
        ("post", "312 people used Codex, as of 21 Oct 15:00."),
        ("picture", "312 people used Codex, as of 21 Oct 15:00."),
        ("file", "a.csv"),
        ("file", "b.json"),
    ]
    delivery = await bot.delivery()
    assert (delivery.step, delivery.error, delivery.receipt_id) == (DeliveryStep.DONE, "", "R-7K3M9QXD")
    assert delivery.files == {"a.csv": FileState.DONE, "b.json": FileState.DONE}
    assert (delivery.planned_at, delivery.posted_at) == (bot.now, bot.now)


async def test_every_step_is_seen_in_its_order(bot: Bot) -> None:
    await bot.subscribe()
    steps: list[str] = []
    await bot.ticker(lambda delivery: steps.append(delivery.step.value)).run_due(bot.now)
    assert list(dict.fromkeys(steps)) == [
        "claimed",
        "computed",
        "posting",
        "posted",
        "pictured",
        "filed",
        "done",
    ]


async def test_a_clock_that_jumps_back_and_forth_neither_loses_nor_doubles_a_post(bot: Bot) -> None:
    await bot.subscribe()
    for jump in (0, -24, 24, -1, 1, 23, 1, -1, 1):  # hours; the second run is due at the seventh
        bot.now += jump * HOUR
        await bot.ticker().run_due(bot.now)
        await bot.ticker().run_due(bot.now)
    assert bot.poster.all("post") == [
        "312 people used Codex, as of 21 Oct 15:00.",
        "312 people used Codex, as of 22 Oct 15:00.",
    ]
    assert bot.poster.all("tell") == []


async def test_what_is_not_due_waits(bot: Bot) -> None:
    await bot.subscribe(bot.now + MINUTE)
    assert (await bot.ticker().run_due(bot.now)).deliveries == ()
    assert bot.poster.sent == []


@pytest.mark.parametrize(
    "step", [step for step in DeliveryStep if step.value not in {"failed", "unknown", "skipped"}]
)
async def test_a_crash_at_any_step_never_posts_twice_and_never_loses_silently(
    bot: Bot, step: DeliveryStep
) -> None:
    await bot.subscribe()

    def crash(delivery: Delivery) -> None:
        if delivery.step is step:
            raise Crash

    with pytest.raises(Crash):
        await bot.ticker(crash).run_due(bot.now)
    await bot.ticker().run_due(bot.now)
    bot.now += 3 * MINUTE
    for _ in range(2):
        await bot.ticker().run_due(bot.now)
    delivery = await bot.delivery()
    if step is DeliveryStep.POSTING:
        assert delivery.step is DeliveryStep.UNKNOWN
        assert bot.poster.all("post") == []
        assert len(bot.poster.all("tell")) == 1
    else:
        assert delivery.step is DeliveryStep.DONE
        assert len(bot.poster.all("post")) == 1
        assert sorted(bot.poster.all("file")) == ["a.csv", "b.json"]
        assert bot.poster.all("tell") == []


async def test_a_crash_between_sent_and_stored_is_unknown_and_never_posted_again(bot: Bot) -> None:
    await bot.subscribe()
    bot.poster.fails["post"] = [MaybeSent()]
    report = await bot.ticker().run_due(bot.now)
    for hours in range(1, 20):
        await bot.ticker().run_due(bot.now + hours * HOUR)
    assert not report.ok
    assert bot.poster.all("post") == []
    assert (await bot.delivery()).step is DeliveryStep.UNKNOWN
    (told,) = bot.poster.all("tell")
    assert "may or may not be posted" in told
    assert (await bot.subscription()).state is SubscriptionState.ACTIVE


async def test_a_late_run_is_posted_once_and_says_which_period_it_is(bot: Bot) -> None:
    await bot.subscribe(bot.now - 11 * HOUR)
    await bot.ticker().run_due(bot.now)
    (posted,) = bot.poster.all("post")
    assert posted.splitlines() == [
        "312 people used Codex, as of 21 Oct 04:00.",
        "Posted late: this is 2026-10-21, planned for 21 Oct 2026 04:00 (UTC).",
    ]


async def test_a_run_later_than_the_grace_is_skipped_and_nothing_is_caught_up(bot: Bot) -> None:
    await bot.subscribe(bot.now - timedelta(days=5))
    await bot.ticker().run_due(bot.now)
    delivery = await bot.delivery()
    assert (delivery.step, delivery.error) == (DeliveryStep.SKIPPED, DeliveryError.TOO_LATE)
    assert bot.poster.all("post") == []
    assert len(bot.poster.all("tell")) == 1
    assert (await bot.subscription()).next_due_at == bot.now + timedelta(days=1)


@pytest.mark.parametrize(
    ("error", "reason"),
    [(ChannelGone(), "channel_gone"), (NotInChannel(), "not_in_channel")],
)
async def test_a_dead_channel_pauses_the_subscription_and_tells_its_owner(
    bot: Bot, error: PosterError, reason: str
) -> None:
    added = await bot.subscribe()
    bot.poster.fails["post"] = [error]
    await bot.ticker().run_due(bot.now)
    held = await bot.subscription()
    assert (held.state, held.reason) == (SubscriptionState.PAUSED, reason)
    (told,) = bot.poster.all("tell")
    assert f"resume {added.id}" in told
    await bot.ticker().run_due(bot.now + timedelta(days=2))
    assert bot.poster.all("post") == []


@pytest.mark.parametrize(
    ("code", "error", "paused"),
    [
        (RefusalCode.NOT_ALLOWED, DeliveryError.NOT_ALLOWED, True),
        (RefusalCode.WRONG_USE, DeliveryError.WRONG_USE, True),
        (RefusalCode.BUG, DeliveryError.BUG, False),
    ],
)
async def test_a_refused_command_is_never_posted_and_its_owner_hears_why(
    bot: Bot, code: RefusalCode, error: DeliveryError, *, paused: bool
) -> None:
    await bot.subscribe()
    bot.answer.instead = Refusal(code, "no")
    await bot.ticker().run_due(bot.now)
    assert [method for method, _, _ in bot.poster.sent] == ["tell"]
    assert (await bot.delivery()).error is error
    assert ((await bot.subscription()).state is SubscriptionState.PAUSED) is paused


async def test_an_answer_for_the_asker_only_reaches_a_dm_but_no_channel(bot: Bot) -> None:
    private = Reply("usage", "You used Codex on 4 days.", audience=Audience.ASKER)
    bot.answer.instead = private
    await bot.subscribe(place="C1")
    await bot.subscribe(place="D1", kind=PlaceKind.DM)
    await bot.ticker().run_due(bot.now)
    assert [(method, where) for method, where, _ in bot.poster.sent if method == "post"] == [("post", "D1")]
    assert len(bot.poster.all("tell")) == 1


async def test_a_source_that_comes_back_within_the_grace_costs_nothing(bot: Bot) -> None:
    await bot.subscribe()
    bot.answer.instead = Refusal(RefusalCode.UNAVAILABLE, "down")
    assert not (await bot.ticker().run_due(bot.now)).ok
    bot.answer.instead = None
    bot.now += 5 * MINUTE
    assert (await bot.ticker().run_due(bot.now)).ok
    assert bot.poster.all("tell") == []


async def test_a_source_that_stays_away_is_told_after_the_grace(bot: Bot) -> None:
    await bot.subscribe()
    bot.answer.instead = Refusal(RefusalCode.UNAVAILABLE, "down")
    for _ in range(13):
        await bot.ticker().run_due(bot.now)
        bot.now += HOUR
    delivery = await bot.delivery()
    assert (delivery.step, delivery.error) == (DeliveryStep.SKIPPED, DeliveryError.SOURCE)
    assert len(bot.poster.all("tell")) == 1


async def test_slack_down_for_an_hour_delays_every_post_and_loses_none(bot: Bot) -> None:
    for n in range(5):
        await bot.subscribe(place=f"C{n}")
    end = bot.now + HOUR
    while bot.now < end:
        bot.poster.fails["post"] = [PosterUnavailable() for _ in range(5)]
        await bot.ticker().run_due(bot.now)
        bot.now += 10 * MINUTE
    bot.poster.fails.clear()
    assert (await bot.ticker().run_due(bot.now)).ok
    assert len(bot.poster.all("post")) == 5
    assert bot.poster.all("tell") == []


async def test_a_rate_limit_is_waited_for_as_long_as_it_says(bot: Bot) -> None:
    await bot.subscribe()
    bot.poster.fails["post"] = [PosterUnavailable(retry_after_seconds=600.0)]
    await bot.ticker().run_due(bot.now)
    bot.now += 9 * MINUTE
    await bot.ticker().run_due(bot.now)
    assert bot.poster.all("post") == []
    bot.now += MINUTE
    await bot.ticker().run_due(bot.now)
    assert len(bot.poster.all("post")) == 1


async def test_a_revoked_token_stops_all_and_keeps_what_was_due(bot: Bot) -> None:
    for n in range(3):
        await bot.subscribe(place=f"C{n}")
    bot.poster.fails["post"] = [TokenRevoked()]
    report = await bot.ticker().run_due(bot.now)
    assert (report.stopped, report.ok) == (True, False)
    assert bot.poster.sent == []
    assert (await bot.ticker().run_due(bot.now)).ok
    assert len(bot.poster.all("post")) == 3


@pytest.mark.parametrize("error", [PosterUnavailable(), MaybeSent()])
async def test_the_picture_may_be_tried_again_without_a_second_post(bot: Bot, error: PosterError) -> None:
    await bot.subscribe()
    bot.poster.fails["picture"] = [error]
    await bot.ticker().run_due(bot.now)
    bot.now += MINUTE
    assert (await bot.ticker().run_due(bot.now)).ok
    assert [len(bot.poster.all(method)) for method in ("post", "picture", "file")] == [1, 1, 2]


async def test_a_refused_picture_never_costs_the_message_or_its_files(bot: Bot) -> None:
    await bot.subscribe()
    bot.poster.fails["picture"] = [Refused()]
    await bot.ticker().run_due(bot.now)
    delivery = await bot.delivery()
    assert (delivery.step, delivery.error) == (DeliveryStep.DONE, DeliveryError.PICTURE)
    assert len(bot.poster.all("file")) == 2
    assert "without its picture" in bot.poster.all("tell")[0]


@pytest.mark.parametrize("error", [MaybeSent(), Refused()])
async def test_a_file_that_may_be_there_is_not_sent_again(bot: Bot, error: PosterError) -> None:
    await bot.subscribe()
    bot.poster.fails["file"] = [error]
    await bot.ticker().run_due(bot.now)
    await bot.ticker().run_due(bot.now + HOUR)
    assert bot.poster.all("file") == ["b.json"]
    assert (await bot.delivery()).files == {"a.csv": FileState.UNKNOWN, "b.json": FileState.DONE}
    assert len(bot.poster.all("tell")) == 1


async def test_a_file_that_was_surely_not_sent_is_sent_later(bot: Bot) -> None:
    await bot.subscribe()
    bot.poster.fails["file"] = [None, PosterUnavailable()]
    await bot.ticker().run_due(bot.now)
    bot.now += MINUTE
    assert (await bot.ticker().run_due(bot.now)).ok
    assert bot.poster.all("file") == ["a.csv", "b.json"]


async def test_a_crash_while_a_file_is_sent_leaves_it_unknown(bot: Bot) -> None:
    await bot.subscribe()

    def crash(delivery: Delivery) -> None:
        if FileState.SENDING in delivery.files.values():
            raise Crash

    with pytest.raises(Crash):
        await bot.ticker(crash).run_due(bot.now)
    bot.now += 3 * MINUTE
    await bot.ticker().run_due(bot.now)
    assert bot.poster.all("file") == ["b.json"]
    assert (await bot.delivery()).error is DeliveryError.FILE
    assert len(bot.poster.all("tell")) == 1


async def test_a_message_that_could_not_be_completed_in_time_is_told(bot: Bot) -> None:
    await bot.subscribe()
    for _ in range(14):
        bot.poster.fails["picture"] = [PosterUnavailable()]
        await bot.ticker().run_due(bot.now)
        bot.now += HOUR
    delivery = await bot.delivery()
    assert (delivery.step, delivery.error) == (DeliveryStep.FAILED, DeliveryError.INCOMPLETE)
    assert (len(bot.poster.all("post")), len(bot.poster.all("tell"))) == (1, 1)


async def test_a_subscription_removed_half_way_is_not_posted(bot: Bot) -> None:
    added = await bot.subscribe()
    bot.poster.fails["post"] = [PosterUnavailable()]
    await bot.ticker().run_due(bot.now)
    await Subscriptions(bot.db).remove(added.id)
    bot.now += MINUTE
    await bot.ticker().run_due(bot.now)
    assert (await bot.delivery()).error is DeliveryError.STOPPED
    assert [method for method, _, _ in bot.poster.sent] == ["tell"]


async def test_an_owner_who_cannot_be_reached_is_tried_again_and_one_who_is_gone_is_not(bot: Bot) -> None:
    await bot.subscribe()
    bot.answer.instead = Refusal(RefusalCode.BUG, "broken")
    bot.poster.fails["tell"] = [PosterUnavailable(), ChannelGone()]
    for _ in range(4):
        await bot.ticker().run_due(bot.now)
        bot.now += MINUTE
    assert bot.poster.fails["tell"] == []
    assert bot.poster.all("tell") == []
    assert (await bot.delivery()).owner_told_at is not None


async def test_two_replicas_at_once_post_once(bot: Bot, new_bot: type[Bot]) -> None:
    for n in range(10):
        await bot.subscribe(place=f"C{n}")
    other = new_bot(bot.db, poster=bot.poster)
    await asyncio.gather(bot.ticker().run_due(bot.now), other.ticker().run_due(bot.now))
    await bot.ticker().run_due(bot.now)
    posts = [where for method, where, _ in bot.poster.sent if method == "post"]
    assert sorted(posts) == [f"C{n}" for n in range(10)]
    assert len(bot.poster.all("file")) == 20


async def test_a_replica_that_lost_its_lease_while_computing_posts_nothing(
    bot: Bot, new_bot: type[Bot]
) -> None:
    await bot.subscribe()
    other = new_bot(bot.db, poster=bot.poster, now=bot.now + 3 * MINUTE)

    async def slow(subscription: Subscription, as_of: datetime) -> Answer:
        await other.ticker().run_due(other.now)
        return await bot.answer(subscription, as_of)

    report = await replace(bot.ticker(), answer=slow).run_due(bot.now)
    assert not report.ok
    assert len(bot.poster.all("post")) == 1


async def test_the_loop_ends_when_the_token_is_revoked(bot: Bot) -> None:
    await bot.subscribe(bot.now + 2 * MINUTE)
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        bot.now += timedelta(seconds=seconds)

    bot.poster.fails["post"] = [TokenRevoked()]
    await replace(bot.ticker(), sleep=sleep).run()
    assert slept == [15.0] * 8


async def test_the_loop_outlives_a_database_that_is_away(bot: Bot) -> None:
    async with bot.db.write() as connection:
        await connection.execute(text("ALTER TABLE deliveries RENAME TO away"))

    async def come_back(_seconds: float) -> None:
        bot.poster.fails["post"] = [TokenRevoked()]
        async with bot.db.write() as connection:
            await connection.execute(text("ALTER TABLE away RENAME TO deliveries"))

    await bot.subscribe()
    await replace(bot.ticker(), sleep=come_back).run()
    assert bot.poster.fails["post"] == []
