"""One dedicated drawing thread: drawing scales on processes, not on threads (performance.md)."""

from __future__ import annotations

import asyncio
import struct
from concurrent.futures import ThreadPoolExecutor

from bot.model.chat import Drawing, Picture


class DrawingThread:
    """Turns drawings into PNGs off the event loop, one at a time. matplotlib is imported on first use."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="drawing")

    async def draw(self, drawing: Drawing) -> Picture:
        """The finished picture; raises what drawing raises."""
        png = await asyncio.get_running_loop().run_in_executor(self._thread, _png, drawing)
        width_px, height_px = struct.unpack(">II", png[16:24])
        return Picture(png, drawing.alt, width_px, height_px, drawing.name)

    async def warm(self) -> None:
        """Imports matplotlib and finds its fonts now, so that the first picture does not wait."""
        await asyncio.get_running_loop().run_in_executor(self._thread, _first_picture)

    def close(self) -> None:
        """Waits for the picture in hand."""
        self._thread.shutdown()


def _first_picture() -> None:
    import charts  # noqa: PLC0415  # as below

    charts.png(charts.bars(charts.BarChart("", "", (charts.Item("", 1.0),))))


def _png(drawing: Drawing) -> bytes:
    import charts  # noqa: PLC0415  # 0.35 s of matplotlib, paid by the first picture

    return charts.png(drawing.make())
