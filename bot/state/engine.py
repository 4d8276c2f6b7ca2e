"""The state database: one object to open, read, write and close.

SQLite runs in WAL with a busy timeout of 10 s, and every writing transaction starts with `BEGIN IMMEDIATE`:
a deferred one that turns into a writer fails at once when another process wrote in between. Readers are held
to reading in both databases.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, closing, nullcontext
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from filelock import FileLock
from sqlalchemy import URL, Connection, event, func, make_url, select
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.model.errors import BadSetting, StateAway
from bot.state.away import is_away
from bot.state.migrations import upgrade

BUSY_TIMEOUT_SECONDS = 10
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_READS = "pulse_reads"
_URL_HELP = "PULSE_STATE_URL must be sqlite:///PATH or postgresql+asyncpg://USER:PASSWORD@HOST/DATABASE"


class StateDb:
    """State behind `url`: `sqlite:///PATH` (parent folders are made) or `postgresql+asyncpg://...`.

    `open` applies the migrations; several processes may open at once. Raises BadSetting for a URL of another
    kind, and StateAway when the database is locked, full or cannot be reached.
    """

    def __init__(self, url: str) -> None:
        self._url = state_url(url)
        self._engine: AsyncEngine | None = None
        # SQLite lets writers wait without an order; in this process they come one after the other
        self._writers = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        """True for a SQLite file."""
        return self._url.get_backend_name() == "sqlite"

    async def open(self) -> Self:
        """Connect and bring the tables up to date."""
        if self.is_sqlite:
            await asyncio.to_thread(_prepare_file, Path(str(self._url.database)))
        self._engine = _sqlite_engine(self._url) if self.is_sqlite else _postgres_engine(self._url)
        async with self.write(lock="migrations") as connection:
            await connection.run_sync(upgrade)
        return self

    async def close(self) -> None:
        """Close all connections; closing twice is fine."""
        if self._engine is not None:
            await self._engine.dispose()
        self._engine = None

    async def __aenter__(self) -> Self:
        return await self.open()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that cannot write. Raises StateAway, as `write` does."""
        async with self._connect(
            {_READS: True} if self.is_sqlite else {"postgresql_readonly": True}
        ) as connection:
            yield connection

    @asynccontextmanager
    async def write(self, lock: str = "") -> AsyncIterator[AsyncConnection]:
        """Open a writing transaction, committed at the end or rolled back by an exception.

        Writers exclude each other in SQLite; in PostgreSQL only those that name the same `lock` do.
        """
        async with self._in_order(), self._connect({}) as connection:
            if lock and not self.is_sqlite:
                await connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(lock))))
            yield connection

    def _in_order(self) -> AbstractAsyncContextManager[None]:
        return self._writers if self.is_sqlite else nullcontext()

    @asynccontextmanager
    async def _connect(self, options: dict[str, Any]) -> AsyncIterator[AsyncConnection]:
        if self._engine is None:
            message = "the state database is not open"
            raise RuntimeError(message)
        try:
            async with self._engine.connect() as connection:
                await connection.execution_options(**options)
                async with connection.begin():
                    yield connection
        except (SQLAlchemyError, OSError) as error:
            if is_away(error, reads=bool(options)):
                raise StateAway(type(error).__name__) from error
            raise


def state_url(url: str) -> URL:
    """Name the async driver that belongs to `url`. Raises BadSetting for other databases."""
    try:
        parsed = make_url(url) if "://" in url else URL.create("sqlite", database=url)
    except (ArgumentError, ValueError) as error:
        raise BadSetting(_URL_HELP) from error
    driver = _DRIVERS.get(parsed.drivername)
    if driver is None or (driver.startswith("sqlite") and parsed.database in {None, "", ":memory:"}):
        raise BadSetting(_URL_HELP)
    return parsed.set(drivername=driver)


def _prepare_file(path: Path) -> None:
    # Turning WAL on needs the file alone and does not honour the busy timeout: first starts take turns.
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with (
            FileLock(f"{path}.lock"),
            closing(sqlite3.connect(path, timeout=BUSY_TIMEOUT_SECONDS)) as connection,
        ):
            connection.execute("PRAGMA journal_mode=WAL")
    except (OSError, sqlite3.DatabaseError) as error:
        raise StateAway(type(error).__name__) from error


def _sqlite_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": BUSY_TIMEOUT_SECONDS})
    event.listen(engine.sync_engine, "connect", _on_connect)
    event.listen(engine.sync_engine, "begin", _on_begin)
    return engine


def _postgres_engine(url: URL) -> AsyncEngine:
    # A connection that a failover or an idle limit closed is noticed before it is used.
    return create_async_engine(url, pool_pre_ping=True)


def _on_connect(connection: Any, _record: object) -> None:
    # The driver's own transactions are deferred ones: switched off, `_on_begin` starts ours.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _on_begin(connection: Connection) -> None:
    reads = bool(connection.get_execution_options().get(_READS))
    connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
