"""Questions about the audit log: all that a handler calls. Reads what is held and fetches no log file."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

from bot.analytics.exporting import Sink
from bot.compliance.api import ComplianceApi
from bot.compliance.exporting import EventExport, export_events
from bot.compliance.matching import LINES, MATCHES, of_task
from bot.compliance.originals import Original, read_originals
from bot.compliance.results import AuditReport, InvestigationResult, SubjectKind, TokensResult
from bot.engine import Build, Engine
from bot.lake import Dataset, Lake
from bot.metrics.events import counts
from bot.metrics.events.activity import activity, activity_rows, people_rows
from bot.metrics.events.counts import AgentsResult, Blocked, Pull, ToolsResult
from bot.metrics.events.lines import SourceLine, line_rows, one_row, source_lines
from bot.metrics.events.moments import change_rows, changes, hour_rows, hours
from bot.metrics.events.report import model_rows, overview, person_rows, type_rows
from bot.metrics.events.security import Notable, notable_rows, notables, openings
from bot.metrics.events.tokens import Token, last_use_rows, lifecycle_rows, tokens, use_rows
from bot.model.errors import SourceMissing, Unavailable
from bot.model.timerange import TimeRange
from bot.sync.events.coverage import Coverage, read_coverage
from bot.sync.events.ledger import ledgers

EMAIL_FRESH: Final = timedelta(hours=1)
Rows = list[dict[str, Any]]


class ComplianceClient:
    """Answers from dataset `events`. `api` resolves e-mails and tasks; without it only held data is used.

    `before` runs ahead of every question: it may bring in what is new, or raise what stands in the way.
    Methods raise QueryFailed when a day file cannot be read; those that ask the API raise Unavailable.
    """

    def __init__(
        self,
        lake: Lake,
        engine: Engine,
        api: ComplianceApi | None,
        clock: Callable[[], datetime],
        before: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._before = before
        self._lake, self._engine, self._api, self._clock = lake, engine, api, clock
        self._emails: tuple[datetime, dict[str, str]] | None = None

    async def investigate(self, kind: SubjectKind, subject: str, window: TimeRange) -> InvestigationResult:
        """Everything held about a subject; `found` is False when there is nothing."""
        await self._ready()
        subject = await self._resolved(kind, subject, window)
        task = await self._api.codex_task(subject) if kind is SubjectKind.TASK and self._api else None
        match = of_task(task) if kind is SubjectKind.TASK else MATCHES[kind](subject)
        builds = (activity_rows, people_rows, hour_rows, change_rows, use_rows)
        rows, people, by_hour, changed, uses = await self._ask(
            window, *(partial(build, match=match) for build in builds)
        )
        coverage = await self.coverage(window)
        read = frozenset(window.days()) - frozenset(coverage.unread_days)
        told = await self._tokens_of(kind, subject, window, uses)
        return InvestigationResult(
            kind,
            subject,
            window,
            activity(window, read, rows, people),
            hours(by_hour),
            changes(changed),
            told,
            task,
            coverage,
        )

    async def tokens(self, window: TimeRange) -> TokensResult:
        """Each access token with owner, life and uses, of both kinds."""
        await self._ready()
        (uses,) = await self._ask(window, use_rows)
        life, last = await self._ask(self._history(window), lifecycle_rows, last_use_rows)
        return TokensResult(window, tokens(life, uses, last), await self.coverage(window))

    async def tools(self, window: TimeRange) -> ToolsResult:
        """Calls by tool; skills where a record says it is one."""
        await self._ready()
        return counts.tools((await self._ask(window, counts.tool_rows))[0])

    async def agents(self, window: TimeRange) -> AgentsResult:
        """Work of named agents, and work done with access tokens."""
        await self._ready()
        return counts.agents((await self._ask(window, counts.agent_rows))[0])

    async def blocked(self, window: TimeRange) -> tuple[Blocked, ...]:
        """Errors, rate limits and denied tools by day and cause."""
        await self._ready()
        return counts.blocked((await self._ask(window, counts.blocked_rows))[0])

    async def report(self, window: TimeRange) -> AuditReport:
        """Events by type, people, models, tokens and networks opened."""
        found = await self.tokens(window)
        rows = await self._ask(window, type_rows, person_rows, model_rows)
        return AuditReport(window, overview(*rows), found.tokens, await self._opened(window), found.coverage)

    async def pulls(self, window: TimeRange) -> tuple[Pull, ...]:
        """Who took log files, our own pulls among them."""
        await self._ready()
        return counts.pulls((await self._ask(window, counts.pull_rows))[0])

    async def notables(self, window: TimeRange) -> tuple[Notable, ...]:
        """Network settings told and security patches opened, oldest first."""
        await self._ready()
        return notables((await self._ask(window, notable_rows))[0])

    async def opened(self, window: TimeRange) -> tuple[Notable, ...]:
        """Networks opened in a window, oldest first: not those that were open when it began."""
        await self._ready()
        return await self._opened(window)

    async def known_files(self) -> frozenset[str]:
        """Ids of every log file ever listed for us and still in the books."""
        return await asyncio.to_thread(_known_files, self._lake)

    async def lines(
        self, kind: SubjectKind, subject: str, window: TimeRange, most: int
    ) -> tuple[SourceLine, ...]:
        """The oldest `most` source lines about a person, a token or a session, oldest first."""
        await self._ready()
        match = LINES[kind](await self._resolved(kind, subject, window))
        (rows,) = await self._ask(window, partial(line_rows, match=match, most=most))
        return source_lines(rows)

    async def originals(self, lines: tuple[SourceLine, ...]) -> tuple[Original, ...]:
        """The lines as the source has them, downloaded now and kept nowhere. Raises Tampered, Unavailable."""
        if self._api is None:
            raise SourceMissing("no audit-log key")
        return await read_originals(self._api, self._lake, lines)

    async def export(self, window: TimeRange, sink: Sink) -> EventExport:
        """Every held event of a window to `sink`, oldest first. Raises QueryFailed."""
        await self._ready()
        return await export_events(self._lake, self._engine, window, sink)

    async def resolved(self, kind: SubjectKind, subject: str, window: TimeRange) -> str:
        """The id behind a name or address; the words themselves where none is known."""
        await self._ready()
        return await self._resolved(kind, subject, window)

    async def coverage(self, window: TimeRange) -> Coverage:
        """What the answers of a window rest on."""
        return await asyncio.to_thread(read_coverage, self._lake, window)

    async def _ready(self) -> None:
        if self._before:
            await self._before()

    async def _ask(self, window: TimeRange, *builds: Build) -> tuple[Rows, ...]:
        """Runs queries over the files of the window's days only."""
        paths = await asyncio.to_thread(self._paths, window)
        return tuple(table.to_pylist() for table in await self._engine.fetch(Dataset.EVENTS, paths, *builds))

    def _paths(self, window: TimeRange) -> tuple[Path, ...]:
        held = self._lake.held(Dataset.EVENTS, window)
        return tuple(self._lake.path(Dataset.EVENTS, day) for day in held)

    def _history(self, window: TimeRange) -> TimeRange:
        """Everything held up to the window's end: a token may be older than the window."""
        held = self._lake.days(Dataset.EVENTS)
        return TimeRange(min(held[0], window.start), window.end) if held else window

    async def _opened(self, window: TimeRange) -> tuple[Notable, ...]:
        (rows,) = await self._ask(self._history(window), notable_rows)
        return tuple(one for one in openings(notables(rows)) if one.at.date() in window)

    async def _tokens_of(
        self, kind: SubjectKind, subject: str, window: TimeRange, uses: Rows
    ) -> tuple[Token, ...]:
        used = {row["credential_id"] for row in uses}
        if kind not in (SubjectKind.USER, SubjectKind.TOKEN) and not used:
            return ()
        life, last = await self._ask(self._history(window), lifecycle_rows, last_use_rows)
        return tuple(
            token for token in tokens(life, uses, last) if token.token_id in used or _concerns(token, subject)
        )

    async def _resolved(self, kind: SubjectKind, subject: str, window: TimeRange) -> str:
        match kind:
            case SubjectKind.USER if "@" in subject:
                return await self._user_id(subject.strip().lower(), window) or subject
            case SubjectKind.TOKEN:
                life = (await self._ask(self._history(window), lifecycle_rows))[0]
                named = [row["token_id"] for row in life if row["token_name"] == subject]
                return named[-1] if named else subject
            case _:
                return subject

    async def _user_id(self, email: str, window: TimeRange) -> str | None:
        """The id behind an address: from the usage rows, else from the workspace's people (kept an hour).

        Usage may name people otherwise than the log does, so an id of it counts when the log knows it.
        """
        people = await asyncio.to_thread(self._lake.people)
        same = (one.user_id for one in people.values() if one.email and one.email.lower() == email)
        known = next(same, None)
        if known is not None and await self._acted(known, window):
            return known
        try:
            return (await self._directory()).get(email, known)
        except Unavailable:
            if known is None:
                raise
            return known

    async def _acted(self, user_id: str, window: TimeRange) -> bool:
        match = LINES[SubjectKind.USER](user_id)
        (rows,) = await self._ask(self._history(window), partial(one_row, match=match))
        return bool(rows)

    async def _directory(self) -> dict[str, str]:
        now = self._clock()
        if self._api is None:
            return {}
        if self._emails is None or now - self._emails[0] > EMAIL_FRESH:
            users = {user.email.lower(): user.id async for user in self._api.users() if user.email}
            self._emails = (now, users)
        return self._emails[1]


def _known_files(lake: Lake) -> frozenset[str]:
    return frozenset(i for book in ledgers(lake) for day in book.days() for i in book.entries(day))


def _concerns(token: Token, subject: str) -> bool:
    return subject in (token.token_id, token.owner, token.created_by, token.revoked_by)
