"""A process that may write no more than 2,000 bytes to a file: `python limited_sync.py LAKE`."""

from __future__ import annotations

import asyncio
import resource
import sys
from pathlib import Path

import httpx
from pydantic import SecretStr

from bot.analytics.api import AnalyticsApi
from bot.lake import Dataset, Lake
from bot.sync import Sync
from tests.sync.killed_sync import FIRST, NOW, answer


async def main(root: Path) -> None:
    async with httpx.AsyncClient(transport=httpx.MockTransport(answer)) as http:
        workspace = "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11"
        api = AnalyticsApi(
            http, base_url="https://api.example/v1", workspace_id=workspace,
            key=SecretStr("sk-test"), clock=lambda: NOW,
        )  # fmt: skip
        lake = Lake(root)
        report = await Sync(api, lake, clock=lambda: NOW).run(FIRST)
    kinds = {type(failure.error).__name__ for failure in report.failures}
    sys.stdout.write(f"{' '.join(sorted(kinds))} {len(lake.days(Dataset.USAGE))}\n")


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))
    asyncio.run(main(Path(sys.argv[1])))
