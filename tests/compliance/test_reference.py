"""The whole way against the reference server: list, signed download, ingest, questions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import httpx
from pydantic import SecretStr

from bot.compliance.api import ComplianceApi
from bot.compliance.client import ComplianceClient, SubjectKind
from bot.lake import Dataset, Lake
from bot.model.timerange import TimeRange
from bot.reference import Faults, Options, serve
from bot.sync.events.ingest import EventIngest, TypeReport
from bot.sync.events.keys import EventKeys
from bot.sync.events.ledger import Checkpoint, Ledger

NOW = datetime(2026, 10, 20, 12, tzinfo=UTC)
TYPES = ("CODEX_LOG", "CODEX_SECURITY_LOG", "AUDIT_LOG")
KEYS = EventKeys.from_secret(SecretStr("a secret of the tests, long enough"))
SINCE = datetime(2026, 10, 18, 12, tzinfo=UTC)


async def pull(lake: Lake, use: Callable[..., Any] | None = None, **faults: Any) -> tuple[TypeReport, ...]:
    """Ingest the last two days of a small demo workspace, as a bot that ran before would."""
    options = Options(users=20, now=NOW, misbehave=Faults(**faults))
    async with serve(options) as reference, httpx.AsyncClient() as http:
        api = ComplianceApi(
            http,
            base_url=reference.base_url,
            workspace_id=reference.workspace_id,
            key=SecretStr(reference.compliance_key),
            clock=lambda: NOW,
            downloads_a_minute=100_000,
        )
        for name in TYPES:
            since = SINCE.isoformat()
            Ledger(lake, name).save_checkpoint(Checkpoint(after=since, since=since))
        reports = await EventIngest(api, lake, KEYS, TYPES).run(NOW)
        assert reference.leaked_keys == 0
        if use:
            await use(api)
    return reports


async def test_a_story_is_read_to_its_end(lake: Lake, ask: Callable[..., ComplianceClient]) -> None:
    window = TimeRange(date(2026, 10, 19), date(2026, 10, 20))

    async def use(api: ComplianceApi) -> None:
        users = [user async for user in api.users()]
        assert len(users) >= 15
        told = await ask(api).tokens(window)
        personal = [token for token in told.tokens if token.is_personal]
        assert [(token.name, token.revoked_by_admin) for token in personal] == [("laptop", True)]
        pulls = await ask(api).pulls(window)
        assert [pull.action.partition("_")[0] for pull in pulls].count("DOWNLOAD") >= 3
        assert all(pull.actor_id for pull in pulls)

    reports = await pull(lake, use)
    assert [(report.error, report.broken) for report in reports] == [(None, ())] * 3
    assert reports[0].new > 100
    coverage = await ask().coverage(window)
    assert coverage.unread_days == ()
    assert {each.event_type for each in coverage.types} == set(TYPES)
    assert coverage.complete_through is not None


async def test_hostile_files_cost_themselves_only(lake: Lake, ask: Callable[..., ComplianceClient]) -> None:
    reports = await pull(
        lake, tampered_log=1, invalid_utf8=True, huge_prompt=True, deep_json=True, hostile_file_names=True,
        forbidden_types=("CODEX_SECURITY_LOG",),
    )  # fmt: skip
    codex, security, _ = reports
    assert security.error is not None
    assert codex.error is None
    assert codex.bad_lines > 0
    assert codex.new > 100
    assert len(lake.days(Dataset.EVENTS)) >= 2
    window = TimeRange(date(2026, 10, 19), date(2026, 10, 20))
    assert not (await ask().investigate(SubjectKind.USER, "nobody", window)).found
