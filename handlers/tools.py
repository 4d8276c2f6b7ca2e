"""`tools [RANGE]`: which tools Codex called, how often they failed, and which skills."""

from __future__ import annotations

import charts
from bot.kit.audit import audit_footer, audit_log, events_fact, period, read_line, require_read, shown
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.figures import share_pct
from bot.kit.replies import asked_of, range_actions
from bot.kit.words import figure, plural, span
from bot.metrics.events.counts import Tool, ToolsResult
from bot.model.chat import Column, Drawing, Fact, Level, Reply, Request, Table, Unit
from bot.model.ranges import Asked

COLUMNS = (
    Column("tool", "Tool"),
    Column("kind", "Kind"),
    Column("calls", "Calls", Unit.EVENTS),
    Column("failed", "Failed", Unit.EVENTS),
    Column("failed_pct", "Failed, share", Unit.PERCENT),
    Column("denied", "Stopped", Unit.EVENTS),
    Column("people", "People", Unit.PEOPLE),
)
NO_SKILLS = "No record says which skills were used: the export has no field for them."


async def run(request: Request, deps: Deps) -> Reply:
    """A row per tool and skill, most calls first."""
    asked = asked_of(request)
    client = audit_log(deps)
    found, coverage = await client.tools(asked.window), await client.coverage(asked.window)
    require_read(coverage)
    title = _headline(found, asked)
    return Reply(
        "tools",
        "\n".join([f"{title}.", _skills(found), read_line(coverage)]),
        facts=_facts(found),
        table=Table(COLUMNS, tuple(_row(tool) for tool in _all(found)), "Tools") if _all(found) else None,
        drawings=(_drawing(found, title, asked),) if _all(found) else (),
        actions=range_actions("tools", asked),
        footer=audit_footer(coverage, asked.window),
    )


def _all(found: ToolsResult) -> tuple[Tool, ...]:
    return tuple(sorted((*found.tools, *(found.skills or ())), key=lambda tool: -tool.calls))


def _calls(found: ToolsResult) -> int:
    return sum(tool.calls for tool in _all(found))


def _headline(found: ToolsResult, asked: Asked) -> str:
    calls = _calls(found)
    if not calls:
        return f"No tool was called {period(asked)}"
    first = _all(found)[0]
    share = figure(share_pct(first.calls, calls), Unit.PERCENT)
    return f"Codex made {plural(calls, 'tool call')} {period(asked)}, {share} of them to {shown(first.name)}"


def _skills(found: ToolsResult) -> str:
    if found.skills is None:
        return NO_SKILLS
    return f"Skills: {', '.join(f'{shown(skill.name)} {skill.calls:,}' for skill in found.skills[:5])}."


def _facts(found: ToolsResult) -> tuple[Fact, ...]:
    failed = sum(tool.failed for tool in _all(found))
    rate = share_pct(failed, _calls(found))
    return (
        events_fact("tool_calls", "Tool calls", _calls(found)),
        events_fact("tool_calls_failed", "Failed", failed),
        Fact("tool_failure_pct", "Failed, share", figure(rate, Unit.PERCENT), rate, Unit.PERCENT),
        events_fact("tools_denied", "Stopped", sum(tool.denied for tool in _all(found))),
    )


def _row(tool: Tool) -> tuple[str | float | int | None, ...]:
    rate = share_pct(tool.failed, tool.calls)
    return (shown(tool.name), tool.kind, tool.calls, tool.failed, rate, tool.denied, tool.people)


def _drawing(found: ToolsResult, title: str, asked: Asked) -> Drawing:
    chart = charts.BarChart(
        title=title,
        subtitle=f"Calls by tool · {span(asked.window)} · UTC",
        items=tuple(charts.Item(shown(tool.name), tool.calls) for tool in _all(found) if tool.calls),
        unit="events",
        additive=True,
        shares=True,
    )
    return Drawing(lambda: charts.bars(chart), f"{title}.", "tools.png")


COMMAND = Command(
    name="tools",
    summary="Tool calls and skills from the audit log, with failures",
    run=run,
    usage="[RANGE]",
    examples=("tools 30d", "tools 7d"),
    level=Level.ANALYST,
)
