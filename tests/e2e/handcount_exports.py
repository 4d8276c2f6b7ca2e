"""Counts raw API pages by hand and compares every cell of every export with the count.

Standard library only: `urllib` for the pages, dicts for the sums, `csv` and `json` for the files. Surfaces
are typed in here a second time. Run it alone with `PYTHONPATH=. python tests/e2e/handcount_exports.py`.
"""

from __future__ import annotations

import csv
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.e2e.handcount import fetch, reference_server, run_product

Row = dict[str, Any]
RANGES = {
    "14d": (date(2026, 10, 7), date(2026, 10, 21)),
    "2026-09-28..2026-10-01": (date(2026, 9, 28), date(2026, 10, 2)),
}
EXACT = {
    "CODEX_CLI": "cli",
    "CODEX_SERVICE_EXEC": "cli",
    "CODEX_SDK_TS": "sdk",
    "CODEX_GITHUB_ACTION": "sdk",
    "CODEX_WEB": "cloud",
    "CODEX_CLOUD_GENERAL_AGENT": "cloud",
    "CODEX_SLACK": "cloud",
    "CODEX_DESKTOP_APP": "desktop",
    "CODEX_CHATGPT_DESKTOP": "desktop",
    "CODEX_ATLAS": "desktop",
    "CODEX_GITHUB": "code_review",
}
PREFIXES = {
    "CODEX_IDE_VSCODE": "ide",
    "CODEX_IDE_XCODE": "ide",
    "CODEX_IDE_JETBRAINS_": "ide",
    "CODEX_WORK_": "work",
}
SURFACES = ("cli", "ide", "cloud", "desktop", "code_review", "sdk", "work", "other")
USED = ("threads", "turns", "credits")
TOKENS = (
    "uncached_text_input_tokens",
    "cached_text_input_tokens",
    "text_output_tokens",
    "text_total_tokens",
)


def surface(client_id: str) -> str:
    """Where a client belongs."""
    if client_id in EXACT:
        return EXACT[client_id]
    return next((name for prefix, name in PREFIXES.items() if client_id.startswith(prefix)), "other")


def micro(value: Any) -> Decimal:
    """What is kept of a number: six decimals, halves to even."""
    return Decimal(str(value)).quantize(Decimal("0.000001"))


def day_of(row: Row) -> str:
    """The UTC day of a raw row."""
    return datetime.fromtimestamp(row["start_time"], UTC).date().isoformat()


def days(start: date, end: date) -> Iterator[str]:
    """Every day of a half-open window."""
    return ((start + timedelta(days=n)).isoformat() for n in range((end - start).days))


def used(parts: list[Row], *, empty: int | None) -> Row:
    """Threads, turns and credits of some parts."""
    if not parts:
        return dict.fromkeys(USED, empty)
    return {
        "threads": sum(part["threads"] for part in parts),
        "turns": sum(part["turns"] for part in parts),
        "credits": sum((micro(part["credits"]) for part in parts), Decimal()),
    }


def by_surface(clients: list[Row]) -> dict[str, list[Row]]:
    """Client parts by surface."""
    found: dict[str, list[Row]] = {name: [] for name in SURFACES}
    for client in clients:
        found[surface(client["client_id"])].append(client)
    return found


def count_users(rows: list[Row]) -> list[Row]:
    """What `export users` must hold."""
    counted = []
    for row in sorted(rows, key=lambda r: (day_of(r), r["user_id"].encode())):
        cells = {
            "date": day_of(row),
            "user_id": row["user_id"],
            "email": (row.get("actor") or {}).get("email"),
        }
        cells |= used([row["totals"]], empty=None)
        cells |= {name: row["totals"].get(name) for name in TOKENS}
        for name, parts in by_surface(row["clients"]).items():
            told = used(parts, empty=None if name == "code_review" else 0)
            cells |= {f"{measure}_{name}": told[measure] for measure in USED}
        counted.append(cells)
    return counted


def count_workspace(rows: list[Row], start: date, end: date) -> list[Row]:
    """What `export workspace` must hold."""
    by_day = defaultdict(list)
    for row in rows:
        by_day[day_of(row)].append(row)
    counted = []
    for day in days(start, end):
        found = by_day[day]
        cells: Row = {"date": day, "active_users": len({r["user_id"] for r in found if active(r["totals"])})}
        cells |= used([row["totals"] for row in found], empty=0)
        for name in SURFACES:
            parts = [
                (r["user_id"], c) for r in found for c in r["clients"] if surface(c["client_id"]) == name
            ]
            empty = None if name == "code_review" else 0
            told = used([part for _, part in parts], empty=empty)
            people = len({user for user, part in parts if active(part)}) if parts else empty
            cells |= {f"active_users_{name}": people}
            cells |= {f"{measure}_{name}": told[measure] for measure in USED}
        counted.append(cells)
    return counted


