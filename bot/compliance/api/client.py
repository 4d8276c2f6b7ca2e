"""Calls of the Compliance API: paging, limits, scopes. No storage and no arithmetic."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

import httpx
from pydantic import SecretStr

from bot.compliance.api.download import Content, Downloaded, Downloader, check_content, store
from bot.compliance.api.lists import LogFilePage, decode, decode_list, environments, rows
from bot.compliance.api.pace import Pace
from bot.compliance.api.signed import Resolve, system_resolve
from bot.compliance.api.wire import (
    CodexEnvironment,
    CodexTask,
    LogFile,
    MaxEventTimes,
    RawList,
    UserRow,
    instant,
)
from bot.http.base_url import is_loopback, normalise_base_url
from bot.http.fetch import Fetcher
from bot.http.retry import RetryPolicy, Sleep
from bot.model.errors import BadAnswer, BadSetting, CursorLoop, Rejected, SourceMissing

LOGS_SCOPE: Final = "chatgpt.enterprise.compliance_logs_platform.{}.read"
EXPORT_SCOPE: Final = "chatgpt.enterprise.compliance_export.read"
LOG_FILES_A_PAGE: Final = 100
TASKS_A_PAGE: Final = 30
USERS_A_PAGE: Final = 200
DOWNLOADS_A_MINUTE: Final = 50
"""Per key in v2.5.3; later specifications say 100."""
BODY_BYTES_MAX: Final = 64_000_000
PRINTABLE: Final = range(0x21, 0x7F)

Params = dict[str, str | int]


def log_scope(event_type: str) -> str:
    """The narrowest scope that reads `event_type`."""
    return LOGS_SCOPE.format(event_type.lower())


@dataclass(frozen=True, slots=True)
class ComplianceApi:
    """The Compliance API of one workspace.

    `ticks` counts seconds and never goes back: it paces downloads, at most `downloads_a_minute`. The key
    goes to the API's own host only. The HTTP client is the caller's to close. Raises BadSetting for
    settings it cannot use; every method raises the errors under Unavailable, Forbidden naming the scope.
    """

    http: httpx.AsyncClient = field(repr=False)
    _: KW_ONLY
    base_url: str
    workspace_id: str
    key: SecretStr
    clock: Callable[[], datetime]
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Sleep = asyncio.sleep
    ticks: Callable[[], float] = time.monotonic
    downloads_a_minute: int = DOWNLOADS_A_MINUTE
    resolve: Resolve = system_resolve
    _downloader: Downloader = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", normalise_base_url(self.base_url))
        if not _is_key(self.key.get_secret_value()):
            message = "PULSE_COMPLIANCE_API_KEY is empty or holds a space, a line break or an accent"
            raise BadSetting(message=message, hint="copy the key again, without quotes")
        if not self.workspace_id.strip():
            raise BadSetting(message="PULSE_WORKSPACE_ID is empty", hint="it is a UUID")
        object.__setattr__(self, "_downloader", self._build_downloader())

    async def log_files(
        self, event_type: str, after: str, before: str | None = None
    ) -> AsyncIterator[LogFilePage]:
        """Pages of files that end strictly later than `after`, which is sent back exactly as given.

        A file id is given out once. Raises CursorLoop when a further page is announced and the
        position does not advance.
        """
        seen: set[str] = set()
        has_more = True
        while has_more:
            page = await self._log_page(event_type, after, before)
            fresh = {file.id: file for file in page.files if file.id not in seen}
            seen.update(fresh)
            yield LogFilePage(tuple(fresh.values()), page.after, page.has_more, page.rejected_count)
            after, has_more = page.after, page.has_more

    async def download(self, file: LogFile, into: Path) -> Downloaded:
        """Fetches and checks one file under the folder `into`; Tampered when size or sha256 differ.

        Follows one redirect, without the key, to where `signed` allows.
        """
        return await store(file, await self._content(file), into)

    async def body(self, file: LogFile) -> bytes:
        """The bytes of one file, fetched and checked as by `download`, and written nowhere."""
        content = await self._content(file)
        check_content(file, content)
        return content.body

    async def users(self) -> AsyncIterator[UserRow]:
        """Every person of the workspace, by id, inactive ones included."""
        async for raw in self._pages(
            "users", USERS_A_PAGE, "after", lambda page: page.last_id or _last(page)
        ):
            for row in rows(raw, UserRow)[0]:
                yield row

    async def codex_tasks(self) -> AsyncIterator[CodexTask]:
        """Cloud tasks, the newest change first."""
        async for raw in self._pages("codex_tasks", TASKS_A_PAGE, "cursor", lambda page: page.cursor):
            for row in rows(raw, CodexTask)[0]:
                yield row

    async def codex_task(self, task_id: str) -> CodexTask | None:
        """One cloud task; None when there is none of this id."""
        try:
            body = await self._get(f"codex_tasks/{quote(task_id, safe='')}", {}, EXPORT_SCOPE)
        except SourceMissing:
            return None
        return decode(body, CodexTask, "codex_tasks/{id}")

    async def codex_environments(self) -> AsyncIterator[CodexEnvironment]:
        """Cloud environments, the newest first; values of their variables are never kept."""
        async for raw in self._pages("codex_environments", TASKS_A_PAGE, "after", _last):
            for environment in environments(raw):
                yield environment

    async def max_event_time(self, types: tuple[str, ...]) -> dict[str, str | None]:
        """Newest exported event by type, verbatim; empty where the API does not offer it yet (404, 400)."""
        scope = " and ".join(log_scope(event_type) for event_type in types)
        try:
            body = await self._get("logs/max_event_time", {"event_type": ",".join(types)}, scope)
        except (SourceMissing, Rejected):
            # before this route came, its name was read as a file's id
            return {}
        return decode(body, MaxEventTimes, "max_event_time").max_event_time

    @property
    def _root(self) -> str:
        return f"{self.base_url}/compliance/workspaces/{quote(self.workspace_id, safe='')}"

    def _build_downloader(self) -> Downloader:
        return Downloader(
            self.http,
            self.key,
            self.policy,
            Pace(self.downloads_a_minute, ticks=self.ticks, sleep=self.sleep),
            self.clock,
            self.sleep,
            self.resolve,
            is_loopback(httpx.URL(self.base_url).host),
        )

    async def _content(self, file: LogFile) -> Content:
        url = f"{self._root}/logs/{quote(file.id, safe='')}"
        return await self._downloader.fetch(url, log_scope(file.event_type))

    async def _log_page(self, event_type: str, after: str, before: str | None) -> LogFilePage:
        params: Params = {"event_type": event_type, "after": after, "limit": LOG_FILES_A_PAGE}
        bounds: Params = {} if before is None else {"before": before}
        raw = decode_list(await self._get("logs", params | bounds, log_scope(event_type)), "logs")
        if raw.has_more and not _advances(after, raw.last_end_time):
            raise CursorLoop(detail=f"logs {event_type}: last_end_time does not advance")
        files, rejected_count = rows(raw, LogFile)
        told = (raw.last_end_time, files[-1].end_time if files else None)
        last = next((end for end in told if end and _advances(after, end)), after)
        return LogFilePage(files, last, raw.has_more, rejected_count)

    async def _pages(
        self, route: str, limit: int, name: str, cursor_of: Callable[[RawList], str | None]
    ) -> AsyncIterator[RawList]:
        seen: set[str] = set()
        position: Params = {}
        while True:
            raw = decode_list(await self._get(route, position | {"limit": limit}, EXPORT_SCOPE), route)
            yield raw
            if not raw.has_more:
                return
            cursor = cursor_of(raw)
            if not cursor or cursor in seen:
                raise CursorLoop(detail=f"{route}: the position does not advance")
            seen.add(cursor)
            position = {name: cursor}

    async def _get(self, route: str, params: Params, scope: str) -> bytes:
        fetcher = Fetcher(self.http, self.key, scope, self.policy, BODY_BYTES_MAX, self.clock, self.sleep)
        return await fetcher.get(f"{self._root}/{route}", params, lambda body: body.data)


def _is_key(text: str) -> bool:
    return bool(text) and all(ord(char) in PRINTABLE for char in text)


def _last(page: RawList) -> str | None:
    last = page.data[-1] if page.data else None
    found = last.get("id") if isinstance(last, dict) else None
    return found if isinstance(found, str) else None


def _advances(after: str, last: str | None) -> bool:
    try:
        return last is not None and instant(last) > instant(after)
    except ValueError as error:
        raise BadAnswer(detail="logs: a time that cannot be read") from error
