"""The rows of the exports: what an admin downloads from the dashboard, from the same integers as the answers.

`workspace` has a row per day of the window, `users` one per person and day with a row in the source, ordered
by day and user id, `reviews` one per day. A day that is not held has empty cells in `workspace` and `reviews`
and no rows in `users`. Credits are micro-units here and become decimals when they are written.

A surface nobody reported on a held day is a 0, because the API leaves out clients without use; it is null
where use was reported without any client. Code Review has no client id of its own: null unless reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa

from bot.lake.schema import PartKind
from bot.metrics.clients import CLIENTS, Surface
from bot.metrics.coverage import Coverage, FileReceipt
from bot.metrics.exportcolumns import (
    DATE,
    EMAIL,
    REVIEW_FIELDS,
    TOKENS,
    USED,
    USER,
    ExportColumn,
    ExportKind,
    columns_of,
    schema_of,
)
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    import ibis

CHUNK_ROWS: Final = 20_000
"""Person-days that are held in memory at a time; a day is never split."""

_CLIENT_ROWS: Final = "client_rows"


def chunks(files: Iterable[FileReceipt]) -> Iterator[tuple[FileReceipt, ...]]:
    """Files of whole days, oldest first, of about `CHUNK_ROWS` rows together and at least one file each."""
    chunk: list[FileReceipt] = []
    for file in sorted(files, key=lambda f: f.day):
        if chunk and sum(f.rows for f in chunk) + file.rows > CHUNK_ROWS:
            yield tuple(chunk)
            chunk = []
        chunk.append(file)
    if chunk:
        yield tuple(chunk)


def people_days(table: ibis.Table) -> ibis.Expr:
    """One row per day and person, ordered by both."""
    rows = _with_surface(table)
    total = rows.part_kind == PartKind.TOTAL.value
    sums = {name: rows[name].sum(where=total) for name in USED}
    sums |= {name: rows[column].sum(where=total) for name, column in TOKENS.items()}
    sums |= {f"{name}_{s}": rows[name].sum(where=rows.surface == s.value) for s in Surface for name in USED}
    found = rows.group_by(["day", USER]).aggregate(**{_CLIENT_ROWS: (~total).sum()}, **sums)
    return _known_zeros(found, USED).order_by(["day", USER])


def workspace_days(table: ibis.Table) -> ibis.Expr:
    """One row per day with rows."""
    rows = _with_surface(table)
    rows = rows.mutate(active=(rows.turns > 0) | (rows.threads > 0))
    total = rows.part_kind == PartKind.TOTAL.value
    sums = {"active_users": rows[USER].nunique(where=total & rows.active)}
    sums |= {name: rows[name].sum(where=total) for name in USED}
    for surface in Surface:
        here = rows.surface == surface.value
        # without any row the surface was not told, and no count of people either
        people = rows[USER].nunique(where=here & rows.active)
        sums[f"active_users_{surface}"] = (here.sum() > 0).ifelse(people, None)
        sums |= {f"{name}_{surface}": rows[name].sum(where=here) for name in USED}
    found = rows.group_by("day").aggregate(**{_CLIENT_ROWS: (~total).sum()}, **sums)
    return _known_zeros(found, ("active_users", *USED))


def review_rows(table: ibis.Table) -> ibis.Expr:
    """One row per day with a row in the source."""
    measures = [name for name in table.columns if name != "day"]
    return table.group_by("day").aggregate(**{name: table[name].sum() for name in measures})


def people_table(found: pa.Table, addresses: Mapping[str, str | None] | None) -> pa.Table:
    """The rows of `people_days` as they are exported; with `addresses` e-mails by user id are added."""
    columns = columns_of(ExportKind.USERS, emails=addresses is not None)
    cells: dict[str, Any] = {name: found[name] for name in found.column_names}
    cells[DATE] = found["day"].cast(pa.string())
    if addresses is not None:
        cells[EMAIL] = pa.array([addresses.get(str(user)) for user in found[USER].to_pylist()], pa.string())
    return pa.table([cells[column.name] for column in columns], schema=schema_of(columns))


def workspace_table(found: pa.Table, coverage: Coverage) -> pa.Table:
    """A row per day of the window: zeros where a held day has no rows, empty where it is not held."""
    columns = columns_of(ExportKind.WORKSPACE)
    untold = {column.name for column in columns if column.name.endswith(f"_{Surface.CODE_REVIEW}")}
    nothing = {c.name: None if c.name in untold else 0 for c in columns[1:]}
    rows = {row["day"]: row for row in found.to_pylist()}
    return _day_table(
        columns,
        (
            (day.isoformat(), rows.get(day, nothing) if coverage.holds(TimeRange(day, day + DAY)) else {})
            for day in coverage.window.days()
        ),
    )


def reviews_table(reviews: pa.Table, responses: pa.Table, coverage: Coverage) -> pa.Table:
    """A row per day of the window; each endpoint is empty on its own where its day is not held."""
    columns = columns_of(ExportKind.REVIEWS)
    found = [{row["day"]: row for row in table.to_pylist()} for table in (reviews, responses)]
    held = {(file.dataset, file.day) for file in coverage.files}

    def cells(day: Any) -> dict[str, int]:
        return {
            field.name: found[n].get(day, {}).get(field.column, 0)
            for n, dataset in enumerate(ExportKind.REVIEWS.datasets)
            for field in REVIEW_FIELDS
            if field.dataset is dataset and (dataset, day) in held
        }

    return _day_table(columns, ((day.isoformat(), cells(day)) for day in coverage.window.days()))


def _day_table(
    columns: tuple[ExportColumn, ...], days: Iterable[tuple[str, Mapping[str, int | None]]]
) -> pa.Table:
    rows = [{DATE: day, **cells} for day, cells in days]
    return pa.Table.from_pylist(rows, schema=schema_of(columns))


def _with_surface(table: Any) -> Any:
    rows = table.filter(table.part_kind.isin([PartKind.TOTAL.value, PartKind.CLIENT.value]))
    known = {client: surface.value for client, (_, surface) in CLIENTS.items()}
    surface = rows.part.substitute(known, else_=Surface.OTHER.value)
    return rows.mutate(surface=(rows.part_kind == PartKind.CLIENT.value).ifelse(surface, None))


def _known_zeros(found: Any, measures: tuple[str, ...]) -> Any:
    unused = (found.threads == 0) & (found.turns == 0) & (found.credits == 0)
    told = (found[_CLIENT_ROWS] > 0) | unused
    names = [f"{m}_{s}" for s in Surface if s is not Surface.CODE_REVIEW for m in measures]
    return found.mutate(**{name: told.ifelse(found[name].coalesce(0), None) for name in names})
