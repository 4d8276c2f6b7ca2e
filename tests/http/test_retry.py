from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.http.retry import (
    Fault,
    RetryPolicy,
    backoff_seconds,
    retry_after_seconds,
    should_retry,
    with_retries,
)
from bot.model.errors import ServerFault

NOW = datetime(2026, 10, 21, 15, 0, 0, tzinfo=UTC)
POLICY = RetryPolicy()


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503, 504, 520])
def test_a_passing_failure_is_tried_again(status: int) -> None:
    assert should_retry(status)


@pytest.mark.parametrize("status", [301, 307, 400, 401, 403, 404, 405, 410, 413, 422])
def test_a_lasting_failure_is_not_tried_again(status: int) -> None:
    assert not should_retry(status)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("7", 7.0),
        ("0", 0.0),
        ("1.5", 1.5),
        (" 3 ", 3.0),
        ("3600", 120.0),
        ("Wed, 21 Oct 2026 15:00:30 GMT", 30.0),
        ("Wednesday, 21-Oct-26 15:00:30 GMT", 30.0),
        ("Wed, 21 Oct 2026 16:00:00 GMT", 120.0),
        ("Wed, 21 Oct 2026 14:59:00 GMT", 0.0),
        ("", None),
        ("-5", None),
        ("nan", None),
        ("inf", None),
        ("1e3", None),
        ("soon", None),
        ("9" * 400, None),
        ("Wed, 99 Oct 2026 15:00:30 GMT", None),
    ],
)
def test_retry_after_is_read_as_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after_seconds({"retry-after": text}, NOW) == seconds


def test_no_header_says_nothing() -> None:
    assert retry_after_seconds({}, NOW) is None


def test_a_date_counts_from_the_servers_own_clock() -> None:
    headers = {"retry-after": "Wed, 21 Oct 2026 18:00:09 GMT", "date": "Wed, 21 Oct 2026 18:00:00 GMT"}
    assert retry_after_seconds(headers, NOW) == 9.0


def test_the_backoff_doubles_to_its_limit() -> None:
    waits = [backoff_seconds(POLICY, attempt, chance=0.0) for attempt in range(1, 9)]
    assert waits == [0.5, 1, 2, 4, 8, 16, 30, 30]


@given(attempt=st.integers(1, 60), chance=st.floats(0, 1))
def test_jitter_takes_at_most_its_share(attempt: int, chance: float) -> None:
    full = backoff_seconds(POLICY, attempt, 0.0)
    assert full / 2 <= backoff_seconds(POLICY, attempt, chance) <= full


async def _fail(fault: Fault, policy: RetryPolicy, sleep: Callable[[float], Awaitable[None]]) -> int:
    calls = 0

    async def call() -> None:
        nonlocal calls
        calls += 1
        raise fault

    with pytest.raises(Fault):
        await with_retries(call, policy, sleep)
    return calls


async def test_attempts_are_bounded(sleep: Callable[[float], Awaitable[None]], waits: list[float]) -> None:
    assert await _fail(Fault(ServerFault(), again=True), POLICY, sleep) == 6
    assert len(waits) == 5
    assert all(later > earlier for earlier, later in pairwise(waits[::2]))


async def test_the_total_time_is_bounded_before_the_wait_begins(
    sleep: Callable[[float], Awaitable[None]], waits: list[float]
) -> None:
    assert await _fail(Fault(ServerFault(), again=True, after_seconds=120), POLICY, sleep) == 3
    assert waits == [120, 120]


async def test_what_cannot_pass_is_called_once(
    sleep: Callable[[float], Awaitable[None]], waits: list[float]
) -> None:
    assert await _fail(Fault(ServerFault()), POLICY, sleep) == 1
    assert waits == []


async def test_an_error_that_is_no_fault_is_not_swallowed(sleep: Callable[[float], Awaitable[None]]) -> None:
    async def call() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await with_retries(call, POLICY, sleep)


async def test_retry_after_zero_still_backs_off(
    sleep: Callable[[float], Awaitable[None]], waits: list[float]
) -> None:
    await _fail(Fault(ServerFault(), again=True, after_seconds=0.0), POLICY, sleep)
    assert all(wait > 0 for wait in waits)
