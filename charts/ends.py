"""Names and values written at the ends of lines, moved apart so that they never touch."""

from __future__ import annotations

from dataclasses import dataclass

from charts import marks, scale, style
from charts.scale import Box
from charts.sheet import Sheet

_APART_PX = style.BODY_PX * style.LINE_HEIGHT + 2
_LEAD_PX = 26
_BETWEEN_PX = 10
_STRAIGHT_PX = 4


@dataclass(frozen=True, slots=True)
class End:
    """What stands at the end of a line: a value in bold after a name."""

    name: str
    value: str
    colour: str
    mark: str


def room(sheet: Sheet, ends: tuple[End, ...]) -> float:
    """Pixels to keep free on the right for `ends`."""
    widest = max((_name(sheet, end) + sheet.width(end.value, bold=True) for end in ends), default=0)
    return min(widest + _BETWEEN_PX, style.END_LABELS_MOST_PX) + _LEAD_PX


def draw(
    sheet: Sheet, box: Box, ends: tuple[End, ...], at: tuple[tuple[float, float], ...], heading: str = ""
) -> None:
    """Write `ends` right of `box`, each near its point of `at`, with a leader where it had to move.

    `heading` says over them of when the values are, where there is room.
    """
    placed = scale.spread(tuple(y for _, y in at), _APART_PX, box.top, box.bottom)
    left = box.right + _LEAD_PX
    for end, (x, y), label_y in zip(ends, at, placed, strict=True):
        if abs(label_y - y) > _STRAIGHT_PX or x < box.right - 1:
            elbow = [(x + 9, y), (max(box.right + 4, x + 9), y), (left - 7, label_y)]
            marks.line(sheet, elbow, end.mark, width=style.GRID_PX, name="leader", zorder=2)
        value_room = sheet.width(end.value, bold=True)
        name_room = style.WIDTH_PX - style.MARGIN_PX / 2 - left - value_room - 2 * _BETWEEN_PX
        if end.name:
            box_of_name = sheet.text((left, label_y), end.name, colour=end.colour, room=name_room)
            left_of_value = box_of_name.right + _BETWEEN_PX
        else:
            left_of_value = left
        sheet.text((left_of_value, label_y), end.value, colour=end.colour, bold=True)
    sheet.label((left, min(placed, default=box.bottom) - _APART_PX), heading)


def _name(sheet: Sheet, end: End) -> float:
    return sheet.width(end.name) + _BETWEEN_PX if end.name else 0
