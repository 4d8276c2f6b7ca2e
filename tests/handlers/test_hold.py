from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.app.auditlog import held_by
from bot.compliance.results import SubjectKind
from bot.lake import Dataset, Lake
from bot.model.chat import Answer, Asker, Refusal, Reply
from bot.model.timerange import TimeRange
from bot.state.holds import Holds
from bot.sync.events.prune import prune
from tests.handlers.demo import Demo
from tests.handlers.live import OTHERS, Live

SET = "hold set user dana.okafor@northwind.example 2026-10-01..2026-10-20 case INC-12"


def said(answer: Answer) -> str:
    assert isinstance(answer, Reply), answer
    return answer.text


async def test_a_hold_is_listed_until_it_is_released(live: Live) -> None:
    assert said(await live.bot.ask(SET)).startswith("H-1 keeps events of user user-")
    assert said(await live.bot.ask("hold list")) == "1 legal hold stands."
    assert "H-1 is released" in said(await live.bot.ask("hold release H-1"))
    assert said(await live.bot.ask("hold list")) == "No legal hold stands."
    assert isinstance(await live.bot.ask("hold release H-1"), Refusal)


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.id)
async def test_other_roles_neither_set_nor_release(live: Live, other: Asker) -> None:
    said(await live.bot.ask(SET))
    for text in (SET, "hold list", "hold release H-1"):
        assert isinstance(await live.bot.ask(text, asker=other), Refusal)
    assert len(await Holds(live.bot.state).standing()) == 1


async def test_retention_leaves_what_is_held_and_nothing_else(live: Live, demo: Demo, tmp_path: Path) -> None:
    said(await live.bot.ask(SET))
    shutil.copytree(demo.root / "lake", tmp_path / "copy")
    lake, holds = Lake(tmp_path / "copy"), await held_by(live.bot.state)()
    client = live.bot.dispatcher.deps.compliance
    assert client is not None
    window = TimeRange(date(2026, 10, 1), date(2026, 10, 21))
    lines = await client.lines(SubjectKind.USER, holds[0].subject, window, 10_000)
    done = prune(lake, date(2026, 10, 22), holds, live.bot.now)
    receipts = [lake.receipt(Dataset.EVENTS, day) for day in lake.days(Dataset.EVENTS)]
    kept = sum(receipt.rows for receipt in receipts if receipt)
    assert done.events_deleted > 0
    assert kept >= len(lines) > 0
