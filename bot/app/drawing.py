"""One dedicated drawing thread: drawing scales on processes, not on threads (performance.md)."""

from __future__ import annotations

import asyncio
import struct
from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from bot.model.chat import Drawing, Picture

MOST_KEPT: Final = 64


class DrawingThread:
    """Turns drawings into PNGs off the event loop, one at a time. matplotlib is imported on first use.

    The latest pictures are kept in memory, 64 at most: two hundred people ask the same few questions, and
    the same chart is the same picture.
    """

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")
        self._kept: OrderedDict[Hashable, bytes] = OrderedDict()

    async def draw(self, drawing: Drawing) -> Picture:
        """The finished picture; raises what drawing raises."""
        png = await asyncio.get_running_loop().run_in_executor(self._thread, self._png, drawing)
        width_px, height_px = struct.unpack(">II", png[16:24])
        return Picture(png, drawing.alt, width_px, height_px, drawing.name)

    async def warm(self) -> None:
        """Imports matplotlib and finds its fonts now, so that the first picture does not wait."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _first_picture)

    def close(self) -> None:
        """Waits for the picture in hand."""
        self._thread.shutdown()

    def _png(self, drawing: Drawing) -> bytes:
        key = _key(drawing.make)
        if key is None:
            return _png(drawing)
        png = self._kept[key] = self._kept.get(key) or _png(drawing)
        self._kept.move_to_end(key)
        if len(self._kept) > MOST_KEPT:
            self._kept.popitem(last=False)
        return png


def _first_picture() -> None:
    import charts  # noqa: PLC0415  # as below

    charts.png(charts.bars(charts.BarChart("", "", (charts.Item("", 1.0),))))


def _png(drawing: Drawing) -> bytes:
    import charts  # noqa: PLC0415  # 0.35 s of matplotlib, paid by the first picture

    return charts.png(drawing.make())


def _key(make: Callable[[], Any]) -> Hashable | None:
    """The same for the same code over equal data; None when it holds what cannot be compared by value."""
    cells = getattr(make, "__closure__", None)
    key = (make.__code__, *(cell.cell_contents for cell in cells)) if cells else None
    try:
        hash(key)
    except TypeError:
        return None
    return key
