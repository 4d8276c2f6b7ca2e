"""`blocked [RANGE]`: errors, rate limits and stopped tools, by cause."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date

import charts
from bot.kit.audit import audit_footer, audit_log, events_fact, period, read_line, require_read, shown
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.replies import asked_of, range_actions
from bot.kit.words import plural, span
from bot.metrics.events.counts import Blocked
from bot.model.chat import Column, Drawing, Fact, Level, Reply, Request, Table, Unit
from bot.model.ranges import Asked

COLUMNS = (
    Column("cause", "Cause"),
    Column("kind", "Kind"),
    Column("tool", "Tool"),
    Column("events", "Events", Unit.EVENTS),
    Column("days", "Days", Unit.DAYS),
)
Rows = tuple[Blocked, ...]


async def run(request: Request, deps: Deps) -> Reply:
    """A row per cause and tool, the most frequent first."""
    asked = asked_of(request)
    client = audit_log(deps)
    found, coverage = await client.blocked(asked.window), await client.coverage(asked.window)
    require_read(coverage)
    title = _headline(found, asked)
    kinds = f"{title}: {_kinds(found)}." if found else f"{title}."
    return Reply(
        "blocked",
        f"{kinds}\n{read_line(coverage)}",
        facts=_facts(found),
        table=_table(found) if found else None,
        drawings=(_drawing(found, title, asked, frozenset(coverage.unread_days)),) if found else (),
        actions=range_actions("blocked", asked),
        footer=audit_footer(coverage, asked.window),
    )


def kind_of(row: Blocked) -> str:
    """`rate limit`, `stopped` or `error`."""
    return "rate limit" if row.is_rate_limit else "stopped" if row.is_denied else "error"


def _sum(rows: Rows, kind: str | None = None) -> int:
    return sum(row.count for row in rows if kind in (None, kind_of(row)))


def _headline(found: Rows, asked: Asked) -> str:
    if not found:
        return f"Nothing failed or was stopped {period(asked)}"
    were = "was" if _sum(found) == 1 else "were"
    return f"{plural(_sum(found), 'event')} failed or {were} stopped {period(asked)}"


def _kinds(found: Rows) -> str:
    return (
        f"{_sum(found, 'rate limit'):,} by a rate limit, {_sum(found, 'stopped'):,} stopped, "
        f"{_sum(found, 'error'):,} other errors"
    )


def _facts(found: Rows) -> tuple[Fact, ...]:
    return (
        events_fact("blocked", "Failed or stopped", _sum(found)),
        events_fact("rate_limited", "Rate limits", _sum(found, "rate limit")),
        events_fact("denied", "Stopped", _sum(found, "stopped")),
        events_fact("errors", "Other errors", _sum(found, "error")),
    )


def _table(found: Rows) -> Table:
    causes: dict[tuple[str, str, str], list[Blocked]] = defaultdict(list)
    for row in found:
        causes[row.what, kind_of(row), row.tool or ""].append(row)
    ordered = sorted(causes.items(), key=lambda item: (-_sum(tuple(item[1])), item[0]))
    rows = tuple(
        (shown(what), kind, shown(tool) if tool else None, _sum(tuple(some)), len({row.day for row in some}))
        for (what, kind, tool), some in ordered
    )
    return Table(COLUMNS, rows, "By cause")


def _drawing(found: Rows, title: str, asked: Asked, unread: frozenset[date]) -> Drawing:
    days = tuple(asked.window.days())
    sums: Counter[tuple[date, str]] = Counter()
    for row in found:
        sums[row.day, kind_of(row)] += row.count
    series = tuple(
        charts.Series(kind.capitalize(), tuple(None if day in unread else sums[day, kind] for day in days))
        for kind in sorted({kind_of(row) for row in found})
    )
    subtitle = f"Events a day · {span(asked.window)} · UTC"
    chart = charts.StackedChart(title=title, subtitle=subtitle, days=days, series=series, unit="events")
    return Drawing(lambda: charts.stacked(chart), f"{title}.", "blocked.png")


COMMAND = Command(
    name="blocked",
    summary="Errors, rate limits and stopped tools, from the audit log",
    run=run,
    usage="[RANGE]",
    examples=("blocked 30d", "blocked 7d"),
    level=Level.ANALYST,
)
