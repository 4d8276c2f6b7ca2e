from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.model.errors import BadRange
from bot.model.ranges import Asked, Calendar, View, default_range, match_range
from bot.model.timerange import DAY, TimeRange, last_complete_day


def calendar(now: str = "2026-10-21T15:00", **settings: int) -> Calendar:
    """Wednesday 21 October 2026, 15:00 UTC: the 20th is the last complete day."""
    return Calendar(datetime.fromisoformat(now).replace(tzinfo=UTC), **settings)


def read(text: str, at: Calendar | None = None) -> Asked:
    matched = match_range(text.split(), at or calendar())
    assert matched is not None, text
    assert matched[1] == len(text.split()), text
    return matched[0]


def refused(text: str, at: Calendar | None = None) -> BadRange:
    with pytest.raises(BadRange) as caught:
        match_range(text.split(), at or calendar())
    return caught.value


def window(start: str, last: str) -> TimeRange:
    """Both days included, as people say it."""
    return TimeRange(date.fromisoformat(start), date.fromisoformat(last) + DAY)


@pytest.mark.parametrize(
    ("text", "start", "last", "words"),
    [
        ("1d", "2026-10-20", "2026-10-20", "1d"),
        ("30d", "2026-09-21", "2026-10-20", "30d"),
        ("030D", "2026-09-21", "2026-10-20", "30d"),
        ("1096d", "2023-10-21", "2026-10-20", "1096d"),
        ("last 30 days", "2026-09-21", "2026-10-20", "30d"),
        ("30 days", "2026-09-21", "2026-10-20", "30d"),
        ("4w", "2026-09-23", "2026-10-20", "4w"),
        ("Last 4 Weeks", "2026-09-23", "2026-10-20", "4w"),
        ("1m", "2026-09-21", "2026-10-20", "1m"),
        ("12m", "2025-10-21", "2026-10-20", "12m"),
        ("36m", "2023-10-21", "2026-10-20", "36m"),
        ("2026-10-01..2026-10-19", "2026-10-01", "2026-10-19", "2026-10-01..2026-10-19"),
        ("2026-10-01..today", "2026-10-01", "2026-10-21", "2026-10-01..2026-10-21"),
        ("aug..sep", "2026-08-01", "2026-09-30", "2026-08-01..2026-09-30"),
        ("2026-08..2026-09-10", "2026-08-01", "2026-09-10", "2026-08-01..2026-09-10"),
        ("2026-10-05", "2026-10-05", "2026-10-05", "2026-10-05"),
        ("today", "2026-10-21", "2026-10-21", "today"),
        ("YESTERDAY", "2026-10-20", "2026-10-20", "yesterday"),
        ("this week", "2026-10-19", "2026-10-20", "this week"),
        ("this month", "2026-10-01", "2026-10-20", "this month"),
        ("this quarter", "2026-10-01", "2026-10-20", "this quarter"),
        ("this year", "2026-01-01", "2026-10-20", "this year"),
        ("last week", "2026-10-12", "2026-10-18", "last week"),
        ("last month", "2026-09-01", "2026-09-30", "last month"),
        ("last quarter", "2026-07-01", "2026-09-30", "last quarter"),
        ("last year", "2025-01-01", "2025-12-31", "last year"),
        ("since 2026-10-05", "2026-10-05", "2026-10-20", "since 2026-10-05"),
        ("2026-10-05..", "2026-10-05", "2026-10-20", "since 2026-10-05"),
        ("since aug", "2026-08-01", "2026-10-20", "since 2026-08-01"),
        ("since yesterday", "2026-10-20", "2026-10-20", "since 2026-10-20"),
        ("oct", "2026-10-01", "2026-10-20", "2026-10"),
        ("October", "2026-10-01", "2026-10-20", "2026-10"),
        ("nov", "2025-11-01", "2025-11-30", "2025-11"),
        ("sept", "2026-09-01", "2026-09-30", "2026-09"),
        ("oct 2025", "2025-10-01", "2025-10-31", "2025-10"),
        ("2026-09", "2026-09-01", "2026-09-30", "2026-09"),
        ("2026", "2026-01-01", "2026-10-20", "2026"),
        ("2025", "2025-01-01", "2025-12-31", "2025"),
    ],
)
def test_every_form_gives_its_window_and_words_that_reproduce_it(
    text: str, start: str, last: str, words: str
) -> None:
    asked = read(text)
    assert (asked.window, asked.words) == (window(start, last), words)
    assert read(asked.words) == asked


