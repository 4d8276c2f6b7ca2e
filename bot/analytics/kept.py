"""Results of queries, kept while their files are the same: two hundred people ask the same few questions."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import partial
from pathlib import Path
from typing import Final

import pyarrow as pa

from bot.engine import Build
from bot.lake import Dataset

MOST_RESULTS: Final = 200
MOST_BYTES: Final = 64 * 2**20
_ANEW: Final = ContextVar("anew", default=False)


@contextmanager
def anew() -> Iterator[None]:
    """Inside, every query runs and nothing is kept: for checks of earlier answers, and for what is large."""
    token = _ANEW.set(True)
    try:
        yield
    finally:
        _ANEW.reset(token)


class Kept:
    """The latest results, up to a number and a size. Who asks while it is computed waits for the same one."""

    def __init__(self, most: int = MOST_RESULTS, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._most_bytes = most, most_bytes
        self._tasks: OrderedDict[Hashable, asyncio.Task[pa.Table]] = OrderedDict()

    async def get(self, key: Hashable | None, make: Callable[[], Awaitable[pa.Table]]) -> pa.Table:
        """The result of `key`, made if need be; without a key nothing is kept. Raises what `make` raises."""
        if key is None or _ANEW.get():
            return await make()
        task = self._tasks.get(key)
        if task is None or (task.done() and _failed(task)):
            task = self._tasks[key] = asyncio.ensure_future(_result(make))
        self._tasks.move_to_end(key)
        result = await asyncio.shield(task)
        self._forget_oldest()
        return result

    def _forget_oldest(self) -> None:
        done = [task for task in self._tasks.values() if task.done() and not _failed(task)]
        size = sum(task.result().nbytes for task in done)
        while len(self._tasks) > self._most or (size > self._most_bytes and self._tasks):
            _, oldest = self._tasks.popitem(last=False)
            if oldest.done() and not _failed(oldest):
                size -= oldest.result().nbytes


def key_of(dataset: Dataset, paths: Iterable[Path], build: Build) -> Hashable | None:
    """The same for the same expression over the same files; None for one that cannot be told apart.

    A file replaced, damaged or taken away has another stamp, and so another key.
    """
    if isinstance(build, partial):
        what = (build.func, build.args, tuple(sorted(build.keywords.items())))
    elif getattr(build, "__closure__", True) is None:
        what = (build, (), ())
    else:
        return None
    return (dataset, what, tuple(_stamp(path) for path in paths)) if _hashable(what) else None


def _hashable(value: object) -> bool:
    try:
        hash(value)
    except TypeError:  # an argument is a dictionary, as the directory's teams are
        return False
    return True


def _stamp(path: Path) -> tuple[str, int, int, int]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return str(path), 0, 0, 0
    return str(path), stat.st_mtime_ns, stat.st_size, stat.st_ino


async def _result(make: Callable[[], Awaitable[pa.Table]]) -> pa.Table:
    return await make()


def _failed(task: asyncio.Task[pa.Table]) -> bool:
    return task.cancelled() or task.exception() is not None
