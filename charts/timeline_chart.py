"""What happened when: lanes of events for an investigation."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from matplotlib.figure import Figure

from charts import dates, marks, numbers, style
from charts.scale import Box, Linear
from charts.series import OTHER
from charts.sheet import Sheet

_MOST_LANES = 6
_BIN_PX = 16
_SMALLEST_PX, _LARGEST_PX = 13.0, 34.0
_TALLEST_PX = 84
_STEPS_HOURS = (1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28, 24 * 91, 24 * 182, 24 * 365)
_BETWEEN_PX = 26


@dataclass(frozen=True, slots=True)
class Event:
    """A moment. `label` is written when it is notable, which also makes it stand out."""

    at: datetime
    label: str = ""
    notable: bool = False


@dataclass(frozen=True, slots=True)
class Lane:
    """Events of one kind."""

    name: str
    events: tuple[Event, ...]


@dataclass(frozen=True, slots=True)
class TimelineChart:
    """Lanes over `start` to `end` (exclusive, same zone as the events, which lie inside).

    Lanes past the fifth are joined into "Other". Raises ValueError when the end is not after the start.
    """

    title: str
    subtitle: str
    start: datetime
    end: datetime
    lanes: tuple[Lane, ...]

    def __post_init__(self) -> None:
        if self.end <= self.start:
            message = "a timeline ends after it starts"
            raise ValueError(message)


def timeline(chart: TimelineChart) -> Figure:
    """Draw a dot per moment, larger for many at once, with the number of events at each lane's end."""
    sheet = Sheet(chart.title, chart.subtitle)
    lanes = _shown(chart.lanes)
    if not any(lane.events for lane in lanes):
        return sheet.empty()
    names = min(max(sheet.width(lane.name) for lane in lanes), style.NAMES_MOST_PX * 0.85)
    counts = max(sheet.width(numbers.compact(len(lane.events)), bold=True) for lane in lanes)
    box = sheet.body.inset(
        left=names + 2 * style.GAP_PX, right=counts + 2 * style.GAP_PX, bottom=style.AXIS_HEIGHT_PX
    )
    x = Linear(0, (chart.end - chart.start).total_seconds(), box.left, box.right)
    _time_axis(sheet, chart, box, x)
    high = min(box.height / len(lanes), _TALLEST_PX)
    top = box.bottom - high * len(lanes)
    for at, lane in enumerate(lanes):
        middle = top + high * (at + 0.5)
        sheet.text((sheet.body.left, middle), lane.name, colour=style.INK, room=names)
        count = numbers.compact(len(lane.events))
        sheet.text((sheet.body.right, middle), count, colour=style.INK, bold=True, align="right")
        marks.rule(sheet, (box.left, middle), (box.right, middle), name="lane")
        _events(sheet, lane, chart.start, x, (middle, high))
    return sheet.figure


def _shown(lanes: tuple[Lane, ...]) -> tuple[Lane, ...]:
    if len(lanes) <= _MOST_LANES:
        return lanes
    rest = lanes[_MOST_LANES - 1 :]
    events = tuple(event for lane in rest for event in lane.events)
    return (*lanes[: _MOST_LANES - 1], Lane(f"{OTHER} ({len(rest)})", events))


def _events(sheet: Sheet, lane: Lane, start: datetime, x: Linear, row: tuple[float, float]) -> None:
    middle, high = row
    bins = Counter(
        int(x((event.at - start).total_seconds()) // _BIN_PX) for event in lane.events if not event.notable
    )
    for place, count in sorted(bins.items()):
        size = min(_SMALLEST_PX * count**0.35, _LARGEST_PX)
        marks.dot(sheet, ((place + 0.5) * _BIN_PX, middle), style.SERIES[0], size=size)
    for event in lane.events:
        if event.notable:
            at = x((event.at - start).total_seconds())
            marks.dot(sheet, (at, middle), style.BAD, size=style.DOT_PX * 1.3, zorder=6)
            _name(sheet, event.label, at, middle - high * 0.5)


def _name(sheet: Sheet, label: str, x: float, y: float) -> None:
    shown = sheet.cut(label, style.NAMES_MOST_PX)
    for align in ("center", "left", "right"):
        if sheet.label((x, y), shown, colour=style.BAD, bold=True, align=align):
            return


def _time_axis(sheet: Sheet, chart: TimelineChart, box: Box, x: Linear) -> None:
    moments, texts = _ticks(sheet, chart, box)
    y = box.bottom + style.AXIS_HEIGHT_PX / 2 + 4
    for moment, text in zip(moments, texts, strict=True):
        at = x((moment - chart.start).total_seconds())
        marks.rule(sheet, (at, box.top), (at, box.bottom), name="grid")
        sheet.label((at, y), text, align="center")


def _ticks(sheet: Sheet, chart: TimelineChart, box: Box) -> tuple[list[datetime], list[str]]:
    """Return round moments as fine as their labels allow: clock times for hours, dates for days."""
    midnight = chart.start.replace(hour=0, minute=0, second=0, microsecond=0)
    span_hours = (chart.end - midnight).total_seconds() / 3600
    for step in _STEPS_HOURS:
        texts_wide = sheet.width("00:00" if step < 24 else "28 Sep" if step < 24 * 300 else "28 Sep 2026")  # noqa: PLR2004
        if box.width / (span_hours / step) >= texts_wide + _BETWEEN_PX:
            break
    moments = [midnight + timedelta(hours=step * at) for at in range(int(span_hours // step) + 1)]
    moments = [moment for moment in moments if chart.start <= moment < chart.end] or [chart.start]
    return moments, [_moment(moment, step) for moment in moments]


def _moment(moment: datetime, step_hours: int) -> str:
    if step_hours >= 24 * 300:
        return dates.full(moment.date())
    midnight = moment.hour == 0 and moment.minute == 0
    return dates.short(moment.date()) if midnight or step_hours >= 24 else f"{moment:%H:%M}"  # noqa: PLR2004 - a day
