"""`usage [RANGE] [by surface|client|model|speed] [credits|tokens|cost]`: what Codex used, with a chart."""

from __future__ import annotations

import charts
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, metric_column, metric_fact, rate_fact, share_pct
from bot.kit.pictures import CHART_UNITS, PERIODS, subtitle
from bot.kit.replies import asked_of, basis_of, before, cautions, footer_of, range_actions, when
from bot.kit.words import figure, moved, plural
from bot.metrics.figures import Metric
from bot.metrics.usage import Dimension, Group, Point, UsageResult
from bot.model.chat import Cell, Column, Drawing, Fact, Reply, Request, Table, Unit
from bot.model.ranges import Asked, View

METRICS = {"credits": Metric.CREDITS, "tokens": Metric.TOKENS, "cost": Metric.ESTIMATED_COST_USD}
SUMMED = (
    Metric.CREDITS,
    Metric.ACTIVE_USERS,
    Metric.THREADS,
    Metric.TURNS,
    Metric.TOKENS,
    Metric.COST_USD,
    Metric.ESTIMATED_COST_USD,
)
BESIDE_CLIENTS = (Metric.ACTIVE_USERS, Metric.THREADS, Metric.TURNS)
BESIDE_MODELS = (Metric.CREDITS, Metric.ACTIVE_USERS, Metric.TOKENS, Metric.ESTIMATED_COST_USD)
HEADLINES = {
    Metric.CREDITS: "Codex used {} credits",
    Metric.TOKENS: "Codex processed {} tokens",
    Metric.ESTIMATED_COST_USD: "Codex usage is estimated at {}",
}


async def run(request: Request, deps: Deps) -> Reply:
    """Totals of the window, one figure per metric; with `by`, a row per group."""
    asked, query = asked_of(request), request.query
    metric = METRICS[query.option("metric", "credits")]
    by = Dimension(query.option("by")) if query.option("by") else None
    view = query.view or View.DAILY
    result = await deps.analytics.usage(asked.window, by, view, asked.before)
    return _reply(result, asked, metric, deps)


def _reply(result: UsageResult, asked: Asked, metric: Metric, deps: Deps) -> Reply:
    text = _text(result, asked, metric)
    table = _table(result, metric) if result.by else None
    return Reply(
        "usage",
        text,
        facts=_facts(result, metric, deps.company.usd_per_credit),
        table=table,
        drawings=(_drawing(result, asked, metric),),
        actions=range_actions("usage", asked, result.by and f"by {result.by}"),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _facts(result: UsageResult, metric: Metric, usd_per_credit: float | None) -> tuple[Fact, ...]:
    ordered = (metric, *(m for m in SUMMED if m is not metric))
    facts = tuple(metric_fact(m, result.totals, result.previous) for m in ordered)
    return (*facts, *rate_fact(result.totals, result.previous, usd_per_credit))


def _text(result: UsageResult, asked: Asked, metric: Metric) -> str:
    lines = [f"{_headline(result, asked, metric, when(asked, result.coverage))}."]
    if result.groups:
        lines.append(_leader(result, metric))
    lines.append(_people(result))
    return "\n".join([" ".join(line for line in lines if line), *cautions(result.coverage, asked)])


def _headline(result: UsageResult, asked: Asked, metric: Metric, period: str) -> str:
    fact = metric_fact(metric, result.totals, result.previous)
    if fact.number is None:
        return f"There is no data on {LABELS[metric].lower()} {period}"
    return f"{HEADLINES[metric].format(fact.value)} {period}{moved(fact.change_pct, before(asked))}"


def _leader(result: UsageResult, metric: Metric) -> str:
    """`gpt-5.5 leads with 62%.` Groups come with the most of the asked metric first."""
    first = _ranked(result, metric)[0]
    share = share_pct(first.figures.number(metric), result.totals.number(metric))
    return f"{first.label} leads with {figure(share, Unit.PERCENT)}." if share else ""


def _people(result: UsageResult) -> str:
    totals = result.totals
    if totals.active_users is None or totals.turns is None or totals.threads is None:
        return ""
    people = "1 person was" if totals.active_users == 1 else f"{totals.active_users:,} people were"
    return f"{people} active, with {plural(totals.turns, 'turn')} in {plural(totals.threads, 'thread')}."


def _ranked(result: UsageResult, metric: Metric) -> tuple[Group, ...]:
    return tuple(sorted(result.groups, key=lambda g: (-(g.figures.exact(metric) or 0), g.key)))


def _table(result: UsageResult, metric: Metric) -> Table:
    beside = BESIDE_MODELS if result.by in {Dimension.MODEL, Dimension.SPEED} else BESIDE_CLIENTS
    more = tuple(m for m in beside if m is not metric)
    name = Column(str(result.by), str(result.by).capitalize())
    share = Column("share_pct", "Share", Unit.PERCENT)
    columns = (name, metric_column(metric), share, *(metric_column(m) for m in more))
    rows = tuple(_row(group, result, metric, more) for group in _ranked(result, metric))
    return Table(columns, rows, title=f"{LABELS[metric]} by {result.by}")


def _row(group: Group, result: UsageResult, metric: Metric, more: tuple[Metric, ...]) -> tuple[Cell, ...]:
    value = group.figures.number(metric)
    share = share_pct(value, result.totals.number(metric))
    return (group.label, value, share, *(group.figures.number(m) for m in more))


def _drawing(result: UsageResult, asked: Asked, metric: Metric) -> Drawing:
    title = _headline(result, asked, metric, when(asked, result.coverage))
    chart = charts.LineChart(
        title=title,
        subtitle=subtitle(LABELS[metric], result.view, result.coverage.window),
        days=tuple(point.period.start for point in result.points),
        series=_series(result, metric),
        unit=CHART_UNITS.get(metric.unit, metric.unit.value),
        period=PERIODS[result.view],
        partial=any(point.partial for point in result.points[-1:]),
        additive=True,
    )
    return Drawing(lambda: charts.line(chart), f"{title}.", fallback=_series_table(result, metric))


def _series(result: UsageResult, metric: Metric) -> tuple[charts.Series, ...]:
    if not result.groups:
        return (charts.Series(LABELS[metric], _values(result.points, metric)),)
    return tuple(charts.Series(g.label, _values(g.points, metric)) for g in _ranked(result, metric))


def _values(points: tuple[Point, ...], metric: Metric) -> tuple[float | None, ...]:
    return tuple(p.figures.number(metric) if p.figures else None for p in points)


def _series_table(result: UsageResult, metric: Metric) -> Table:
    rows = tuple(
        (p.period.start.isoformat(), v)
        for p, v in zip(result.points, _values(result.points, metric), strict=True)
    )
    return Table((Column("day", "From (UTC)"), metric_column(metric)), rows)


COMMAND = Command(
    name="usage",
    summary="Credits, tokens and cost, with people, threads and turns",
    run=run,
    usage="[RANGE] [by surface|client|model|speed] [credits|tokens|cost] [daily|weekly|monthly]",
    examples=("usage 30d", "usage 30d by model", "usage this month by surface tokens"),
    options=(
        Option("by", "splits by surface, client, model or speed", tuple(Dimension)),
        Option("metric", "what to lead with: credits, tokens or cost", tuple(METRICS), bare=True),
    ),
    views=True,
    exports="workspace",
)
