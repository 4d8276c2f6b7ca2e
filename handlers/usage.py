"""`usage [RANGE] [by surface|client|model|speed] [credits|tokens|cost] [client X]`: what Codex used."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import charts
from bot.kit.breakdown import breakdown_table, leader, parts_plot, parts_table, stack, surface_note, values
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, SUMMED, cached_ratio_fact, metric_fact, per_user_fact, rate_fact
from bot.kit.narrowing import CLIENT, through_of
from bot.kit.pictures import CHART_UNITS, PERIODS, left_out, subtitle
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
from bot.kit.words import moved, plural
from bot.metrics.clients import named_label
from bot.metrics.figures import Metric
from bot.metrics.usage import Dimension, UsageResult
from bot.model.chat import Drawing, Fact, Reply, Request, Table
from bot.model.errors import BadValue
from bot.model.ranges import Asked, View

if TYPE_CHECKING:
    from matplotlib.figure import Figure

METRICS = {"credits": Metric.CREDITS, "tokens": Metric.TOKENS, "cost": Metric.ESTIMATED_COST_USD}
BY_MODEL = (Dimension.MODEL, Dimension.SPEED)
BESIDE_CLIENTS = (Metric.ACTIVE_USERS, Metric.THREADS, Metric.TURNS)
BESIDE_MODELS = (Metric.CREDITS, Metric.ACTIVE_USERS, Metric.TOKENS, Metric.ESTIMATED_COST_USD)
HEADLINES = {
    Metric.CREDITS: "{} used {} credits",
    Metric.TOKENS: "{} processed {} tokens",
    Metric.ESTIMATED_COST_USD: "{} usage is estimated at {}",
}


async def run(request: Request, deps: Deps) -> Reply:
    """Totals of the window, one figure per metric; with `by`, a row per group."""
    asked, query = asked_of(request), request.query
    metric = METRICS[query.option("metric", "credits")]
    by = Dimension(query.option("by")) if query.option("by") else None
    through = through_of(query, "usage 30d client cli")
    if through and by in BY_MODEL:
        raise BadValue("The API does not tell models or speeds by client.", "usage 30d by surface client cli")
    result = await deps.analytics.usage(
        asked.window, by, query.view or View.DAILY, asked.before, through=through
    )
    subject = f"Codex through {named_label(through)}" if through else "Codex"
    return _reply(result, request, asked, metric, subject, deps.company.usd_per_credit)


def _reply(
    result: UsageResult,
    request: Request,
    asked: Asked,
    metric: Metric,
    subject: str,
    usd_per_credit: float | None,
) -> Reply:
    headline = _headline(result, asked, metric, subject)
    return Reply(
        "usage",
        _text(result, request, asked, metric, headline),
        facts=_facts(result, metric, usd_per_credit),
        table=_table(result, metric) if result.by else None,
        drawings=(_drawing(result, metric, headline),),
        actions=range_actions("usage", asked, options_of(request.query)),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _facts(result: UsageResult, metric: Metric, usd_per_credit: float | None) -> tuple[Fact, ...]:
    now, earlier = result.totals, result.previous
    ordered = (metric, *(m for m in SUMMED if m is not metric))
    facts = tuple(metric_fact(m, now, earlier) for m in ordered)
    ratios = (per_user_fact(now, earlier), cached_ratio_fact(now, earlier))
    return (*facts, *ratios, *rate_fact(now, earlier, usd_per_credit))


def _headline(result: UsageResult, asked: Asked, metric: Metric, subject: str) -> str:
    period = when(asked, result.coverage)
    fact = metric_fact(metric, result.totals, result.previous)
    if fact.number is None:
        return f"There is no data on {LABELS[metric].lower()} {period}"
    return f"{HEADLINES[metric].format(subject, fact.value)} {period}{moved(fact.change_pct, before(asked))}"


def _text(result: UsageResult, request: Request, asked: Asked, metric: Metric, headline: str) -> str:
    lines = [f"{headline}.", leader(result, metric), _people(result), surface_note(result)]
    told = [*left_out(request.query.view, result.coverage.window), *cautions(result.coverage, asked)]
    return "\n".join([" ".join(line for line in lines if line), *told])


def _people(result: UsageResult) -> str:
    totals = result.totals
    if totals.active_users is None or totals.turns is None or totals.threads is None:
        return ""
    people = "1 person was" if totals.active_users == 1 else f"{totals.active_users:,} people were"
    return f"{people} active, with {plural(totals.turns, 'turn')} in {plural(totals.threads, 'thread')}."


def _table(result: UsageResult, metric: Metric) -> Table:
    return breakdown_table(result, metric, BESIDE_MODELS if result.by in BY_MODEL else BESIDE_CLIENTS)


def _drawing(result: UsageResult, metric: Metric, title: str) -> Drawing:
    fallback, plot = parts_table(result, metric, stack(result, metric)), parts_plot(result, metric)
    make = _parts if result.groups else _whole
    return Drawing(lambda: make(result, metric, title), f"{title}.", fallback=fallback, plot=plot)


def _whole(result: UsageResult, metric: Metric, title: str) -> Figure:
    return charts.line(
        charts.LineChart(
            title=title,
            subtitle=subtitle(LABELS[metric], result.view, result.window),
            days=_days(result),
            series=(charts.Series(LABELS[metric], values(result.points, metric)),),
            unit=CHART_UNITS.get(metric.unit, metric.unit.value),
            period=PERIODS[result.view],
            partial=_unfinished(result),
        )
    )


def _parts(result: UsageResult, metric: Metric, title: str) -> Figure:
    return charts.stacked(
        charts.StackedChart(
            title=title,
            subtitle=subtitle(f"{LABELS[metric]} by {result.by}", result.view, result.window),
            days=_days(result),
            series=stack(result, metric),
            unit=CHART_UNITS.get(metric.unit, metric.unit.value),
            period=PERIODS[result.view],
            partial=_unfinished(result),
        )
    )


def _days(result: UsageResult) -> tuple[date, ...]:
    return tuple(point.period.start for point in result.points)


def _unfinished(result: UsageResult) -> bool:
    return any(point.partial for point in result.points[-1:])


COMMAND = Command(
    name="usage",
    summary="Credits, tokens and cost, with people, threads and turns",
    run=run,
    usage="[RANGE] [by surface|client|model|speed] [credits|tokens|cost] [client X] [daily|weekly|monthly]",
    examples=("usage 30d", "usage 30d by model", "usage this month by surface tokens", "usage 4w client cli"),
    options=(
        Option("by", "splits by surface, client, model or speed", tuple(Dimension)),
        Option("metric", "what to lead with: credits, tokens or cost", tuple(METRICS), bare=True),
        CLIENT,
    ),
    views=True,
    exports="workspace",
)
