"""Files that are either there whole or not there."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Final

import pyarrow as pa
import pyarrow.parquet as pq

ROW_GROUP_ROWS: Final = 65_536
TEMPORARY_SUFFIX: Final = ".tmp"


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A binary file that takes the place of `path` when the block ends well; else nothing changes.

    The bytes are on disk before the name is: a power cut leaves the old file or the new one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f"{path.name}.{os.getpid()}{TEMPORARY_SUFFIX}")
    try:
        with temporary.open("wb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def write_parquet(
    path: Path, schema: pa.Schema, tables: Iterable[pa.Table], metadata: dict[str, str] | None = None
) -> None:
    """Writes `tables` one after the other, each in row groups of its own, and replaces `path` at the end.

    Zstandard level 1 and dictionaries for texts only: integers of usage hardly repeat, and a dictionary
    of them costs a third of the writing time (benchmarks/bench_ingest.py).
    """
    with replacing(path) as out, _writer(out, schema) as writer:
        writer.add_key_value_metadata(metadata or {})
        for table in tables:
            writer.write_table(table, row_group_size=ROW_GROUP_ROWS)


def _writer(out: BinaryIO, schema: pa.Schema) -> pq.ParquetWriter:
    texts: Any = [field.name for field in schema if pa.types.is_string(field.type)]
    return pq.ParquetWriter(
        out,
        schema,
        compression="zstd",
        compression_level=1,
        use_dictionary=texts,
        write_page_checksum=True,
    )


def sweep_temporaries(folder: Path) -> int:
    """Deletes what killed writers left behind; only the holder of the write lock may call it."""
    left = tuple(folder.glob(f"*/day=*/*{TEMPORARY_SUFFIX}")) + tuple(folder.glob(f"*/*{TEMPORARY_SUFFIX}"))
    for path in left:
        path.unlink(missing_ok=True)
    return len(left)
