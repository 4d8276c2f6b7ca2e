"""Export rows as bytes: CSV after RFC 4180, or JSON in the shape of the dashboard's own files."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from enum import StrEnum
from io import StringIO
from typing import Any, Final, Protocol

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from bot.metrics.exportcolumns import ExportColumn, Holds

ROWS_AT_ONCE: Final = 4_096
"""Python objects cost fifty times what Arrow's cells do, so few rows are taken apart at a time."""

FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")
_MICRO: Final = pa.scalar("0.000001").cast(pa.decimal128(7, 6))


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

    def rows(self, table: pa.Table) -> Iterator[bytes]:
        """The rows of a table, piece by piece."""
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
        self._columns = columns

    def head(self) -> bytes:
        """The names of the columns."""
        return _csv([[column.name for column in self._columns]])

    def rows(self, table: pa.Table) -> Iterator[bytes]:
        """One line per row."""
        for cells in _cells(table, self._columns):
            texts = [
                [guarded(cell) for cell in column] if told.holds is Holds.TEXT else column
                for told, column in zip(self._columns, cells, strict=True)
            ]
            yield _csv(zip(*texts, strict=True))

    def tail(self) -> bytes:
        """Nothing."""
        return b""


class JsonEncoder:
    """`{"data":[{...},...],"group_by":"day"}`, one row a line; no data is null."""

    def __init__(self, columns: tuple[ExportColumn, ...]) -> None:
        self._columns = columns
        self._started = False

    def head(self) -> bytes:
        """The opening of the list."""
        self._started = False
        return b'{"data":['

    def rows(self, table: pa.Table) -> Iterator[bytes]:
        """One object per row."""
        names = [column.name for column in self._columns]
        for cells in _cells(table, self._columns):
            numbers = [
                [None if cell is None else msgspec.Raw(cell.encode()) for cell in column]
                if told.holds is Holds.MICRO
                else column
                for told, column in zip(self._columns, cells, strict=True)
            ]
            lines = [
                msgspec.json.encode(dict(zip(names, row, strict=True))) for row in zip(*numbers, strict=True)
            ]
            yield (b",\n" if self._started else b"\n") + b",\n".join(lines)
            self._started = True

    def tail(self) -> bytes:
        """The end of the list."""
        return b'\n],"group_by":"day"}\n'


def guarded(text: str | None) -> str | None:
    """`text` with an apostrophe before it when a spreadsheet would run it as a formula."""
    return f"'{text}" if text is not None and text.startswith(FORMULA_STARTS) else text


def decimals(micro: Any) -> Any:
    """Arrow text of micro-units as exact decimals without trailing zeros: `18.75`, `3`."""
    exact = pc.multiply(micro.cast(pa.decimal128(19, 0)), _MICRO).cast(pa.string())
    return pc.utf8_rtrim(pc.utf8_rtrim(exact, characters="0"), characters=".")


def _cells(table: pa.Table, columns: tuple[ExportColumn, ...]) -> Iterator[list[list[Any]]]:
    """Cells by column, for a few thousand rows at a time; money-like ones as decimal text."""
    for start in range(0, table.num_rows, ROWS_AT_ONCE):
        part = table.slice(start, ROWS_AT_ONCE)
        yield [
            (decimals(part[column.name]) if column.holds is Holds.MICRO else part[column.name]).to_pylist()
            for column in columns
        ]


def _csv(rows: Any) -> bytes:
    out = StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode()
