from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.console.exits import Exit, exit_of
from bot.model.chat import Answer, Level, Refusal, RefusalCode, Reply
from bot.model.signing import Signer
from bot.state.trail import Trail, TrailHead
from bot.state.trailheads import TrailHeads, signed_head
from tests.handlers.answering import NOW, SIGNER, Bot, a_bot, person

FREE = ("DROP TRIGGER trail_no_update", "DROP TRIGGER trail_no_delete")


@pytest.fixture
async def bot(tmp_path: Path) -> AsyncIterator[Bot]:
    """A trail of five lines, with a signed head kept after each of them."""
    async with a_bot(tmp_path) as bot:
        bot.asker = person(Level.INVESTIGATOR)
        for n in range(5):
            await Trail(bot.state).append("U1", "look-up", {"n": n}, NOW)
            day = NOW.date() - timedelta(days=5 - n)
            await TrailHeads(bot.state).keep(signed_head(day, await Trail(bot.state).head(), SIGNER))
        yield bot


async def tampered(bot: Bot, *statements: str) -> str:
    async with bot.state.write() as connection:
        for statement in (*FREE, *statements):
            await connection.execute(text(statement))
    return said(await bot.ask("trail verify"))


def said(answer: Answer) -> str:
    assert isinstance(answer, Reply), answer
    return answer.text


async def test_a_whole_trail_is_compared_with_every_head(bot: Bot) -> None:
    answer = await bot.ask("trail verify")
    assert "5 signed or posted heads are part of it." in said(answer)
    assert isinstance(answer, Reply)
    assert [(fact.key, fact.number) for fact in answer.facts] == [
        *(("trail_lines", 5), ("trail_heads", 5), ("trail_faults", 0)),
    ]


@pytest.mark.parametrize(
    ("statements", "fault"),
    [
        (("UPDATE trail SET actor = 'U9' WHERE seq = 2",), "broken at line 2: it was changed"),
        (("UPDATE trail SET subject = 'x' WHERE seq = 2",), "broken at line 2: it was changed"),
        (("UPDATE trail SET subject = x'ff' WHERE seq = 2",), "broken at line 2: it was changed"),
        (("DELETE FROM trail WHERE seq = 3",), "broken at line 4: a line is missing before it"),
        (("DELETE FROM trail WHERE seq > 3",), "broken at line 3: lines after it are gone"),
        (("DELETE FROM trail",), "broken at line 0: lines after it are gone"),
        (
            (
                "UPDATE trail SET seq = 99 WHERE seq = 2",
                "UPDATE trail SET seq = 2 WHERE seq = 3",
                "UPDATE trail SET seq = 3 WHERE seq = 99",
            ),
            "broken at line 2: it does not follow",
        ),
    ],
)
async def test_change_gap_reorder_and_truncation_are_found(
    bot: Bot, statements: tuple[str, ...], fault: str
) -> None:
    assert fault in await tampered(bot, *statements)


async def test_a_history_written_anew_does_not_fit_the_heads(bot: Bot) -> None:
    async with bot.state.write() as connection:
        for statement in (*FREE, "DELETE FROM trail WHERE seq > 3"):
            await connection.execute(text(statement))
    for _ in range(3):
        await Trail(bot.state).append("U1", "innocent", {}, NOW)
    assert "broken at line 4: it is not the line it was" in said(await bot.ask("trail verify"))


async def test_heads_that_were_written_by_somebody_else_are_found(bot: Bot) -> None:
    other = signed_head(
        NOW.date(), TrailHead(5, (await Trail(bot.state).head()).hash), Signer(bytes([9] * 32))
    )
    await TrailHeads(bot.state).keep(other)
    assert "1 daily head of the trail is not as this installation signed it: 21 Oct 2026." in said(
        await bot.ask("trail verify")
    )
    changed = await tampered(bot, "UPDATE trail_heads SET seq = 4 WHERE seq = 5")
    assert "2 daily heads of the trail are not as this installation signed it" in changed


async def test_a_posted_head_finds_what_was_cut_off_together_with_its_copy(bot: Bot) -> None:
    posted = await Trail(bot.state).head()
    cut = await tampered(bot, "DELETE FROM trail WHERE seq > 3", "DELETE FROM trail_heads WHERE seq > 3")
    assert "The trail is whole" in cut
    typed = f"trail verify {posted.seq}:{posted.hash}"
    assert "lines after it are gone" in said(await bot.ask(typed))


@pytest.mark.parametrize("line", ["trail verify 5:abc", "trail 5:abc"])
async def test_what_is_no_head_is_wrong_use(bot: Bot, line: str) -> None:
    answer = await bot.ask(line)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.WRONG_USE


async def test_a_broken_trail_is_a_failed_check_for_scripts(bot: Bot) -> None:
    assert exit_of(await bot.ask("trail verify")) is Exit.DONE
    await tampered(bot, "UPDATE trail SET actor = 'U9' WHERE seq = 2")
    assert exit_of(await bot.ask("trail verify")) is Exit.CHECK_FAILED


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET subject = 'not JSON' WHERE seq = 2",
        "UPDATE trail SET subject = '[1]' WHERE seq = 2",
        "UPDATE trail SET subject = x'ff' WHERE seq = 2",
    ],
)
async def test_a_line_that_was_changed_into_nonsense_is_still_listed(bot: Bot, statement: str) -> None:
    await tampered(bot, statement)
    listed = await bot.ask("trail today")
    assert isinstance(listed, Reply)
    assert listed.table
    assert "2" in {row[0] for row in listed.table.rows}
