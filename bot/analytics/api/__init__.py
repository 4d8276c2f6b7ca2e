"""The client of the Codex enterprise Analytics API: typed rows, paging, retries, errors."""

from bot.analytics.api.endpoints import AnalyticsApi, earliest_day
from bot.analytics.api.pages import BadRow, Page
from bot.analytics.api.weeks import WeekStart, rows_are_weekly, weekly
from bot.http.base_url import normalise_base_url
from bot.http.pool import build_http
from bot.http.retry import RetryPolicy

__all__ = [
    "AnalyticsApi",
    "BadRow",
    "Page",
    "RetryPolicy",
    "WeekStart",
    "build_http",
    "earliest_day",
    "normalise_base_url",
    "rows_are_weekly",
    "weekly",
]
