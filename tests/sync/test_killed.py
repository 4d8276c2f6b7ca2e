"""kill -9 at named points: whole days only, and the next run ends where an undisturbed one would have."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bot.lake import DAY_DATASETS, Dataset, Lake

CHILD = Path(__file__).with_name("killed_sync.py")
ROOT = CHILD.parents[2]
pytestmark = pytest.mark.slow


def run_child(lake: Path, point: str, times: int) -> int:
    command = [sys.executable, str(CHILD), str(lake), point, str(times)]
    return subprocess.run(command, check=False, env={"PYTHONPATH": str(ROOT)}, timeout=60).returncode


def content(root: Path) -> dict[str, Any]:
    """Every table of the lake, and its people."""
    lake = Lake(root)
    tables = {
        f"{dataset} {day}": pq.ParquetFile(lake.path(dataset, day)).read().to_pydict()
        for dataset in DAY_DATASETS
        for day in lake.days(dataset)
    }
    return tables | {"people": lake.people()}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    root = tmp_path_factory.mktemp("whole")
    assert run_child(root, "never", 1) == 0
    found = content(root)
    assert len(found) == 4 * 12 + 1
    return found


@pytest.mark.parametrize(
    ("point", "times"),
    [
        ("locked", 1),
        ("page_read", 7),
        ("window_read", 5),
        ("people_written", 5),
        ("day_written", 1),
        ("day_written", 40),
        ("fsync", 3),
        ("fsync", 41),
        ("finished", 1),
    ],
)
def test_a_sync_killed_anywhere_leaves_whole_days_and_the_next_run_completes_them(
    tmp_path: Path, undisturbed: dict[str, Any], point: str, times: int
) -> None:
    assert run_child(tmp_path, point, times) == -signal.SIGKILL
    left = content(tmp_path)
    for name in left.keys() - {"people"}:
        assert left[name] == undisturbed[name]
    lake = Lake(tmp_path)
    seen = {row["user_id"] for key, rows in left.items() if key.startswith("usage ") for row in rows_of(rows)}
    assert seen <= set(lake.people())
    assert run_child(tmp_path, "never", 1) == 0
    assert content(tmp_path) == undisturbed
    assert not list(tmp_path.rglob("*.tmp"))
    assert lake.set_aside_count() == 0
    assert len(lake.days(Dataset.USAGE)) == 12


def rows_of(columns: dict[str, list[Any]]) -> list[dict[str, Any]]:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
