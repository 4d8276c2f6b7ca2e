"""What happened when: lanes of events for an investigation."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from matplotlib.figure import Figure

from charts import dates, marks, numbers, style
from charts.scale import Box, Linear
from charts.series import OTHER
from charts.sheet import Sheet

_MOST_LANES = 6
_BIN_PX = 9
_SMALLEST_PX = 14.0
_TALLEST_SHARE = 0.72
_TALLEST_PX = 84
_DAY_HOURS = 24
_YEARLY_HOURS = 300 * _DAY_HOURS  # from here on a date needs its year
_STEPS_HOURS = (1, 2, 3, 6, 12, 24, 48, 24 * 7, 24 * 14, 24 * 28, 24 * 91, 24 * 182, 24 * 365)
_BETWEEN_PX = 26


@dataclass(frozen=True, slots=True)
class Event:
    """A moment. `label` is written when it is notable, which also makes it stand out.

    `count` events of an hour, say, may be told as one.
    """

    at: datetime
    label: str = ""
    notable: bool = False
    count: int = 1


@dataclass(frozen=True, slots=True)
class Lane:
    """Events of one kind."""

    name: str
    events: tuple[Event, ...]

    @property
    def count(self) -> int:
        """How many events there are in all."""
        return sum(event.count for event in self.events)


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
    """Draw a mark per moment, higher for many at once, with the number of events at each lane's end."""
    sheet = Sheet(chart.title, chart.subtitle)
    lanes = _shown(chart.lanes)
    if not any(lane.events for lane in lanes):
        return sheet.empty()
    names = min(max(sheet.width(lane.name) for lane in lanes), style.NAMES_MOST_PX * 0.85)
    counts = max(sheet.width(numbers.compact(lane.count), bold=True) for lane in lanes)
    room = sheet.body.inset(
        left=names + 2 * style.GAP_PX, right=counts + 2 * style.GAP_PX, bottom=style.AXIS_HEIGHT_PX
    )
    high = min(room.height / len(lanes), _TALLEST_PX)
    box = Box(room.left, room.top, room.right, room.top + high * len(lanes))
    x = Linear(0, (chart.end - chart.start).total_seconds(), box.left, box.right)
    _time_axis(sheet, chart, box, x)
    most = max((count for lane in lanes for count in _bins(lane, chart.start, x).values()), default=1)
    for at, lane in enumerate(lanes):
        middle = box.top + high * (at + 0.5)
        sheet.text((sheet.body.left, middle), lane.name, colour=style.INK, room=names)
        count = numbers.compact(lane.count)
        sheet.text((sheet.body.right, middle), count, colour=style.INK, bold=True, align="right")
        marks.rule(sheet, (box.left, middle), (box.right, middle), name="lane")
        _bars(sheet, _bins(lane, chart.start, x), most, (middle, high))
        _notable(sheet, lane, chart.start, x, (middle, high))
    return sheet.figure


def _shown(lanes: tuple[Lane, ...]) -> tuple[Lane, ...]:
    if len(lanes) <= _MOST_LANES:
        return lanes
    rest = lanes[_MOST_LANES - 1 :]
    events = tuple(event for lane in rest for event in lane.events)
    return (*lanes[: _MOST_LANES - 1], Lane(f"{OTHER} ({len(rest)})", events))


def _bins(lane: Lane, start: datetime, x: Linear) -> Counter[int]:
    """Count the events that are not notable by place."""
    bins: Counter[int] = Counter()
    for event in lane.events:
        if not event.notable:
            bins[int(x((event.at - start).total_seconds()) // _BIN_PX)] += event.count
    return bins


def _bars(sheet: Sheet, bins: Counter[int], most: int, row: tuple[float, float]) -> None:
    """Draw a mark for each place, as high as the square root of its number of events."""
    middle, high = row
    tallest = high * _TALLEST_SHARE
    places = []
    for place, count in sorted(bins.items()):
        half = max(_SMALLEST_PX, tallest * math.sqrt(count / most)) / 2
        left = place * _BIN_PX + 1
        places.append(Box(left, middle - half, left + _BIN_PX - 2, middle + half))
    marks.boxes(sheet, places, style.SERIES[0], name="events")


def _notable(sheet: Sheet, lane: Lane, start: datetime, x: Linear, row: tuple[float, float]) -> None:
    middle, high = row
    for event in lane.events:
        if event.notable:
            at = x((event.at - start).total_seconds())
            marks.dot(sheet, (at, middle), style.BAD, size=style.DOT_PX * 1.3, zorder=6)
            _name(sheet, event.label, at, (middle - high * 0.5, middle + high * 0.5))


def _name(sheet: Sheet, label: str, x: float, heights: tuple[float, float]) -> None:
    """Write the name above its mark or, where others stand there, below."""
    shown = sheet.cut(label, style.NAMES_MOST_PX)
    for y in heights:
        for align in ("center", "left", "right"):
            if sheet.label((x, y), shown, colour=style.BAD, bold=True, align=align, ground=True):
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
        widest = "00:00" if step < _DAY_HOURS else "28 Sep" if step < _YEARLY_HOURS else "28 Sep 2026"
        texts_wide = sheet.width(widest)
        if box.width / (span_hours / step) >= texts_wide + _BETWEEN_PX:
            break
    moments = [midnight + timedelta(hours=step * at) for at in range(int(span_hours // step) + 1)]
    moments = [moment for moment in moments if chart.start <= moment < chart.end] or [chart.start]
    return moments, [_moment(moment, step) for moment in moments]


def _moment(moment: datetime, step_hours: int) -> str:
    if step_hours >= _YEARLY_HOURS:
        return dates.full(moment.date())
    midnight = moment.hour == 0 and moment.minute == 0
    return dates.short(moment.date()) if midnight or step_hours >= _DAY_HOURS else f"{moment:%H:%M}"
