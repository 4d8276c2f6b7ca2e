from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kit.exportfiles import discard
from bot.kit.exportreceipts import fault_of
from bot.kit.options import Company
from bot.metrics import exports
from bot.model.chat import Audience, File, Level, Refusal, RefusalCode, Reply
from bot.model.signing import Signer
from bot.model.timerange import DAY, TimeRange
from tests.handlers import small
from tests.handlers.answering import ANALYSTS, CHANNEL, DM, SHARED, SIGNER, Bot, a_bot, person
from tests.handlers.weeks import SmallLake

OTHER = Signer(bytes([1] * 32)).public_key


async def exported(bot: Bot, text: str) -> tuple[File, File]:
    reply = await bot.ask(text)
    assert isinstance(reply, Reply), reply
    assert reply.audience is Audience.ASKER
    rows, receipt = reply.files
    return rows, receipt


async def refused(bot: Bot, text: str, **changes: object) -> Refusal:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Refusal), answer
    return answer


def is_there(file: File) -> bool:
    return file.path.parent.exists()


def lines_of(file: File) -> list[dict[str, str]]:
    with file.path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


async def test_the_workspace_by_day_is_what_was_used(small_bot: Bot) -> None:
    rows, _ = await exported(small_bot, "export workspace csv 2026-10-16..2026-10-17")
    friday, saturday = lines_of(rows)
    assert (friday["date"], friday["active_users"], friday["turns"], friday["credits"]) == (
        *("2026-10-16", "3", "12", "16"),
    )
    assert (friday["active_users_cli"], friday["turns_ide"], friday["active_users_code_review"]) == (
        "2",
        "5",
        "",
    )
    assert (saturday["active_users"], saturday["credits_ide"], saturday["turns_cloud"]) == ("2", "1", "0")


async def test_json_says_the_same_as_csv(small_bot: Bot) -> None:
    rows, _ = await exported(small_bot, "export users csv 7d")
    same, _ = await exported(small_bot, "export users json 7d")
    told = [
        {name: "" if cell is None else str(cell) for name, cell in row.items()}
        for row in json.loads(same.path.read_bytes())["data"]
    ]
    assert told == lines_of(rows)
    assert (rows.media_type, same.media_type) == ("text/csv", "application/json")


async def test_the_receipt_names_window_definitions_files_and_digest(small_bot: Bot) -> None:
    rows, receipt = await exported(small_bot, "export users csv 2026-10-16..2026-10-17")
    told = json.loads(receipt.path.read_bytes())
    assert rows.name == "codex-users-csv-2026-10-16-to-2026-10-17.csv"
    assert receipt.name == "codex-users-csv-2026-10-16-to-2026-10-17.receipt.json"
    assert told["file"]["sha256"] == rows.sha256 == hashlib.sha256(rows.path.read_bytes()).hexdigest()
    assert told["window"] == {"start": "2026-10-16", "end": "2026-10-18"}
    assert [file["name"] for file in told["lake_files"]] == ["usage/day=2026-10-16", "usage/day=2026-10-17"]
    assert told["definitions_version"]
    assert told["file"]["rows"] == len(lines_of(rows))
    assert fault_of(rows.path, SIGNER.public_key) is None


async def test_the_digests_in_the_receipt_are_those_of_the_lakes_files(
    small_bot: Bot, small_lake: SmallLake
) -> None:
    _, receipt = await exported(small_bot, "export users csv 7d")
    for file in json.loads(receipt.path.read_bytes())["lake_files"]:
        raw = (small_lake.root / file["name"] / "part.parquet").read_bytes()
        assert file["sha256"] == hashlib.sha256(raw).hexdigest()


@pytest.mark.parametrize("command", ["workspace csv", "users json", "reviews csv"])
async def test_the_same_lake_files_give_the_same_bytes_later_too(small_bot: Bot, command: str) -> None:
    first = await exported(small_bot, f"export {command} 2026-10-01..2026-10-10")
    small_bot.now = small_bot.now.replace(month=12)
    second = await exported(small_bot, f"export {command} 2026-10-01..2026-10-10")
    assert [file.path.read_bytes() for file in first] == [file.path.read_bytes() for file in second]


