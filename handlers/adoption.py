"""`adoption [RANGE] [surfaces|trend|lifecycle]`: how many people use Codex, where, and who comes and goes."""

from __future__ import annotations

import charts
from bot.kit.breakdown import breakdown_table, parts_plot, parts_table, ranked, series, surface_note
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import metric_fact, rate, told
from bot.kit.movement import STEPS, lifecycle, lifecycle_table, outgrown, trend, trend_table
from bot.kit.pictures import PERIODS, left_out, subtitle
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
from bot.kit.words import change_pct, day, figure, moved, plural, span
from bot.metrics.activity import ActivityResult, Adoption, AdoptionBase, LifecycleWeek
from bot.metrics.figures import Metric
from bot.metrics.usage import Dimension, UsageResult
from bot.model.chat import Drawing, Fact, Reply, Request, Table, Unit
from bot.model.ranges import Asked, View

SHOWS = ("surfaces", "trend", "lifecycle")
PEOPLE = Metric.ACTIVE_USERS
BESIDE = (Metric.TURNS, Metric.THREADS)
TWICE = "People on two surfaces count on both, so surfaces do not add up."


async def run(request: Request, deps: Deps) -> Reply:
    """Active people of the window by surface, WAU and MAU28 at its end, and the lifecycle of its weeks."""
    asked, query = asked_of(request), request.query
    view = query.view or View.DAILY
    usage = await deps.analytics.usage(asked.window, Dimension.SURFACE, view, asked.before)
    activity = await deps.analytics.activity(asked.window)
    show = query.option("show", "surfaces")
    title, drawing, table = _shown(show, usage, activity, asked)
    return Reply(
        "adoption",
        _text(usage, activity, request, asked, title),
        facts=_facts(usage, activity),
        table=table,
        drawings=(drawing,),
        actions=range_actions("adoption", asked, options_of(query)),
        footer=footer_of(usage.coverage),
        basis=basis_of(activity.coverage),
    )


def _shown(
    show: str, usage: UsageResult, activity: ActivityResult, asked: Asked
) -> tuple[str, Drawing, Table]:
    match show:
        case "trend":
            title = _weekly(activity)
            return title, trend(activity, usage.view, title), trend_table(activity, usage.view)
        case "lifecycle":
            title = _coming_and_going(activity)
            return title, lifecycle(activity, title), lifecycle_table(activity)
        case _:
            title = _surfaces_title(usage, asked)
            return (
                title,
                _surfaces(usage, title.partition(";")[0]),
                breakdown_table(usage, PEOPLE, BESIDE, parts=False),
            )


def _text(usage: UsageResult, activity: ActivityResult, request: Request, asked: Asked, title: str) -> str:
    show = request.query.option("show", "surfaces")
    lines = [f"{title}."]
    lines += [f"{_weekly(activity)}."] if show != "trend" else []
    lines += [_adopted(activity.adoption)]
    lines += [TWICE, surface_note(usage)] if show == "surfaces" else []
    notes = _week_notes(activity) if show == "lifecycle" else left_out(request.query.view, usage.window)
    return "\n".join([" ".join(line for line in lines if line), *notes, *cautions(usage.coverage, asked)])


def _surfaces_title(usage: UsageResult, asked: Asked) -> str:
    fact = metric_fact(PEOPLE, usage.totals, usage.previous)
    people = "No one" if not fact.number else plural(fact.number, "person", "people")
    said = f"{people} used Codex {when(asked, usage.coverage)}{moved(fact.change_pct, before(asked))}"
    most = next(iter(ranked(usage, PEOPLE)), None)
    return (
        f"{said}; {most.label} reached the most, {figure(most.figures.number(PEOPLE), Unit.PEOPLE)}"
        if most
        else said
    )


def _weekly(activity: ActivityResult) -> str:
    if activity.wau is None:
        return (
            f"Not all of the 7 days to {day(activity.as_of)} are held, so weekly active people cannot be told"
        )
    pct = change_pct(activity.wau, activity.earlier.wau)
    verb = "was" if activity.wau == 1 else "were"
    people = plural(activity.wau, "person", "people")
    return f"{people} {verb} active in the 7 days to {day(activity.as_of)}{moved(pct, 'the 7 days before')}"


