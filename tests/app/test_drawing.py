from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from bot.app import drawing as module
from bot.app.drawing import MOST_KEPT, DrawingThread
from bot.model.chat import Drawing
from charts import Item


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Drawing]:
    """What was really drawn."""
    found: list[Drawing] = []

    def png(drawing: Drawing) -> bytes:
        found.append(drawing)
        return b"\x89PNG".ljust(16, b"\0") + bytes(8)

    monkeypatch.setattr(module, "_png", png)
    return found


@pytest.fixture
def thread() -> Iterator[DrawingThread]:
    thread = DrawingThread()
    yield thread
    thread.close()


def drawing(data: Any, alt: str = "") -> Drawing:
    return Drawing(lambda: data, alt)


async def test_equal_charts_are_drawn_once_and_named_each(thread: DrawingThread, made: list[Drawing]) -> None:
    first = await thread.draw(drawing((Item("CLI", 1.0), date(2026, 10, 20)), "one"))
    second = await thread.draw(drawing((Item("CLI", 1.0), date(2026, 10, 20)), "two"))
    assert (first.png, first.alt, second.alt, len(made)) == (second.png, "one", "two", 1)


async def test_other_data_and_other_code_are_drawn(thread: DrawingThread, made: list[Drawing]) -> None:
    data = (Item("CLI", 1.0),)
    for one in (drawing(data), drawing((Item("CLI", 2.0),)), Drawing(lambda: [data], "")):
        await thread.draw(one)
    assert len(made) == 3


async def test_what_cannot_be_compared_is_drawn_each_time(thread: DrawingThread, made: list[Drawing]) -> None:
    for _ in range(2):
        await thread.draw(drawing([Item("CLI", 1.0)]))
        await thread.draw(Drawing(dict, ""))
    assert len(made) == 4


async def test_only_the_latest_pictures_are_kept(thread: DrawingThread, made: list[Drawing]) -> None:
    for number in (*range(MOST_KEPT + 1), 0, MOST_KEPT):
        await thread.draw(drawing(number))
    assert len(made) == MOST_KEPT + 2


async def test_a_fault_is_not_kept(thread: DrawingThread, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(_: Drawing) -> bytes:
        raise ValueError

    monkeypatch.setattr(module, "_png", broken)
    for _ in range(2):
        with pytest.raises(ValueError):  # any fault will do
            await thread.draw(drawing(1))
