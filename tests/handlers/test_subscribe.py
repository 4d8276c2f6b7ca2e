from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, time
from pathlib import Path

import pytest

from bot.kit.options import Company
from bot.model.chat import Asker, Audience, Level, Place, PlaceKind, Refusal, RefusalCode, Reply
from bot.model.message import Destination, Platform
from bot.model.schedule import Schedule, ScheduleKind
from bot.state.subscriptions import Subscription, Subscriptions, SubscriptionState
from tests.handlers.answering import ANALYSTS, DM, SHARED, Bot, a_bot, person


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path) as bot:
        bot.asker = person(Level.MEMBER)
        yield bot


async def stored(bot: Bot) -> tuple[Subscription, ...]:
    return await Subscriptions(bot.state).all()


async def only(bot: Bot) -> Subscription:
    (found,) = await stored(bot)
    return found


async def reply(bot: Bot, text: str, **changes: object) -> Reply:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Reply), answer
    return answer


async def refusal(bot: Bot, text: str, **changes: object) -> Refusal:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Refusal), answer
    return answer


async def test_weekly_is_the_digest_on_tuesday_at_nine_in_this_channel(bot: Bot) -> None:
    said = await reply(bot, "subscribe weekly")
    held = await only(bot)
    assert held.wanted.destination == Destination(Platform.SLACK, "C0PULSE001")
    assert (held.wanted.command, held.wanted.owner_id) == ("digest", "U0000AAAA")
    assert held.wanted.schedule == Schedule(ScheduleKind.WEEKLY, time(9), "UTC", 1, whole_week=True)
    assert held.next_due_at == datetime(2026, 10, 27, 9, tzinfo=UTC)
    assert said.text.startswith(
        "The weekly digest is posted here every Tuesday at 09:00 (UTC), first on Tue 27 Oct 2026 09:00. "
        f"It is {held.id}."
    )
    assert said.audience is Audience.HERE


async def test_the_zone_of_the_company_counts_where_none_is_named(tmp_path: Path) -> None:
    async with a_bot(tmp_path, company=Company(timezone="Europe/Berlin")) as bot:
        said = await reply(bot, "subscribe weekly")
        assert (await only(bot)).next_due_at == datetime(2026, 10, 27, 8, tzinfo=UTC)
        assert "(Europe/Berlin)" in said.text


async def test_day_time_and_zone_come_in_any_order_and_case(bot: Bot) -> None:
    await reply(bot, "subscribe weekly europe/berlin 07:30 Thursday")
    schedule = (await only(bot)).wanted.schedule
    assert (schedule.weekday, schedule.at, schedule.zone) == (3, time(7, 30), "Europe/Berlin")


async def test_the_next_three_real_times_are_told_across_the_end_of_summer_time(bot: Bot) -> None:
    said = await reply(bot, "subscribe weekly thu 09:00 Europe/Berlin")
    assert (
        "Next: Thu 22 Oct 2026 09:00, Thu 29 Oct 2026 09:00, Thu 5 Nov 2026 09:00 (Europe/Berlin)."
        in said.text
    )
    assert said.table is not None
    assert [row[1] for row in said.table.rows] == ["22 Oct 07:00 UTC", "29 Oct 08:00 UTC", "5 Nov 08:00 UTC"]


async def test_a_time_before_the_week_is_complete_is_moved_and_said_so(bot: Bot) -> None:
    said = await reply(bot, "subscribe weekly mon 07:00 America/New_York")
    assert (await only(bot)).next_due_at == datetime(2026, 10, 26, 12, tzinfo=UTC)
    assert "the post is moved to then: Mon 26 Oct 2026 08:00." in said.text
    assert "Next: Mon 26 Oct 2026 08:00, Mon 2 Nov 2026 07:00, Mon 9 Nov 2026 07:00" in said.text


async def test_a_time_after_the_week_is_complete_is_not_moved(bot: Bot) -> None:
    assert "moved" not in (await reply(bot, "subscribe weekly mon 12:00")).text


async def test_any_command_can_be_posted_every_day(bot: Bot) -> None:
    said = await reply(bot, 'subscribe "usage 7d by model" daily 08:30')
    held = await only(bot)
    assert held.wanted.command == "usage 7d by model"
    assert held.wanted.schedule == Schedule(ScheduleKind.DAILY, time(8, 30), "UTC", 1)
    assert "`usage 7d by model` is posted here every day at 08:30 (UTC)" in said.text


@pytest.mark.parametrize("typed", ["“usage 7d”", "usage 7d"])
async def test_curly_quotes_and_none_are_understood_too(bot: Bot, typed: str) -> None:
    await reply(bot, f"subscribe {typed} monthly 31 10:00")
    held = await only(bot)
    assert (held.wanted.command, held.wanted.schedule.month_day) == ("usage 7d", 31)


