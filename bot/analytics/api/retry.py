"""When a call is made again, and after how long: pure arithmetic, driven by tenacity.

stamina builds on the same library, and its hook can return the wait, but it sleeps by itself and is tested
only through process-wide switches that turn every wait into 0; its time limit looks back only, so that a
two-minute `Retry-After` may begin at the last second. tenacity takes sleep, wait and stop rule as arguments.
"""

from __future__ import annotations

import random
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Final, TypeVar

import structlog
import tenacity

from bot.model.errors import Unavailable

R = TypeVar("R")
Sleep = Callable[[float], Awaitable[None]]

RETRY_AFTER_MAX_SECONDS: Final = 120.0
SECONDS_PATTERN: Final = re.compile(r"\d{1,9}(\.\d{1,9})?")
AGAIN: Final = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """Bounds of one page's calls. `jitter` is the share of a back-off that is left to chance."""

    attempts: int = 6
    total_seconds: float = 300.0
    first_wait_seconds: float = 0.5
    longest_wait_seconds: float = 30.0
    jitter: float = 0.5


@dataclass(slots=True, eq=False)
class Fault(Exception):
    """A failed attempt: the error it would end in, whether to try again, and after what the server said."""

    error: Unavailable
    again: bool = False
    after_seconds: float | None = None


def should_retry(status: int) -> bool:
    """Tell whether the same call may succeed later."""
    return status in AGAIN or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def retry_after_seconds(headers: Mapping[str, str], now: datetime) -> float | None:
    """Read `Retry-After` as seconds or as an HTTP date (RFC 9110, 10.2.3); None when it says neither.

    A date counts from the server's own `Date` where that is sent, so that a wrong clock here does not matter.
    """
    text = headers.get("retry-after", "").strip()
    if SECONDS_PATTERN.fullmatch(text):
        return min(float(text), RETRY_AFTER_MAX_SECONDS)
    until = _http_date(text)
    if until is None:
        return None
    since = _http_date(headers.get("date", "")) or now
    return min(max((until - since).total_seconds(), 0.0), RETRY_AFTER_MAX_SECONDS)


def _http_date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def backoff_seconds(policy: RetryPolicy, attempt: int, chance: float) -> float:
    """Double with each attempt, counted from 1, up to the longest wait; `chance` in 0..1 shortens it."""
    full = min(policy.first_wait_seconds * 2.0 ** (attempt - 1), policy.longest_wait_seconds)
    return full * (1 - policy.jitter * chance)


def _wait_seconds(policy: RetryPolicy, attempt: int, after_seconds: float | None, chance: float) -> float:
    """Obey the server where it names a time, else back off."""
    return after_seconds or backoff_seconds(policy, attempt, chance)


def _is_over(policy: RetryPolicy, attempt: int, spent_seconds: float, wait_seconds: float) -> bool:
    """No attempt is left, or the wait would end after the time is up."""
    return attempt >= policy.attempts or spent_seconds + wait_seconds > policy.total_seconds


async def with_retries(call: Callable[[], Awaitable[R]], policy: RetryPolicy, sleep: Sleep) -> R:
    """Await `call` until it works, fails for good or the policy ends it; raises its last Fault."""
    retrying = tenacity.AsyncRetrying(
        retry=tenacity.retry_if_exception(lambda error: isinstance(error, Fault) and error.again),
        wait=lambda state: _wait_seconds(
            policy, state.attempt_number, _fault(state).after_seconds, _chance()
        ),
        stop=lambda state: _is_over(
            policy, state.attempt_number, _spent_seconds(state), state.upcoming_sleep
        ),
        sleep=sleep,
        before_sleep=_log_retry,
        reraise=True,
    )
    return await retrying(call)


def _chance() -> float:
    return random.random()  # noqa: S311 - spreads calls, hides nothing


def _fault(state: tenacity.RetryCallState) -> Fault:
    error = state.outcome.exception() if state.outcome else None
    if not isinstance(error, Fault):
        message = "only a Fault is retried"
        raise TypeError(message)
    return error


def _spent_seconds(state: tenacity.RetryCallState) -> float:
    # The sum of the waits counts too: a test's sleep takes no time.
    return max(state.seconds_since_start or 0.0, state.idle_for)


def _log_retry(state: tenacity.RetryCallState) -> None:
    fault = _fault(state)
    log.warning(
        "api_retry",
        error=type(fault.error).__name__,
        detail=fault.error.detail,
        attempt=state.attempt_number,
        wait_seconds=round(state.upcoming_sleep, 3),
    )
