"""`activity [RANGE] [by client|surface] [turns|threads] [client X]`: what people ran, and where."""

from __future__ import annotations

from bot.kit.breakdown import breakdown_table, leader, parts_drawing, surface_note
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, metric_fact
from bot.kit.narrowing import CLIENT, through_of
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
from bot.kit.words import moved, plural
from bot.metrics.clients import named_label
from bot.metrics.figures import Metric
from bot.metrics.usage import Dimension, UsageResult
from bot.model.chat import Reply, Request
from bot.model.ranges import Asked, View

METRICS = {"turns": Metric.TURNS, "threads": Metric.THREADS}
BESIDE = (Metric.TURNS, Metric.THREADS, Metric.ACTIVE_USERS)


async def run(request: Request, deps: Deps) -> Reply:
    """Threads and turns of the window, a row per client or surface."""
    asked, query = asked_of(request), request.query
    metric = METRICS[query.option("metric", "turns")]
    by = Dimension(query.option("by", Dimension.CLIENT))
    through = through_of(query, "activity 30d client ide")
    result = await deps.analytics.usage(
        asked.window, by, query.view or View.DAILY, asked.before, through=through
    )
    title = _headline(result, asked, metric, f" through {named_label(through)}" if through else "")
    return Reply(
        "activity",
        _text(result, request, asked, metric, title),
        facts=tuple(metric_fact(m, result.totals, result.previous) for m in (metric, *_beside(metric))),
        table=breakdown_table(result, metric, BESIDE),
        drawings=(parts_drawing(result, metric, title),),
        actions=range_actions("activity", asked, options_of(query)),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _beside(metric: Metric) -> tuple[Metric, ...]:
    return tuple(m for m in BESIDE if m is not metric)


def _headline(result: UsageResult, asked: Asked, metric: Metric, where: str) -> str:
    fact = metric_fact(metric, result.totals, result.previous)
    period = when(asked, result.coverage)
    if fact.number is None:
        return f"There is no data on {LABELS[metric].lower()}{where} {period}"
    ran = plural(fact.number, metric.value.removesuffix("s"))
    return f"People ran {ran}{where} {period}{moved(fact.change_pct, before(asked))}"


def _text(result: UsageResult, request: Request, asked: Asked, metric: Metric, title: str) -> str:
    lines = [f"{title}.", leader(result, metric), _beside_words(result, metric), surface_note(result)]
    told = [*left_out(request.query.view, result.coverage.window), *cautions(result.coverage, asked)]
    return "\n".join([" ".join(line for line in lines if line), *told])


def _beside_words(result: UsageResult, metric: Metric) -> str:
    other = _beside(metric)[0]
    number, people = result.totals.number(other), result.totals.active_users
    if number is None or people is None:
        return ""
    counted = plural(number, other.value.removesuffix("s"))
    return f"That is {counted} by {plural(people, 'person', 'people')}."


COMMAND = Command(
    name="activity",
    summary="Threads and turns, by client or surface",
    run=run,
    usage="[RANGE] [by client|surface] [turns|threads] [client X] [daily|weekly|monthly]",
    examples=("activity 30d", "activity 12w threads weekly", "activity this month by surface"),
    options=(
        Option("by", "splits by client (as it does anyway) or surface", ("client", "surface")),
        Option("metric", "what to lead with: turns or threads", tuple(METRICS), bare=True),
        CLIENT,
    ),
    views=True,
)
