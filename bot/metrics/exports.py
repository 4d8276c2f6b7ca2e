"""The rows of the exports: what an admin downloads from the dashboard, from the same integers as the answers.

`workspace` has a row per day of the window, `users` one per person and day with a row in the source, ordered
by day and user id, `reviews` one per day. A day that is not held has empty cells in `workspace` and `reviews`
and no rows in `users`. Credits are micro-units here and become decimals when they are written.

A surface nobody reported on a held day is a 0, because the API leaves out clients without use; it is empty
where use was reported without any client. Code Review has no client id of its own: empty unless reported.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any, Final

from bot.lake.schema import PartKind
from bot.metrics.clients import CLIENTS, Surface, surface_of
from bot.metrics.coverage import Coverage, FileReceipt
from bot.metrics.exportcolumns import DATE, REVIEW_FIELDS, TOKENS, USED, USER, ExportKind, columns_of
from bot.model.timerange import DAY, TimeRange

if TYPE_CHECKING:
    import ibis

Cell = str | int | None
Row = tuple[Cell, ...]
Addresses = Mapping[str, str | None]

ROWS_AT_ONCE: Final = 10_000
"""Person-days that are held in memory at a time, give or take a day."""
SAMPLED: Final = "00"
"""How the MD5 of a sampled user id begins: about one in 256."""

_CLIENT_ROWS: Final = "client_rows"
_TOTAL: Final = ""
_MEASURES: Final = (*USED, *TOKENS.values())
_SURFACES: Final = tuple(surface.value for surface in Surface)
_UNKNOWN: Final = (None,) * len(_MEASURES)
_NOT_TOLD: Final = (None,) * len(USED)
_ZEROS: Final = (0,) * len(USED)
_DAY_AND_PERSON: Final = itemgetter(0, 1)


def chunks(files: Iterable[FileReceipt]) -> Iterator[tuple[FileReceipt, ...]]:
    """Files of whole days, oldest first, with `ROWS_AT_ONCE` rows together or a single day."""
    chunk: list[FileReceipt] = []
    for file in sorted(files, key=lambda f: f.day):
        if chunk and sum(f.rows for f in chunk) + file.rows > ROWS_AT_ONCE:
            yield tuple(chunk)
            chunk = []
        chunk.append(file)
    if chunk:
        yield tuple(chunk)


def sample_of_people(table: ibis.Table, drawn: str = SAMPLED) -> ibis.Expr:
    """The user ids whose MD5 begins with `drawn`, ordered: where a day of very many people is cut.

    All of them would be the largest thing in memory. Any backend finds the same ones.
    """
    is_drawn = table[USER].hexdigest("md5").startswith(drawn)
    return table.filter(is_drawn).select(USER).distinct().order_by(USER)


def person_parts(table: ibis.Table, start: str = "", end: str | None = None) -> ibis.Expr:
    """Total (no client) and client rows by day and user id, of the people from `start` to before `end`."""
    rows: Any = _totals_and_clients(table)
    rows = rows.filter(rows[USER] >= start)
    if end is not None:
        rows = rows.filter(rows[USER] < end)
    client = (rows.part_kind == PartKind.CLIENT.value).ifelse(rows.part, None)
    return rows.mutate(client=client).select("day", USER, "client", *_MEASURES).order_by(["day", USER])


def person_rows(parts: Iterable[tuple[Any, ...]], addresses: Addresses | None) -> Iterator[Row]:
    """One exported row per day and person of `person_parts`, with the e-mail where `addresses` are given."""
    for (day, user_id), found in groupby(parts, key=_DAY_AND_PERSON):
        total: tuple[int | None, ...] = _UNKNOWN
        by_surface: dict[str, tuple[int | None, ...]] = {}
        for _, _, client, *measures in found:
            if client is None:
                total = tuple(measures)
            else:
                surface = surface_of(client)
                by_surface[surface] = _added(by_surface.get(surface), measures)
        who = (user_id,) if addresses is None else (user_id, addresses.get(user_id))
        yield (day.isoformat(), *who, *total, *_surfaces(by_surface, total))


def _surfaces(
    by_surface: Mapping[str, tuple[int | None, ...]], total: tuple[int | None, ...]
) -> Iterator[int | None]:
    told = bool(by_surface) or not any(total[: len(USED)])
    for surface in _SURFACES:
        zeros = told and surface != Surface.CODE_REVIEW
        yield from by_surface.get(surface, _ZEROS if zeros else _NOT_TOLD)


def _added(sums: tuple[int | None, ...] | None, measures: list[int | None]) -> tuple[int | None, ...]:
    if sums is None:
        return tuple(measures[: len(USED)])
    return tuple(_sum(pair) for pair in zip(sums, measures, strict=False))


def workspace_days(table: ibis.Table) -> ibis.Expr:
    """One row per day with rows."""
    rows = _with_surface(table)
    rows = rows.mutate(active=(rows.turns > 0) | (rows.threads > 0))
    total = rows.surface == _TOTAL
    sums = {"active_users": rows[USER].nunique(where=total & rows.active)}
    sums |= {name: rows[name].sum(where=total) for name in USED}
    for surface in Surface:
        here = rows.surface == surface.value
        # without any row the surface was not told, and no count of people either
        counted = rows[USER].nunique(where=here & rows.active)
        sums[f"active_users_{surface}"] = (here.sum() > 0).ifelse(counted, None)
        sums |= {f"{name}_{surface}": rows[name].sum(where=here) for name in USED}
    return rows.group_by("day").aggregate(**{_CLIENT_ROWS: (~total).sum()}, **sums)


def workspace_rows(found: Iterable[dict[str, Any]], coverage: Coverage) -> Iterator[Row]:
    """A row per day of the window: zeros where a held day has no rows, empty where it is not held."""
    by_day = {row["day"]: row for row in found}
    names = [column.name for column in columns_of(ExportKind.WORKSPACE) if column.name != DATE]
    for day in coverage.window.days():
        held = coverage.holds(TimeRange(day, day + DAY))
        cells = _with_zeros(by_day.get(day, {}), names) if held else {}
        yield (day.isoformat(), *(cells.get(name) for name in names))


def _with_zeros(found: Mapping[str, Any], names: Iterable[str]) -> dict[str, int | None]:
    told = bool(found.get(_CLIENT_ROWS)) or not any(found.get(name) for name in USED)
    zeros = {name: 0 for name in names if told and not name.endswith(Surface.CODE_REVIEW)}
    return zeros | {name: value for name, value in found.items() if value is not None}


def review_days(table: ibis.Table) -> ibis.Expr:
    """One row per day with a row in the source."""
    measures = [name for name in table.columns if name != "day"]
    return table.group_by("day").aggregate(**{name: table[name].sum() for name in measures})


def review_rows(
    reviews: Iterable[dict[str, Any]], responses: Iterable[dict[str, Any]], coverage: Coverage
) -> Iterator[Row]:
    """A row per day of the window; each endpoint is empty on its own where its day is not held."""
    found = dict(
        zip(
            ExportKind.REVIEWS.datasets,
            ({row["day"]: row for row in rows} for rows in (reviews, responses)),
            strict=True,
        )
    )
    held = {(file.dataset, file.day) for file in coverage.files}

    def cells(day: date) -> Iterator[int | None]:
        for field in REVIEW_FIELDS:
            known = (field.dataset, day) in held
            yield found[field.dataset].get(day, {}).get(field.column, 0) if known else None

    return ((day.isoformat(), *cells(day)) for day in coverage.window.days())


def _totals_and_clients(table: Any) -> Any:
    return table.filter(table.part_kind.isin([PartKind.TOTAL.value, PartKind.CLIENT.value]))


def _with_surface(table: Any) -> Any:
    rows = _totals_and_clients(table)
    known = {client: surface.value for client, (_, surface) in CLIENTS.items()}
    surface = rows.part.substitute(known, else_=Surface.OTHER.value)
    return rows.mutate(surface=(rows.part_kind == PartKind.CLIENT.value).ifelse(surface, _TOTAL))


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
