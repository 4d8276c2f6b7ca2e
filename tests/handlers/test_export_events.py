from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from bot.kit.exportreceipts import fault_of
from bot.lake import Dataset
from bot.lake.schema import EVENT_TEXTS
from bot.model.chat import Answer, Asker, Refusal, RefusalCode, Reply
from bot.state.trail import Trail
from tests.handlers.demo import Demo
from tests.handlers.live import INVESTIGATOR, OTHERS, Live

WANTED = 'export events csv 2026-10-12..2026-10-13 case INC-12 "what happened then"'


def files(answer: Answer) -> tuple[Path, dict[str, object]]:
    assert isinstance(answer, Reply), answer
    rows, receipt = answer.files
    return rows.path, json.loads(receipt.path.read_bytes())


async def trail(live: Live) -> list[dict[str, object]]:
    return [json.loads(line.subject) async for line in Trail(live.bot.state).lines()]


async def test_every_held_event_is_a_row_and_the_receipt_tells_the_case(live: Live, demo: Demo) -> None:
    answer = await live.bot.ask(WANTED)
    path, receipt = files(answer)
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    lake = demo.lake()
    days = [day for day in lake.days(Dataset.EVENTS) if day.isoformat() in ("2026-10-12", "2026-10-13")]
    held = sum(found.rows for day in days if (found := lake.receipt(Dataset.EVENTS, day)))
    assert len(rows) == held > 0
    assert len({row["event_id"] for row in rows}) == held
    assert [row["timestamp"] for row in rows] == sorted(row["timestamp"] for row in rows)
    assert {"prompt_length", "line_sha256"} <= set(rows[0])
    assert not {"prompt_text", "response_text", "user_email"} & set(rows[0])
    assert receipt["query"] == {
        "case": "INC-12",
        "purpose": "what happened then",
        "asked_by": INVESTIGATOR.id,
    }
    assert fault_of(path) is None
    path.write_bytes(path.read_bytes().replace(b"2026", b"2025", 1))
    assert fault_of(path) == "its bytes are not those that were signed"
    assert isinstance(answer, Reply)
    assert answer.dm_only
    assert answer.expires_at is not None


async def test_as_json_nothing_known_is_null(live: Live) -> None:
    path, _ = files(await live.bot.ask(WANTED.replace("csv", "json")))
    told = json.loads(path.read_bytes())
    assert set(told) == {"data"}
    assert set(EVENT_TEXTS) < set(told["data"][0])
    assert any(row["session_id"] is None for row in told["data"])


async def test_without_a_case_or_a_purpose_there_is_no_file(live: Live) -> None:
    for text in ("export events csv 7d", "export events csv 7d case INC-12"):
        answer = await live.bot.ask(text)
        assert isinstance(answer, Refusal)
        assert answer.code is RefusalCode.WRONG_USE


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.id)
async def test_others_are_refused_and_stand_in_the_trail(live: Live, other: Asker) -> None:
    assert isinstance(await live.bot.ask(WANTED, asker=other), Refusal)
    (line,) = await trail(live)
    assert (line["command"], line["kind"], line["outcome"], line["case"]) == (
        *("export", "events", "refused", "INC-12"),
    )


@pytest.mark.parametrize(
    "text", ["export users csv 7d why", "export workspace csv case INC-12", "export why"]
)
async def test_other_exports_take_no_purpose(live: Live, text: str) -> None:
    answer = await live.bot.ask(text)
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.WRONG_USE
