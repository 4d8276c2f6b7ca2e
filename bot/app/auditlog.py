"""The audit log wired up: its API, its client, and what reads new log files."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.request import getproxies

import httpx
import structlog
from sqlalchemy.exc import SQLAlchemyError

from bot.app.progress import progress
from bot.compliance.api import ComplianceApi
from bot.compliance.api.signed import system_resolve, trust_elsewhere
from bot.compliance.client import ComplianceClient
from bot.engine.engine import Engine
from bot.lake import Lake, LakeLocked
from bot.model.errors import BadSetting, StateAway
from bot.settings import Settings
from bot.state.engine import StateDb
from bot.state.holds import Holds
from bot.state.siem import SiemFiles
from bot.sync.events.ingest import EventIngest, TypeReport
from bot.sync.events.keys import EventKeys
from bot.sync.events.prune import Hold, prune
from bot.sync.events.typerun import Report, silent
from bot.sync.siem import SiemDelivery

log = structlog.get_logger(__name__)
WAIT_SECONDS = 60.0
BOOK_DAYS = 45
"""By the books our own pulls are known: of files of 30 days, told within 7 and logged a little later."""
UNREADABLE = "PULSE_SECRET_KEY is not set: the audit log keeps texts as keyed hashes and cannot be read."


@dataclass(frozen=True, slots=True)
class AuditLog:
    """`ingest` is None when the secret for its hashes is missing."""

    client: ComplianceClient
    ingest: EventIngest | None
    lake: Lake
    clock: Callable[[], datetime]
    keep_days: int = 0
    holds: Callable[[], Awaitable[tuple[Hold, ...]]] | None = None
    siem: SiemDelivery | None = None

    async def read(self, report: Report = silent) -> tuple[TypeReport, ...] | None:
        """What is new, one report a type; None when another process is reading or nothing can be read."""
        if self.ingest is None:
            log.warning("events_not_read", reason="no secret key")
            return None
        try:
            done = await self.ingest.run(self.clock(), report)
        except LakeLocked:
            log.info("events_locked")
            return None
        # what the SIEM has not got yet is not forgotten
        if await self.deliver() is not None or self.siem is None:
            await self._forget_old()
        return done

    async def deliver(self) -> int | None:
        """Events that the SIEM's folder got now; None without one, or when it could not be written."""
        if self.siem is None:
            return None
        return await delivered(self.siem, self.clock())

    async def _forget_old(self) -> None:
        if self.keep_days:
            now = self.clock()
            # without knowing what is held nothing is deleted
            holds = await self.holds() if self.holds else ()
            async with self.lake.write_lock():
                before = now.date() - timedelta(days=self.keep_days)
                books_before = min(before, now.date() - timedelta(days=BOOK_DAYS))
                await asyncio.to_thread(prune, self.lake, before, holds, now, books_before)


def audit_log(
    settings: Settings,
    http: httpx.AsyncClient,
    lake: Lake,
    engine: Engine,
    state: StateDb,
    *,
    on_demand: bool,
) -> AuditLog | None:
    """None without a key. `on_demand`: questions read what is new first, as the demo does.

    Raises BadSetting when the key or the secret cannot be used.
    """
    if not settings.compliance_api_key.get_secret_value():
        return None
    api = _api(settings, http)
    has_secret = bool(settings.secret_key.get_secret_value())
    ingest = EventIngest(api, lake, EventKeys.from_secret(settings.secret_key)) if has_secret else None
    siem = SiemDelivery(lake, settings.siem_dir, SiemFiles(state)) if settings.siem_dir else None
    before = (
        _missing_secret if ingest is None else _reader(ingest, siem, settings.clock) if on_demand else None
    )
    client = ComplianceClient(lake, engine, api, settings.clock, before)
    keep_days = settings.events_retention_days
    return AuditLog(client, ingest, lake, settings.clock, keep_days, held_by(state), siem)


async def delivered(siem: SiemDelivery, now: datetime) -> int | None:
    """Events appended; None when the folder or the state cannot be used: the next run brings them."""
    try:
        return await siem.run(now)
    except LakeLocked:
        log.info("siem_locked")
    except (OSError, StateAway, SQLAlchemyError) as error:
        log.warning("siem_not_written", error=type(error).__name__)
    return None


def _api(settings: Settings, http: httpx.AsyncClient) -> ComplianceApi:
    # behind a proxy this machine may not be able to resolve public names
    behind_proxy = bool(getproxies().keys() & {"https", "all"})
    return ComplianceApi(
        http,
        base_url=settings.api_base_url,
        workspace_id=settings.workspace_id,
        key=settings.compliance_api_key,
        clock=settings.clock,
        downloads_a_minute=settings.compliance_downloads_a_minute,
        resolve=trust_elsewhere if behind_proxy else system_resolve,
    )


async def _missing_secret() -> None:
    raise BadSetting(UNREADABLE, "Set it to 32 random bytes as text, and keep it.")


def _reader(
    ingest: EventIngest, siem: SiemDelivery | None, clock: Callable[[], datetime]
) -> Callable[[], Awaitable[None]]:
    """Reads what is new once an hour at most; a second process waits for the first."""

    async def read() -> None:
        if not ingest.is_fresh(clock()):
            try:
                with progress(sys.stderr, "Reading the audit log") as report:
                    await ingest.run(clock(), report, wait_seconds=WAIT_SECONDS)
            except LakeLocked:
                log.info("events_locked")
        if siem is not None:
            await delivered(siem, clock())

    return read


def held_by(state: StateDb) -> Callable[[], Awaitable[tuple[Hold, ...]]]:
    """What retention leaves alone."""

    async def standing() -> tuple[Hold, ...]:
        return tuple(Hold(one.held.subject, one.held.window) for one in await Holds(state).standing())

    return standing