def active(usage: Row) -> bool:
    """At least one turn or thread."""
    return bool(usage["threads"] or usage["turns"])


def count_reviews(reviews: list[Row], responses: list[Row], start: date, end: date) -> list[Row]:
    """What `export reviews` must hold; a day without a row is a day without reviews."""
    tables = {"code_reviews": reviews, "code_review_responses": responses}
    counted = []
    for day in days(start, end):
        cells: Row = {"date": day}
        for endpoint, rows in tables.items():
            found = [flat(row) for row in rows if day_of(row) == day]
            names = flat(rows[0])
            cells |= {f"{endpoint}.{name}": sum(row[name] for row in found) for name in names}
        counted.append(cells)
    return counted


def flat(row: Row, prefix: str = "") -> dict[str, int]:
    """The counts of a raw row, nested names joined by dots."""
    found = {}
    for name, value in row.items():
        if isinstance(value, dict):
            found |= flat(value, f"{prefix}{name}.")
        elif name not in {"object", "start_time", "end_time"}:
            found[prefix + name] = value
    return found


def from_csv(path: Path) -> list[Row]:
    """The rows of a file."""
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines, strict=True))
    return [{name: cell_of(name, text) for name, text in row.items()} for row in rows]


def cell_of(name: str, text: str) -> Any:
    """A cell of a CSV file: no data, a number, or text without the guard against formulas."""
    if not text:
        return None
    if name in {"date", "user_id", "email"}:
        return text[1:] if text[0] == "'" and text[1] in "=+-@\t\r" else text
    return Decimal(text)


def from_json(path: Path) -> list[Row]:
    """The rows of a file."""
    rows: list[Row] = json.loads(path.read_bytes(), parse_float=Decimal)["data"]
    return rows


def differences(name: str, told: list[Row], counted: list[Row]) -> Iterator[str]:
    """Every cell that is not the count, and rows or columns too many or too few."""
    if len(told) != len(counted):
        yield f"{name}: {len(told)} rows told, {len(counted)} counted"
    for number, (row, expected) in enumerate(zip(told, counted, strict=False)):
        if set(row) != set(expected):
            yield f"{name}: columns {sorted(set(row) ^ set(expected))}"
            return
        wrong = {column: (row[column], expected[column]) for column in row if row[column] != expected[column]}
        if wrong:
            yield f"{name} row {number} {expected['date']}: {wrong}"


def export(server: dict[str, str], folder: Path, kind: str, form: str, words: str) -> Path:
    """The file that the product writes."""
    out = folder / "out" / f"{kind}-{form}-{words.replace(' ', '-')}"
    arguments = ["export", kind, form, *words.split(), "--out", str(out)]
    run_product(server | {"PULSE_ALLOW_EMAILS": "true"}, folder, arguments)
    (path,) = [path for path in out.iterdir() if not path.name.endswith(".receipt.json")]
    return path


def compare(server: dict[str, str], folder: Path) -> list[str]:
    """All differences; empty when every cell is right."""
    wrong: list[str] = []
    for words, (start, end) in RANGES.items():
        rows = list(fetch(server, "usage", start, end))
        reviews = [
            list(fetch(server, name, start, end)) for name in ("code_reviews", "code_review_responses")
        ]
        users = count_users(rows)
        plain = [{name: cell for name, cell in row.items() if name != "email"} for row in users]
        expected = {
            ("workspace", words): count_workspace(rows, start, end),
            ("users", words): plain,
            ("users", f"{words} emails"): users,
            ("reviews", words): count_reviews(reviews[0], reviews[1], start, end),
        }
        for (kind, asked), counted in expected.items():
            for form, read in (("csv", from_csv), ("json", from_json)):
                path = export(server, folder, kind, form, asked)
                wrong += differences(path.name, read(path), counted)
    return wrong


def main() -> int:
    """Print each difference, or how much agreed."""
    with reference_server() as server, tempfile.TemporaryDirectory() as folder:
        wrong = compare(server, Path(folder))
    sys.stdout.write("\n".join(wrong or ["every cell of 16 exports agrees"]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