async def test_a_view_of_the_command_is_not_taken_for_the_schedule(bot: Bot) -> None:
    await reply(bot, "subscribe usage 30d weekly daily 08:30")
    assert (await only(bot)).wanted.command == "usage 30d weekly"


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("subscribe", "How often is missing"),
        ("subscribe usage 7d", "How often is missing"),
        ("subscribe weekly tue 25:00", "`25:00` is no time of day"),
        ("subscribe weekly tue 24:00", "`24:00` is no time of day"),
        ("subscribe weekly tue 9:60", "`9:60` is no time of day"),
        ("subscribe weekly tue 9am", "`9am` is no time of day"),
        ("subscribe weekly tue 0900", "`0900` is no time of day"),
        ("subscribe weekly tue 09:00 Mars/Olympus", "Mars/Olympus is not a time zone"),
        ("subscribe weekly tue 09:00 Europe/Berlim", "Europe/Berlim is not a time zone"),
        ("subscribe weekly someday", "`someday` is no day, time or time zone"),
        ("subscribe weekly tue wed", "`wed` is one too many"),
        ("subscribe weekly 09:00 10:00", "`10:00` is one too many"),
        ("subscribe daily tue", "`tue` does not go with `daily`"),
        ("subscribe weekly 5", "`5` does not go with `weekly`"),
        ("subscribe digest monthly 32", "no day 32"),
        ("subscribe digest monthly 0", "no day 0"),
        ('subscribe "usag 7d" daily', "I don't know `usag`"),
        ('subscribe "frobnicate" daily', "I don't know `frobnicate`"),
        ('subscribe "usage 7x" daily', "7x"),
        ('subscribe "subscribe weekly" daily', "`subscribe` is nothing to be repeated"),
        ('subscribe "unsubscribe" daily', "`unsubscribe` is nothing to be repeated"),
        ('subscribe "help" daily', "`help` is nothing to be repeated"),
        ('subscribe "" daily 08:00 extra', "`extra` is no day"),
    ],
)
async def test_what_cannot_be_read_is_named_and_nothing_is_stored(bot: Bot, typed: str, said: str) -> None:
    refused = await refusal(bot, typed)
    assert refused.code is RefusalCode.WRONG_USE
    assert said in refused.message
    assert refused.hint
    assert await stored(bot) == ()


async def test_an_unknown_zone_is_answered_with_the_nearest(bot: Bot) -> None:
    refused = await refusal(bot, "subscribe weekly tue 09:00 Europe/Berlim")
    assert refused.hint == "Try `subscribe weekly tue 09:00 Europe/Berlin`."


async def test_a_channel_without_the_bot_gets_an_invitation_and_nothing_is_stored(tmp_path: Path) -> None:
    async def nowhere(place: Place, asker: Asker) -> bool:
        assert (place.id, asker.id) == ("C0PULSE001", "U0000AAAA")
        return False

    async with a_bot(tmp_path, reach=nowhere) as bot:
        refused = await refusal(bot, "subscribe weekly")
        assert "not in this channel" in refused.message
        assert "Invite" in refused.hint
        assert await stored(bot) == ()


async def test_another_companys_channel_gets_no_posts(bot: Bot) -> None:
    assert (await refusal(bot, "subscribe weekly", place=SHARED)).code is RefusalCode.NOT_ALLOWED
    assert await stored(bot) == ()


@pytest.mark.parametrize("command", ["digest preview", "usage 7d private"])
async def test_an_answer_for_one_person_goes_to_a_direct_message_only(bot: Bot, command: str) -> None:
    refused = await refusal(bot, f'subscribe "{command}" daily')
    assert refused.code is RefusalCode.NOT_ALLOWED
    assert "direct message" in refused.message
    assert await stored(bot) == ()


async def test_a_direct_message_is_a_place_like_any_other(bot: Bot) -> None:
    await reply(bot, "subscribe weekly", place=DM)
    assert (await only(bot)).wanted.destination.kind is PlaceKind.DM


async def test_the_same_again_changes_nothing(bot: Bot) -> None:
    await reply(bot, "subscribe weekly")
    said = await reply(bot, "subscribe digest weekly Tuesday 9:00", asker=person(Level.MEMBER, "U0000BBBB"))
    assert said.text.startswith(f"This is set up already as {(await only(bot)).id}.")


