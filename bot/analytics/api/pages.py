"""A page of rows: decoded typed at once, and row by row only when a row is bad."""

from __future__ import annotations

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

import msgspec

from bot.http.fetch import Body
from bot.http.retry import Fault
from bot.model.errors import BadAnswer
from bot.model.mending import whole

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that could not be read: its JSON as sent, on one line, and why, without any of its values.

    `start_time` (Unix seconds) is None when not even that can be read.
    """

    raw: bytes
    reason: str
    start_time: int | None = None


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page. `sha256` and `byte_count` are of the body as decoded from its transfer encoding.

    `number` counts from 1; `fetch_seconds` holds waits and retries. `next_page` is None on the last page.
    """

    rows: tuple[T, ...]
    bad: tuple[BadRow, ...]
    sha256: str
    byte_count: int
    number: int
    fetch_seconds: float
    decode_seconds: float
    next_page: str | None


class Envelope(msgspec.Struct, Generic[T], frozen=True, kw_only=True):
    """What stands around the rows."""

    data: tuple[T, ...]
    has_more: bool
    next_page: str | None = None


class _Start(msgspec.Struct, frozen=True):
    start_time: int


WHOLE: Final = msgspec.json.Decoder(float_hook=whole)
"""Reads `6.0` as 6."""
UNREADABLE: Final = (ValueError, RecursionError)
"""What msgspec raises on bytes it cannot decode: its own errors and UnicodeDecodeError are ValueErrors."""
MALFORMED: Final = "the body is no complete JSON"
NESTED: Final = "the body is nested too deeply"
UNKNOWN: Final = "the envelope has no data list, has_more or next_page of the known types"


class PageDecoder(Generic[T]):
    """Reads pages whose rows are `row_type`. Built once per row type."""

    def __init__(self, row_type: type[T]) -> None:
        self._row_type = row_type
        self._row = msgspec.json.Decoder(row_type)
        page = Envelope[row_type]  # type: ignore[valid-type]  # known when it runs only
        self._page: msgspec.json.Decoder[Envelope[T]] = msgspec.json.Decoder(page)
        self._raw = msgspec.json.Decoder(Envelope[msgspec.Raw])

    def page(self, body: Body, number: int) -> Page[T]:
        """Decode one body. Raises Fault with BadAnswer: again when malformed, for good when unknown."""
        started = time.perf_counter()
        envelope, bad = self.decode(body.data)
        return Page(
            rows=envelope.data,
            bad=bad,
            sha256=hashlib.sha256(body.data).hexdigest(),
            byte_count=len(body.data),
            number=number,
            fetch_seconds=body.seconds,
            decode_seconds=time.perf_counter() - started,
            next_page=_next_page(envelope),
        )

    def decode(self, body: bytes) -> tuple[Envelope[T], tuple[BadRow, ...]]:
        """Return the good rows in their envelope, and the bad ones."""
        try:
            return self._page.decode(body), ()
        except UNREADABLE:
            return self._row_by_row(body)

    def _row_by_row(self, body: bytes) -> tuple[Envelope[T], tuple[BadRow, ...]]:
        rows: list[T] = []
        bad: list[BadRow] = []
        envelope = self._raw_envelope(body)
        for raw in envelope.data:
            self._sort(bytes(raw), rows, bad)
        good = Envelope(data=tuple(rows), has_more=envelope.has_more, next_page=envelope.next_page)
        return good, tuple(bad)

    def _sort(self, raw: bytes, rows: list[T], bad: list[BadRow]) -> None:
        try:
            rows.append(self._read(raw))
        except UNREADABLE as error:
            bad.append(_bad_row(raw, str(error)))

    def _read(self, raw: bytes) -> T:
        """One row; whole numbers written as `6.0` or `1e6` are integers, as JSON Schema has it."""
        try:
            return self._row.decode(raw)
        except msgspec.ValidationError as error:
            try:
                return msgspec.convert(WHOLE.decode(raw), self._row_type)
            except UNREADABLE:
                raise error from None

    def _raw_envelope(self, body: bytes) -> Envelope[msgspec.Raw]:
        try:
            return self._raw.decode(body)
        except msgspec.ValidationError as error:
            raise Fault(BadAnswer(detail=UNKNOWN)) from error
        except UNREADABLE:
            return _lenient_envelope(body)


def _lenient_envelope(body: bytes) -> Envelope[msgspec.Raw]:
    """Read NaN, Infinity and half surrogates as Python's parser does, so that only their row is bad."""
    try:
        envelope = msgspec.convert(json.loads(body), Envelope[Any])
    except msgspec.ValidationError as error:
        raise Fault(BadAnswer(detail=UNKNOWN)) from error
    except RecursionError as error:
        raise Fault(BadAnswer(detail=NESTED)) from error
    except ValueError as error:
        raise Fault(BadAnswer(detail=MALFORMED), again=True) from error
    rows = tuple(msgspec.Raw(json.dumps(row).encode()) for row in envelope.data)
    return Envelope(data=rows, has_more=envelope.has_more, next_page=envelope.next_page)


def _bad_row(raw: bytes, reason: str) -> BadRow:
    # A line break inside a JSON string is escaped, so the ones found here are layout.
    line = raw.replace(b"\r", b" ").replace(b"\n", b" ")
    return BadRow(raw=line, reason=reason, start_time=_start_time(raw))


def _start_time(raw: bytes) -> int | None:
    try:
        return msgspec.json.decode(raw, type=_Start).start_time
    except UNREADABLE:
        return None


def _next_page(envelope: Envelope[T]) -> str | None:
    if not envelope.has_more:
        return None
    if not envelope.next_page:
        raise Fault(BadAnswer(detail="has_more without next_page"))
    return envelope.next_page
