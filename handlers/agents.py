"""`agents [RANGE]`: work of named agents, and work done with access tokens."""

from __future__ import annotations

import charts
from bot.kit.audit import (
    audit_footer,
    audit_log,
    events_fact,
    period,
    read_line,
    require_read,
    shown,
    surface_name,
)
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.replies import asked_of, range_actions
from bot.kit.words import plural, span
from bot.metrics.events.counts import Agent, AgentsResult
from bot.model.chat import Column, Drawing, Fact, Level, Reply, Request, Table, Unit
from bot.model.ranges import Asked

COLUMNS = (
    Column("agent", "Agent"),
    Column("surface", "Surface"),
    Column("events", "Events", Unit.EVENTS),
    Column("prompts", "Prompts", Unit.EVENTS),
    Column("people", "People", Unit.PEOPLE),
    Column("credentials", "Access tokens", Unit.EVENTS),
)
NO_AGENTS = "No record names an agent; newer exports may."
AUTOMATED = "with an access token"


async def run(request: Request, deps: Deps) -> Reply:
    """A row per agent and surface, and per surface for work by token."""
    asked = asked_of(request)
    client = audit_log(deps)
    found, coverage = await client.agents(asked.window), await client.coverage(asked.window)
    require_read(coverage)
    title, rows = _headline(found, asked), (*(found.named or ()), *found.by_token)
    lines = [f"{title}.", *([NO_AGENTS] if found.named is None else []), read_line(coverage)]
    return Reply(
        "agents",
        "\n".join(lines),
        facts=_facts(found),
        table=Table(COLUMNS, tuple(_row(agent) for agent in rows), "Agents and automation") if rows else None,
        drawings=(_drawing(rows, title, asked),) if rows else (),
        actions=range_actions("agents", asked),
        footer=audit_footer(coverage, asked.window),
    )


def _headline(found: AgentsResult, asked: Asked) -> str:
    prompts = sum(agent.prompts for agent in found.by_token)
    said = f"{plural(prompts, 'prompt')} came with an access token {period(asked)}"
    if found.named is None:
        return said
    names = {agent.name for agent in found.named}
    events = sum(agent.events for agent in found.named)
    return f"{plural(len(names), 'agent')} left {plural(events, 'event')}, and {said}"


def _facts(found: AgentsResult) -> tuple[Fact, ...]:
    named = sum(agent.events for agent in found.named) if found.named is not None else None
    value = "no data" if named is None else f"{named:,}"
    return (
        events_fact("token_prompts", "Prompts by token", sum(agent.prompts for agent in found.by_token)),
        events_fact("token_events", "Events by token", sum(agent.events for agent in found.by_token)),
        Fact("agent_events", "Events of agents", value, named, Unit.EVENTS),
    )


def _name(agent: Agent) -> str:
    return shown(agent.name) if agent.name else AUTOMATED


def _row(agent: Agent) -> tuple[str | int, ...]:
    surface = surface_name(agent.client_id)
    return (_name(agent), surface, agent.events, agent.prompts, agent.people, agent.credentials)


def _drawing(rows: tuple[Agent, ...], title: str, asked: Asked) -> Drawing:
    chart = charts.BarChart(
        title=title,
        subtitle=f"Prompts · {span(asked.window)} · UTC",
        items=tuple(
            charts.Item(f"{surface_name(agent.client_id)}: {shown(agent.name or 'token')}", agent.prompts)
            for agent in rows
        ),
        unit="prompts",
        additive=True,
    )
    return Drawing(lambda: charts.bars(chart), f"{title}.", "agents.png")


COMMAND = Command(
    name="agents",
    summary="Work of agents and of access tokens, from the audit log",
    run=run,
    usage="[RANGE]",
    examples=("agents 30d", "agents 7d"),
    level=Level.ANALYST,
)
