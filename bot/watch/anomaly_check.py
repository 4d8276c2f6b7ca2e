"""Unusual days of the workspace or of one surface."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import charts
from bot.kit.alerting import PostState, Told
from bot.kit.explaining import explanation_facts, explanation_words
from bot.kit.words import day, figure, plural, span, units
from bot.metrics.anomaly import Assessment, Rule, Verdict, assess, fresh_runs
from bot.metrics.daily import basis, daily
from bot.metrics.explained import Explanation, explain_change
from bot.metrics.figures import Metric
from bot.metrics.rates import Daily
from bot.metrics.usage import Point
from bot.model.chat import Fact, Unit
from bot.model.message import Destination
from bot.model.timerange import DAY, TimeRange
from bot.watch.found import Finding, Found, Kind

CHART_DAYS = 56
_KINDS = {Verdict.SPIKE: Kind.SPIKE, Verdict.DROP: Kind.DROP}
_SAID = {Verdict.SPIKE: "above", Verdict.DROP: "below"}


@dataclass(frozen=True, slots=True)
class Watched:
    """A daily series. `whose` is empty for the workspace, else ` through CLI` or ` by Search`."""

    scope: str
    whose: str
    points: tuple[Point, ...]
    planned: frozenset[date]


def check_days(watched: Watched, through: date, rule: Rule, place: Destination | None) -> Found:
    """The runs of unusual days that are still fresh at `through`; planned days count nowhere."""
    used = daily(watched.points, Metric.CREDITS)
    group = f"anomaly/{watched.scope}"
    unjudged = frozenset({group}) if used.get(through) is None else frozenset[str]()
    counted = {when: None if when in watched.planned else value for when, value in used.items()}
    runs = fresh_runs(counted, through, rule)
    return Found(tuple(_finding(watched, counted, run, rule, place) for run in runs), unjudged)


def _finding(
    watched: Watched, counted: Daily, run: tuple[Assessment, ...], rule: Rule, place: Destination | None
) -> Finding:
    last = run[-1]
    explanation, typical = _explained(watched, counted, last)
    lines = [_headline(watched, last), *_run_words(run), _baseline_words(last)]
    facts = _facts(last)
    if explanation is not None and typical is not None:
        lines.append(f"Against {typical:%a} {day(typical)}, a usual day: {explanation_words(explanation)}.")
        facts += explanation_facts(explanation)
    kind = _KINDS[last.verdict]
    told = Told(
        group=f"anomaly/{watched.scope}",
        text="\n".join(lines),
        facts=facts,
        window=TimeRange(run[0].day, last.day + DAY),
        anomaly=_chart(counted, run, rule, lines[0].removesuffix(".")),
        planned=_planned(watched, run),
        place=place,
        post=PostState.WAITING if place else PostState.NOWHERE,
    )
    return Finding(f"anomaly/{watched.scope}/{kind}/{run[0].day}", kind, watched.scope, told)


def _headline(watched: Watched, last: Assessment) -> str:
    usual = figure(_median(last), Unit.CREDITS)
    used = figure(units(last.value), Unit.CREDITS)
    when = f"{last.day:%A} {day(last.day)} {last.day.year}"
    return f"Codex used {used} credits{watched.whose} on {when}, {_SAID[last.verdict]} the usual {usual}."


def _run_words(run: tuple[Assessment, ...]) -> list[str]:
    if len(run) == 1:
        return []
    return [f"It is the {_ordinal(len(run))} unusual day since {day(run[0].day)}."]


def _ordinal(count: int) -> str:
    ending = "th" if count in range(11, 14) else {1: "st", 2: "nd", 3: "rd"}.get(count % 10, "th")
    return f"{count}{ending}"


def _baseline_words(last: Assessment) -> str:
    baseline = last.baseline
    if baseline is None:
        return ""
    low, high = (figure(units(edge), Unit.CREDITS) for edge in (baseline.low, baseline.high))
    weekdays = f"{last.day:%A}"
    window = span(TimeRange(baseline.days[0], baseline.days[-1] + DAY))
    return (
        f"Usual for a {weekdays} is {low} to {high}, from {plural(len(baseline.days), weekdays)} in {window}."
    )


def _facts(last: Assessment) -> tuple[Fact, ...]:
    low, high = (last.baseline.low, last.baseline.high) if last.baseline else (None, None)
    middle, used = _median(last), units(last.value)
    return (
        Fact("credits", "Credits", figure(used, Unit.CREDITS), used, Unit.CREDITS),
        Fact("usual", "Usual (median)", figure(middle, Unit.CREDITS), middle, Unit.CREDITS),
        Fact("usual_low", "Usual from", figure(units(low), Unit.CREDITS), units(low), Unit.CREDITS),
        Fact("usual_high", "Usual to", figure(units(high), Unit.CREDITS), units(high), Unit.CREDITS),
        Fact("modified_z", "Modified z-score", figure(last.score, Unit.RATIO), last.score, Unit.RATIO),
    )


def _median(found: Assessment) -> float | None:
    return units(round(found.baseline.median)) if found.baseline else None


def _explained(watched: Watched, counted: Daily, last: Assessment) -> tuple[Explanation | None, date | None]:
    """The change against the baseline's day nearest to its median, of equal ones the latest."""
    if last.baseline is None:
        return None, None
    middle = last.baseline.median
    typical = min(reversed(last.baseline.days), key=lambda when: abs((counted.get(when) or 0) - middle))
    figures: Mapping[date, Point] = {point.period.start: point for point in watched.points}
    before, after = basis(figures[typical].figures), basis(figures[last.day].figures)
    return explain_change(before, after), typical


def _planned(watched: Watched, run: tuple[Assessment, ...]) -> str:
    kind, _, name = watched.scope.partition(":")
    only = f' {kind} "{name}"' if name else ""
    return f"planned {run[0].day}..{run[-1].day}{only}"


def _chart(counted: Daily, run: tuple[Assessment, ...], rule: Rule, heading: str) -> charts.AnomalyChart:
    end = run[-1].day
    days = tuple(end - timedelta(days=n) for n in range(CHART_DAYS - 1, -1, -1))
    judged = [assess(counted, when, rule) for when in days]
    return charts.AnomalyChart(
        title=heading,
        subtitle=f"Credits per day · {span(TimeRange(days[0], end + DAY))} · UTC",
        days=days,
        values=tuple(units(counted.get(when)) for when in days),
        low=tuple(units(one.baseline.low) if one.baseline else None for one in judged),
        high=tuple(units(one.baseline.high) if one.baseline else None for one in judged),
        flagged=tuple(one.day for one in run),
        unit="credits",
    )
