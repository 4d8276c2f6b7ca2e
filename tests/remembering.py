"""What many tests would make again, made once a process: an empty state database, and answers of a lake."""

from __future__ import annotations

import tempfile
from collections.abc import Hashable, Iterable
from pathlib import Path
from typing import ClassVar

import pyarrow as pa

from bot.analytics.kept import key_of
from bot.engine import Build, Engine
from bot.lake import Dataset
from bot.state.engine import StateDb

_EMPTY: list[bytes] = []


async def new_state(folder: Path) -> str:
    """The URL of `folder / "state.db"`; when it is new, a copy of a file that the real migrations made.

    They take a sixth of a second, in hundreds of tests. tests/state/test_migrations.py runs them anew.
    """
    if not _EMPTY:
        with tempfile.TemporaryDirectory() as made:
            async with StateDb(f"sqlite:///{made}/state.db"):
                pass
            _keep(Path(made))
    return _copied(folder)


def _keep(folder: Path) -> None:
    _EMPTY.append((folder / "state.db").read_bytes())


def _copied(folder: Path) -> str:
    path = folder / "state.db"
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_EMPTY[0])
    return f"sqlite:///{path}"


class RememberingEngine(Engine):
    """An engine that does not ask twice what any of them has asked of the same files, by stamp and size."""

    _answers: ClassVar[dict[Hashable, pa.Table]] = {}

    async def fetch(self, dataset: Dataset, files: Iterable[Path], *builds: Build) -> tuple[pa.Table, ...]:
        paths = tuple(files)
        return tuple([await self._one(dataset, paths, build) for build in builds])

    async def _one(self, dataset: Dataset, paths: tuple[Path, ...], build: Build) -> pa.Table:
        key = key_of(dataset, paths, build)
        found = self._answers.get(key) if key else None
        if found is None:
            (found,) = await super().fetch(dataset, paths, build)
            if key:
                self._answers[key] = found
        return found
