from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.lake import delete_before
from bot.model.chat import Action, Asker, Audience, Level, PlaceLevel, Refusal, RefusalCode, Reply
from bot.model.timerange import DAY, TimeRange
from bot.state.receipts import Receipts
from tests.handlers import small
from tests.handlers.answering import ANALYSTS, CHANNEL, DM, SHARED, Bot, a_bot, person
from tests.handlers.small import rows_of
from tests.handlers.weeks import SmallLake, Use

NOT_FOUND = "Not found, or not yours to see."


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    """Two weeks that a test may restate."""
    lake = SmallLake(tmp_path / "own")
    held = TimeRange(date(2026, 10, 7), small.LAST + DAY)
    lake.put({day: small.uses_of(day) for day in held.days()})
    return lake


@pytest.fixture
async def bot(tmp_path: Path, lake: SmallLake) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, lake.lake) as bot:
        yield bot


async def asked(bot: Bot, text: str, **changes: object) -> Reply:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Reply), answer
    return answer


async def refused(bot: Bot, text: str, **changes: object) -> Refusal:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Refusal), answer
    return answer


def action(reply: Reply, name: str) -> Action | None:
    return next((a for a in reply.actions if a.id == name), None)


async def test_the_figures_come_out_the_same_again(bot: Bot) -> None:
    first = await asked(bot, "usage 7d by client")
    bot.now += timedelta(days=40)
    said = await asked(bot, f"explain {first.footer.receipt}")
    assert said.text.startswith(f"All {len(first.facts)} figures come out the same again, to the millionth.")
    assert "`usage 7d by client`, asked on 21 Oct" in said.text
    assert "for 14–20 Oct 2026 UTC" in said.text
    assert "14 lake files of usage, 7 Oct 2026 to 20 Oct 2026" in said.text
    assert "• Active users: an intentional act" in said.text
    credits_row = rows_of(said)[0]
    assert (credits_row["figure"], credits_row["then"], credits_row["now"]) == ("Credits", "92", "92")
    assert said.audience is Audience.ASKER


async def test_a_restated_day_is_named_with_the_figures_it_changed(bot: Bot, lake: SmallLake) -> None:
    first = await asked(bot, "usage 7d")
    lake.fetched_at = bot.now
    lake.put({date(2026, 10, 19): [Use("ana", small.CLI, turns=2, credits=30)]})
    said = await asked(bot, f"explain {first.footer.receipt}")
    assert "come out differently now: Credits was 92 and is 106" in said.text
    assert "Restated since, because the days were pulled again: 19 Oct." in said.text
    files = rows_of(await asked(bot, f"explain {first.footer.receipt} files"))
    assert {row["file"] for row in files if row["since"] == "pulled again"} == {"usage/day=2026-10-19"}
    assert len(files) == 14


async def test_days_that_retention_deleted_are_gone_and_not_restated(bot: Bot, lake: SmallLake) -> None:
    first = await asked(bot, "usage 7d")
    delete_before(lake.lake, date(2026, 10, 19))
    said = await asked(bot, f"explain {first.footer.receipt}")
    assert "No longer held: 7 Oct, 8 Oct, 9 Oct, 10 Oct, 11 Oct and 7 more." in said.text
    assert "pulled again" not in said.text
    files = rows_of(await asked(bot, f"explain {first.footer.receipt} files"))
    assert [row["since"] for row in files].count("gone") == 12


async def test_without_a_receipt_the_newest_answer_of_ones_own_is_meant(bot: Bot) -> None:
    assert "no answer yet" in (await asked(bot, "explain")).text
    await asked(bot, "usage 3d")
    newest = await asked(bot, "usage 7d", asker=person(chat_id="U0000BBBB"))
    said = await asked(bot, "explain")
    assert "`usage 3d`" in said.text
    assert str(newest.footer.receipt) not in said.text


@pytest.mark.parametrize("text", ["explain R-00000000", "share r-00000000"])
async def test_an_unknown_receipt_is_not_found(bot: Bot, text: str) -> None:
    said = await refused(bot, text)
    assert (said.code, said.message, said.hint) == (RefusalCode.NOT_ALLOWED, NOT_FOUND, "")


