"""Sync of 100,000 people x 3 days from a server in another process: memory and where the time goes.

Exit code 1 when the resident set exceeds 500 MB.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import resource
import sys
import tempfile
from datetime import UTC, date, datetime
from multiprocessing.connection import Connection
from pathlib import Path
from time import perf_counter

from aiohttp import web
from pages import DAY_SECONDS, page
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi, build_http
from bot.lake import Dataset, Lake
from bot.model.timerange import DAY
from bot.sync import Sync

PEOPLE, DAYS, ROWS, MOST_MB = 100_000, 3, 1_000, 500
NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
FIRST = date(2026, 10, 18)
TEMPLATE_START = 1_000_000_000
EMPTY = b'{"object":"page","data":[],"has_more":false,"next_page":null}'


class Pages:
    """Pages of one day, re-dated per request; the cursor is the number of the page in the window."""

    def __init__(self) -> None:
        self._per_day = PEOPLE // ROWS
        self._bodies = [page(TEMPLATE_START, n * ROWS, ROWS, "NEXT") for n in range(self._per_day)]

    async def usage(self, request: web.Request) -> web.Response:
        query = request.query
        if "group" in query:
            return _json(EMPTY)
        number = int(query.get("page", 0))
        day, at = divmod(number, self._per_day)
        start, end = int(query["start_time"]) + day * DAY_SECONDS, int(query["end_time"])
        body = self._bodies[at].replace(b"%d" % TEMPLATE_START, b"%d" % start)
        body = body.replace(b"%d" % (TEMPLATE_START + DAY_SECONDS), b"%d" % (start + DAY_SECONDS))
        if start + DAY_SECONDS == end and at == self._per_day - 1:
            return _json(body.replace(b'"has_more":true', b'"has_more":false'))
        return _json(body.replace(b'"NEXT"', b'"%d"' % (number + 1)))


async def empty(_request: web.Request) -> web.Response:
    return _json(EMPTY)


def _json(body: bytes) -> web.Response:
    return web.Response(body=body, content_type="application/json")


def serve(ready: Connection) -> None:
    async def forever() -> None:
        app, pages = web.Application(), Pages()
        base = "/v1/analytics/codex/workspaces/bench"
        app.router.add_get(f"{base}/usage", pages.usage)
        app.router.add_get(base + "/{other}", empty)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        ready.send(runner.addresses[0][1])
        await asyncio.Event().wait()

    asyncio.run(forever())


async def measure(port: int, root: Path) -> int:
    lake = Lake(root)
    async with build_http() as http:
        url = f"http://127.0.0.1:{port}/v1"
        key = SecretStr("sk-bench")
        api = AnalyticsApi(http, base_url=url, workspace_id="bench", key=key, clock=lambda: NOW)
        before_mb = _rss_mb()
        started = perf_counter()
        report = await Sync(api, lake, clock=lambda: NOW).run(FIRST)
        seconds = perf_counter() - started
    assert report.missing == ()  # noqa: S101  a wrong run measures nothing
    assert report.rows == PEOPLE * DAYS  # noqa: S101
    size_mb = sum(lake.path(Dataset.USAGE, FIRST + n * DAY).stat().st_size for n in range(DAYS)) / 1e6
    stage = report.seconds
    print(f"{report.rows} rows in {seconds:.1f} s, {size_mb:.0f} MB of Parquet")
    print(f"stages: fetch {stage.fetch:.1f} s, decode {stage.decode:.1f} s, ", end="")
    print(f"columns {stage.columns:.1f} s, write {stage.write:.1f} s")
    print(f"resident set: {before_mb:.0f} MB before, at most {_rss_mb():.0f} MB (limit {MOST_MB})")
    return 0 if _rss_mb() < MOST_MB else 1


def _rss_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6


def main() -> int:
    ours, theirs = multiprocessing.Pipe()
    server = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    server.start()
    try:
        with tempfile.TemporaryDirectory() as folder:
            return asyncio.run(measure(ours.recv(), Path(folder)))
    finally:
        server.terminate()


if __name__ == "__main__":
    sys.exit(main())
