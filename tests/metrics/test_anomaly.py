"""metrics.md, "Anomaly": "modified z = 0.6745 (x - median) / MAD on the same weekday over the last 8 weeks
(at least 4), cut at 3.5, and an absolute floor; MAD = 0: (x - median) / (1.2533 mean abs. deviation)".
"spikes and drops; say the baseline in the alert".
"""

from __future__ import annotations

from datetime import date, timedelta
from statistics import mean, median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.metrics.anomaly import Assessment, Rule, Spread, Verdict, anomalies, assess, fresh_runs
from bot.model.timerange import TimeRange

MONDAY = date(2026, 6, 1)
ANY = Rule(floor=0)


def mondays(*values: int | None) -> dict[date, int | None]:
    """Values of the Mondays before `MONDAY`, oldest first."""
    return {MONDAY - timedelta(weeks=n): value for n, value in enumerate(reversed(values), 1)}


def judged(x: int | None, *before: int | None, rule: Rule = ANY) -> Assessment:
    return assess(mondays(*before) | {MONDAY: x}, MONDAY, rule)


def naive_score(x: int, before: list[int]) -> float | None:
    middle = median(before)
    deviations = [abs(value - middle) for value in before]
    if median(deviations):
        return 0.6745 * (x - middle) / median(deviations)
    return (x - middle) / (1.2533 * mean(deviations)) if mean(deviations) else None


@pytest.mark.parametrize(
    ("x", "score", "verdict"),
    [
        # median 14.5; distances 3.5 2.5 1.5 .5 .5 1.5 2.5 3.5 -> MAD 2; 14.5 ± 3.5·2/0.6745 is 4.12..24.88
        (20, 0.6745 * 5.5 / 2, Verdict.USUAL),
        (25, 0.6745 * 10.5 / 2, Verdict.SPIKE),
        (4, 0.6745 * -10.5 / 2, Verdict.DROP),
    ],
)
def test_the_score_is_the_modified_z_of_the_same_weekday(x: int, score: float, verdict: Verdict) -> None:
    found = judged(x, 11, 18, 13, 16, 14, 15, 17, 12)
    assert found.baseline is not None
    assert (found.baseline.median, found.baseline.spread) == (14.5, Spread.MAD)
    assert (found.baseline.low, found.baseline.high) == (5, 24)
    assert found.verdict is verdict
    assert found.score == pytest.approx(score)


def test_without_a_median_deviation_the_mean_deviation_is_used() -> None:
    # seven 10s and one 18: MAD 0, mean deviation 8/8 = 1, so x scores (x - 10) / 1.2533
    found = judged(15, 10, 10, 10, 18, 10, 10, 10, 10)
    assert found.baseline is not None
    assert found.baseline.spread is Spread.MEAN_DEVIATION
    assert found.score == pytest.approx(5 / 1.2533)
    assert found.verdict is Verdict.SPIKE
    assert judged(14, 10, 10, 10, 18, 10, 10, 10, 10).verdict is Verdict.USUAL  # 3.19


def test_equal_days_have_no_score_and_only_the_floor_decides() -> None:
    same = (10,) * 8
    found = judged(11, *same)
    assert (found.score, found.verdict) == (None, Verdict.SPIKE)
    assert judged(9, *same).verdict is Verdict.DROP
    assert judged(10, *same).verdict is Verdict.USUAL
    assert judged(13, *same, rule=Rule(floor=3)).verdict is Verdict.USUAL
    assert judged(14, *same, rule=Rule(floor=3)).verdict is Verdict.SPIKE
    assert found.baseline is not None
    assert found.baseline.spread is Spread.NONE


def test_a_day_within_the_floor_is_usual_however_large_its_score() -> None:
    found = judged(100, 10, 11, 12, 13, 14, 15, 16, 17, rule=Rule(floor=1000))
    assert found.verdict is Verdict.USUAL
    assert found.score is not None
    assert found.score > 3.5


def test_exactly_at_the_cut_is_usual() -> None:
    # MAD 6745 -> score 1 is 10,000; the cut lies at 35,000 from the median
    before = (100_000 - 6745, 100_000 + 6745) * 4
    assert judged(135_000, *before).score == pytest.approx(3.5)
    assert judged(135_000, *before).verdict is Verdict.USUAL
    assert judged(135_001, *before).verdict is Verdict.SPIKE


