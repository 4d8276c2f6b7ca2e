"""The receipt of a day file: what was asked, when, and what came. It travels inside the Parquet file."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

import msgspec

from bot.lake.schema import Dataset, PartKind
from bot.model.timerange import TimeRange

CONTRACT_VERSION: Final = "2026-09"
"""Newest schema generation of the wire contract that the writer understands."""

RECEIPT_KEY: Final = b"codex_pulse.receipt"


@dataclass(frozen=True, slots=True)
class Difference:
    """The people's rows of a day do not add up to its workspace row. Money-like fields are micro-units."""

    part_kind: PartKind
    part: str
    field: str
    people: int
    workspace: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """How one day file came to be.

    `window` is the request that fetched it, `fetched_at` (UTC) the instant it was asked for, `rows` the
    wire rows of the day, `quarantined` those refused, `duplicates` those overwritten by a later row of the
    same person. `compared` tells whether the workspace row was there to compare with.
    """

    dataset: Dataset
    day: date
    window: TimeRange
    fetched_at: datetime
    pages: int
    page_sha256s: tuple[str, ...]
    rows: int
    quarantined: int = 0
    duplicates: int = 0
    compared: bool = False
    differences: tuple[Difference, ...] = ()
    contract_version: str = CONTRACT_VERSION

    @property
    def digest(self) -> str:
        """sha256 of the receipt: it changes whenever the day is fetched again."""
        return hashlib.sha256(pack(self)).hexdigest()


def pack(receipt: Receipt) -> bytes:
    """JSON of the receipt."""
    return msgspec.json.encode(receipt)


def unpack(raw: bytes) -> Receipt:
    """The receipt of `pack`. Raises msgspec.DecodeError when it is none."""
    return msgspec.json.decode(raw, type=Receipt)
