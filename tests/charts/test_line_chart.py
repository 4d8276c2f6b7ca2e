from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest
from matplotlib.artist import Artist
from matplotlib.figure import Figure

from charts import LineChart, Series, line

DAYS = tuple(date(2026, 10, 1) + timedelta(days=at) for at in range(5))


def chart(*values: float | None, partial: bool = False, more: tuple[Series, ...] = ()) -> LineChart:
    return LineChart("T", "S", DAYS, (Series("CLI", values), *more), partial=partial)


def named(figure: Figure, name: str) -> list[Artist]:
    return [artist for artist in figure.get_children() if artist.get_gid() == name]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in figure.texts]


def test_a_missing_day_is_a_gap_not_a_zero() -> None:
    (drawn,) = named(line(chart(3, 4, None, 5, 6)), "line")
    assert list(np.isnan(drawn.get_ydata())) == [False, False, True, False, False]


def test_a_known_zero_is_on_the_zero_line() -> None:
    figure = line(chart(3, 0, 2, 5, 6))
    (drawn,) = named(figure, "line")
    zero = max(rule.get_ydata()[0] for rule in named(figure, "grid"))
    assert drawn.get_ydata()[1] == zero


def test_the_value_axis_starts_at_zero_however_high_the_values() -> None:
    assert "0" in words(line(chart(1001, 1002, 1003, 1002, 1001)))


def test_a_day_alone_between_gaps_is_a_dot() -> None:
    assert len(named(line(chart(3, None, 4, None, 6)), "dot")) == 4


def test_the_partial_day_is_hatched_and_hollow_and_its_value_is_not_the_headline() -> None:
    figure = line(chart(3, 4, 5, 6, 1, partial=True))
    assert any(getattr(mark, "get_hatch", lambda: None)() for mark in named(figure, "partial"))
    assert "6" in words(figure)
    assert "1" not in words(figure)


def test_the_value_written_beside_a_partial_day_points_at_its_own_day() -> None:
    figure = line(chart(3, 4, 5, 6, 1, partial=True))
    (leader,), (drawn,) = named(figure, "leader"), named(figure, "line")
    assert leader.get_ydata()[0] == drawn.get_ydata()[-1]


def test_the_highest_value_of_a_line_alone_is_written_over_it() -> None:
    assert {"9", "6"} <= set(words(line(chart(3, 9, 5, 4, 6))))
    assert "9" not in words(line(chart(3, 5, 5, 4, 6, more=(Series("IDE", (1, 9, 1, 1, 1)),))))


def test_the_value_at_the_end_is_the_last_one_known() -> None:
    assert "5" in words(line(chart(3, 4, 5, None, None)))


def test_forty_additive_series_become_five_and_other() -> None:
    many = tuple(Series(f"m{at}", (float(at),) * 5) for at in range(40))
    figure = line(LineChart("T", "S", DAYS, many, additive=True))
    assert len(named(figure, "line")) == 6
    assert "Other (35)" in words(figure)
    assert str(sum(range(35))) in words(figure)


def test_people_are_never_summed_into_other() -> None:
    many = tuple(Series(f"m{at}", (float(at),) * 5) for at in range(40))
    figure = line(LineChart("T", "S", DAYS, many))
    assert len(named(figure, "line")) == 40
    assert not any(word.startswith("Other") for word in words(figure))


def test_other_is_missing_on_a_day_on_which_one_of_its_parts_is() -> None:
    many = tuple(Series(f"m{at}", (9.0 - at,) * 4 + (None if at == 7 else 1.0,)) for at in range(8))
    figure = line(LineChart("T", "S", DAYS, many, additive=True))
    other = named(figure, "line")[0]
    assert np.isnan(other.get_ydata()[-1])


@pytest.mark.parametrize("length", [0, 4, 6])
def test_a_series_of_another_length_is_refused(length: int) -> None:
    with pytest.raises(ValueError, match="values for 5 days"):
        chart(*(1.0,) * length)


def test_days_that_do_not_rise_are_refused() -> None:
    with pytest.raises(ValueError, match="days must rise"):
        LineChart("T", "S", DAYS[::-1], ())
