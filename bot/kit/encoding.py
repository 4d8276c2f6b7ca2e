"""Export rows as bytes: CSV after RFC 4180, or JSON in the shape of the dashboard's own files."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from io import StringIO
from itertools import islice
from typing import Any, Final, Protocol

import msgspec

from bot.metrics.exportcolumns import DATE, ExportColumn, Holds
from bot.metrics.exports import Cell, Row

ROWS_AT_ONCE: Final = 1_024
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_MICRO: Final = 1_000_000


class Form(StrEnum):
    """The file formats of an export."""

    CSV = "csv"
    JSON = "json"

    @property
    def media_type(self) -> str:
        """The type that a platform is told."""
        return "text/csv" if self is Form.CSV else "application/json"


class Encoder(Protocol):
    """Turns rows into bytes; the file is head, rows in order, tail."""

    def head(self) -> bytes:
        """What stands before the first row."""
        ...

    def rows(self, rows: Iterable[Row]) -> Iterator[tuple[int, bytes]]:
        """The rows piece by piece, each with its number of rows."""
        ...

    def tail(self) -> bytes:
        """What stands after the last row."""
        ...


def encoder(form: Form, columns: tuple[ExportColumn, ...]) -> Encoder:
    """An encoder for one file."""
    return CsvEncoder(columns) if form is Form.CSV else JsonEncoder(columns)


class CsvEncoder:
    """CRLF, quotes where needed, UTF-8 without a mark; no data is an empty cell."""

    def __init__(self, columns: tuple[ExportColumn, ...]) -> None:
        self._names = [column.name for column in columns]
        made: dict[Holds, Callable[[Any], Any]] = {Holds.TEXT: guarded, Holds.MICRO: decimal_text}
        self._makers = [(n, made[c.holds]) for n, c in enumerate(columns) if c.holds in made]

    def head(self) -> bytes:
        """The names of the columns."""
        return _csv([self._names])

    def rows(self, rows: Iterable[Row]) -> Iterator[tuple[int, bytes]]:
        """One line per row."""
        for some in _batched(rows):
            yield len(some), _csv(self._cells(row) for row in some)

    def tail(self) -> bytes:
        """Nothing."""
        return b""

    def _cells(self, row: Row) -> list[Cell]:
        cells = list(row)
        for n, make in self._makers:
            cells[n] = make(cells[n])
        return cells


class JsonEncoder:
    """`{"data":[{...},...]}`, one row a line, and `"group_by":"day"` for rows by day; no data is null."""

    def __init__(self, columns: tuple[ExportColumn, ...]) -> None:
        self._names = [column.name for column in columns]
        self._micro = [column.name for column in columns if column.holds is Holds.MICRO]
        self._started = False
        self._by_day = columns[0].name == DATE

    def head(self) -> bytes:
        """The opening of the list."""
        self._started = False
        return b'{"data":['

    def rows(self, rows: Iterable[Row]) -> Iterator[tuple[int, bytes]]:
        """One object per row."""
        for some in _batched(rows):
            lines = [msgspec.json.encode(self._object(row)) for row in some]
            yield len(lines), (b",\n" if self._started else b"\n") + b",\n".join(lines)
            self._started = True

    def tail(self) -> bytes:
        """The end of the list."""
        return b'\n],"group_by":"day"}\n' if self._by_day else b"\n]}\n"

    def _object(self, row: Row) -> dict[str, Any]:
        cells: dict[str, Any] = dict(zip(self._names, row, strict=True))
        for name in self._micro:
            cells[name] = _raw_decimal(cells[name])
        return cells


def guarded(cell: Any) -> Any:
    """A cell, with an apostrophe before it when it is a text that a spreadsheet would run as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell


def decimal_text(micro: Cell) -> str | None:
    """Micro-units as an exact decimal without trailing zeros: `18.75`, `3`; None stays None."""
    if not isinstance(micro, int):
        return None
    whole, rest = divmod(abs(micro), _MICRO)
    sign = "-" if micro < 0 else ""
    return f"{sign}{whole}.{rest:06}".rstrip("0") if rest else f"{sign}{whole}"


def _raw_decimal(micro: Cell) -> msgspec.Raw | None:
    text = decimal_text(micro)
    return None if text is None else msgspec.Raw(text.encode())


def _batched(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while some := list(islice(remaining, ROWS_AT_ONCE)):
        yield some


def _csv(rows: Iterable[Iterable[Cell]]) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
