"""One writer of the lake at a time, across processes. Readers take no lock."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Final

from filelock import AsyncFileLock, Timeout

WAIT_SECONDS: Final = 60.0
_POLL_SECONDS: Final = 0.05


class LakeLocked(Exception):
    """Another process was still writing when the wait ran out."""


class WriteLock:
    """Exclusive lock on a file; it dies with its process, so a killed writer blocks nobody."""

    def __init__(self, path: Path, wait_seconds: float = WAIT_SECONDS) -> None:
        self._path = path
        self._lock = AsyncFileLock(
            path, timeout=wait_seconds, poll_interval=_POLL_SECONDS, run_in_executor=False
        )

    async def __aenter__(self) -> None:
        """Waits for the lock. Raises LakeLocked after the allowed wait."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        try:
            await self._lock.acquire()
        except Timeout as error:
            raise LakeLocked(str(self._path)) from error

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._lock.release()
