"""The three Codex enterprise Analytics endpoints, page by page."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Final, Literal, TypeVar

import httpx
from pydantic import SecretStr

from bot.analytics.api.pages import Page, PageDecoder
from bot.analytics.api.wire import ReviewResponseRow, ReviewRow, UsageRow
from bot.http.base_url import normalise_base_url
from bot.http.fetch import Fetcher
from bot.http.retry import RetryPolicy, Sleep
from bot.model.errors import BadSetting, CursorLoop, TooOld
from bot.model.timerange import TimeRange, day_start

T = TypeVar("T")
Group = Literal["workspace"]
GroupBy = Literal["day", "week"]
Params = dict[str, str | int]

SCOPE: Final = "codex.enterprise.analytics.read"
LOOK_BACK: Final = timedelta(days=90)
LIMIT_MAX: Final = 30_000
EMPTY_PAGES_MAX: Final = 50
WORKSPACE_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,128}")
KEY: Final = re.compile(r"[\x21-\x7e]+")

USAGE: Final = PageDecoder(UsageRow)
REVIEWS: Final = PageDecoder(ReviewRow)
RESPONSES: Final = PageDecoder(ReviewResponseRow)


def utc_now() -> datetime:
    """Read the system's clock."""
    return datetime.now(UTC)


def earliest_day(now: datetime) -> date:
    """Return the oldest UTC day the API still answers for."""
    return now.astimezone(UTC).date() - LOOK_BACK


@dataclass(frozen=True, slots=True)
class AnalyticsApi:
    """Reads rows of one workspace, one page in memory at a time.

    `limit` is the rows a page may hold (1 to 30,000), `page_bytes_max` its size when decompressed. The HTTP
    client is the caller's to close. Raises BadSetting for settings it cannot use. Every method raises TooOld,
    before anything is sent, when the window starts more than 90 days before today (UTC); it never clamps or
    splits. While iterated: the errors under Unavailable.
    """

    http: httpx.AsyncClient = field(repr=False)
    _: KW_ONLY
    base_url: str
    workspace_id: str
    key: SecretStr
    limit: int = 1000
    policy: RetryPolicy = field(default_factory=RetryPolicy)
    clock: Callable[[], datetime] = utc_now
    sleep: Sleep = asyncio.sleep
    page_bytes_max: int = 64_000_000

    def __post_init__(self) -> None:
        object.__setattr__(self, "base_url", normalise_base_url(self.base_url))
        if not WORKSPACE_ID.fullmatch(self.workspace_id):
            raise BadSetting(message="PULSE_WORKSPACE_ID is no workspace id", hint="it is a UUID")
        if not KEY.fullmatch(self.key.get_secret_value()):
            message = "PULSE_ANALYTICS_API_KEY is empty or holds a space, a line break or an accent"
            raise BadSetting(message=message, hint="copy the key again, without quotes")
        if not 1 <= self.limit <= LIMIT_MAX:
            raise BadSetting(message=f"the page limit must be 1 to {LIMIT_MAX}")

    def usage(
        self, window: TimeRange, *, group: Group | None = None, group_by: GroupBy | None = None
    ) -> AsyncIterator[Page[UsageRow]]:
        """Pages of use per person and day, or of the workspace with `group`."""
        params = self._params(window, {"group": group, "group_by": group_by})
        return self._pages("usage", params, USAGE)

    def code_reviews(
        self, window: TimeRange, *, group_by: GroupBy | None = None
    ) -> AsyncIterator[Page[ReviewRow]]:
        """Pages of reviews per day; always of the whole workspace."""
        return self._pages("code_reviews", self._params(window, {"group_by": group_by}), REVIEWS)

    def code_review_responses(
        self, window: TimeRange, *, group_by: GroupBy | None = None
    ) -> AsyncIterator[Page[ReviewResponseRow]]:
        """Pages of answers to reviews per day; always of the whole workspace."""
        return self._pages("code_review_responses", self._params(window, {"group_by": group_by}), RESPONSES)

    def _params(self, window: TimeRange, asked: dict[str, str | None]) -> Params:
        earliest = earliest_day(self.clock())
        if window.start < earliest:
            raise TooOld(earliest=earliest)
        start_time, end_time = (int(day_start(day).timestamp()) for day in (window.start, window.end))
        chosen = {name: value for name, value in asked.items() if value is not None}
        return {"start_time": start_time, "end_time": end_time, "limit": self.limit, **chosen}

    async def _pages(self, endpoint: str, params: Params, decoder: PageDecoder[T]) -> AsyncIterator[Page[T]]:
        url = f"{self.base_url}/analytics/codex/workspaces/{self.workspace_id}/{endpoint}"
        fetcher = Fetcher(
            self.http, self.key, SCOPE, self.policy, self.page_bytes_max, self.clock, self.sleep
        )
        trail = _Trail()
        cursor: Params = {}
        while True:
            read = partial(decoder.page, number=trail.page_count + 1)
            page = await fetcher.get(url, params | cursor, read)
            yield page
            if page.next_page is None:
                return
            trail.step(page)
            cursor = {"page": page.next_page}


class _Trail:
    """The cursors one walk has seen."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._empty_count = 0

    @property
    def page_count(self) -> int:
        """Pages read so far that were not the last."""
        return len(self._seen)

    def step(self, page: Page[T]) -> None:
        """Note the page's cursor. Raises CursorLoop when it was seen, or page after page is empty."""
        cursor = page.next_page or ""
        self._empty_count = 0 if page.rows or page.bad else self._empty_count + 1
        if cursor in self._seen:
            raise CursorLoop(detail=f"the cursor of page {page.number} was seen before")
        if self._empty_count > EMPTY_PAGES_MAX:
            raise CursorLoop(detail=f"{self._empty_count} empty pages in a row")
        self._seen.add(cursor)