@pytest.mark.parametrize("text", ["explain 7", "explain R-1 R-2", "share everything", "explain R-7K3M9QXD0"])
async def test_what_is_no_receipt_is_said_to_be_none(bot: Bot, text: str) -> None:
    assert (await refused(bot, text)).code is RefusalCode.WRONG_USE


async def test_an_answer_above_ones_level_is_not_found(bot: Bot) -> None:
    first = await asked(bot, "top 7d")
    member = person(Level.MEMBER, "U0000BBBB")
    for verb in ("explain", "share"):
        said = await refused(bot, f"{verb} {first.footer.receipt}", asker=member, place=ANALYSTS)
        assert (said.message, said.hint) == (NOT_FOUND, "")


async def test_anothers_own_figures_are_not_found(tmp_path: Path, lake: SmallLake) -> None:
    async with a_bot(tmp_path, lake.lake, directory=small.directory()) as bot:
        ana = person(Level.MEMBER, "U0ANA")
        own = await asked(bot, "me 7d", asker=Asker(ana.id, "ana@example.com", ana.levels, "ana"))
        assert own.footer.receipt
        for verb in ("explain", "share"):
            assert (await refused(bot, f"{verb} {own.footer.receipt}", place=ANALYSTS)).message == NOT_FOUND


async def test_every_answer_over_a_window_can_be_explained_by_a_button(bot: Bot) -> None:
    reply = await asked(bot, "usage 7d")
    explain = action(reply, "explain")
    assert explain is not None
    assert explain.command == f"explain {reply.footer.receipt}"
    assert "come out the same" in (await asked(bot, explain.command)).text
    assert action(await asked(bot, "help"), "explain") is None


async def test_usage_offers_its_figures_as_a_file_over_the_same_window(bot: Bot) -> None:
    export = action(await asked(bot, "usage 2026-10-10..2026-10-12"), "export")
    assert export is not None
    assert export.command == "export workspace csv 2026-10-10..2026-10-12"
    assert len((await asked(bot, export.command)).files) == 2


async def test_only_a_private_answer_can_be_shared_and_then_is_for_all(bot: Bot) -> None:
    assert action(await asked(bot, "usage 7d"), "share") is None
    private = await asked(bot, "usage 7d private")
    share = action(private, "share")
    assert private.audience is Audience.ASKER
    assert share is not None
    shared = await asked(bot, share.command)
    assert shared.audience is Audience.HERE
    assert (shared.text, shared.facts) == (private.text, private.facts)
    assert shared.footer.receipt == private.footer.receipt
    assert action(shared, "share") is None


async def test_an_answer_shared_days_later_keeps_its_window(bot: Bot) -> None:
    private = await asked(bot, "usage 7d private")
    bot.now += timedelta(days=3)
    shared = await asked(bot, f"share {private.footer.receipt}")
    assert shared.footer.window == private.footer.window


async def test_names_are_shared_only_where_names_may_be_shown(bot: Bot) -> None:
    private = await asked(bot, "top 7d", place=ANALYSTS)
    assert action(private, "share") is not None
    assert action(await asked(bot, "top 7d", place=CHANNEL), "share") is None
    assert (await asked(bot, f"share {private.footer.receipt}", place=ANALYSTS)).audience is Audience.HERE
    for place in (CHANNEL, SHARED):
        said = await refused(bot, f"share {private.footer.receipt}", place=place)
        assert said.code is RefusalCode.NOT_ALLOWED


async def test_files_are_not_shared(bot: Bot) -> None:
    export = await asked(bot, "export workspace csv 7d", place=ANALYSTS)
    assert action(export, "share") is None
    assert (
        await refused(bot, f"share {export.footer.receipt}", place=ANALYSTS)
    ).code is RefusalCode.NOT_ALLOWED


async def test_a_direct_message_needs_no_sharing(bot: Bot) -> None:
    assert action(await asked(bot, "usage 7d private", place=DM), "share") is None


async def test_the_place_of_the_answer_is_kept_for_the_same_folding_again(bot: Bot) -> None:
    reply = await asked(bot, "usage 7d", place=ANALYSTS)
    stored = await Receipts(bot.state).load(str(reply.footer.receipt))
    assert stored is not None
    assert stored.answer.place_level is PlaceLevel.PEOPLE