@pytest.mark.parametrize(
    ("separator"),
    ["..", "...", " .. ", "…", " … ", "–", " – ", "—", " to ", " TO ", ".. ", " .."],
)
def test_dashes_dots_and_the_word_to_join_two_days(separator: str) -> None:
    assert read(f"2026-10-01{separator}2026-10-19").words == "2026-10-01..2026-10-19"


@pytest.mark.parametrize(
    ("text", "now", "start", "last"),
    [
        ("2d", "2026-10-21T11:59", "2026-10-18", "2026-10-19"),
        ("2d", "2026-10-21T12:00", "2026-10-19", "2026-10-20"),
        ("1w", "2027-01-03T12:00", "2026-12-27", "2027-01-02"),
        ("3d", "2028-03-01T12:00", "2028-02-27", "2028-02-29"),
        ("1m", "2026-03-31T12:00", "2026-02-28", "2026-03-30"),  # February has no 31st
        ("1m", "2026-04-01T12:00", "2026-03-01", "2026-03-31"),
        ("1m", "2026-03-01T12:00", "2026-02-01", "2026-02-28"),
        ("12m", "2028-03-01T11:59", "2027-02-28", "2028-02-28"),
        ("today", "2026-12-31T23:59", "2026-12-31", "2026-12-31"),
        ("yesterday", "2027-01-01T00:00", "2026-12-31", "2026-12-31"),
        ("this year", "2027-01-02T12:00", "2027-01-01", "2027-01-01"),
        ("last year", "2029-01-01T00:00", "2028-01-01", "2028-12-31"),
        ("last week", "2027-01-04T00:00", "2026-12-28", "2027-01-03"),  # ISO week 53 of 2026
        ("last quarter", "2027-01-01T00:00", "2026-10-01", "2026-12-31"),
        ("feb", "2028-05-01T00:00", "2028-02-01", "2028-02-29"),
        ("dec", "2026-12-02T12:00", "2026-12-01", "2026-12-01"),
        ("dec", "2026-11-30T12:00", "2025-12-01", "2025-12-31"),
    ],
)
def test_days_turn_over_in_utc_at_noon_leap_days_and_new_year(
    text: str, now: str, start: str, last: str
) -> None:
    assert read(text, calendar(now)).window == window(start, last)


def test_weeks_begin_where_the_workspace_says() -> None:
    sunday = calendar(week_start=6)
    assert read("this week", sunday).window == window("2026-10-18", "2026-10-20")
    assert read("last week", sunday).window == window("2026-10-11", "2026-10-17")


def test_a_shorter_lag_completes_a_day_earlier() -> None:
    assert read("1d", calendar("2026-10-21T02:00", lag_hours=2)).window == window("2026-10-20", "2026-10-20")


