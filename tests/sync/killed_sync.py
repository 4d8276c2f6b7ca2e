"""A process that syncs 12 days of 40 people and kills itself at the N-th time of a named point.

`python killed_sync.py LAKE_ROOT POINT N`; POINT `never` lets it finish, `fsync` dies with a file half made.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi
from bot.lake import Lake
from bot.sync import Step, Sync

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
FIRST = date(2026, 10, 9)
DAY_SECONDS = 86_400


def person_row(start: int, number: int) -> dict[str, Any]:
    turns = (start // DAY_SECONDS + number) % 7
    return {
        "start_time": start,
        "end_time": start + DAY_SECONDS,
        "user_id": f"user-{number:02}",
        "actor": {"user_id": f"user-{number:02}", "email": f"p{number}@x.example"},
        "totals": {"threads": 1, "turns": turns, "credits": turns / 8},
        "clients": [{"client_id": "CODEX_CLI", "threads": 1, "turns": turns, "credits": turns / 8}],
    }


def answer(request: httpx.Request) -> httpx.Response:
    query = request.url.params
    starts = range(int(query["start_time"]), int(query["end_time"]), DAY_SECONDS)
    by_person = request.url.path.endswith("/usage") and "group" not in query
    rows = [person_row(start, number) for start in starts for number in range(40)] if by_person else []
    first = int(query.get("page", 0))
    more = first + 50 < len(rows)
    body = {
        "data": rows[first : first + 50],
        "has_more": more,
        "next_page": str(first + 50) if more else None,
    }
    return httpx.Response(200, content=json.dumps(body), headers={"Content-Type": "application/json"})


class Killer:
    def __init__(self, point: str, times: int) -> None:
        self.point, self.left = point, times

    def __call__(self, step: Step | str) -> None:
        if step == self.point:
            self.left -= 1
            if self.left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


async def main(root: Path, killer: Killer) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        workspace = "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11"
        api = AnalyticsApi(
            http,
            base_url="https://api.example/v1",
            workspace_id=workspace,
            key=SecretStr("sk-test"),
            clock=lambda: NOW,
        )
        report = await Sync(api, Lake(root), clock=lambda: NOW, on_step=killer).run(FIRST)
    if report.missing:
        sys.exit("days are missing")


if __name__ == "__main__":
    kill = Killer(sys.argv[2], int(sys.argv[3]))
    real_fsync = os.fsync

    def fsync(descriptor: int) -> None:
        kill("fsync")
        real_fsync(descriptor)

    os.fsync = fsync
    asyncio.run(main(Path(sys.argv[1]), kill))
