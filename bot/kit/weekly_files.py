"""What goes into the digest's thread: its figures, the details, and how they are computed."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.attached import csv_text
from bot.kit.weekly_picture import trend_table
from bot.kit.words import instant, plural, span
from bot.metrics import DEFINITIONS_VERSION
from bot.metrics.definitions import definitions
from bot.metrics.figures import Figures, Metric
from bot.metrics.teams import TeamFigures
from bot.metrics.weekly import DigestResult
from bot.model.chat import Cell, Column, Fact, Table, Unit

TOLD = (
    "active_users",
    "wau",
    "adoption_rate",
    "lifecycle",
    "change",
    "credits",
    "cost",
    "mix",
    "review_engagement",
)
_HOW = """\
# How the digest of {span} is computed

All figures share one window of whole UTC days, Monday to Sunday. Changes are against the week before, medians
those of the four weeks before. Missing days are left out and named.

{entries}

Definitions {version}; {days} of usage read for this week and the one before; newest fetch {fetched}.
"""
_MEASURES = (Metric.ACTIVE_USERS, Metric.THREADS, Metric.TURNS, Metric.CREDITS, Metric.ESTIMATED_COST_USD)


def digest_files(
    result: DigestResult, facts: Sequence[Fact], teams: Sequence[TeamFigures] | None
) -> dict[str, str]:
    """Texts by file name, all named for the week's Monday."""
    week = result.week.start.isoformat()
    return {
        f"digest-{week}.csv": csv_text(_facts_table(facts)),
        f"digest-{week}-parts.csv": csv_text(_parts_table(result, teams or ())),
        f"digest-{week}-weeks.csv": csv_text(trend_table(result)),
        f"digest-{week}-how-computed.md": how_computed(result),
    }


def how_computed(result: DigestResult) -> str:
    """Window, definitions and the days behind the figures, as Markdown."""
    coverage = result.coverage
    found = definitions()
    entries = [f"- **{found[key].title}**: {found[key].definition}" for key in TOLD]
    fetched = instant(coverage.synced_at) if coverage.synced_at else "never"
    return _HOW.format(
        span=span(result.week),
        entries="\n".join(entries),
        version=DEFINITIONS_VERSION,
        days=plural(len(coverage.files), "day file"),
        fetched=fetched,
    )


def _facts_table(facts: Sequence[Fact]) -> Table:
    columns = ("key", "label", "unit", "number", "change_pct")
    rows = tuple((f.key, f.label, f.unit.value, f.number, f.change_pct) for f in facts)
    return Table(tuple(Column(name, name) for name in columns), rows)


def _parts_table(result: DigestResult, teams: Sequence[TeamFigures]) -> Table:
    now = [Column(metric.value, metric.value, metric.unit) for metric in _MEASURES]
    before = [Column(f"{m.value}_week_before", m.value, m.unit) for m in _MEASURES]
    groups = [_row("surface", g.label, g.figures, g.previous) for g in result.usage.groups]
    by_team = [_row("team", team.team, team.figures, team.previous) for team in teams]
    columns = (Column("part", "Part"), Column("name", "Name", Unit.TEXT), *now, *before)
    return Table(columns, (*groups, *by_team))


def _row(part: str, name: str, now: Figures, before: Figures | None) -> tuple[Cell, ...]:
    previous = [before.number(metric) if before else None for metric in _MEASURES]
    return (part, name, *(now.number(metric) for metric in _MEASURES), *previous)
