"""What holds for every view of the dashboard: pictures, bad input, days that are not held."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

import charts
from bot.kit.command import Command
from bot.model.chat import Answer, Drawing, Picture, Refusal, RefusalCode, Reply
from handlers import activity, adoption, compare, distribution, models, retention, reviews, usage
from tests.handlers.answering import Bot, a_bot
from tests.handlers.small import HELD, uses_of
from tests.handlers.weeks import SmallLake

VIEWS: tuple[Command, ...] = (
    usage.COMMAND,
    activity.COMMAND,
    models.COMMAND,
    adoption.COMMAND,
    reviews.COMMAND,
    retention.COMMAND,
    distribution.COMMAND,
    compare.COMMAND,
)
NAMES = tuple(command.name for command in VIEWS)
EDGES = ("today", "yesterday", "2026-08-01..2026-08-12", "1096d")
ODD = (
    "usage 1d by speed weekly",
    "adoption 2d lifecycle",
    "adoption 2d trend monthly",
    "reviews 2d sentiment",
    "reviews 2d engagement monthly",
    "distribution 2026-08-12 l28",
    "compare today vs 2026-08-10..2026-10-20 by client",
    "compare 2026-08-10..2026-10-20 vs today people",
)

NONSENSE = (
    "0d",
    "-5d",
    "99999999d",
    "2026-02-30",
    "2026-10-20..2026-10-01",
    "2027-01-01..2027-01-31",
    "30d 60d 90d",
    "by",
    "colour",
    "x" * 4_000,
    "by " * 1_333,
    "\u202e\u2066d30",
)


async def drawn(drawing: Drawing) -> Picture:
    png = charts.png(drawing.make())
    width, height = Image.open(BytesIO(png)).size
    return Picture(png, drawing.alt, width, height, drawing.name)


@pytest.fixture
async def bot(tmp_path: Path, small_lake: SmallLake) -> AsyncIterator[Bot]:
    """Today is held and not over."""
    async with a_bot(tmp_path, small_lake.lake, draw=drawn) as found:
        yield found


@pytest.mark.parametrize("command", VIEWS, ids=lambda command: command.name)
async def test_every_example_is_answered_with_a_small_picture(bot: Bot, command: Command) -> None:
    for text in command.examples:
        reply = await bot.ask(text)
        assert isinstance(reply, Reply), reply
        (picture,) = reply.pictures
        assert picture.width_px <= 1000
        assert len(picture.png) < 150_000
        first = reply.facts[0]
        finding = picture.alt.partition(f". {first.label}: ")[0].removesuffix(".")
        assert reply.text.startswith(finding), "the picture's words are the finding"
        assert first.value in picture.alt


@pytest.mark.parametrize("name", NAMES)
async def test_short_long_and_unfinished_windows_are_answered_or_refused_in_words(
    bot: Bot, name: str
) -> None:
    for edge in EDGES:
        check(await bot.ask(f"{name} {edge}"))


async def test_options_on_windows_they_have_no_room_in_are_answered(bot: Bot) -> None:
    for text in ODD:
        check(await bot.ask(text))


def check(answer: Answer) -> None:
    if isinstance(answer, Refusal):
        assert answer.code is RefusalCode.UNAVAILABLE, answer
        assert "history starts 2026-08-10" in answer.message
    else:
        assert answer.pictures, "a picture is drawn even of nothing"
        assert "None" not in answer.text
        assert "nan" not in answer.text


@pytest.mark.parametrize("name", NAMES)
async def test_what_cannot_be_meant_is_wrong_use_with_a_hint(small_bot: Bot, name: str) -> None:
    for typed in NONSENSE:
        answer = await small_bot.ask(f"{name} {typed}")
        assert isinstance(answer, Refusal), (typed, answer)
        assert answer.code is RefusalCode.WRONG_USE
        assert answer.hint
        assert len(answer.message) + len(answer.hint) < 400


@pytest.mark.parametrize("name", NAMES)
async def test_a_window_before_the_history_says_where_it_starts(small_bot: Bot, name: str) -> None:
    answer = await small_bot.ask(f"{name} 2026-06-01..2026-06-20")
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.UNAVAILABLE
    assert "history starts 2026-08-10" in answer.message


@pytest.mark.parametrize("name", NAMES)
async def test_a_missing_day_is_named_in_text_and_footer(tmp_path: Path, name: str) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put({day: uses_of(day) for day in HELD.days() if day.isoformat() != "2026-10-15"})
    async with a_bot(tmp_path, lake.lake) as bot:
        reply = await bot.ask(f"{name} 7d")
    assert isinstance(reply, Reply)
    assert "Figures cover 6 of 7 days: 15 Oct is missing." in reply.text
    assert [day.isoformat() for day in reply.footer.missing_days] == ["2026-10-15"]


@pytest.mark.parametrize("name", NAMES)
async def test_aggregates_are_posted_where_they_were_asked_unless_private(small_bot: Bot, name: str) -> None:
    here, mine = await small_bot.ask(f"{name} 7d"), await small_bot.ask(f"{name} 7d private")
    assert isinstance(here, Reply)
    assert isinstance(mine, Reply)
    assert (here.audience, mine.audience) == ("here", "asker")


@pytest.mark.parametrize("name", NAMES)
async def test_buttons_are_commands_that_run(small_bot: Bot, name: str) -> None:
    reply = await small_bot.ask(f"{name} 7d")
    assert isinstance(reply, Reply)
    assert reply.actions
    for action in reply.actions:
        assert isinstance(await small_bot.ask(action.command), Reply), action


@pytest.mark.parametrize("name", ["usage", "activity", "models", "adoption", "reviews"])
async def test_part_weeks_are_those_of_the_days_answered(small_bot: Bot, name: str) -> None:
    """The history starts on Monday 10 August: no day before it is a part of a week that is left out."""
    reply = await small_bot.ask(f"{name} 2026-07-29..2026-08-25 weekly")
    assert isinstance(reply, Reply), reply
    assert "; 24–25 Aug 2026 is a part week and left out of it." in reply.text
