"""`compare RANGE vs RANGE [by X] [credits|tokens|turns|...]`: two windows side by side."""

from __future__ import annotations

from bot.kit.command import Command, Words
from bot.kit.comparing import HEADLINES, Question, name_of, read, series_view, windows
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, SUMMED, told
from bot.kit.pictures import left_out
from bot.kit.replies import basis_of, cautions, footer_of
from bot.kit.versus import drawing, groups_table, shown, table
from bot.kit.words import MINUS, change, figure, moved, plural
from bot.metrics.compare import Comparison
from bot.metrics.coverage import Coverage
from bot.metrics.figures import Figures, Metric
from bot.model.chat import Action, Fact, Reply, Request
from bot.model.ranges import Calendar

NOUNS = {Metric.ESTIMATED_COST_USD: "", Metric.ACTIVE_USERS: " people"}
"""What is counted, where the figure does not say it and the metric's own name does not fit."""


async def run(request: Request, deps: Deps) -> Reply:
    """Both windows in one figure; with `by`, a pair per group. Unequal windows are compared per day."""
    company = deps.company
    calendar = Calendar(request.now, company.lag_hours, company.week_start, company.longest_days)
    question = read(request.query.words, calendar)
    view = series_view(question)
    found = await deps.analytics.compare(question.now.window, question.before.window, question.by, view)
    title = _title(found, question)
    return Reply(
        "compare",
        _text(found, question, title),
        facts=_facts(found, question),
        table=groups_table(found, question) if question.by else table(found),
        drawings=(drawing(found, question, title),),
        actions=_actions(question),
        footer=footer_of(found.now.coverage),
        basis=(*basis_of(found.now.coverage), *basis_of(found.before.coverage)),
    )


def _title(found: Comparison, question: Question) -> str:
    metric = question.metric
    per = "" if found.equal or metric is Metric.ACTIVE_USERS else " a day"
    now, before = shown(found, metric, found.now.totals, found.before.totals)
    name = LABELS[metric].lower()
    windows = _named(found.now.coverage), _named(found.before.coverage)
    if now is None or before is None:
        return f"There is no data on {name} to compare {windows[0]} with {windows[1]}"
    pct = found.change_pct(metric, found.now.totals, found.before.totals)
    second = f"{windows[1]} ({figure(before, metric.unit)})"
    on = "in" if found.now.window.day_count > 1 else "on"
    versus = moved(pct, second) if pct is not None else f", against {second}"
    return f"{HEADLINES[metric].format(figure(now, metric.unit))}{per} {on} {windows[0]}{versus}"


def _named(coverage: Coverage) -> str:
    """The window, and that it begins with the first day held when more was asked."""
    held = ", from the first day held" if coverage.shortened else ""
    return f"{name_of(coverage.window)}{held}"


def _text(found: Comparison, question: Question, title: str) -> str:
    lines = [f"{title}.", _most_changed(found, question) if question.by and not found.partial else ""]
    notes = [_lengths(found)]
    for asked, result in ((question.now, found.now), (question.before, found.before)):
        notes += [note for note in cautions(result.coverage, asked) if note not in notes]
    if not question.by:
        notes += left_out(series_view(question), found.now.window)
    return "\n".join([" ".join(line for line in lines if line), *notes])


def _lengths(found: Comparison) -> str:
    now, before = found.days
    if found.partial:
        return f"A day is not over, so no change is told: {plural(now, 'day')} against {before:,}."
    if found.equal:
        return f"Both windows have {plural(now, 'day')}."
    return (
        f"The windows are unequal, {plural(now, 'day')} against {before:,}: changes are of figures per day, "
        "and people, who cannot be told per day, have none."
    )


def _most_changed(found: Comparison, question: Question) -> str:
    metric = question.metric
    moves = [
        (after - earlier, pair)
        for pair in found.groups
        for after, earlier in (shown(found, metric, pair.now, pair.before),)
        if after is not None and earlier is not None
    ]
    if not moves:
        return ""
    by, pair = max(moves, key=lambda move: (abs(move[0]), move[1].key))
    pct = found.change_pct(metric, pair.now, pair.before)
    per = "" if found.equal or metric is Metric.ACTIVE_USERS else " a day"
    said = f"{_signed(by, metric)}{NOUNS.get(metric, f' {metric}')}{per}"
    return f"{pair.label} moved most, by {said}{f' ({change(pct)})' if pct is not None else ''}."


def _signed(by: float, metric: Metric) -> str:
    return f"{'+' if by > 0 else MINUS if by < 0 else ''}{figure(abs(by), metric.unit)}"


def _facts(found: Comparison, question: Question) -> tuple[Fact, ...]:
    metric, now, before = question.metric, found.now.totals, found.before.totals
    ordered = (metric, *(m for m in SUMMED if m is not metric))
    then = before.number(metric)
    label = f"{LABELS[metric]}, {name_of(found.before.window)}"
    earlier = Fact(f"{metric}_before", label, figure(then, metric.unit), then, metric.unit)
    first, *others = (_fact(found, m) for m in ordered)
    daily = _daily_facts(found, metric, now, before)
    return (first, earlier, *daily, *others)


def _daily_facts(found: Comparison, metric: Metric, now: Figures, before: Figures) -> tuple[Fact, ...]:
    if found.equal or metric is Metric.ACTIVE_USERS:
        return ()
    first, second = shown(found, metric, now, before)
    name = f"{LABELS[metric]} a day"
    return (
        told(f"{metric}_per_day", name, metric.unit, first, None if found.partial else second),
        told(f"{metric}_per_day_before", f"{name}, {name_of(found.before.window)}", metric.unit, second),
    )


def _fact(found: Comparison, metric: Metric) -> Fact:
    """The sum of `now`; its change only when the windows are equally long."""
    now, before = found.now.totals, found.before.totals
    number = now.number(metric)
    pct = found.change_pct(metric, now, before) if found.equal else None
    return Fact(metric.value, LABELS[metric], figure(number, metric.unit), number, metric.unit, pct)


def _actions(question: Question) -> tuple[Action, ...]:
    ranges = f"compare {question.now.words} vs {question.before.words}"
    metric = question.typed.replace(f"by {question.by}", "").strip()
    return tuple(
        Action(f"by-{by}", f"By {by}", f"{ranges} by {by} {metric}".strip(), group="by")
        for by in ("surface", "model")
        if by != question.by and not (by == "model" and question.metric in (Metric.TURNS, Metric.THREADS))
    )


COMMAND = Command(
    name="compare",
    summary="Two windows side by side, of any length",
    run=run,
    usage="RANGE vs RANGE [by surface|client|model|speed] [credits|tokens|cost|turns|threads|people]",
    examples=(
        "compare oct vs sep",
        "compare oct vs sep by model",
        "compare this week vs last week turns by client",
    ),
    words=Words.RAW,
    ranged=False,
    windows=windows,
)
