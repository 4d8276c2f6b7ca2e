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
from fractions import Fraction
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.e2e import byhand

NOW = "2026-10-21T15:00:00Z"
DAY = 86_400
WINDOWS = ("7d", "30d", "2026-09-14..2026-10-04")
BREAKDOWNS = (None, "surface", "client", "model")
NOT_COUNTED = {"fast_share", "cached_token_ratio", "new", "returning", "resurrected", "dormant"}
"""Shares of models, and a lifecycle that needs more history than the API still has: counted elsewhere."""
RANKINGS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("credits", "", frozenset()),
    ("turns", "client vscode", frozenset({"CODEX_IDE_VSCODE"})),
)
END = date(2026, 10, 21)
Row = dict[str, Any]


@contextmanager
def reference_server(*options: str) -> Iterator[dict[str, str]]:
    """The environment of a running reference server, started with more `options`."""
    command = [sys.executable, "-m", "bot", "reference", "--port", "0", "--unknown-client", *options]
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


def ask(server: dict[str, str], folder: Path, text: str, who: str | None = None) -> Row:
    """The reply of the product to one command, as JSON; asked by `who`, else by the operator."""
    arguments = ["ask", text, "--format", "json", "--out", str(folder / "out")]
    arguments += ["--where", "dm", *(("--as", who) if who else ())]
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


def groups(rows: list[Row], by: str) -> dict[str, Row]:
    """Sums per client, surface or model."""
    parts: dict[str, list[tuple[str, Row]]] = {}
    for row in rows:
        for part in (row["models"] if by == "model" else row["clients"]) or []:
            key = part["model"] if by == "model" else part["client_id"]
            parts.setdefault(key, []).append((row["user_id"], part))
    return {key: byhand.sums(part for _, part in found) for key, found in parts.items()}


def window(text: str) -> tuple[date, date]:
    """The days a range of this file stands for."""
    if ".." in text:
        first, last = (date.fromisoformat(part) for part in text.split(".."))
        return first, last + timedelta(days=1)
    return END - timedelta(days=int(text[:-1])), END


def differences(reply: Row, counted: Row, earlier: Row | None = None) -> Iterator[str]:
    """Every fact that is not the count, to the millionth; changes too where `earlier` is counted."""
    for fact in reply["facts"]:
        key = fact["key"]
        if key not in counted:
            if key not in NOT_COUNTED:
                yield f"{reply['command']} {key}: told {fact['number']}, not counted"
            continue
        if exact(fact["number"]) != exact(counted[key]):
            yield f"{reply['command']} {key}: told {fact['number']}, counted {counted[key]}"
        if earlier is not None and exact(fact["change_pct"]) != exact(change(counted[key], earlier[key])):
            yield f"{reply['command']} {key}: change {fact['change_pct']}"


def exact(value: Any) -> Decimal | None:
    """To the millionth, whatever it is."""
    if value is None:
        return None
    number = Fraction(str(value)) if not isinstance(value, Fraction) else value
    return (Decimal(number.numerator) / Decimal(number.denominator)).quantize(Decimal("0.000001"))


def change(now: Any, then: Any) -> Fraction | None:
    """In percent; None against nothing."""
    if now is None or not then:
        return None
    return (Fraction(now) - Fraction(then)) / Fraction(then) * 100


def cells(reply: Row, *keys: str) -> list[tuple[Any, ...]]:
    """Columns of the table, row by row, numbers exact."""
    places = [[c["key"] for c in reply["table"]["columns"]].index(key) for key in keys]
    rows = ([row[place] for place in places] for row in reply["table"]["rows"])
    return [tuple(cell if isinstance(cell, str) else exact(cell) for cell in row) for row in rows]


def unlike(reply: Row, told: list[Any], counted: list[Any]) -> Iterator[str]:
    """A table that is not the count."""
    if told != counted:
        yield f"{reply['command']}: table {told[:5]} is not {counted[:5]}"