@pytest.mark.parametrize("before", [(), (10,), (10, 10, 10), (10, None, 10, None, None, 10, None, None)])
def test_fewer_than_four_weeks_are_too_little(before: tuple[int | None, ...]) -> None:
    found = judged(10_000, *before)
    assert (found.verdict, found.score, found.baseline) == (Verdict.TOO_LITTLE, None, None)


def test_a_missing_day_is_neither_a_drop_nor_in_the_baseline() -> None:
    assert judged(None, *(10,) * 8).verdict is Verdict.NO_DATA
    assert assess({}, MONDAY, ANY).verdict is Verdict.NO_DATA
    found = judged(10, 10, None, 10, 10, 10)
    assert found.baseline is not None
    assert found.baseline.days == tuple(MONDAY - timedelta(weeks=n) for n in (5, 3, 2, 1))


def test_a_known_zero_is_a_drop() -> None:
    assert judged(0, *(100,) * 8).verdict is Verdict.DROP


def test_neither_other_weekdays_nor_older_weeks_nor_the_day_itself_belong_to_the_baseline() -> None:
    daily = mondays(*(10,) * 8) | {MONDAY: 10}
    noise = {
        MONDAY - timedelta(days=1): 10**9,
        MONDAY - timedelta(weeks=9): 10**9,
        MONDAY + timedelta(weeks=1): 1,
    }
    assert assess(daily | noise, MONDAY, ANY) == assess(daily, MONDAY, ANY)


def test_the_anomalies_of_a_window_come_oldest_first() -> None:
    daily: dict[date, int | None] = {MONDAY - timedelta(days=n): 100 for n in range(-7, 60)}
    daily |= {MONDAY + timedelta(days=4): 0, MONDAY + timedelta(days=1): 900, MONDAY: None}
    found = anomalies(daily, TimeRange(MONDAY, MONDAY + timedelta(days=7)), ANY)
    assert [(one.day.day, one.verdict) for one in found] == [(2, Verdict.SPIKE), (5, Verdict.DROP)]
    assert anomalies(daily, TimeRange(MONDAY, MONDAY), ANY) == ()


numbers = st.integers(0, 10**13)


@given(x=numbers, before=st.lists(numbers, min_size=4, max_size=8))
def test_the_score_is_that_of_the_plain_formula(x: int, before: list[int]) -> None:
    found, plain = judged(x, *before), naive_score(x, before)
    assert found.score == (None if plain is None else pytest.approx(plain))
    assert found.is_anomaly == (x != before[0] if plain is None else abs(found.score or 0) > 3.5)


@given(x=numbers, before=st.lists(numbers, min_size=4, max_size=8), floor=numbers)
def test_a_value_is_usual_exactly_when_it_lies_in_the_usual_range(
    x: int, before: list[int], floor: int
) -> None:
    found = judged(x, *before, rule=Rule(floor))
    assert found.baseline is not None
    assert found.is_anomaly == (not found.baseline.low <= x <= found.baseline.high)


def quiet_days() -> dict[date, int | None]:
    return {MONDAY - timedelta(days=n): 100 for n in range(120)}


@pytest.mark.parametrize(
    ("back", "told"),
    [
        ((), ()),
        ((0,), (0,)),
        ((2,), (2,)),
        ((3,), ()),  # history
        ((0, 1, 2), (2, 1, 0)),
        ((0, 2, 4), (4, 2, 0)),  # one usual day in between does not part them
        ((0, 3), (0,)),
        ((1, 3, 6), (3, 1)),
    ],
)
def test_a_run_is_told_while_one_of_its_days_is_fresh(back: tuple[int, ...], told: tuple[int, ...]) -> None:
    daily = quiet_days() | {MONDAY - timedelta(days=n): 900 for n in back}
    runs = fresh_runs(daily, MONDAY, ANY)
    assert [tuple((MONDAY - one.day).days for one in run) for run in runs] == ([told] if told else [])


def test_spikes_and_drops_are_two_runs_spikes_first() -> None:
    daily = quiet_days() | {MONDAY: 0, MONDAY - timedelta(days=1): 900}
    assert [run[0].verdict for run in fresh_runs(daily, MONDAY, ANY)] == [Verdict.SPIKE, Verdict.DROP]
    assert fresh_runs({}, MONDAY, ANY) == ()
