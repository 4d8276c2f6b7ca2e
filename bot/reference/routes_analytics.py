"""The three endpoints of the Analytics API (contract.md b and d)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.reference.cursors import BadCursorError, Cursors
from bot.reference.options import Options
from bot.reference.questions import Question, read_question
from bot.reference.replies import RefusedError
from bot.reference.reviews import response_row, responses_of, review_row, reviews_of
from bot.reference.sources import ReviewSource, Usage

Read = Callable[..., tuple[list[bytes], int | None]]
Clock = Callable[[], datetime]


class AnalyticsRoutes:
    """Answers analytics requests; authentication and the workspace are checked before."""

    def __init__(self, options: Options, usage: Usage, cursors: Cursors, clock: Clock) -> None:
        self._usage, self._cursors, self._clock = usage, cursors, clock
        self._faults = options.misbehave
        self._reviews = ReviewSource(options, reviews_of, review_row)
        self._responses = ReviewSource(options, responses_of, response_row)

    async def usage(self, request: web.Request) -> web.Response:
        """`GET .../usage`."""
        question = self._question(request, groups=True)
        read = self._usage.persons if question.by_person else self._usage.workspace
        return self._page("usage", question, read)

    async def code_reviews(self, request: web.Request) -> web.Response:
        """`GET .../code_reviews`."""
        return self._page("code_reviews", self._question(request, groups=False), self._reviews.read)

    async def code_review_responses(self, request: web.Request) -> web.Response:
        """`GET .../code_review_responses`."""
        return self._page(
            "code_review_responses", self._question(request, groups=False), self._responses.read
        )

    def _question(self, request: web.Request, *, groups: bool) -> Question:
        return read_question(request.query, self._clock(), groups=groups, weeks=not self._faults.no_weeks)

    def _page(self, name: str, question: Question, read: Read) -> web.Response:
        asked = f"{name}?{question.text}"
        start, key = self._position(asked, question)
        rows, following = _collect(question, start, key, read, self._clock())
        if self._faults.bad_rows and rows and name == "usage":
            rows = [rows[0].replace(b'"turns":', b'"turns":"many","was":', 1), *rows[1:]]
        if self._faults.cursor_loop and rows:
            following = start or question.first, 0
        return _written(rows, self._cursors.write(asked, list(following)) if following else None)

    def _position(self, asked: str, question: Question) -> tuple[int | None, int]:
        if question.page is None:
            return None, 0
        try:
            start, key = self._cursors.read(asked, question.page)
        except BadCursorError:
            raise RefusedError(400, "Invalid page cursor.", "invalid_cursor") from None
        return int(start), int(key)


def _collect(
    question: Question, start: int | None, key: int, read: Read, now: datetime
) -> tuple[list[bytes], tuple[int, int] | None]:
    """Gather up to ``limit`` rows; the second value is where the next page begins, if there is one."""
    rows: list[bytes] = []
    for period in question.periods(start):
        found, following = read(period, now, key, max(question.limit - len(rows), 1))
        if found and len(rows) == question.limit:
            return rows, (period.first, 0)
        rows += found
        if following is not None:
            return rows, (period.first, following)
        key = 0
    return rows, None


def _written(rows: list[bytes], following: str | None) -> web.Response:
    flags = b'],"has_more":true,"next_page":"%s"}' % following.encode() if following else None
    tail = flags or b'],"has_more":false,"next_page":null}'
    body = b'{"object":"page","data":[' + b",".join(rows) + tail
    return web.Response(body=body, content_type="application/json")