@pytest.mark.parametrize(
    ("text", "start", "last"),
    [
        ("30d", "2026-08-22", "2026-09-20"),
        ("2026-10-01..2026-10-19", "2026-09-12", "2026-09-30"),
        ("today", "2026-10-20", "2026-10-20"),
        ("since 2026-10-05", "2026-09-19", "2026-10-04"),
        ("this week", "2026-10-17", "2026-10-18"),
        ("last week", "2026-10-05", "2026-10-11"),
        ("this month", "2026-09-01", "2026-09-20"),
        ("last month", "2026-08-01", "2026-08-30"),
        ("2026-03", "2026-02-01", "2026-02-28"),
        ("oct", "2026-09-01", "2026-09-20"),
        ("this quarter", "2026-09-11", "2026-09-30"),
        ("last quarter", "2026-03-31", "2026-06-30"),
        ("this year", "2025-03-14", "2025-12-31"),
        ("2024", "2022-12-31", "2023-12-31"),
    ],
)
def test_the_comparison_is_as_many_days_before_or_the_same_days_of_the_month_before(
    text: str, start: str, last: str
) -> None:
    assert read(text).before == window(start, last)


@pytest.mark.parametrize(
    ("text", "now", "partial"),
    [
        ("today", "2026-10-21T15:00", ["2026-10-21"]),
        ("yesterday", "2026-10-21T11:59", ["2026-10-20"]),
        ("yesterday", "2026-10-21T12:00", []),
        ("2026-10-19..2026-10-21", "2026-10-21T11:59", ["2026-10-20", "2026-10-21"]),
        ("2026-10-19..2026-10-20", "2026-10-21T12:00", []),
        ("last month", "2026-11-01T11:59", ["2026-10-31"]),
        ("last month", "2026-11-01T12:00", []),
        ("30d", "2026-10-21T00:00", []),
        ("this month", "2026-10-21T00:00", []),
    ],
)
def test_days_that_are_not_complete_are_named(text: str, now: str, partial: list[str]) -> None:
    assert [day.isoformat() for day in read(text, calendar(now)).partial_days] == partial


@pytest.mark.parametrize(
    "text", ["this week", "this month", "this quarter", "this year", "oct", "2026", "since oct"]
)
def test_a_range_that_runs_on_says_where_its_figures_stop(text: str) -> None:
    asked = read(text)
    assert asked.cut
    assert asked.label.endswith(", through the last complete day")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("30d", "30 days to 20 Oct"),
        ("1d", "1 day to 20 Oct"),
        ("4w", "4 weeks to 20 Oct"),
        ("3m", "3 months to 20 Oct"),
        ("this month", "1–20 Oct, through the last complete day"),
        ("last week", "12–18 Oct"),
        ("2026-09-28..2026-10-03", "28 Sep–3 Oct"),
        ("2025-12-28..2026-01-03", "28 Dec 2025–3 Jan 2026"),
        ("last year", "1 Jan–31 Dec 2025"),
        ("today", "21 Oct, partial"),
        ("2026-10-19..today", "19–21 Oct, 21 Oct partial"),
    ],
)
def test_labels_are_short_and_for_people(text: str, label: str) -> None:
    assert read(text).label == label


def test_a_range_takes_only_its_own_words() -> None:
    for tokens, taken in [
        (["30d", "by", "model"], 1),
        (["last", "30", "days", "top", "5"], 3),
        (["oct", "to", "model"], 1),
        (["2026-10-01", "to", "2026-10-05", "csv"], 3),
        (["2026-10-01", "..", "csv"], 2),
        (["this", "week", "weekly"], 2),
        (["2026-10-05", "2026-10-07"], 1),
    ]:
        matched = match_range(tokens, calendar())
        assert matched is not None
        assert matched[1] == taken, tokens


@pytest.mark.parametrize(
    "text",
    [
        *("", "by model", "usage", "20", "top 20", "1.5", "5000", "R-7K3M9QXD", "7eleven", "octopus"),
        *("weekly", "monday", "lastly", "thisweek", "to", "..", "gpt-5.5", "dana@northwind.example"),
        "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
    ],
)
def test_other_words_are_no_range(text: str) -> None:
    assert match_range(text.split(), calendar()) is None


