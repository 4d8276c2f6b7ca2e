from __future__ import annotations

import pytest

from bot.lake import Lake, LakeLocked


async def test_a_second_writer_waits_and_then_gives_up(lake: Lake) -> None:
    async with lake.write_lock():
        with pytest.raises(LakeLocked):
            async with lake.write_lock(wait_seconds=0.02):
                pytest.fail("two writers held the lock")


async def test_the_lock_is_free_again_after_the_block(lake: Lake) -> None:
    async with lake.write_lock():
        pass
    async with lake.write_lock(wait_seconds=0):
        assert (lake.root / ".lock").exists()
