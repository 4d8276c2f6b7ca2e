"""Reading and writing the lake's files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.parquet as pq
import structlog

from bot.lake import people as people_file
from bot.lake.files import replacing, sweep_temporaries, write_parquet
from bot.lake.forgotten import Forgotten
from bot.lake.lock import WAIT_SECONDS, WriteLock
from bot.lake.people import Person
from bot.lake.receipt import RECEIPT_KEY, Receipt, pack, unpack
from bot.lake.schema import SCHEMAS, Dataset
from bot.model.timerange import TimeRange

log = structlog.get_logger(__name__)

PART: Final = "part.parquet"
_DAY_PREFIX: Final = "day="
_Stamp = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class HeldFile:
    """A day file and its receipt."""

    path: Path
    size_bytes: int
    receipt: Receipt


class Lake:
    """Day files under `root`: `DATASET/day=YYYY-MM-DD/part.parquet`.

    A day with an empty file is a known zero; a day without a file is unknown. Any number of processes may
    read at any time; writers hold `write_lock()`. A file that cannot be read is moved to `corrupt/`, so its
    day counts as missing and is fetched again.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self.forgotten = Forgotten(root / "forgotten.json")
        self._receipts: dict[Path, tuple[_Stamp, Receipt]] = {}
        self._digests: dict[Path, tuple[_Stamp, str]] = {}
        self._people_lock = Lock()
        self._people: tuple[_Stamp, dict[str, Person]] | None = None

    def write_lock(self, wait_seconds: float = WAIT_SECONDS) -> WriteLock:
        """The exclusive right to write, as an async context manager; raises LakeLocked on entry."""
        return WriteLock(self.root / ".lock", wait_seconds)

    def path(self, dataset: Dataset, day: date) -> Path:
        """Where the file of a day stands or would stand."""
        return self.root / dataset / f"{_DAY_PREFIX}{day.isoformat()}" / PART

    def days(self, dataset: Dataset) -> tuple[date, ...]:
        """Days that have a file, oldest first."""
        folder = self.root / dataset
        if not folder.is_dir():
            return ()
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.name.startswith(_DAY_PREFIX)]
        return tuple(
            date.fromisoformat(name.removeprefix(_DAY_PREFIX))
            for name in sorted(names)
            if _is_day(name) and (folder / name / PART).is_file()
        )

    def held(self, dataset: Dataset, window: TimeRange) -> tuple[date, ...]:
        """Days of `window` that have a file, oldest first."""
        return tuple(day for day in window.days() if self.path(dataset, day).is_file())

    def file(self, dataset: Dataset, day: date) -> HeldFile | None:
        """The day's file with its receipt, None when the day is unknown. Cached by the file's stamp."""
        path = self.path(dataset, day)
        stamp = _stamp(path)
        if stamp is None:
            return None
        cached = self._receipts.get(path)
        if cached is None or cached[0] != stamp:
            receipt = self._read_receipt(path)
            if receipt is None:
                return None
            cached = self._receipts[path] = (stamp, receipt)
        return HeldFile(path, stamp[1], cached[1])

    def files(self, dataset: Dataset, window: TimeRange) -> tuple[HeldFile, ...]:
        """The files of a window's held days, oldest first."""
        found = (self.file(dataset, day) for day in window.days())
        return tuple(file for file in found if file is not None)

    def receipt(self, dataset: Dataset, day: date) -> Receipt | None:
        """The receipt of a held day, None when the day is unknown."""
        held = self.file(dataset, day)
        return held.receipt if held else None

    def sha256(self, dataset: Dataset, day: date) -> str | None:
        """Hex digest of the day's file, None when the day is unknown. Cached by the file's stamp."""
        return self._sha256(self.path(dataset, day))

    def people_sha256(self) -> str | None:
        """Hex digest of the file of people, None when there is none."""
        return self._sha256(self._people_path)

    def _sha256(self, path: Path) -> str | None:
        stamp = _stamp(path)
        if stamp is None:
            return None
        cached = self._digests.get(path)
        if cached is None or cached[0] != stamp:
            with path.open("rb") as file:
                cached = self._digests[path] = (stamp, hashlib.file_digest(file, "sha256").hexdigest())
        return cached[1]

    def write_day(self, tables: Iterable[pa.Table], receipt: Receipt) -> None:
        """Replaces the file of `receipt.dataset` and `receipt.day`; tables need the dataset's schema.

        Forgotten people are written under their pseudonym.
        """
        path = self.path(receipt.dataset, receipt.day)
        tables = self.forgotten.renamed(tables) if receipt.dataset is Dataset.USAGE else tables
        write_parquet(path, SCHEMAS[receipt.dataset], tables, {RECEIPT_KEY.decode(): pack(receipt).decode()})

    def write_quarantine(self, dataset: Dataset, day: date, rows: Iterable[dict[str, Any]]) -> None:
        """Replaces the refused rows of a day and dataset; no rows remove the file."""
        path = self.root / "quarantine" / f"{_DAY_PREFIX}{day.isoformat()}" / f"{dataset}.jsonl"
        lines = [msgspec.json.encode(self.forgotten.scrubbed(row)) for row in rows]
        if not lines:
            path.unlink(missing_ok=True)
            return
        with replacing(path) as out:
            out.writelines(line + b"\n" for line in lines)

    def people(self) -> dict[str, Person]:
        """Everyone ever seen, by user id. Cached by the file's stamp."""
        path = self._people_path
        stamp = _stamp(path)
        if stamp is None:
            return {}
        if self._people is None or self._people[0] != stamp:
            table = self._read_table(path)
            if table is None:
                return {}
            self._people = (stamp, people_file.from_table(table))
        return self._people[1]

    def add_people(self, seen: Iterable[Person]) -> None:
        """Merges sightings of people who were not forgotten; nothing is written when nothing changes."""
        seen = tuple(seen)
        gone = self.forgotten.named(person.user_id for person in seen)
        with self._people_lock:
            known = self.people()
            merged = people_file.merge(known, (person for person in seen if person.user_id not in gone))
            if merged != known:
                write_parquet(self._people_path, SCHEMAS[Dataset.PEOPLE], [people_file.to_table(merged)])

    def remove_people(self, user_ids: Iterable[str]) -> int:
        """Deletes people from `people`, and says how many there were."""
        gone = set(user_ids)
        known = self.people()
        kept = {user_id: person for user_id, person in known.items() if user_id not in gone}
        if len(kept) != len(known):
            write_parquet(self._people_path, SCHEMAS[Dataset.PEOPLE], [people_file.to_table(kept)])
        return len(known) - len(kept)

    def check(self, dataset: Dataset, window: TimeRange) -> tuple[date, ...]:
        """Reads a window's files whole; unreadable ones are set aside and their days returned."""
        return tuple(
            day for day in self.held(dataset, window) if self._read_table(self.path(dataset, day)) is None
        )

    def set_aside_count(self) -> int:
        """How many unreadable files were moved to `corrupt/`."""
        folder = self.root / "corrupt"
        return sum(1 for _ in folder.iterdir()) if folder.is_dir() else 0

    def sweep(self) -> int:
        """Deletes half-written files of killed writers. Call it holding the write lock."""
        return sweep_temporaries(self.root)

    @property
    def _people_path(self) -> Path:
        return self.root / Dataset.PEOPLE / PART

    def _read_receipt(self, path: Path) -> Receipt | None:
        try:
            metadata = pq.read_metadata(path).metadata or {}
            return unpack(metadata[RECEIPT_KEY])
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError, KeyError, msgspec.DecodeError) as error:
            self._set_aside(path, error)
            return None

    def _read_table(self, path: Path) -> pa.Table | None:
        try:
            return pq.ParquetFile(path, page_checksum_verification=True).read()
        except FileNotFoundError:
            return None
        except (pa.ArrowException, OSError) as error:
            self._set_aside(path, error)
            return None

    def _set_aside(self, path: Path, error: Exception) -> None:
        name = "_".join(path.relative_to(self.root).parts)
        stamp = _stamp(path) or (0, 0, 0)
        target = self.root / "corrupt" / f"{stamp[0]}_{name}"
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            path.replace(target)
        except OSError as denied:  # on a read-only lake it stays, and its day is missing all the same
            log.warning("lake_file_unreadable", file=name, error=type(denied).__name__)
            return
        log.warning("lake_file_set_aside", file=name, error=type(error).__name__)


def _stamp(path: Path) -> _Stamp | None:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return None
    return stat.st_mtime_ns, stat.st_size, stat.st_ino


def _is_day(name: str) -> bool:
    try:
        date.fromisoformat(name.removeprefix(_DAY_PREFIX))
    except ValueError:
        return False
    return True
