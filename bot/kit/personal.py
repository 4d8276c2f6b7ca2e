"""One person's figures: the same answer for `me` and for `user X`, in the words of each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import charts
from bot.analytics.results import PersonResult
from bot.kit.figures import metric_column, metric_fact, share_pct, told
from bot.kit.replies import basis_of, before, cautions, footer_of, range_actions, when
from bot.kit.words import day, figure, moved, plural, span
from bot.metrics.figures import Metric
from bot.metrics.usage import UsageResult
from bot.model.chat import Cell, Column, Drawing, Fact, Reply, Table, Unit
from bot.model.ranges import Asked

SUMMED = (
    Metric.CREDITS,
    Metric.THREADS,
    Metric.TURNS,
    Metric.TOKENS,
    Metric.ESTIMATED_COST_USD,
    Metric.COST_USD,
)
BESIDE = (Metric.THREADS, Metric.TURNS, Metric.TOKENS)


@dataclass(frozen=True, slots=True)
class Whose:
    """`command` asks the same again; `subject` begins a sentence: "You", or an e-mail address."""

    command: str
    subject: str
    name: str


def personal_reply(result: PersonResult, asked: Asked, whose: Whose) -> Reply:
    """Figures, streaks, breakdown by surface and model, and a calendar of the days."""
    name, _, rest = whose.command.partition(" ")
    return Reply(
        name,
        _text(result, asked, whose),
        facts=_facts(result),
        table=_table(result),
        drawings=(_drawing(result, asked, whose),),
        actions=range_actions(name, asked, rest or None),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _facts(result: PersonResult) -> tuple[Fact, ...]:
    now, earlier = result.by_surface.totals, result.by_surface.previous
    return (
        *(metric_fact(metric, now, earlier) for metric in SUMMED),
        told("active_days", "Active days", Unit.DAYS, len(result.active_days)),
        told("streak", "Streak", Unit.DAYS, result.streak.days),
        told("streak_working_days", "Streak of working days", Unit.DAYS, result.streak_working_days.days),
    )


def _text(result: PersonResult, asked: Asked, whose: Whose) -> str:
    sentences = [_headline(result, asked, whose), _streak(result)]
    return "\n".join([" ".join(s for s in sentences if s), *cautions(result.coverage, asked)])


def _headline(result: PersonResult, asked: Asked, whose: Whose) -> str:
    usage, period = result.by_surface, when(asked, result.coverage)
    used = metric_fact(Metric.CREDITS, usage.totals, usage.previous)
    if not result.active_days and not used.number:
        return f"{whose.subject} did not use Codex {period}."
    change = moved(used.change_pct, before(asked))
    days = f"active on {len(result.active_days)} of {plural(result.coverage.window.day_count, 'day')}"
    return f"{whose.subject} used {used.value} credits {period}{change}, {days}."


def _streak(result: PersonResult) -> str:
    every, working = result.streak, result.streak_working_days
    if every.days is None:
        return f"The streak cannot be told: {_not_held(every.gap)}."
    if not working.days:
        return ""
    whole = f"; {plural(every.days, 'day')} counting weekends" if every.days else ""
    gap = working.gap or every.gap
    longer = f"; {_not_held(gap)}, so it may be longer" if gap else ""
    return f"{_ended(result)}: {plural(working.days, 'working day')}{whole}{longer}."


def _ended(result: PersonResult) -> str:
    """A streak is the current one only at the last complete day."""
    last, newest = result.coverage.window.last, result.coverage.complete_through
    return "Current streak" if last >= newest else f"Streak to {day(last)}"


def _not_held(gap: date | None) -> str:
    return f"{day(gap)} is not held" if gap else ""


def _table(result: PersonResult) -> Table:
    columns = (
        Column("by", "By"),
        Column("name", "Name"),
        metric_column(Metric.CREDITS),
        Column("share_pct", "Share", Unit.PERCENT),
        *(metric_column(metric) for metric in BESIDE),
    )
    rows = (*_rows("Surface", result.by_surface), *_rows("Model", result.by_model))
    return Table(columns, rows, title="By surface and by model")


def _rows(by: str, usage: UsageResult) -> tuple[tuple[Cell, ...], ...]:
    whole = usage.totals.number(Metric.CREDITS)
    return tuple(
        (
            by,
            group.label,
            group.figures.number(Metric.CREDITS),
            share_pct(group.figures.number(Metric.CREDITS), whole),
            *(group.figures.number(metric) for metric in BESIDE),
        )
        for group in usage.groups
    )


def _drawing(result: PersonResult, asked: Asked, whose: Whose) -> Drawing:
    points = result.by_surface.points
    turns = tuple(point.figures.number(Metric.TURNS) if point.figures else None for point in points)
    total = figure(result.by_surface.totals.number(Metric.TURNS), Unit.TURNS)
    count = len(result.active_days)
    title = f"{whose.name}: {total} turns on {plural(count, 'day')} {when(asked, result.coverage)}"
    chart = charts.CalendarHeatmap(
        title=title,
        subtitle=f"Turns per day · {span(result.coverage.window)} · UTC",
        days=tuple(point.period.start for point in points),
        values=turns,
        unit="turns",
    )
    rows = tuple((point.period.start.isoformat(), value) for point, value in zip(points, turns, strict=True))
    fallback = Table((Column("day", "Day (UTC)"), metric_column(Metric.TURNS)), rows)
    return Drawing(lambda: charts.heatmap(chart), f"{title}.", fallback=fallback)
