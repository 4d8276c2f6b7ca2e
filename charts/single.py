"""One point in time, readable: a large number, or ranked bars when there are several."""

from __future__ import annotations

from charts import numbers, ranked, style
from charts.sheet import Sheet


def draw(sheet: Sheet, named: tuple[ranked.Bar, ...], caption: str, unit: str) -> None:
    """Draw the values of `named` on the day that `caption` tells."""
    if len(named) > 1:
        sheet.text((sheet.body.left, sheet.body.bottom - style.BODY_PX / 2), caption)
        ranked.draw(sheet, sheet.body.inset(bottom=style.BODY_PX * 1.6), named, unit)
        return
    _large(sheet, named[0], caption, unit)


def _large(sheet: Sheet, bar: ranked.Bar, caption: str, unit: str) -> None:
    value = "no data" if bar.value is None else numbers.compact(bar.value, unit)
    px = style.HERO_PX
    middle = sheet.body.middle - style.BODY_PX
    box = sheet.text((sheet.body.left, middle), value, px=px, colour=bar.text_colour, bold=True)
    right = box.right + style.GAP_PX
    beside = sheet.body.right - right
    word = bar.name if unit in {"", "%", "USD", "$"} else unit
    sheet.text(
        (right, middle + px * style.CAP_MIDDLE - style.TITLE_PX * 0.4), word, px=style.TITLE_PX, room=beside
    )
    sheet.text((sheet.body.left, box.bottom + style.BODY_PX / 2), caption)