def test_a_word_with_a_space_in_it_is_no_range() -> None:
    assert match_range(["last week"], calendar()) is None


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("0d", "no day in it", "30d"),
        ("-1d", '"-1d" is not a range', "30d"),
        ("5x", '"5x" is not a range: write a number and d, w or m', "30d"),
        ("1.5d", '"1.5d" is not a range', "30d"),
        ("2y", '"2y" is not a range', "30d"),
        ("1097d", "at most 1,096 days; this one has 1,097", "1096d"),
        ("157w", "at most 1,096 days; this one has 1,099", "1096d"),
        ("37m", "at most 1,096 days", "1096d"),
        ("99999d", "at most 1,096 days", "1096d"),
        pytest.param("9" * 5000 + "d", "at most 1,096 days", "1096d", id="5000 digits"),
        ("2020-01-01..2026-01-01", "at most 1,096 days", "1096d"),
        ("since 2020-01-01", "at most 1,096 days", "1096d"),
        ("2026-02-30", "2026-02-30 is not in the calendar", "2026-09-21..2026-10-20"),
        ("2026-02-30..2026-03-05", "2026-02-30 is not in the calendar", "2026-09-21..2026-10-20"),
        ("2027-02-29", "2027-02-29 is not in the calendar", "2026-09-21..2026-10-20"),
        ("2026-13", "2026-13 is not in the calendar", "2026-09-21..2026-10-20"),
        ("0000-01-01", "0000-01-01 is not in the calendar", "2026-09-21..2026-10-20"),
        ("2026-10-19..2026-10-01", "ends before it starts", "2026-10-01..2026-10-19"),
        ("2026-10-01..2026-10-22", "2026-10-22 has not come yet", "2026-10-01..2026-10-21"),
        ("2026-12-01..2026-12-05", "2026-12-01 has not begun", "30d"),
        ("2027-01-01", "has not begun", "30d"),
        ("since 2027-01-01", "has not begun", "30d"),
        ("2026-11", "2026-11 has not begun", "30d"),
        ("2027", "2027 has not begun", "30d"),
        ("since today", "no day of", "today or last month"),
        ("2026-1-5", "dates are written YYYY-MM-DD", "2026-09-21..2026-10-20"),
        ("2026-10-01..foo", "dates are written YYYY-MM-DD", "2026-09-21..2026-10-20"),
        ("2026-10-01T00:00Z", "dates are written YYYY-MM-DD", "2026-09-21..2026-10-20"),
        ("19/10/2026", "dates are written YYYY-MM-DD", "2026-09-21..2026-10-20"),
        ("..2026-10-01", "dates are written YYYY-MM-DD", "2026-09-21..2026-10-20"),
        ("last", '"last" goes with week, month', "today or last month"),
        ("this fortnight", '"this" goes with week, month', "today or last month"),
        ("since", '"since" goes with a day', "2026-09-21..2026-10-20"),
        ("since foo", '"since" goes with a day', "2026-09-21..2026-10-20"),
        ("0001-01-01", "leaves the calendar", "30d"),
        ("0002-06-01..0009-06-01", "at most 1,096 days", "1096d"),
    ],
)  # fmt: skip
def test_a_range_that_cannot_be_answered_says_why_and_what_works(text: str, message: str, hint: str) -> None:
    error = refused(text)
    assert message in error.message
    assert error.hint == hint


@pytest.mark.parametrize(
    ("text", "now"),
    [
        ("this month", "2026-10-01T23:59"),
        ("this month", "2026-10-02T11:59"),
        ("this week", "2026-10-19T15:00"),
        ("this quarter", "2026-10-01T15:00"),
        ("this year", "2027-01-01T15:00"),
        ("oct", "2026-10-01T00:00"),
    ],
)
def test_a_period_with_no_complete_day_yet_offers_today_or_last_month(text: str, now: str) -> None:
    assert refused(text, calendar(now)).hint == "today or last month"


def test_a_range_before_the_first_year_is_refused() -> None:
    early = Calendar(datetime(2, 1, 1, tzinfo=UTC))
    for text in ("1096d", "36m", "200d", "last year", "0001-01"):
        assert "calendar" in refused(text, early).message