class Count:
    """The raw rows of one server, and what each command must say of a window."""

    def __init__(self, server: dict[str, str], folder: Path) -> None:
        start = END - timedelta(days=90)
        self.usage, self.done, self.answered = (
            list(fetch(server, path, start, END))
            for path in ("usage", "code_reviews", "code_review_responses")
        )
        self.names = byhand.emails(self.usage)
        self.team_of = {user: f"Team {n % 3}" for n, user in enumerate(sorted(self.names))}
        lines = [f"{_guarded(self.names[user])},{team}" for user, team in self.team_of.items()]
        (folder / "directory.csv").write_text("\n".join(["email,team", *lines]), encoding="utf-8")
        self.server = {**server, "PULSE_DIRECTORY_FILE": str(folder / "directory.csv")}
        self.folder = folder
        self.answers = 0
        # somebody busy with a plain address
        ranks = byhand.ranking(self.usage, (start, END), "turns")
        self.somebody = next(u for u, _ in ranks if u in self.names and self.names[u].isascii())

    def wrong(self, text: str) -> Iterator[str]:
        """All differences of one window."""
        days = window(text)
        then = byhand.before(days)
        now, earlier = byhand.totals(self.usage, days), byhand.totals(self.usage, then)
        yield from self._usage(text, days, now, earlier)
        more = byhand.adoption(self.usage, days, len(self.names))
        seen = byhand.reviews(self.done, self.answered, days)
        yield from differences(self._ask(f"overview {text}"), {**seen, **more, **now})
        yield from differences(self._ask(f"activity {text}"), now, earlier)
        yield from differences(self._ask(f"models {text}"), now, earlier)
        yield from differences(self._ask(f"adoption {text}"), more)
        yield from differences(self._ask(f"reviews {text}"), seen)
        yield from self._teams(text, days, now, earlier)
        yield from self._people(text, days)

    def _ask(self, line: str, who: str | None = None) -> Row:
        self.answers += 1
        return ask(self.server, self.folder, line, who)

    def _usage(self, text: str, days: tuple[date, date], now: Row, earlier: Row) -> Iterator[str]:
        rows = byhand.within(self.usage, days)
        for by in BREAKDOWNS:
            reply = self._ask(f"usage {text}" + (f" by {by}" if by else ""))
            yield from differences(reply, now, earlier)
            if reply["footer"]["window"] != {"start": days[0].isoformat(), "end": days[1].isoformat()}:
                yield f"usage {text}: window {reply['footer']['window']}"
            if by in {"client", "model"}:
                counted = [g["credits"] for g in groups(rows, by).values() if g["credits"] is not None]
                if rest := now["credits"] - sum(counted):  # credits that the API breaks down for nobody
                    counted.append(rest)
                told = [cell for (cell,) in cells(reply, "credits") if cell is not None]
                yield from unlike(reply, sorted(told), sorted(map(exact, counted)))

    def _teams(self, text: str, days: tuple[date, date], now: Row, earlier: Row) -> Iterator[str]:
        reply = self._ask(f"teams {text}")
        yield from differences(reply, now, earlier)
        teams = byhand.by_team(self.usage, days, self.team_of)
        counted = sorted((team, exact(f["credits"]), exact(f["active_users"])) for team, f in teams.items())
        yield from unlike(reply, sorted(cells(reply, "team", "credits", "active_users")), counted)

    def _people(self, text: str, days: tuple[date, date]) -> Iterator[str]:
        counted = byhand.person(self.usage, self.somebody, days)
        earlier = byhand.person(self.usage, self.somebody, byhand.before(days))
        summed = {key: earlier[key] for key in byhand.SUMMED}
        for line, who in ((f"me {text}", self.names[self.somebody]), (f"user {self.somebody} {text}", None)):
            reply = self._ask(line, who)
            sums = {**reply, "facts": [fact for fact in reply["facts"] if fact["key"] in summed]}
            yield from differences(sums, counted, summed)
            yield from differences(reply, counted)
        for key, words, clients in RANKINGS:
            reply = self._ask(f"top 20 by {key} {words} {text}")
            ranks = byhand.ranking(self.usage, days, key, clients)
            yield from differences(reply, {"ranked_people": len(ranks)})
            expected = [(self.names.get(user, user), exact(n)) for user, n in ranks[:20]]
            yield from unlike(reply, cells(reply, "person", key), expected)


def _guarded(email: str) -> str:
    quoted = email.replace('"', '""')
    return f'"{quoted}"' if any(sign in email for sign in ',"') else email


def compare(server: dict[str, str], folder: Path) -> tuple[list[str], int]:
    """All differences between what is told and what is counted, and the number of answers looked at."""
    count = Count(server, folder)
    wrong = [difference for text in WINDOWS for difference in count.wrong(text)]
    return wrong, count.answers


def main() -> int:
    """Print each difference, or how much agreed."""
    with reference_server() as server, tempfile.TemporaryDirectory() as folder:
        wrong, answers = compare(server, Path(folder))
    sys.stdout.write("\n".join(wrong or [f"all figures of {answers} answers agree"]) + "\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