async def test_owners_see_their_own_and_admins_all(bot: Bot) -> None:
    await reply(bot, "subscribe weekly")
    await reply(bot, "subscribe weekly", asker=person(Level.MEMBER, "U0000BBBB"), place=ANALYSTS)
    mine = await reply(bot, "subscriptions")
    assert mine.audience is Audience.ASKER
    assert mine.text == "There is 1 subscription of yours."
    everybodys = await reply(bot, "subscriptions", asker=person(Level.ADMIN, "U0000CCCC"))
    assert everybodys.text == "There are 2 subscriptions."
    assert everybodys.table is not None
    assert {row[2] for row in everybodys.table.rows} == {"C0PULSE001", "C0PULSE002"}
    nobodys = await reply(bot, "subscriptions", asker=person(Level.MEMBER, "U0000DDDD"))
    assert nobodys.table is None


async def test_an_owner_pauses_resumes_and_ends(bot: Bot) -> None:
    await reply(bot, "subscribe weekly")
    number = (await only(bot)).id
    await reply(bot, f"pause {number.lower()}")
    assert (await only(bot)).state is SubscriptionState.PAUSED
    assert "was paused already" in (await reply(bot, "pause")).text
    bot.now = datetime(2026, 11, 19, 15, tzinfo=UTC)
    resumed = await reply(bot, f"resume {number}")
    assert "next on Tue 24 Nov 2026 09:00" in resumed.text
    assert (await only(bot)).state is SubscriptionState.ACTIVE
    assert (await only(bot)).next_due_at == datetime(2026, 11, 24, 9, tzinfo=UTC)
    await reply(bot, f"unsubscribe {number}")
    assert await stored(bot) == ()


async def test_another_persons_subscription_looks_as_if_it_were_not_there(bot: Bot) -> None:
    await reply(bot, "subscribe weekly")
    number, other = (await only(bot)).id, person(Level.ANALYST, "U0000BBBB")
    for verb in ("pause", "resume", "unsubscribe"):
        theirs = await refusal(bot, f"{verb} {number}", asker=other)
        nothing = await refusal(bot, f"{verb} S-AAAAAAAA", asker=other)
        assert theirs == nothing
        assert theirs.code is RefusalCode.NOT_ALLOWED
    assert len(await stored(bot)) == 1
    await reply(bot, f"unsubscribe {number}", asker=person(Level.ADMIN, "U0000BBBB"))
    assert await stored(bot) == ()


async def test_without_an_id_the_only_one_here_is_meant(bot: Bot) -> None:
    assert (await refusal(bot, "unsubscribe")).message == "You have none here."
    await reply(bot, "subscribe weekly")
    await reply(bot, 'subscribe "usage 7d" daily')
    assert "2 subscriptions of yours here" in (await refusal(bot, "unsubscribe")).message
    await reply(bot, f"unsubscribe {(await stored(bot))[0].id}")
    await reply(bot, "unsubscribe")
    assert await stored(bot) == ()


async def test_a_guest_sets_nothing_up(bot: Bot) -> None:
    guest = replace(bot.asker, levels=frozenset())
    assert (await refusal(bot, "subscribe weekly", asker=guest)).code is RefusalCode.NOT_ALLOWED
    assert await stored(bot) == ()


@pytest.mark.parametrize(
    "typed",
    [
        "usage 2026-10-01..2026-10-05",
        "overview 2026-09",
        "overview sep",
        "retention 2026-06-01..2026-08-30",
        "compare sep vs aug",
        "compare 2026-09",
        "compare 2026-09-01..2026-09-07 vs 2026-08-01..2026-08-07 by model",
    ],
)
async def test_days_that_are_over_are_not_posted_again_and_again(bot: Bot, typed: str) -> None:
    refused = await refusal(bot, f'subscribe "{typed}" daily')
    assert refused.code is RefusalCode.WRONG_USE
    assert "is over: the same would be posted again and again" in refused.message
    assert await stored(bot) == ()


@pytest.mark.parametrize(
    "typed",
    [
        "usage 7d",
        "usage last month",
        "usage oct",
        "usage 2026-10",
        "usage since 2026-10-01",
        "compare oct vs sep",
        "compare 7d vs 2026-09-01..2026-09-07",
        "compare",
    ],
)
async def test_a_range_that_moves_or_goes_on_can_be_posted(bot: Bot, typed: str) -> None:
    await reply(bot, f'subscribe "{typed}" daily')
    assert (await only(bot)).wanted.command == typed


@pytest.mark.parametrize("typed", ['subscribe "" daily', 'subscribe "  " weekly'])
async def test_nothing_between_quotes_is_no_command(bot: Bot, typed: str) -> None:
    refused = await refusal(bot, typed)
    assert (refused.code, refused.message) == (
        RefusalCode.WRONG_USE,
        "There is no command between the quotes.",
    )
    assert await stored(bot) == ()


async def test_a_comparison_that_cannot_be_read_is_not_stored(bot: Bot) -> None:
    assert (await refusal(bot, 'subscribe "compare sep vs" weekly')).code is RefusalCode.WRONG_USE
    assert await stored(bot) == ()
