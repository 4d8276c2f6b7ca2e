"""`models [RANGE] [by model|speed] [credits|tokens]`: which models are used, and how fast."""

from __future__ import annotations

from bot.kit.breakdown import breakdown_table, parts_drawing, ranked
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, cached_ratio_fact, metric_fact, rate, share_pct
from bot.kit.pictures import left_out
from bot.kit.replies import (
    asked_of,
    basis_of,
    before,
    cautions,
    footer_of,
    options_of,
    range_actions,
    when,
)
from bot.kit.words import figure, moved
from bot.metrics.figures import Figures, Metric, ratio
from bot.metrics.usage import Dimension, UsageResult
from bot.model.chat import Cell, Column, Fact, Reply, Request, Table, Unit
from bot.model.ranges import Asked, View

METRICS = {"credits": Metric.CREDITS, "tokens": Metric.TOKENS}
BESIDE = (Metric.CREDITS, Metric.TOKENS, Metric.ACTIVE_USERS)
FAST = "fast"


async def run(request: Request, deps: Deps) -> Reply:
    """A row per model or speed with its share of credits and of tokens."""
    asked, query = asked_of(request), request.query
    metric = METRICS[query.option("metric", "credits")]
    by = Dimension(query.option("by", Dimension.MODEL))
    view = query.view or View.DAILY
    result = await deps.analytics.usage(asked.window, by, view, asked.before)
    speeds = (
        result
        if by is Dimension.SPEED
        else await deps.analytics.usage(asked.window, Dimension.SPEED, view, asked.before)
    )
    title = _headline(result, asked, metric)
    return Reply(
        "models",
        _text(result, speeds, request, asked, metric, title),
        facts=_facts(result, speeds, metric),
        table=_table(result, metric),
        drawings=(parts_drawing(result, metric, title),),
        actions=range_actions("models", asked, options_of(query)),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _facts(result: UsageResult, speeds: UsageResult, metric: Metric) -> tuple[Fact, ...]:
    now, earlier = result.totals, result.previous
    first, second = (metric_fact(m, now, earlier) for m in (metric, _other(metric)))
    return (first, second, _fast_fact(speeds), cached_ratio_fact(now, earlier))


def _fast_fact(speeds: UsageResult) -> Fact:
    """Credits at fast speed among all; None when no speed is told."""
    told = any(group.key for group in speeds.groups)
    fast = next((group for group in speeds.groups if group.key == FAST), None)
    if not told:
        return rate("fast_share", "At fast speed", None, unit=Unit.PERCENT)
    now = _share(fast.figures if fast else Figures(credits=0), speeds.totals)
    earlier = _share(fast.previous, speeds.previous) if fast else None
    return rate("fast_share", "At fast speed", now, earlier, Unit.PERCENT)


def _share(part: Figures | None, whole: Figures | None) -> float | None:
    return ratio(part.credits, whole.credits) if part and whole else None


def _other(metric: Metric) -> Metric:
    return Metric.TOKENS if metric is Metric.CREDITS else Metric.CREDITS


def _headline(result: UsageResult, asked: Asked, metric: Metric) -> str:
    period = when(asked, result.coverage)
    first = next(iter(ranked(result, metric)), None)
    share = _pct(first.figures, result, metric) if first else None
    if first is None or share is None:
        return f"There is no data on {result.by}s {period}"
    name = first.label if result.by is Dimension.MODEL else f"{first.label} speed"
    earlier = (
        share_pct(first.previous.number(metric), result.previous.number(metric))
        if first.previous and result.previous
        else None
    )
    points = f", {figure(earlier, Unit.PERCENT)} in {before(asked)}" if earlier is not None else ""
    return f"{name} made {figure(share, Unit.PERCENT)} of {LABELS[metric].lower()} {period}{points}"


def _text(
    result: UsageResult, speeds: UsageResult, request: Request, asked: Asked, metric: Metric, title: str
) -> str:
    used = metric_fact(metric, result.totals, result.previous)
    whole = f"All together: {used.value} {metric.value}{moved(used.change_pct, before(asked))}."
    fast = _fast_fact(speeds)
    lines = [f"{title}.", whole if used.number is not None else ""]
    leads = title.startswith(said := f"Fast speed made {fast.value} of credits")
    lines.append(f"{said}." if fast.number and not leads else "")
    told = [*left_out(request.query.view, result.coverage.window), *cautions(result.coverage, asked)]
    return "\n".join([" ".join(line for line in lines if line), *told])


def _table(result: UsageResult, metric: Metric) -> Table:
    """The breakdown with the share of the other figure too."""
    table, other = breakdown_table(result, metric, BESIDE), _other(metric)
    place = [column.key for column in table.columns].index(other) + 1
    column = Column(f"{other}_share_pct", f"Share of {other.value}", Unit.PERCENT)
    whole = result.totals.number(other)
    rows = tuple((*row[:place], _cell_share(row[place - 1], whole), *row[place:]) for row in table.rows)
    return Table((*table.columns[:place], column, *table.columns[place:]), rows, table.title)


def _cell_share(cell: Cell, whole: float | None) -> Cell:
    return None if isinstance(cell, str) else share_pct(cell, whole)


def _pct(figures: Figures, result: UsageResult, metric: Metric) -> float | None:
    return share_pct(figures.number(metric), result.totals.number(metric))


COMMAND = Command(
    name="models",
    summary="Model mix by credits and tokens, and speed",
    run=run,
    usage="[RANGE] [by model|speed] [credits|tokens] [daily|weekly|monthly]",
    examples=("models 30d", "models 90d weekly tokens", "models this month by speed"),
    options=(
        Option("by", "splits by model (as it does anyway) or speed", ("model", "speed")),
        Option("metric", "what to share out: credits or tokens", tuple(METRICS), bare=True),
    ),
    views=True,
)
