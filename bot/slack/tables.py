"""A table as aligned text of limited width and length."""

from __future__ import annotations

import math
from typing import Any

from rich.cells import cell_len, set_cell_size

from bot.kit.cells import cell_text, clean
from bot.model.chat import Cell, Column, Table, Unit
from bot.slack import limits

_CELL_WIDTH = 28
_EMPTY = "–"


def table_text(table: Table) -> str:
    """The first rows aligned in columns, at most 3,000 characters; what is left out is counted."""
    header = [[c.label for c in table.columns]]
    cells = [[cell_text(v, c) for v, c in zip(row, table.columns, strict=True)] for row in table.rows]
    shown = min(len(cells), limits.TABLE_ROWS_SHOWN)
    while shown and len(_aligned(table, header + cells[:shown])) > limits.PREFORMATTED_TEXT - 60:
        shown -= 1
    lines = _aligned(table, header + cells[:shown])
    left_out = len(cells) - shown
    return limits.cut(lines, limits.PREFORMATTED_TEXT - 60) + (f"\n… {left_out:,} more" if left_out else "")


def data_table(table: Table) -> dict[str, Any] | None:
    """Slack's own table, which readers sort and page; None when it is no ranking or does not fit."""
    rows = table.rows[: limits.DATA_TABLE_ROWS]
    if not table.ranking or not rows or not 1 <= len(table.columns) <= limits.DATA_TABLE_COLUMNS:
        return None
    head = [{"type": "raw_text", "text": clean(c.label) or _EMPTY} for c in table.columns]
    body = [[_cell(v, c) for v, c in zip(row, table.columns, strict=True)] for row in rows]
    if sum(len(cell["text"]) for row in (head, *body) for cell in row) > limits.DATA_TABLE_TEXT:
        return None
    first = f" (the first {len(rows):,} of {len(table.rows):,})" if len(table.rows) > len(rows) else ""
    caption = f"{table.title or 'Ranking'}{first}"
    return {
        "type": "data_table",
        "caption": limits.cut(clean(caption), 200),
        "rows": [head, *body],
        "page_size": limits.DATA_TABLE_PAGE,
    }


def _cell(value: Cell, column: Column) -> dict[str, Any]:
    """A figure keeps its number for sorting; no data is a dash, for no cell may be empty."""
    text = clean(cell_text(value, column)) or _EMPTY
    if isinstance(value, int | float) and math.isfinite(value):
        return {"type": "raw_number", "value": value, "text": text}
    return {"type": "raw_text", "text": text}


def _aligned(table: Table, rows: list[list[str]]) -> str:
    widths = [min(_CELL_WIDTH, max(cell_len(row[n]) for row in rows)) for n in range(len(table.columns))]
    return "\n".join(_line(table, row, widths).rstrip() for row in rows)


def _line(table: Table, row: list[str], widths: list[int]) -> str:
    cells = zip(row, widths, table.columns, strict=True)
    return "  ".join(_padded(text, width, right=c.unit is not Unit.TEXT) for text, width, c in cells)


def _padded(text: str, width: int, *, right: bool) -> str:
    if cell_len(text) > width:
        return set_cell_size(text, width - 1) + limits.ELLIPSIS
    pad = " " * (width - cell_len(text))
    return pad + text if right else text + pad
