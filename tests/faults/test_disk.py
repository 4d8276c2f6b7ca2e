"""No room, no right to write, damaged files, a clock that jumps: held days answer and nothing is lost."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.lake import Dataset
from bot.model.chat import Refusal, Reply
from tests.faults.conftest import FIRST, World
from tests.faults.test_api import TURNS_A_DAY, turns


def failing(code: int) -> Callable[..., Any]:
    def fail(*_args: object, **_more: object) -> Any:
        raise OSError(code, os.strerror(code))

    return fail


async def held_until(world: World, day: int) -> None:
    """The bot has been running until the given day of October."""
    world.bot.now = world.bot.now.replace(day=day)
    assert isinstance(await world.ask(), Reply)


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
async def test_a_full_disk_is_told_and_costs_no_held_day(
    world: World, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    await held_until(world, 19)
    before = {path: path.read_bytes() for path in world.lake.root.rglob("*.parquet")}
    world.later(days=2)
    with monkeypatch.context() as full:
        full.setattr("bot.lake.files.os.fsync", failing(code))
        answer = await world.ask()
    assert turns(answer) == 5 * TURNS_A_DAY
    assert isinstance(answer, Reply)
    assert len(answer.footer.missing_days) == 2
    assert {path: path.read_bytes() for path in before} == before
    assert not list(world.lake.root.rglob("*.tmp"))
    world.later(minutes=2)
    assert turns(await world.ask()) == 7 * TURNS_A_DAY


async def test_with_nothing_held_a_full_disk_is_the_answer(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.lake.files.os.fsync", failing(errno.ENOSPC))
    told = await world.ask()
    assert isinstance(told, Refusal)
    assert "the disk is full or read-only" in told.message


async def test_a_read_only_lake_answers_from_what_it_holds(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    await held_until(world, 19)
    world.later(days=2)
    monkeypatch.setattr("bot.lake.lock.AsyncFileLock.acquire", failing(errno.EROFS))
    assert turns(await world.ask()) == 5 * TURNS_A_DAY
    report = await world.sync.run()
    assert {type(failure.error).__name__ for failure in report.failures} == {"LakeUnwritable"}
    assert report.missing


async def test_a_damaged_file_is_set_aside_and_its_day_pulled_again(world: World) -> None:
    assert turns(await world.ask()) == 7 * TURNS_A_DAY
    damaged = world.lake.path(Dataset.USAGE, FIRST + timedelta(days=12))
    content = damaged.read_bytes()
    damaged.write_bytes(content[: len(content) // 2])
    assert turns(await world.ask()) == 7 * TURNS_A_DAY
    assert world.lake.set_aside_count() == 1


async def test_a_damaged_file_of_a_read_only_lake_makes_a_gap_not_a_crash(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert turns(await world.ask()) == 7 * TURNS_A_DAY
    damaged = world.lake.path(Dataset.USAGE, FIRST + timedelta(days=12))
    damaged.write_bytes(b"PAR1 nothing PAR1")
    monkeypatch.setattr("bot.lake.store.Path.replace", failing(errno.EROFS))
    monkeypatch.setattr("bot.lake.lock.AsyncFileLock.acquire", failing(errno.EROFS))
    answer = await world.ask()
    assert turns(answer) == 6 * TURNS_A_DAY
    assert isinstance(answer, Reply)
    assert answer.footer.missing_days == (FIRST + timedelta(days=12),)


async def test_a_clock_that_jumps_back_and_forth_neither_loses_nor_doubles_a_day(world: World) -> None:
    assert turns(await world.ask()) == 7 * TURNS_A_DAY
    for jump in (timedelta(days=-3), timedelta(days=3), timedelta(hours=-1), timedelta(hours=1)):
        world.bot.now += jump
        answer = await world.ask()
        assert turns(answer) == 7 * TURNS_A_DAY
        assert isinstance(answer, Reply)
        assert answer.footer.missing_days == ()


def test_files_that_are_refused_by_a_size_limit_leave_the_lake_as_it_was(tmp_path: Path) -> None:
    """The kernel's own refusal, in a process that may write no more than 2,000 bytes to a file."""
    script = Path(__file__).with_name("limited_sync.py")
    root = str(Path(__file__).parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    done = subprocess.run(
        [sys.executable, str(script), str(tmp_path)], check=False, env=environment, timeout=60,
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1].split() == ["LakeUnwritable", "0"], done.stderr
    assert not list(tmp_path.rglob("*.tmp"))
