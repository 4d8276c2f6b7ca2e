"""Facts on disk: Parquet day files with receipts, replaced atomically, read without a lock."""

from __future__ import annotations

from bot.lake.forgetting import days_of, forget
from bot.lake.location import lake_root
from bot.lake.lock import LakeLocked, WriteLock
from bot.lake.people import Person
from bot.lake.pruning import delete_before
from bot.lake.receipt import CONTRACT_VERSION, Difference, Receipt
from bot.lake.schema import DAY_DATASETS, SCHEMAS, Dataset, PartKind
from bot.lake.store import HeldFile, Lake

__all__ = [
    "CONTRACT_VERSION",
    "DAY_DATASETS",
    "SCHEMAS",
    "Dataset",
    "Difference",
    "HeldFile",
    "Lake",
    "LakeLocked",
    "PartKind",
    "Person",
    "Receipt",
    "WriteLock",
    "days_of",
    "delete_before",
    "forget",
    "lake_root",
]
