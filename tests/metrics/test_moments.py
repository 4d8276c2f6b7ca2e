from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.events.lanes import Lane
from bot.metrics.events.moments import HourCount, hours, night

UTC_ZONE = ZoneInfo("UTC")
BERLIN = ZoneInfo("Europe/Berlin")


def at(hour: int, events: int = 1, day: int = 14) -> HourCount:
    return HourCount(datetime(2026, 9, day, hour, tzinfo=UTC), Lane.PROMPTS, events)


def test_the_night_runs_from_22_to_6() -> None:
    counts = tuple(at(hour) for hour in range(24))
    assert night(counts, UTC_ZONE).events == 8
    assert night((at(6), at(21)), UTC_ZONE) == night((), UTC_ZONE)


def test_the_night_is_that_of_the_zone() -> None:
    # in September Berlin is two hours ahead: 20:00 UTC is 22:00 there
    assert night((at(20), at(19), at(3), at(4)), BERLIN).events == 2


def test_the_busiest_hour_counts_all_lanes_and_the_first_wins_a_tie() -> None:
    counts = (at(1, 3), HourCount(at(1).at, Lane.TOOLS, 4), at(2, 7), at(12, 99))
    busiest = night(counts, UTC_ZONE).busiest
    assert busiest is not None
    assert (busiest.at, busiest.events) == (at(1).at, 7)


def test_a_night_without_events_has_no_busiest_hour() -> None:
    assert night((at(12, 9),), UTC_ZONE).busiest is None


@given(st.lists(st.tuples(st.integers(0, 30 * 24 - 1), st.integers(1, 1000)), max_size=50))
def test_hours_add_up_and_are_in_order(found: list[tuple[int, int]]) -> None:
    rows = [
        {"hour": hour, "type": "CODEX_LOG", "event_type": "PROMPT_SENT", "action": None, "events": events}
        for hour, events in found
    ]
    counted = hours(rows)
    assert sum(each.events for each in counted) == sum(events for _, events in found)
    assert [each.at for each in counted] == sorted({each.at for each in counted})
