"""Column types and statements that read the same in SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, cast

from sqlalchemy import CursorResult, DateTime, Dialect, Table, Text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.base import Executable
from sqlalchemy.types import TypeDecorator


class Utc(TypeDecorator[datetime]):
    """An instant: aware in, aware UTC out; a naive datetime raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Convert to UTC, because SQLite stores the wall clock only."""
        del dialect
        if value is not None and value.tzinfo is None:
            message = f"{value!r} has no time zone"
            raise ValueError(message)
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give SQLite's wall clock its zone back."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Chars(TypeDecorator[str]):
    """Text of any length; NUL and lone surrogates, which a database cannot hold, are left out."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Leave out what cannot be stored."""
        del dialect
        return None if value is None else storable(value)


def storable(text: str) -> str:
    """Leave out NUL and lone surrogates."""
    return text.encode(errors="ignore").decode().replace("\0", "")


async def insert_new(connection: AsyncConnection, table: Table, values: Mapping[str, Any]) -> bool:
    """Insert a row unless a unique key already holds it; True when it was inserted."""
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    return await changed(connection, insert(table).values(dict(values)).on_conflict_do_nothing()) == 1


async def changed(connection: AsyncConnection, statement: Executable) -> int:
    """Run an INSERT, UPDATE or DELETE and return how many rows it touched."""
    return cast("CursorResult[Any]", await connection.execute(statement)).rowcount
