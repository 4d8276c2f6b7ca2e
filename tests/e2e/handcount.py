"""Counts raw API pages by hand and compares every figure of `ask --format json` with the count.

Standard library only: `urllib` for the pages, dicts for the sums. The product runs as a subprocess against
the same reference server, with a lake of its own. Run it alone with `python tests/e2e/handcount.py`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

NOW = "2026-10-21T15:00:00Z"
DAY = 86_400
WINDOWS = ("7d", "30d", "2026-09-14..2026-10-04")
BREAKDOWNS = (None, "surface", "client", "model")
SUMMED = ("threads", "turns", "credits", "cost_usd", "estimated_cost_usd")
LABELLED = {"threads", "turns", "credits", "active_users", "tokens", "estimated_cost_usd", "cost_usd"}
Row = dict[str, Any]


@contextmanager
def reference_server() -> Iterator[dict[str, str]]:
    """The environment of a running reference server."""
    command = [sys.executable, "-m", "bot", "reference", "--port", "0"]
    environment = {**os.environ, "PULSE_NOW": NOW}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as server:
        try:
            yield _exports(server)
        finally:
            server.terminate()


def _exports(server: subprocess.Popen[str]) -> dict[str, str]:
    found = {}
    assert server.stdout is not None
    for line in server.stdout:
        if line.strip() == "ready":
            return found
        name, _, value = line.removeprefix("export ").strip().partition("=")
        found[name] = value.strip("'\"")
    message = "the reference server ended before it was ready"
    raise RuntimeError(message)


def fetch(server: dict[str, str], path: str, start: date, end: date, **more: str) -> Iterator[Row]:
    """Every row of every page, half-open UTC days."""
    bounds = {
        name: str(int(datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp()))
        for name, d in (("start_time", start), ("end_time", end))
    }
    base = server["PULSE_API_BASE_URL"]
    key = {"Authorization": f"Bearer {server['PULSE_ANALYTICS_API_KEY']}"}
    page: dict[str, str] = {}
    while True:
        query = urllib.parse.urlencode({**bounds, "limit": "500", **more, **page})
        url = f"{base}/analytics/codex/workspaces/{server['PULSE_WORKSPACE_ID']}/{path}?{query}"
        request = urllib.request.Request(url, headers=key)  # noqa: S310  # the loopback server's own address
        with urllib.request.urlopen(request) as answer:  # noqa: S310  # the same
            body = json.load(answer)
        yield from body["data"]
        if not body["has_more"]:
            return
        page = {"page": body["next_page"]}


def ask(server: dict[str, str], folder: Path, text: str) -> Row:
    """The reply of the product to one command, as JSON."""
    arguments = ["ask", text, "--format", "json", "--out", str(folder / "out")]
    reply: Row = json.loads(run_product(server, folder, arguments))
    return reply


def run_product(server: dict[str, str], folder: Path, arguments: list[str]) -> str:
    """What the product prints, run against `server` with its lake and state in `folder`."""
    environment = {
        **os.environ,
        **server,
        "PULSE_NOW": NOW,
        "PULSE_LAKE_URL": str(folder / "lake"),
        "PULSE_STATE_URL": f"sqlite+aiosqlite:///{folder / 'state.db'}",
    }
    command = [sys.executable, "-m", "bot", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        message = f"{arguments} ended with {done.returncode}: {done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


def totals(rows: list[Row]) -> Row:
    """The figures of `usage` counted from person rows: sums, and people with a turn or a thread."""
    counted: Row = {name: _sum([row["totals"].get(name) for row in rows]) for name in SUMMED}
    counted["tokens"] = _sum([row["totals"].get("text_total_tokens") for row in rows])
    counted["active_users"] = Decimal(len({row["user_id"] for row in rows if _active(row["totals"])}))
    return counted


def groups(rows: list[Row], by: str) -> dict[str, Row]:
    """Sums per client, surface or model."""
    parts: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        for part in (row["models"] if by == "model" else row["clients"]) or []:
            key = part["model"] if by == "model" else part["client_id"]
            parts.setdefault(key, []).append((row["user_id"], part))
    return {key: _group(found) for key, found in parts.items()}


def _group(found: list[tuple[str, Row]]) -> Row:
    counted: Row = {name: _sum([part.get(name) for _, part in found]) for name in SUMMED}
    counted["tokens"] = _sum([part.get("text_total_tokens") for _, part in found])
    return counted


def _active(usage: Row) -> bool:
    return bool(usage["threads"] or usage["turns"])


def _sum(values: list[Any]) -> Decimal | None:
    """Exact sum of what is there; None when nothing is."""
    known = [Decimal(str(value)) for value in values if value is not None]
    return sum(known, Decimal()) if known else None


def window(text: str) -> tuple[date, date]:
    """The days a range of this file stands for."""
    if ".." in text:
        first, last = (date.fromisoformat(part) for part in text.split(".."))
        return first, last + timedelta(days=1)
    end = date(2026, 10, 21)
    return end - timedelta(days=int(text[:-1])), end


def differences(reply: Row, counted: Row) -> Iterator[str]:
    """Every fact that is not the count, to the millionth."""
    for fact in reply["facts"]:
        expected = counted[fact["key"]]
        told = None if fact["number"] is None else Decimal(str(fact["number"])).quantize(Decimal("0.000001"))
        if told != (None if expected is None else expected.quantize(Decimal("0.000001"))):
            yield f"{reply['command']} {fact['key']}: told {told}, counted {expected}"


def table_differences(reply: Row, counted: dict[str, Row], key: str) -> Iterator[str]:
    """Group sums, compared as multisets of the metric column: labels are for people."""
    column = [c["key"] for c in reply["table"]["columns"]].index(key)
    told = sorted(
        Decimal(str(row[column])).quantize(Decimal("0.000001"))
        for row in reply["table"]["rows"]
        if row[column] is not None
    )
    expected = sorted(c[key].quantize(Decimal("0.000001")) for c in counted.values() if c[key] is not None)
    if told != expected:
        yield f"{reply['text']}: table {key} {told} != {expected}"


def compare(server: dict[str, str], folder: Path) -> list[str]:
    """All differences between what is told and what is counted; empty when all is right."""
    wrong: list[str] = []
    for text in WINDOWS:
        start, end = window(text)
        rows = list(fetch(server, "usage", start, end))
        for by in BREAKDOWNS:
            reply = ask(server, folder, f"usage {text}" + (f" by {by}" if by else ""))
            wrong += differences(reply, totals(rows))
            if reply["footer"]["window"] != {"start": start.isoformat(), "end": end.isoformat()}:
                wrong.append(f"usage {text}: window {reply['footer']['window']}")
            if by in {"client", "model"}:
                wrong += table_differences(reply, groups(rows, by), "credits")
    return wrong


def main() -> int:
    """Print each difference, or how much agreed."""
    with reference_server() as server, tempfile.TemporaryDirectory() as folder:
        wrong = compare(server, Path(folder))
    sys.stdout.write(
        "\n".join(wrong or [f"all figures of {len(WINDOWS) * len(BREAKDOWNS)} answers agree"]) + "\n"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
