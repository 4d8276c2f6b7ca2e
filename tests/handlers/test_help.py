from __future__ import annotations

from pathlib import Path

import pytest

from bot.kit.options import Company
from bot.model.chat import Level, Refusal, Reply
from tests.handlers.answering import a_bot, person
from tests.handlers.small import rows_of

EVERYTHING, NOBODY = Company(), Company(per_person=False)


@pytest.mark.parametrize(
    ("level", "company", "listed"),
    [
        (Level.MEMBER, EVERYTHING, {"me"}),
        (Level.ANALYST, EVERYTHING, {"me", "top", "user"}),
        (Level.ADMIN, EVERYTHING, {"me", "top", "user", "forget"}),
        (Level.ADMIN, NOBODY, {"me", "forget"}),
    ],
)
async def test_help_lists_what_the_asker_may_run(
    tmp_path: Path, level: Level, company: Company, listed: set[str]
) -> None:
    async with a_bot(tmp_path, company=company) as bot:
        reply = await bot.ask("help", asker=person(level))
        hidden = await bot.ask("help top", asker=person(level))
    assert isinstance(reply, Reply)
    named = {str(row["command"]).split()[1] for row in rows_of(reply)}
    assert named & {"me", "top", "user", "forget"} == listed
    assert isinstance(hidden, Refusal) is ("top" not in listed)
