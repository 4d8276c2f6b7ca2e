"""One pass over what is due, as a process of its own that kills itself at a named point.

`killable.py STATE_URL LOG POINT COUNT`: at the COUNT-th time that POINT is reached, SIGKILL. A point is a
step of the code, or `sent:METHOD`, right after the platform took something and before anything is stored.
What the platform took is in LOG, one line each. A place's name says how it behaves.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

from bot.model.chat import Answer, File, Picture, Reply
from bot.model.message import Destination, MessageRef, Platform
from bot.schedule.ports import ChannelGone, MaybeSent
from bot.schedule.ticker import Ticker
from bot.state.deliveries import Delivery
from bot.state.engine import StateDb
from bot.state.subscriptions import Subscription

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
URL, LOG, POINT, COUNT = sys.argv[1:]
REACHED: Counter[str] = Counter()


def reach(point: str) -> None:
    REACHED[point] += 1
    if point == POINT and REACHED[point] == int(COUNT):
        os.kill(os.getpid(), signal.SIGKILL)


class LoggingPoster:
    def _take(self, method: str, what: str) -> None:
        # One write of one short line is atomic with O_APPEND, also across processes.
        handle = os.open(LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, f"{method} {what}\n".encode())
        os.close(handle)
        reach(f"sent:{method}")

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        assert reply.text
        if "gone" in place.place_id:
            raise ChannelGone
        self._take("post", place.place_id)
        if "maybe" in place.place_id:
            raise MaybeSent
        return MessageRef(place.place_id, "1.0")

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        assert message.message_id == "1.0"
        assert reply.pictures
        self._take("picture", place.place_id)

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        assert message.message_id == "1.0"
        self._take("file", f"{place.place_id}/{file.name}")

    async def tell_owner(self, owner_id: str, text: str) -> None:
        assert text
        self._take("tell", owner_id)


async def answer(subscription: Subscription, as_of: datetime) -> Answer:
    files = (File("a.csv", "text/csv", Path("/nowhere"), "0" * 64),)
    return Reply(subscription.wanted.command, str(as_of), pictures=(Picture(b"", "a", 1, 1),), files=files)


def on_step(delivery: Delivery) -> None:
    reach(delivery.step.value)


def wait_for_the_others() -> None:
    """Say that all is imported and open, and begin when told to: who begins late would find nothing left."""
    os.write(1, b"r")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    sys.stdin.readline()


async def main() -> None:
    async with StateDb(URL) as db:
        wait_for_the_others()
        ticker = Ticker(db, answer, {Platform.SLACK: LoggingPoster()}, clock=lambda: NOW, on_step=on_step)
        report = await ticker.run_due(NOW)
        assert not report.stopped


asyncio.run(main())
