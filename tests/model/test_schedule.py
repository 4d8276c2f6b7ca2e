from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.errors import BadValue
from bot.model.schedule import (
    Schedule,
    ScheduleKind,
    WeekRule,
    earliest_complete,
    local_instant,
    next_due,
    next_runs,
    period_key,
    week_covered,
    zone_named,
)
from bot.model.timerange import TimeRange

DAILY, WEEKLY, MONTHLY = ScheduleKind.DAILY, ScheduleKind.WEEKLY, ScheduleKind.MONTHLY
ZONES = [
    "Africa/Casablanca",
    "America/New_York",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Europe/Berlin",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "UTC",
]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


schedules = st.builds(
    Schedule,
    kind=st.sampled_from(ScheduleKind),
    at=st.times().map(lambda clock: clock.replace(second=0, microsecond=0)),
    zone=st.sampled_from(ZONES),
    weekday=st.integers(0, 6),
    month_day=st.integers(1, 31),
    whole_week=st.booleans(),
)
instants = st.datetimes(datetime(2009, 1, 1), datetime(2036, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(schedules, instants)
def test_the_next_run_is_strictly_later_and_nothing_lies_between(schedule: Schedule, after: datetime) -> None:
    run = next_due(schedule, after)
    assert run > after
    assert next_due(schedule, run - timedelta(microseconds=1)) == run
    if run - after > timedelta(seconds=2):
        assert next_due(schedule, after + (run - after) / 2) == run


@given(schedules, instants, instants)
def test_a_later_question_never_gets_an_earlier_run(schedule: Schedule, a: datetime, b: datetime) -> None:
    first, second = sorted((a, b))
    assert next_due(schedule, first) <= next_due(schedule, second)


@given(schedules, instants)
def test_a_run_has_its_local_time_unless_a_gap_or_an_open_week_moved_it(
    schedule: Schedule, after: datetime
) -> None:
    run = next_due(schedule, after)
    local = run.astimezone(ZoneInfo(schedule.zone))
    if local.time() == schedule.at and local.fold == 0:
        return
    second_before = (run - timedelta(seconds=1)).astimezone(local.tzinfo)
    after_gap = local.utcoffset() > second_before.utcoffset()  # type: ignore[operator]
    completed = schedule.whole_week and (run.weekday(), run.time()) == (0, time(12))
    assert after_gap or completed


@given(schedules, instants)
def test_every_run_of_a_schedule_has_a_period_of_its_own(schedule: Schedule, after: datetime) -> None:
    runs = next_runs(schedule, after, 5)
    periods = [period_key(schedule, run) for run in runs]
    assert len(set(runs)) == 5
    if schedule.kind is not DAILY or not schedule.whole_week:
        assert len(set(periods)) == 5


@pytest.mark.parametrize(
    ("zone", "clock", "day", "expected"),
    [
        ("Europe/Berlin", "02:30", "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", "02:00", "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", "03:00", "2026-03-29", "2026-03-29T01:00"),
        ("Europe/Berlin", "02:30", "2026-10-25", "2026-10-25T00:30"),
        ("Europe/Berlin", "03:00", "2026-10-25", "2026-10-25T02:00"),
        ("America/New_York", "02:30", "2026-03-08", "2026-03-08T07:00"),
        ("America/New_York", "01:30", "2026-11-01", "2026-11-01T05:30"),
        ("Australia/Lord_Howe", "02:15", "2026-10-04", "2026-10-03T15:30"),
        ("Australia/Lord_Howe", "01:45", "2026-04-05", "2026-04-04T14:45"),
        ("Pacific/Apia", "09:00", "2011-12-30", "2011-12-30T10:00"),  # the whole day was left out
    ],
)
def test_a_gap_means_its_end_and_an_overlap_its_first_time(
    zone: str, clock: str, day: str, expected: str
) -> None:
    instant = local_instant(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(zone))
    assert instant == at(expected)


def test_a_digest_wished_before_the_week_is_complete_waits_for_it() -> None:
    schedule = Schedule(WEEKLY, time(9), "Europe/Berlin", weekday=0, whole_week=True)
    runs = next_runs(schedule, at("2026-10-21T15:00"))
    assert runs == (at("2026-10-26T12:00"), at("2026-11-02T12:00"), at("2026-11-09T12:00"))
    assert [period_key(schedule, run) for run in runs] == ["2026-W43", "2026-W44", "2026-W45"]


def test_a_tuesday_that_is_still_monday_in_utc_waits_too() -> None:
    schedule = Schedule(WEEKLY, time(0, 30), "Pacific/Kiritimati", weekday=1, whole_week=True)
    assert next_due(schedule, at("2026-10-21T15:00")) == at("2026-10-26T12:00")


def test_the_default_digest_is_not_moved() -> None:
    schedule = Schedule(WEEKLY, time(9), "Europe/Berlin", weekday=1, whole_week=True)
    assert next_runs(schedule, at("2026-10-21T15:00"), 1) == (at("2026-10-27T08:00"),)  # CET since Sunday


def test_a_week_may_start_on_sunday() -> None:
    weeks = WeekRule(first_weekday=6, lag_hours=12)
    assert earliest_complete(at("2026-10-25T01:00"), weeks) == at("2026-10-25T12:00")
    assert earliest_complete(at("2026-10-26T01:00"), weeks) == at("2026-10-26T01:00")
    assert week_covered(at("2026-10-25T11:59"), weeks) == TimeRange(date(2026, 10, 11), date(2026, 10, 18))
    assert week_covered(at("2026-10-25T12:00"), weeks) == TimeRange(date(2026, 10, 18), date(2026, 10, 25))


def test_the_period_is_the_iso_week_of_the_figures_across_the_year_with_53() -> None:
    schedule = Schedule(WEEKLY, time(9), "UTC", weekday=1, whole_week=True)
    runs = next_runs(schedule, at("2026-12-20T00:00"), 4)
    assert [period_key(schedule, run) for run in runs] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]


def test_other_schedules_are_named_by_their_local_day() -> None:
    schedule = Schedule(DAILY, time(8, 30), "Pacific/Auckland")
    run = next_due(schedule, at("2026-10-21T15:00"))
    assert (run, period_key(schedule, run)) == (at("2026-10-21T19:30"), "2026-10-22")


def test_the_31st_is_the_last_day_of_a_short_month() -> None:
    schedule = Schedule(MONTHLY, time(9), "UTC", month_day=31)
    days = [run.date().isoformat() for run in next_runs(schedule, at("2027-01-15T00:00"), 4)]
    assert days == ["2027-01-31", "2027-02-28", "2027-03-31", "2027-04-30"]


@pytest.mark.parametrize("typed", ["europe/berlin", "Europe/Berlin", "EUROPE/BERLIN"])
def test_a_zone_may_be_typed_in_any_case(typed: str) -> None:
    assert zone_named(typed) == "Europe/Berlin"


@pytest.mark.parametrize(
    "typed", ["Europe/Berln", "Mars/Base", "", "../../etc/passwd", "localtime", "Europe"]
)
def test_an_unknown_zone_is_named_with_one_that_works(typed: str) -> None:
    with pytest.raises(BadValue) as caught:
        zone_named(typed)
    assert ZoneInfo(caught.value.hint)


@pytest.mark.parametrize(
    "wrong", [{"weekday": 7}, {"month_day": 0}, {"month_day": 32}, {"zone": "utc/nowhere"}]
)
def test_a_schedule_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    values = {"kind": WEEKLY, "at": time(9), "zone": "UTC", **wrong}
    with pytest.raises(BadValue):
        Schedule(**values)  # type: ignore[arg-type]


def test_naive_times_are_refused_where_they_mean_nothing() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        next_due(Schedule(DAILY, time(9), "UTC"), datetime(2026, 10, 21))  # noqa: DTZ001 - the point
    with pytest.raises(ValueError, match="local to its zone"):
        Schedule(DAILY, time(9, tzinfo=UTC), "UTC")