async def test_reviews_keep_the_names_of_the_api(small_bot: Bot) -> None:
    rows, _ = await exported(small_bot, "export reviews csv 2026-10-16..2026-10-16")
    (day,) = lines_of(rows)
    assert (day["code_reviews.pull_request_reviews"], day["code_reviews.comment_details.p2"]) == ("4", "3")
    assert day["code_review_responses.comment_response_details.engaged"] == "6"


async def test_missing_days_are_empty_cells_and_stand_in_the_receipt(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "small")
    held = TimeRange(date(2026, 10, 10), small.LAST + DAY)
    lake.put({day: small.uses_of(day) for day in held.days() if day.day not in {12, 13}})
    async with a_bot(tmp_path, lake.lake) as bot:
        reply = await bot.ask("export workspace csv 2026-10-11..2026-10-14")
        assert isinstance(reply, Reply)
        rows, receipt = reply.files
        cells = [(row["date"], row["turns"], row["turns_cli"]) for row in lines_of(rows)]
        told = json.loads(receipt.path.read_bytes())
        people, _ = await exported(bot, "export users csv 2026-10-11..2026-10-14")
        assert {row["date"] for row in lines_of(people)} == {"2026-10-11", "2026-10-14"}
    assert cells[1:3] == [("2026-10-12", "", ""), ("2026-10-13", "", "")]
    assert cells[0][1] != ""
    assert told["missing_days"] == ["2026-10-12", "2026-10-13"]
    assert "Figures cover 2 of 4 days" in reply.text


async def test_rows_of_people_need_the_level_analyst(small_bot: Bot) -> None:
    small_bot.asker = person(Level.MEMBER)
    said = await refused(small_bot, "export users csv 7d")
    assert (said.code, said.message) == (RefusalCode.NOT_ALLOWED, "This needs the level analyst.")
    await exported(small_bot, "export workspace csv 7d")


@pytest.mark.parametrize("place", [CHANNEL, ANALYSTS, DM])
async def test_a_file_goes_to_the_asker_wherever_it_was_asked_for(small_bot: Bot, place: Any) -> None:
    small_bot.place = place
    await exported(small_bot, "export users csv 7d")


async def test_rows_of_people_stay_out_of_shared_channels(small_bot: Bot) -> None:
    assert (await refused(small_bot, "export users csv 7d", place=SHARED)).code is RefusalCode.NOT_ALLOWED


async def test_a_company_without_figures_of_people_exports_none(
    tmp_path: Path, small_lake: SmallLake
) -> None:
    company = Company(per_person=False, allow_emails=True)
    async with a_bot(tmp_path, small_lake.lake, company) as bot:
        assert (await refused(bot, "export users csv 7d")).code is RefusalCode.NOT_ALLOWED
        await exported(bot, "export workspace csv 7d")


async def test_addresses_need_the_word_the_level_and_the_setting(
    tmp_path: Path, small_lake: SmallLake
) -> None:
    async with a_bot(tmp_path, small_lake.lake, Company(allow_emails=True)) as bot:
        rows, receipt = await exported(bot, "export users csv 7d emails")
        assert lines_of(rows)[0]["email"] == "ana@example.com"
        assert json.loads(receipt.path.read_bytes())["lake_files"][-1]["name"] == "people"
        plain, _ = await exported(bot, "export users csv 7d")
        assert b"@" not in plain.path.read_bytes()
        bot.asker = person(Level.MEMBER)
        assert (await refused(bot, "export users csv 7d emails")).code is RefusalCode.NOT_ALLOWED