def test_the_longest_range_is_a_setting() -> None:
    short = calendar(longest_days=10)
    assert read("10d", short).window.day_count == 10
    assert refused("11d", short).hint == "10d"
    assert refused("5x", short).hint == "10d"


def test_the_clock_needs_a_time_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Calendar(datetime(2026, 10, 21))  # noqa: DTZ001 - what is refused


def test_a_command_without_a_range_gets_the_default_one() -> None:
    assert default_range(calendar()) == read("30d")
    assert default_range(calendar(), "last week") == read("last week")
    for words in ("30d by model", "nonsense", ""):
        with pytest.raises(BadRange, match="range"):
            default_range(calendar(), words)


def test_views_are_the_three_words_people_type() -> None:
    assert list(View) == ["daily", "weekly", "monthly"]


MOMENTS = st.datetimes(datetime(2004, 1, 1), datetime(2090, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
PIECES = st.sampled_from(
    [
        *("last", "this", "since", "to", "..", "…", "–", "today", "yesterday"),
        *("week", "month", "quarter", "year", "days", "weeks", "months", "d", "w", "m"),
        *("oct", "october", "feb", "2026", "2026-10", "2026-10-01", "2026-02-30", "2026-10-01..2026-10-19"),
        *("30d", "0d", "-1d", "99999d", "5x", "4w", "12m", "30", "7", "0"),
    ]
)
TEXTS = st.one_of(
    st.lists(PIECES, max_size=5),
    st.lists(st.text(max_size=12), max_size=5),
    st.lists(PIECES, max_size=5).map(lambda pieces: ["".join(pieces)]),
    st.builds(lambda n, unit: [f"{n}{unit}"], st.integers(-10, 10**7), st.sampled_from("dwmyx")),
    st.builds(lambda a, b: [f"{a}..{b}"], st.dates(), st.dates()),
)


def outcome(tokens: list[str], at: Calendar) -> tuple[Asked, int] | BadRange | None:
    try:
        return match_range(tokens, at)
    except BadRange as error:
        return error


@given(TEXTS, MOMENTS)
@example(["\u0661\u0662d"], datetime(2026, 10, 21, 15, tzinfo=UTC))
@example(["\x00"], datetime(2026, 10, 21, 15, tzinfo=UTC))
def test_any_text_is_a_sound_range_or_none_or_refused_with_ranges_that_work(
    tokens: list[str], now: datetime
) -> None:
    at = Calendar(now)
    match outcome(tokens, at):
        case BadRange(message=message, hint=hint):
            assert message
            assert all(read(words, at).window.day_count >= 1 for words in hint.split(" or "))
        case (Asked() as asked, int() as taken):
            assert 1 <= taken <= len(tokens)
            assert_sound(asked, at)


def assert_sound(asked: Asked, at: Calendar) -> None:
    assert 1 <= asked.window.day_count <= 1096
    assert asked.window.end <= at.today + timedelta(days=1)
    assert asked.before.end <= asked.window.start
    assert 1 <= asked.before.day_count <= asked.window.day_count
    assert not (asked.cut and asked.partial_days)
    assert all(day in asked.window and day > last_complete_day(at.now) for day in asked.partial_days)
    assert read(asked.words, at).window == asked.window


@given(st.lists(st.text(), max_size=4), st.datetimes(timezones=st.just(UTC)))
@example([], datetime.min.replace(tzinfo=UTC))
@example([], datetime.max.replace(tzinfo=UTC))
def test_no_moment_of_the_calendar_makes_it_crash(tokens: list[str], now: datetime) -> None:
    for words in (tokens, ["30d"], ["36m"], ["this", "year"], ["last", "week"], ["oct"], ["today"], ["5x"]):
        found = outcome(words, Calendar(now))
        assert not isinstance(found, BadRange) or found.message
