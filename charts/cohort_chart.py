"""The retention triangle: of those who began together, how many are still there."""

from __future__ import annotations

from dataclasses import dataclass

from matplotlib.figure import Figure

from charts import colours, marks, numbers, ranked, single, style
from charts.scale import Box
from charts.sheet import Sheet

_MOST_ROWS = 8
_MOST_AGES = 9
_GAP_PX = 4
_HEAD_PX = 36
_TALLEST_PX = 58


@dataclass(frozen=True, slots=True)
class Cohort:
    """Those who began in one period: how many, and the percentage active in each period since, from 0 on.

    None is a period not over yet or without data.
    """

    name: str
    size: int
    retained_pct: tuple[float | None, ...]


@dataclass(frozen=True, slots=True)
class CohortChart:
    """Cohorts, oldest first; the latest eight and their first nine periods are drawn; `age` is a period."""

    title: str
    subtitle: str
    cohorts: tuple[Cohort, ...]
    age: str = "week"


def cohorts(chart: CohortChart) -> Figure:
    """Draw a triangle of percentages, one row per cohort, darker for more."""
    sheet = Sheet(chart.title, chart.subtitle)
    rows = chart.cohorts[-_MOST_ROWS:]
    ages = min(max((len(row.retained_pct) for row in rows), default=0), _MOST_AGES)
    if not numbers.known(value for row in rows for value in row.retained_pct[:ages]):
        return sheet.empty()
    if len(rows) == 1 and ages == 1:
        one = ranked.Bar("", rows[0].size, text_colour=style.SERIES_TEXT[0])
        single.draw(sheet, (one,), f"began {rows[0].name}", "people")
        return sheet.figure
    _triangle(sheet, chart, rows, ages)
    return sheet.figure


def _triangle(sheet: Sheet, chart: CohortChart, rows: tuple[Cohort, ...], ages: int) -> None:
    names = min(max(sheet.width(row.name) for row in rows), style.NAMES_MOST_PX * 0.75)
    sizes = max(sheet.width(_size(row)) for row in rows)
    left = sheet.body.left + names + sizes + 2 * style.GAP_PX
    head = f"{chart.age.capitalize()} 0"
    head_y = sheet.body.top + _HEAD_PX / 2
    wide = min((sheet.body.right - left) / ages, 150.0)
    high = min((sheet.body.height - _HEAD_PX) / len(rows), _TALLEST_PX)
    for age in range(ages):
        x = left + wide * (age + 0.5)
        sheet.label((x, head_y), head if age == 0 else str(age), align="center")
    sheet.label((left - style.GAP_PX, head_y), "Began", align="right")
    for at, row in enumerate(rows):
        top = sheet.body.top + _HEAD_PX + high * at
        middle = top + (high - _GAP_PX) / 2
        sheet.text((sheet.body.left, middle), row.name, colour=style.INK, room=names)
        sheet.text((left - style.GAP_PX, middle), _size(row), align="right")
        for age, value in enumerate(numbers.finites(row.retained_pct[:ages])):
            place = Box(left + wide * age, top, left + wide * (age + 1) - _GAP_PX, top + high - _GAP_PX)
            _cell(sheet, place, value)


def _size(row: Cohort) -> str:
    return numbers.compact(row.size)


def _cell(sheet: Sheet, place: Box, value: float | None) -> None:
    if value is None:
        return
    ground = colours.shade(value, 100)
    marks.boxes(sheet, (place,), ground, name="cell")
    text = f"{value:.0f}"
    sheet.label((place.middle_x, place.middle), text, colour=colours.ink_on(ground), align="center")
