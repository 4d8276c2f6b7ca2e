"""Answer -> text for a terminal."""

from __future__ import annotations

from datetime import datetime
from io import StringIO

from rich import box
from rich.console import Console
from rich.table import Table as RichTable
from rich.text import Text

from bot.console.outdir import Saved
from bot.kit.cells import change_of, clean
from bot.kit.footers import footer_line
from bot.kit.words import change, figure
from bot.model.chat import Answer, Audience, Cell, Column, Fact, Refusal, Reply, Table, Unit

WIDTH = 110


def render(answer: Answer, saved: Saved, now: datetime) -> str:
    """The sentence first, then figures, table, footer; ends with `chart: PATH` when there is one."""
    if isinstance(answer, Refusal):
        return "\n".join(line for line in (clean(answer.message), clean(answer.hint)) if line)
    return "\n".join([*_body(answer), *_ends(answer, saved, now)])


def _body(reply: Reply) -> list[str]:
    parts = [clean(reply.text)]
    if reply.facts:
        parts += ["", *_facts(reply.facts)]
    if reply.table:
        parts += ["", _table(reply.table)]
    return parts


def _ends(reply: Reply, saved: Saved, now: datetime) -> list[str]:
    marks = ["(only you see this)"] if reply.audience is Audience.ASKER else []
    foot = " · ".join([*[line for line in (footer_line(reply.footer, now),) if line], *marks])
    files = [f"file: {path}" for path in saved.files]
    charts = [f"chart: {path}" for path in saved.pictures]
    return [line for line in ("", foot) if foot] + files + charts


def _facts(facts: tuple[Fact, ...]) -> list[str]:
    widths = max(len(f.label) for f in facts), max(len(f.value) for f in facts)
    return [f"  {f.label:<{widths[0]}}  {f.value:>{widths[1]}}  {change_of(f)}".rstrip() for f in facts]


def _table(table: Table) -> str:
    grid = RichTable(
        box=box.SIMPLE_HEAD,
        pad_edge=False,
    )
    for column in table.columns:
        grid.add_column(Text(column.label), justify="left" if column.unit is Unit.TEXT else "right")
    for row in table.rows:
        grid.add_row(*(Text(cell(c, v)) for c, v in zip(table.columns, row, strict=True)))
    out = StringIO()
    Console(file=out, width=WIDTH, color_system=None).print(grid)
    lines = "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n")
    return f"{clean(table.title)}\n\n{lines}" if table.title else lines


def cell(column: Column, value: Cell) -> str:
    """A cell as people read it."""
    if isinstance(value, str):
        return clean(value)
    return change(value) if column.is_change and value is not None else figure(value, column.unit)
