"""The SIEM's folder wired to the reading of the log."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot import reference
from bot.app.build import Product, product
from bot.lake import Dataset, Lake
from bot.settings import Settings
from bot.sync.events.ledger import ledgers
from tests.handlers.answering import NOW

SECRET = "a secret of the tests, long enough"  # keys of a throw-away lake


@pytest.fixture
async def built(tmp_path: Path) -> AsyncIterator[Product]:
    options = reference.Options(seed=3, users=12, now=NOW, log_minutes=720)
    async with reference.serve(options) as server:
        settings = Settings(
            workspace_id=server.workspace_id,
            analytics_api_key=SecretStr(server.analytics_key),
            compliance_api_key=SecretStr(server.compliance_key),
            api_base_url=server.base_url,
            compliance_downloads_a_minute=1_000_000,
            secret_key=SecretStr(SECRET),
            lake_url=str(tmp_path / "lake"),
            state_url=f"sqlite:///{tmp_path}/state.db",
            siem_dir=tmp_path / "siem",
            events_retention_days=10,
            now=NOW,
        )
        async with product(settings) as made:
            yield made


def events(lake: Lake) -> int:
    found = [lake.receipt(Dataset.EVENTS, day) for day in lake.days(Dataset.EVENTS)]
    return sum(each.rows for each in found if each)


def lines(folder: Path) -> list[str]:
    return [line for path in sorted(folder.glob("*.jsonl")) for line in path.read_text().splitlines()]


async def test_reading_the_log_fills_the_folder_before_retention_forgets(
    built: Product, tmp_path: Path
) -> None:
    assert built.audit is not None
    done = await built.audit.read()
    assert done is not None
    uids = [json.loads(line)["metadata"]["uid"] for line in lines(tmp_path / "siem")]
    assert len(uids) == len(set(uids)) == sum(each.new for each in done)
    assert len(uids) > events(built.lake) > 0
    await built.audit.read()
    assert len(lines(tmp_path / "siem")) == len(uids)


async def test_while_the_folder_cannot_be_written_nothing_is_forgotten(
    built: Product, tmp_path: Path
) -> None:
    assert built.audit is not None
    (tmp_path / "siem").write_text("a file where the folder should be")
    done = await built.audit.read()
    assert done is not None
    held = events(built.lake)
    assert held == sum(each.new for each in done)
    assert await built.audit.deliver() is None
    (tmp_path / "siem").unlink()
    assert await built.audit.deliver() == held


async def test_without_a_folder_retention_goes_on(built: Product) -> None:
    assert built.audit is not None
    audit = replace(built.audit, siem=None)
    done = await audit.read()
    assert done is not None
    assert 0 < events(built.lake) < sum(each.new for each in done)


async def test_retention_forgets_events_and_not_which_files_we_read(built: Product) -> None:
    assert built.audit is not None
    await built.audit.read()
    kept_from = NOW.date() - timedelta(days=10)
    assert min(built.lake.days(Dataset.EVENTS)) == kept_from
    books = [day for book in ledgers(built.lake) for day in book.days() if day < kept_from]
    assert books
    known = await built.audit.client.known_files()
    assert known >= {name for book in ledgers(built.lake) for day in books for name in book.entries(day)}
