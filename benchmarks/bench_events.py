"""One person over 30 days among 1,000,000 events, against `grep -F` over the raw lines (about 1 KB each).

Prints medians, the ratio of one run, the growth from 100,000 events, and the peak memory of the reader.
The reader runs in a process of its own, so that making the data does not count.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from pydantic import SecretStr

from bot.compliance.api import LogFile
from bot.compliance.client import ComplianceClient, SubjectKind
from bot.engine import Engine
from bot.lake import Dataset, Lake
from bot.metrics.events.activity import activity_rows
from bot.model.timerange import TimeRange
from bot.sync.events.days import SourceFile, merge_events
from bot.sync.events.keys import EventKeys
from bot.sync.events.lines import read_file

START = date(2026, 9, 1)
WINDOW = TimeRange(START, START + timedelta(days=30))
NOW = datetime(2026, 10, 2, tzinfo=UTC)
PEOPLE = 5_000
SUBJECT = "user-000042"
ROUNDS = 15
FASTER_THAN_GREP = 5.0
RSS_MB = 400
FILE_LINES = 14_000


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--read", type=Path)
    arguments.add_argument("--events", type=int, default=1_000_000)
    given = arguments.parse_args()
    if given.read:
        print(json.dumps(asyncio.run(read(given.read))))
        return
    with tempfile.TemporaryDirectory(prefix="bench-events-") as folder:
        small = measure(Path(folder) / "small", given.events // 10)
        large = measure(Path(folder) / "large", given.events)
    report(small, large)


def measure(root: Path, count: int) -> dict[str, float]:
    """Fill a lake and its raw lines, then time both in turn."""
    made = time.perf_counter()
    fill(root, count)
    filled_seconds = time.perf_counter() - made
    raw = sorted(str(path) for path in (root / "raw").iterdir())
    grep_ms = median_ms(
        lambda: subprocess.run(["grep", "-F", SUBJECT, *raw], check=True, capture_output=True)
    )
    read_out = subprocess.run(
        [sys.executable, __file__, "--read", str(root)], check=True, capture_output=True, text=True
    ).stdout
    sizes = {"raw_mb": sum(Path(path).stat().st_size for path in raw) / 1e6, "fill_s": filled_seconds}
    return {"count": count, "grep_ms": grep_ms, **sizes, **json.loads(read_out)}


async def read(root: Path) -> dict[str, float]:
    """Time the one query, and the whole look-up with people, tokens and coverage."""
    lake = Lake(root / "lake")
    engine = Engine(lake.root)
    client = ComplianceClient(lake, engine, None, lambda: NOW)
    query_ms, whole_ms = [], []
    found = 0
    for _ in range(ROUNDS):
        began = time.perf_counter()
        paths = [lake.path(Dataset.EVENTS, day) for day in lake.held(Dataset.EVENTS, WINDOW)]
        (rows,) = await engine.fetch(
            Dataset.EVENTS, paths, lambda table: activity_rows(table, lambda each: each.user_id == SUBJECT)
        )
        query_ms.append((time.perf_counter() - began) * 1000)
        found = sum(rows["events"].to_pylist())
        began = time.perf_counter()
        await client.investigate(SubjectKind.USER, SUBJECT, WINDOW)
        whole_ms.append((time.perf_counter() - began) * 1000)
    await engine.close()
    peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    lake_mb = sum(path.stat().st_size for path in (root / "lake").rglob("*.parquet")) / 1e6
    return {
        "query_ms": statistics.median(query_ms),
        "whole_ms": statistics.median(whole_ms),
        "found": found,
        "peak_mb": peak_mb,
        "lake_mb": lake_mb,
    }


def fill(root: Path, count: int) -> None:
    """Raw files as downloaded, read by the product's own parser into the lake."""
    lake, keys = Lake(root / "lake"), EventKeys.from_secret(SecretStr("a secret of the bench, long enough"))
    (root / "raw").mkdir(parents=True)
    for day in WINDOW.days():
        events = []
        for path in raw_files(root / "raw", day, count // WINDOW.day_count):
            file = LogFile(
                id=path.name,
                event_type="CODEX_LOG",
                end_time=f"{day}T23:59:59Z",
                file_size=1,
                file_sha256="ab" * 32,
            )
            events += read_file(path, file, keys).events
        files = [SourceFile(each, "ab" * 32) for each in {event.file_id for event in events}]
        merge_events(lake, events, files, NOW)


def raw_files(folder: Path, day: date, count: int) -> Iterator[Path]:
    """Files of a day as the API serves them: in the order of time, at most 15 MB each."""
    chance = random.Random(day.toordinal())  # noqa: S311  repeatable data, no secret
    for start in range(0, count, FILE_LINES):
        path = folder / f"CODEX_LOG_{day}_{start:07}.jsonl"
        numbers = range(start, min(start + FILE_LINES, count))
        path.write_text("".join(line(day, number, count, chance) for number in numbers))
        yield path


def line(day: date, number: int, count: int, chance: random.Random) -> str:
    second = number * 86_399 // count
    user = f"user-{chance.randrange(PEOPLE):06}"
    stamp = f"{day}T{second // 3600:02}:{second // 60 % 60:02}:{second % 60:02}.{number % 1_000_000:06}Z"
    head = {
        "event_id": f"{day}-{number:08}",
        "type": "CODEX_LOG",
        "timestamp": stamp,
        "principal": {"id": "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11", "type": "CHATGPT_WORKSPACE"},
        "actor": {"type": "ACCOUNT_USER", "user_id": user, "user_email": f"{user}@northwind.example"},
        "client_id": ("CODEX_CLI", "CODEX_IDE_VSCODE", "CODEX_WEB")[number % 3],
        "workspace_id": "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11",
    }
    words = " ".join(f"{chance.getrandbits(32):08x}" for _ in range(40))
    session = {"session_id": f"sess-{number // 20}", "turn_id": f"turn-{number}", "model": "gpt-5.5"}
    if number % 2:
        usage = {"input_tokens": 5000 + number % 900, "output_tokens": 640, "cached_input_tokens": 4096}
        inner = session | {"response_text": words, "status": "completed", "token_usage": usage}
        return json.dumps(head | {"event_type": "PROMPT_RESPONSE_RECEIVED", "event_details": inner}) + "\n"
    return (
        json.dumps(head | {"event_type": "PROMPT_SENT", "event_details": session | {"prompt_text": words}})
        + "\n"
    )


def median_ms(work: Callable[[], object]) -> float:
    times = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return statistics.median(times)


def report(small: dict[str, float], large: dict[str, float]) -> None:
    for each in (small, large):
        print(f"{each['count']:>9,} events, {each['found']:,.0f} found, filled in {each['fill_s']:.0f} s:")
        print(
            f"    raw {each['raw_mb']:,.0f} MB, lake {each['lake_mb']:.0f} MB, peak {each['peak_mb']:.0f} MB"
        )
        print(f"    grep -F {each['grep_ms']:.1f} ms, one query {each['query_ms']:.1f} ms", end=", ")
        print(f"whole look-up {each['whole_ms']:.1f} ms")
    faster = large["grep_ms"] / large["query_ms"]
    print(f"growth 10x events: query {large['query_ms'] / small['query_ms']:.1f}x", end=", ")
    print(f"grep {large['grep_ms'] / small['grep_ms']:.1f}x")
    print(f"faster than grep -F: {faster:.1f}x (at least {FASTER_THAN_GREP:.0f}x)", end=", ")
    print(f"whole look-up {large['grep_ms'] / large['whole_ms']:.1f}x")
    print(f"peak {large['peak_mb']:.0f} MB (under {RSS_MB} MB)")
    if faster < FASTER_THAN_GREP or large["peak_mb"] >= RSS_MB:
        sys.exit(1)


if __name__ == "__main__":
    main()
