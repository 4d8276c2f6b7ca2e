"""When an error of the database says that it is away, not that we asked something wrong."""

from __future__ import annotations

from typing import Final

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE: Final = (
    "SQLITE_BUSY",
    "SQLITE_LOCKED",
    "SQLITE_FULL",
    "SQLITE_READONLY",
    "SQLITE_IOERR",
    "SQLITE_CANTOPEN",
    "SQLITE_CORRUPT",
    "SQLITE_NOTADB",
)
# PostgreSQL: connection lost, resources (disk, memory, connections), operator intervention, system error.
_READ_ONLY: Final = "25006"
_POSTGRES: Final = ("08", "53", "57", "58", _READ_ONLY, "55P03", "40")


def is_away(error: Exception, *, reads: bool = False) -> bool:
    """True when the same may work later, without a change to the program.

    With `reads` our own transaction forbade to write, so that a refusal to write is no fault of the database.
    """
    if isinstance(error, OSError | PoolTimeout):
        return True
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    name = getattr(error.orig, "sqlite_errorname", None)
    if name is not None:
        return str(name).startswith(_SQLITE) and not (reads and str(name) == "SQLITE_READONLY")
    state = getattr(error.orig, "sqlstate", None) or getattr(error.orig, "pgcode", None)
    if state is None:
        return isinstance(error, InterfaceError | OperationalError)
    return str(state).startswith(_POSTGRES) and not (reads and state == _READ_ONLY)