async def test_addresses_are_refused_where_the_setting_is_off(small_bot: Bot) -> None:
    said = await refused(small_bot, "export users csv 7d emails")
    assert said.code is RefusalCode.NOT_ALLOWED
    assert "switched off" in said.message


@pytest.mark.parametrize(
    "text", ["export", "export csv", "export workspace emails", "export planets csv", "export users xml 7d"]
)
async def test_what_cannot_be_exported_is_said_with_an_example(small_bot: Bot, text: str) -> None:
    said = await refused(small_bot, text)
    assert said.code is RefusalCode.WRONG_USE
    assert "export" in said.hint


async def test_delivered_files_are_gone_and_so_are_those_of_a_bot_that_ended(
    tmp_path: Path, small_lake: SmallLake
) -> None:
    async with a_bot(tmp_path, small_lake.lake) as bot:
        delivered = await bot.ask("export workspace csv 7d")
        left, _ = await exported(bot, "export workspace csv 7d")
        assert isinstance(delivered, Reply)
        discard(delivered)
        assert not is_there(delivered.files[0])
        assert is_there(left)
    assert not is_there(left)


async def test_many_people_of_a_day_are_read_in_parts_with_the_same_rows(
    small_bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole, _ = await exported(small_bot, "export users csv 7d")
    monkeypatch.setattr(exports, "ROWS_AT_ONCE", 2)
    monkeypatch.setattr(exports, "SAMPLED", "")
    parts, _ = await exported(small_bot, "export users csv 7d")
    assert parts.path.read_bytes() == whole.path.read_bytes()


@pytest.fixture
async def pair(small_bot: Bot) -> Path:
    """An export beside its receipt."""
    rows, _ = await exported(small_bot, "export workspace csv 3d")
    return rows.path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    share=st.floats(0, 1, exclude_max=True),
    flip=st.integers(1, 255),
    which=st.sampled_from(["csv", "receipt"]),
)
def test_any_changed_byte_is_found(pair: Path, share: float, flip: int, which: str) -> None:
    path = pair if which == "csv" else pair.with_suffix(".receipt.json")
    good = path.read_bytes()
    at = int(share * len(good))
    path.write_bytes(good[:at] + bytes([good[at] ^ flip]) + good[at + 1 :])
    try:
        assert fault_of(pair) is not None
    finally:
        path.write_bytes(good)
    assert fault_of(pair, SIGNER.public_key) is None


Change = Callable[[dict[str, Any]], dict[str, Any]]


@pytest.mark.parametrize(
    "change",
    [
        lambda told: told | {"missing_days": ["2026-10-18"]},
        lambda told: told | {"signature": "AAAA"},
        lambda told: told | {"kind": "another"},
        lambda told: told | {"more": 1},
        lambda told: told | {"signature": 1},
        lambda told: {name: value for name, value in told.items() if name != "file"},
    ],
)
def test_a_receipt_written_anew_does_not_fit(pair: Path, change: Change) -> None:
    path = pair.with_suffix(".receipt.json")
    path.write_text(json.dumps(change(json.loads(path.read_bytes())), indent=2) + "\n", encoding="utf-8")
    assert fault_of(pair) is not None


def test_another_key_and_a_missing_receipt_are_faults(pair: Path) -> None:
    assert "another key" in str(fault_of(pair, OTHER))
    pair.with_suffix(".receipt.json").unlink()
    assert "there is no" in str(fault_of(pair))


async def test_an_export_has_a_receipt_of_its_own_to_explain(small_bot: Bot) -> None:
    reply = await small_bot.ask("export users csv 7d")
    assert isinstance(reply, Reply)
    explained = await small_bot.ask(f"explain {reply.footer.receipt}")
    assert isinstance(explained, Reply)
    assert "comes out the same again" in explained.text
    assert not explained.files
    member = replace(
        small_bot.request(f"explain {reply.footer.receipt}"), asker=person(Level.MEMBER, "U0000BBBB")
    )
    assert isinstance(await small_bot.dispatcher.answer(member), Refusal)
