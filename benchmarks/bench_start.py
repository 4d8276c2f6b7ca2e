"""How long a start takes: Python alone, `ask help`, `ask "usage 30d"`, `run` until it listens and is ready.

Processes of their own on a lake that holds all, with a Slack and an API on loopback. Printed, not judged.
"""

from __future__ import annotations

import asyncio
import statistics
import sys
import tempfile
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parents[1]))

from bot import reference
from tests.e2e.bot_process import NOW, environment
from tests.slack import signed
from tests.slack.fake import FakeSlack

RUNS = 5
PIPE, NOWHERE = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
ONCE = {
    "python": ("-c", "pass"),
    "ask help": ("-m", "bot", "ask", "help"),
    "ask usage 30d": ("-m", "bot", "ask", "usage 30d"),
}


async def once(env: dict[str, str], *command: str) -> float:
    """Seconds until the process has ended."""
    started = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable, *command, env=env, stdout=NOWHERE, stderr=PIPE
    )
    _, said = await process.communicate()
    if process.returncode:
        sys.exit(said.decode())
    return perf_counter() - started


async def until_listening(env: dict[str, str]) -> dict[str, float]:
    """Seconds until `run` answers over HTTP, and until drawing and engine are in."""
    started, seconds = perf_counter(), {}
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", "bot", "run", env=env, stderr=PIPE)
    async for line in process.stderr:
        for event in ("listening", "ready"):
            if f'"event": "{event}"'.encode() in line:
                seconds[f"run until {event}"] = perf_counter() - started
        if b'"ready"' in line:
            break
    process.terminate()
    await process.communicate()
    return seconds


async def main(folder: Path) -> None:
    secrets = {"PULSE_SLACK_SIGNING_SECRET": signed.SECRET, "PULSE_HTTP_PORT": "0"}
    found: dict[str, list[float]] = {}
    async with FakeSlack() as slack, reference.serve(reference.Options(users=40, now=NOW)) as api:
        env = environment(folder, slack, api, **secrets, PYTHONPATH=str(Path(__file__).parents[1]))
        await once(env, "-m", "bot", "sync")
        for _ in range(RUNS):
            for name, command in ONCE.items():
                found.setdefault(name, []).append(await once(env, *command))
            for name, seconds in (await until_listening(env)).items():
                found.setdefault(name, []).append(seconds)
    for name, values in found.items():
        sys.stdout.write(f"{name:20} {statistics.median(values) * 1000:7.0f} ms\n")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        asyncio.run(main(Path(name)))