def _adopted(adoption: Adoption) -> str:
    if adoption.outgrown:
        return outgrown(adoption.eligible, adoption.base)
    if adoption.rate is None:
        return ""
    share = figure(adoption.rate * 100, Unit.PERCENT)
    match adoption.base:
        case AdoptionBase.ROSTER:
            return f"That is {share} of the {adoption.eligible:,} people in the directory."
        case AdoptionBase.SEATS:
            return f"That is {share} of {adoption.eligible:,} seats."
        case AdoptionBase.EVER_SEEN:
            return f"That is {share} of the {adoption.eligible:,} people ever seen: no seat count is set."


def _coming_and_going(activity: ActivityResult) -> str:
    if not activity.lifecycle:
        return "No whole week of the window can be told, so nobody's coming and going can"
    last = activity.lifecycle[-1]
    began = f"{last.new:,} began, {last.returning:,} stayed, {last.resurrected:,} came back"
    return f"{began} and {last.dormant:,} paused in the week {span(last.week)}"


def _week_notes(activity: ActivityResult) -> list[str]:
    first = activity.coverage.first_held_day
    since = f" in the history, which starts {day(first)} {first.year}" if first else ""
    return [f"Weeks are whole Monday weeks; new is who was never active before{since}."]


def _facts(usage: UsageResult, activity: ActivityResult) -> tuple[Fact, ...]:
    earlier, adoption = activity.earlier, activity.adoption
    base = "Adoption" if adoption.base is not AdoptionBase.EVER_SEEN else "Share of people ever seen"
    return (
        metric_fact(PEOPLE, usage.totals, usage.previous),
        told("wau", "Weekly active (7 days)", Unit.PEOPLE, activity.wau, earlier.wau),
        told("mau28", "Monthly active (28 days)", Unit.PEOPLE, activity.mau28, earlier.mau28),
        told("dau", f"Active on {day(activity.as_of)}", Unit.PEOPLE, activity.dau),
        rate("adoption_rate", base, adoption.rate, unit=Unit.PERCENT),
        rate("stickiness", "Stickiness", activity.stickiness, earlier.stickiness),
        rate(
            "stickiness_working_days",
            "Stickiness, working days",
            activity.stickiness_working_days,
            earlier.stickiness_working_days,
        ),
        *_lifecycle_facts(activity.lifecycle),
    )


def _lifecycle_facts(weeks: tuple[LifecycleWeek, ...]) -> tuple[Fact, ...]:
    last = weeks[-1] if weeks else None
    earlier = weeks[-2] if len(weeks) > 1 and last and weeks[-2].week.end == last.week.start else None
    suffix = f", week of {day(last.week.start)}" if last else ""
    return tuple(
        told(key, label + suffix, Unit.PEOPLE, _step(last, key), _step(earlier, key)) for key, label in STEPS
    )


def _step(week: LifecycleWeek | None, key: str) -> int | None:
    found: int | None = getattr(week, key) if week else None
    return found


def _surfaces(usage: UsageResult, title: str) -> Drawing:
    chart = charts.LineChart(
        title=title,
        subtitle=subtitle("Active people by surface", usage.view, usage.window),
        days=tuple(point.period.start for point in usage.points),
        series=series(usage, PEOPLE, "Active people"),
        unit="people",
        period=PERIODS[usage.view],
        partial=any(point.partial for point in usage.points[-1:]),
    )
    fallback, plot = parts_table(usage, PEOPLE, chart.series), parts_plot(usage, PEOPLE)
    return Drawing(lambda: charts.line(chart), f"{title}.", fallback=fallback, plot=plot)


COMMAND = Command(
    name="adoption",
    summary="Active people by surface, WAU, MAU28, stickiness, adoption rate and lifecycle",
    run=run,
    usage="[RANGE] [surfaces|trend|lifecycle] [daily|weekly|monthly]",
    examples=("adoption 30d", "adoption 12w lifecycle", "adoption 90d trend", "adoption this month weekly"),
    options=(
        Option(
            "show", "what to draw: surfaces, the trend of WAU and MAU28, or the lifecycle", SHOWS, bare=True
        ),
    ),
    views=True,
)
