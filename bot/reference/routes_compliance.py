"""The Compliance API: log files, people, tasks and environments (contract.md e)."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import Protocol

from aiohttp import web

from bot.reference.cursors import BadCursorError, Cursors
from bot.reference.directory import Tasks, known_users, user_row
from bot.reference.environments import Environment, environment_row, environments_of
from bot.reference.faults import Faults
from bot.reference.logfiles import RETENTION_DAYS, WINDOW, LogFile, window_of
from bot.reference.logquestions import (
    LogQuestion,
    LogScope,
    check_scope,
    read_kinds,
    read_limit,
    read_log_question,
)
from bot.reference.options import Options
from bot.reference.people import People, people_of
from bot.reference.pulls import Pulls
from bot.reference.records import DAY, EPOCH_ORDINAL, Record, instant, microseconds
from bot.reference.replies import RefusedError, json_reply
from bot.reference.signed import Signer

_USERS = 200
_PAGE, _ACCEPTED = 30, 50
_FILE_ID = re.compile(r"eclf_[0-9a-zA-Z_-]{1,80}")
Clock = Callable[[], datetime]


class Files(Protocol):
    """Where log files come from."""

    def visible(self, first: int, now: datetime, last: int | None = None) -> Iterator[LogFile]:
        """Yield files from the day on, oldest first, that are written and not yet forgotten."""
        ...


@dataclass(frozen=True, slots=True)
class LogSource:
    """The files of a workspace or an organization, which types it has, and the calls made there."""

    files: Files
    scope: LogScope
    pulls: Pulls


class LogRoutes:
    """Listing and downloading of log files."""

    def __init__(self, source: LogSource, faults: Faults, signer: Signer, clock: Clock) -> None:
        self._logs, self._scope, self._pulls = source.files, source.scope, source.pulls
        self._faults, self._signer, self._clock = faults, signer, clock

    async def logs(self, request: web.Request) -> web.Response:
        """`GET .../logs`."""
        question = read_log_question(request.query, self._faults, self._scope)
        wanted = list(islice(self._matching(question), question.limit + 1))
        self._pulls.record(
            "LIST_WORKSPACE_LOG_FILES",
            event_type=sorted(question.kinds),
            after=question.after_text,
            limit=question.limit,
        )
        return json_reply(self._listing(question, wanted))

    async def download(self, request: web.Request) -> web.Response:
        """`GET .../logs/{file}`: a redirect to the signed host, without a body."""
        file_id = request.match_info["file"]
        if not _FILE_ID.fullmatch(file_id):
            raise RefusedError(400, "Malformed log file id.", "invalid_parameter")
        file = self.find(file_id)
        if file is None:
            raise RefusedError(404, "Log file not found.", "not_found")
        check_scope(file.kind, self._faults)
        self._pulls.record("DOWNLOAD_WORKSPACE_LOG_FILE", log_file_id=file_id)
        return web.Response(status=307, headers={"Location": self._signer.url(file_id)})

    async def max_event_time(self, request: web.Request) -> web.Response:
        """`GET .../logs/max_event_time`: how fresh each log type is."""
        kinds = sorted(read_kinds(request.query, self._faults, self._scope))
        return json_reply({"max_event_time": {kind: self._newest(kind) for kind in kinds}})

    def _newest(self, kind: str) -> str | None:
        """Look back from today, so that a busy type costs one day only."""
        today = self._clock().toordinal()
        for day in range(today, today - RETENTION_DAYS - 2, -1) if kind in self._scope.told else ():
            found = [file.newest for file in self._files(day, day) if file.kind == kind]
            if found:
                return instant(max(found))
        return None

    def find(self, file_id: str) -> LogFile | None:
        """Find a file that is written and not yet forgotten."""
        window = window_of(file_id)
        if window is None:
            return None
        day = window * WINDOW // DAY + EPOCH_ORDINAL
        same = (file for file in self._files(day, day) if file.file_id == file_id)
        return next(same, None)

    def _files(self, first: int, last: int | None = None) -> Iterator[LogFile]:
        """Files from a day on, the recorded calls among them, by end time."""
        oldest = microseconds(self._clock()) - RETENTION_DAYS * DAY
        own = (file for file in self._pulls.files() if file.end > oldest)
        return merge(self._logs.visible(first, self._clock(), last), own, key=lambda file: file.end)

    def _matching(self, question: LogQuestion) -> Iterator[LogFile]:
        # A file may be written a little after midnight for a window of the day before.
        first = question.after // DAY + EPOCH_ORDINAL - 1
        for file in self._files(first):
            early = question.before is None or file.end < question.before
            if file.kind in question.kinds and file.end > question.after and early:
                yield file

    def _listing(self, question: LogQuestion, wanted: list[LogFile]) -> Record:
        page = wanted[: question.limit]
        if self._faults.stuck_logs:
            return {"data": [f.entry() for f in page], "has_more": True, "last_end_time": question.after_text}
        return {
            "data": [file.entry() for file in page],
            "has_more": len(wanted) > question.limit,
            "last_end_time": instant(page[-1].end) if page else None,
        }


class DirectoryRoutes:
    """People, tasks and environments."""

    def __init__(self, options: Options, cursors: Cursors, pulls: Pulls, clock: Clock) -> None:
        self._people: People = people_of(options.seed, options.users)
        self._tasks = Tasks(self._people)
        self._cursors, self._pulls, self._clock = cursors, pulls, clock

    async def users(self, request: web.Request) -> web.Response:
        """`GET .../users`."""
        now, limit = self._clock(), read_limit(request.query, _USERS, None)
        known = known_users(self._people, now)
        after = request.query.get("after", "")
        start = bisect_right(known, after, key=lambda index: self._people.user_ids[index])
        page = [user_row(self._people, index, now) for index in known[start : start + limit]]
        self._pulls.record("LIST_WORKSPACE_USERS", limit=limit)
        more, last = start + limit < len(known), page[-1]["id"] if page else None
        return json_reply({"object": "list", "data": page, "last_id": last, "has_more": more})

    async def codex_tasks(self, request: web.Request) -> web.Response:
        """`GET .../codex_tasks`."""
        limit = min(read_limit(request.query, _PAGE, _ACCEPTED), _PAGE)
        cursor = request.query.get("cursor")
        tasks = self._tasks.latest(self._clock())
        if cursor is not None:
            place = self._place(cursor)
            tasks = (task for task in tasks if (-task["updated_at"], task["id"]) > place)
        wanted = list(islice(tasks, limit + 1))
        page, more = wanted[:limit], len(wanted) > limit
        self._pulls.record("LIST_CODEX_TASKS", limit=limit)
        last = [page[-1]["updated_at"], page[-1]["id"]] if more else []
        following = self._cursors.write("codex_tasks", last) if more else None
        return json_reply({"object": "list", "data": page, "cursor": following, "has_more": more})

    async def codex_task(self, request: web.Request) -> web.Response:
        """`GET .../codex_tasks/{id}`."""
        task = self._tasks.find(request.match_info["id"], self._clock())
        if task is None:
            raise RefusedError(404, "Task not found.", "not_found")
        return json_reply(task)

    async def codex_environments(self, request: web.Request) -> web.Response:
        """`GET .../codex_environments`."""
        limit = min(read_limit(request.query, _PAGE, _ACCEPTED), _PAGE)
        known, after = self._environments(), request.query.get("after")
        start = 0
        if after is not None:
            places = [place for place, known_one in enumerate(known) if known_one.environment_id == after]
            if not places:
                raise RefusedError(400, "Invalid 'after': no such environment.", "invalid_parameter")
            start = places[0] + 1
        page = [environment_row(self._people, one) for one in known[start : start + limit]]
        self._pulls.record("LIST_CODE_ENVIRONMENTS", limit=limit)
        return json_reply({"object": "list", "data": page, "has_more": start + limit < len(known)})

    async def codex_environment(self, request: web.Request) -> web.Response:
        """`GET .../codex_environments/{id}`."""
        wanted = request.match_info["id"]
        for environment in self._environments():
            if environment.environment_id == wanted:
                return json_reply(environment_row(self._people, environment))
        raise RefusedError(404, "Environment not found.", "not_found")

    def _environments(self) -> list[Environment]:
        """Newest first."""
        until = microseconds(self._clock())
        return [one for one in reversed(environments_of(self._people)) if one.created <= until]

    def _place(self, cursor: str) -> tuple[float, str]:
        try:
            updated, task_id = self._cursors.read("codex_tasks", cursor)
        except BadCursorError:
            raise RefusedError(400, "Invalid cursor.", "invalid_cursor") from None
        return -float(updated), str(task_id)
