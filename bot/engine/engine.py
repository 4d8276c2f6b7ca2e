"""One engine for the whole process, on a thread of its own."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import pyarrow as pa

from bot.engine.options import EngineOptions
from bot.lake.schema import SCHEMAS, Dataset

if TYPE_CHECKING:
    import ibis

Build = Callable[["ibis.Table"], "ibis.Expr"]
"""Turns a dataset's table (columns of the lake's schema, and `day`) into the expression to run."""

T = TypeVar("T")
_VIEWS_KEPT: Final = 32


class QueryFailed(Exception):
    """The engine could not answer, most likely because a file cannot be read; see `Lake.check`."""


class Engine:
    """Ibis over an in-memory DuckDB that may read `root` and nothing else: no network, no extensions.

    Ibis and DuckDB are imported with the first query (0.6 s; performance.md): call `warm` early to hide it.
    DuckDB connections are not made for several threads, so all of it lives on one worker thread; DuckDB
    itself works on `options.threads` cores.
    """

    def __init__(self, root: Path, options: EngineOptions | None = None) -> None:
        self._root = root.absolute()
        self._options = options or EngineOptions()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="engine")
        self._connection: Any = None
        self._tables: OrderedDict[tuple[Dataset, tuple[Path, ...]], ibis.Table] = OrderedDict()

    async def warm(self) -> None:
        """Imports and connects now."""
        await self._on_worker(self._backend)

    async def fetch(self, dataset: Dataset, files: Iterable[Path], *builds: Build) -> tuple[pa.Table, ...]:
        """Results of the expressions over exactly these files, in order. Raises QueryFailed."""
        paths = tuple(files)
        return await self._on_worker(lambda: self._fetch(dataset, paths, builds))

    async def close(self) -> None:
        """Ends the connection and the thread."""
        await self._on_worker(self._disconnect)
        self._worker.shutdown()

    async def _on_worker(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, work)

    def _fetch(
        self, dataset: Dataset, paths: tuple[Path, ...], builds: tuple[Build, ...]
    ) -> tuple[pa.Table, ...]:
        backend = self._backend()
        duckdb_error: type[Exception] = import_module("duckdb").Error
        try:
            table = self._table(dataset, paths)
            return tuple(_arrow(backend, build(table)) for build in builds)
        except duckdb_error as error:
            self._tables.pop((dataset, paths), None)
            raise QueryFailed(type(error).__name__) from error

    def _table(self, dataset: Dataset, paths: tuple[Path, ...]) -> ibis.Table:
        key = (dataset, paths)
        if key not in self._tables:
            self._tables[key] = self._view(paths) if paths else self._empty(dataset)
            self._forget_oldest()
        self._tables.move_to_end(key)
        return self._tables[key]

    def _view(self, paths: tuple[Path, ...]) -> ibis.Table:
        # the partition column comes as DATE: DuckDB recognises the form of its values
        return self._backend().read_parquet([str(path.absolute()) for path in paths], hive_partitioning=True)

    def _empty(self, dataset: Dataset) -> ibis.Table:
        schema = SCHEMAS[dataset].append(pa.field("day", pa.date32()))
        return import_module("ibis").memtable(schema.empty_table())

    def _forget_oldest(self) -> None:
        while len(self._tables) > _VIEWS_KEPT:
            (_, paths), table = self._tables.popitem(last=False)
            if paths:
                self._backend().drop_view(table.get_name())

    def _backend(self) -> Any:
        if self._connection is None:
            self._connection = _connect(self._root, self._options)
        return self._connection

    def _disconnect(self) -> None:
        self._tables.clear()
        if self._connection is not None:
            self._connection.disconnect()
            self._connection = None


def _arrow(backend: Any, expression: Any) -> pa.Table:
    """What Ibis' own `to_pyarrow` gives, mostly without its import of pandas (60 MB and 0.3 s)."""
    table = expression.as_table()
    if table.op().find(import_module("ibis.expr.operations").InMemoryTable):  # only Ibis knows how to send it
        whole: pa.Table = backend.to_pyarrow(table)
        return whole
    found: pa.Table = backend.raw_sql(backend.compile(table)).to_arrow_table()
    return found.cast(table.schema().to_pyarrow())


def _connect(root: Path, options: EngineOptions) -> Any:
    # imported here and by name: Ibis may only load after the server listens
    backend = import_module("ibis").duckdb.connect(
        threads=options.threads,
        memory_limit=options.memory_limit,
        temp_directory=str(root / ".spill"),
        autoinstall_known_extensions=False,
        autoload_known_extensions=False,
        allow_community_extensions=False,
    )
    folder = str(root).replace("'", "''")
    for setting in (
        "parquet_metadata_cache = true",
        # the system keeps files in memory already; this cache would grow to the memory limit beside it
        "enable_external_file_cache = false",
        f"allowed_directories = ['{folder}']",
        "enable_external_access = false",
        "lock_configuration = true",
    ):
        backend.raw_sql(f"SET {setting}")
    return backend
