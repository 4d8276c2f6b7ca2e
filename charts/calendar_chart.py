"""A calendar of days, weeks as columns from Monday to Sunday, darker for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from matplotlib.figure import Figure

from charts import colours, dates, marks, numbers, ranked, single, style
from charts.scale import Box
from charts.series import Series, check
from charts.sheet import Sheet

_WEEKDAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_BAND_WEEKS = 53
_FEW_WEEKS = 9
_GAP_SHARE = 0.12
_KEY_PX = 26
_SIDE_PX = 76
_TALLEST_PX = 52
_ROW_TEXT_PX = style.BODY_PX * style.LINE_HEIGHT


@dataclass(frozen=True, slots=True)
class CalendarHeatmap:
    """A value for each of `days`, rising. None is a day without data, drawn hollow; zero is grey.

    Raises ValueError when there is not one value a day.
    """

    title: str
    subtitle: str
    days: tuple[date, ...]
    values: tuple[float | None, ...]
    unit: str = ""

    def __post_init__(self) -> None:
        check(self.days, (Series("", self.values),))


@dataclass(frozen=True, slots=True)
class _Band:
    """Up to a year of weeks: where it is drawn, its first Monday and the size of a day."""

    box: Box
    monday: date
    weeks: int
    wide: float
    high: float

    def cell(self, day: date) -> Box:
        since = (day - self.monday).days
        left = self.box.left + since // 7 * self.wide
        top = self.box.top + since % 7 * self.high
        gap = max(1.0, self.high * _GAP_SHARE)
        return Box(left, top, left + self.wide - gap, top + self.high - gap)


def heatmap(chart: CalendarHeatmap) -> Figure:
    """Draw a calendar; values stand in the days when they all fit."""
    sheet = Sheet(chart.title, chart.subtitle)
    known = numbers.known(chart.values)
    if not known:
        return sheet.empty()
    if len(chart.days) == 1:
        one = ranked.Bar("", known[0], text_colour=style.SERIES_TEXT[0])
        single.draw(sheet, (one,), dates.full(chart.days[0]), chart.unit)
        return sheet.figure
    for band in _bands(sheet.body.inset(bottom=_KEY_PX + 2 * style.GAP_PX), chart.days):
        _draw_band(sheet, chart, band, max(known))
    _key(sheet, chart, max(known))
    return sheet.figure


def _bands(body: Box, days: tuple[date, ...]) -> tuple[_Band, ...]:
    monday = days[0] - timedelta(days=days[0].weekday())
    weeks = (days[-1] - monday).days // 7 + 1
    count = -(-weeks // _BAND_WEEKS)
    each = min(weeks, _BAND_WEEKS) if count > 1 else weeks
    height = body.height / count
    high = min((height - _ROW_TEXT_PX - 4) / 7, _TALLEST_PX)
    wide = min((body.width - _SIDE_PX) / each, max(high * 3.4, 1))
    return tuple(
        _Band(
            Box(body.left + _SIDE_PX, top + _ROW_TEXT_PX + 2, body.right, top + height),
            monday + timedelta(weeks=each * at),
            each,
            wide,
            high,
        )
        for at, top in ((at, body.top + height * at) for at in range(count))
    )


def _draw_band(sheet: Sheet, chart: CalendarHeatmap, band: _Band, highest: float) -> None:
    end = band.monday + timedelta(weeks=band.weeks)
    inside = [
        (d, numbers.finite(v))
        for d, v in zip(chart.days, chart.values, strict=True)
        if band.monday <= d < end
    ]
    by_colour: dict[str, list[Box]] = {}
    for day, value in inside:
        colour = style.PAPER if value is None else colours.shade(value, highest)
        by_colour.setdefault(colour, []).append(band.cell(day))
    for colour, places in by_colour.items():
        absent = colour == style.PAPER
        marks.boxes(sheet, places, style.CONTEXT if absent else colour, hatched=absent, name="days")
    _name_months(sheet, band, [day for day, _ in inside])
    _name_weekdays(sheet, band)
    _write_values(sheet, chart, band, inside, highest)


def _name_months(sheet: Sheet, band: _Band, inside: list[date]) -> None:
    y = band.box.top - _ROW_TEXT_PX / 2
    for at, day in enumerate(inside):
        if at == 0 or day.day == 1:
            year = f" {day.year}" if (at == 0 or day.month == 1) and band.weeks > _FEW_WEEKS else ""
            name = dates.MONTHS[day.month - 1]
            x = band.cell(day).left
            _ = sheet.label((x, y), name + year) or sheet.label((x, y), name)


def _name_weekdays(sheet: Sheet, band: _Band) -> None:
    for at, name in enumerate(_WEEKDAYS):
        place = band.cell(band.monday + timedelta(days=at))
        if band.high >= _ROW_TEXT_PX or (at % 2 == 0 and band.high * 2 >= _ROW_TEXT_PX):
            sheet.label((band.box.left - style.GAP_PX, place.middle), name, align="right")


def _write_values(
    sheet: Sheet, chart: CalendarHeatmap, band: _Band, inside: list[tuple[date, float | None]], highest: float
) -> None:
    texts = [(day, value, numbers.compact(value, chart.unit)) for day, value in inside if value is not None]
    room = band.wide - band.high * _GAP_SHARE - 6
    if band.high < _ROW_TEXT_PX + 2 or any(sheet.width(text) > room for *_, text in texts):
        return
    for day, value, text in texts:
        place = band.cell(day)
        ink = colours.ink_on(colours.shade(value, highest))
        sheet.label((place.middle_x, place.middle), text, colour=ink, align="center")


def _key(sheet: Sheet, chart: CalendarHeatmap, highest: float) -> None:
    y = sheet.body.bottom - _KEY_PX / 2
    x = sheet.text((sheet.body.left + _SIDE_PX, y), "0").right + style.GAP_PX
    for colour in (style.GRID, *style.RAMP):
        marks.boxes(sheet, (Box(x, y - _KEY_PX / 2, x + _KEY_PX * 1.3, y + _KEY_PX / 2),), colour, name="key")
        x += _KEY_PX * 1.3 + 3
    x = sheet.text((x + style.GAP_PX, y), numbers.worded(highest, chart.unit), room=320).right
    if any(numbers.finite(value) is None for value in chart.values):
        place = Box(x + 30, y - _KEY_PX / 2, x + 30 + _KEY_PX * 1.3, y + _KEY_PX / 2)
        marks.boxes(sheet, (place,), style.CONTEXT, hatched=True, name="key")
        sheet.text((place.right + style.GAP_PX, y), "no data")
