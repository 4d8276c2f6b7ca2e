"""`teams [RANGE] [by FIGURE]`: figures per team of the directory; small teams are folded into one."""

from __future__ import annotations

import charts
from bot.kit.breakdown import change_column
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import LABELS, metric_column, metric_fact, share_pct
from bot.kit.pictures import CHART_UNITS
from bot.kit.replies import asked_of, basis_of, before, cautions, footer_of, range_actions, when
from bot.kit.words import change_pct, figure, moved, plural, span
from bot.metrics.figures import Metric
from bot.metrics.teams import OTHER, TeamFigures, TeamsResult, folded
from bot.model.chat import (
    Cell,
    Column,
    Drawing,
    Fact,
    Level,
    PlaceLevel,
    Plot,
    PlotKind,
    Reply,
    Request,
    Table,
    Unit,
)
from bot.model.ranges import Asked

METRICS = {
    "credits": Metric.CREDITS,
    "turns": Metric.TURNS,
    "threads": Metric.THREADS,
    "tokens": Metric.TOKENS,
    "people": Metric.ACTIVE_USERS,
}
BESIDE = (Metric.CREDITS, Metric.THREADS, Metric.TURNS, Metric.TOKENS)
SUMMED = (Metric.CREDITS, Metric.ACTIVE_USERS, Metric.THREADS, Metric.TURNS, Metric.TOKENS)


async def run(request: Request, deps: Deps) -> Reply:
    """A row per team with its people, adoption, figures and change against the window before."""
    asked, metric = asked_of(request), METRICS[request.query.option("by", "credits")]
    result = await deps.analytics.teams(asked.window, asked.before)
    teams = folded(result, _fewest(request, deps))
    teams = tuple(sorted(teams, key=lambda team: _order(team, metric)))
    table = _table(teams, metric)
    return Reply(
        "teams",
        _text(teams, result, asked, metric, deps.company.min_team_size),
        facts=_facts(result, metric),
        table=table,
        drawings=(_drawing(teams, result, asked, metric),),
        actions=range_actions("teams", asked, f"by {request.query.option('by', 'credits')}"),
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _fewest(request: Request, deps: Deps) -> int:
    """The smallest team shown by itself: any, where the place and the asker may see people."""
    shows_people = request.place.level is not PlaceLevel.AGGREGATE and request.asker.has(Level.ANALYST)
    return 0 if shows_people and deps.company.per_person else deps.company.min_team_size


def _order(team: TeamFigures, metric: Metric) -> tuple[bool, int, str]:
    return team.team == OTHER, -(team.figures.exact(metric) or 0), team.team


def _facts(result: TeamsResult, metric: Metric) -> tuple[Fact, ...]:
    ordered = (metric, *(m for m in SUMMED if m is not metric))
    return tuple(metric_fact(m, result.totals, result.previous) for m in ordered)


def _text(
    teams: tuple[TeamFigures, ...], result: TeamsResult, asked: Asked, metric: Metric, fewest: int
) -> str:
    sentences = [f"{_headline(teams, result, asked, metric)}.", _folding(teams, fewest)]
    return "\n".join([" ".join(s for s in sentences if s), *cautions(result.coverage, asked)])


def _headline(teams: tuple[TeamFigures, ...], result: TeamsResult, asked: Asked, metric: Metric) -> str:
    period = when(asked, result.coverage)
    first = teams[0] if teams else None
    fact = metric_fact(metric, first.figures, first.previous) if first else None
    if first is None or fact is None or not fact.number:
        return f"No team used Codex {period}"
    share = share_pct(fact.number, result.totals.number(metric))
    of = f" ({figure(share, Unit.PERCENT)} of all)" if share and metric is not Metric.ACTIVE_USERS else ""
    unit = "active people" if metric is Metric.ACTIVE_USERS else LABELS[metric].lower()
    return f"{first.team} leads with {fact.value} {unit}{of} {period}{moved(fact.change_pct, before(asked))}"


def _folding(teams: tuple[TeamFigures, ...], fewest: int) -> str:
    other = next((team for team in teams if team.team == OTHER and team.team_count > 1), None)
    if other is None and not any(team.team == OTHER for team in teams):
        return ""
    count = other.team_count if other else 1
    return f"{OTHER} holds {plural(count, 'team')}, so that nobody is seen in a team of fewer than {fewest}."


def _table(teams: tuple[TeamFigures, ...], metric: Metric) -> Table:
    beside = tuple(m for m in BESIDE if m is not metric)
    leading = () if metric is Metric.ACTIVE_USERS else (metric,)
    columns = (
        Column("team", "Team"),
        Column("people", "People", Unit.PEOPLE),
        metric_column(Metric.ACTIVE_USERS),
        Column("active_pct", "Active", Unit.PERCENT),
        *(metric_column(m) for m in (*leading, *beside)),
        change_column(),
    )
    rows = tuple(_row(team, metric, (*leading, *beside)) for team in teams)
    return Table(columns, rows, title=f"{LABELS[metric]} by team", ranking=True)


def _row(team: TeamFigures, metric: Metric, shown: tuple[Metric, ...]) -> tuple[Cell, ...]:
    active = team.figures.active_users
    earlier = team.previous.number(metric) if team.previous else None
    return (
        team.team,
        team.people_count or None,
        active,
        share_pct(active, team.people_count),
        *(team.figures.number(m) for m in shown),
        change_pct(team.figures.number(metric), earlier),
    )


def _drawing(teams: tuple[TeamFigures, ...], result: TeamsResult, asked: Asked, metric: Metric) -> Drawing:
    title = _headline(teams, result, asked, metric)
    chart = charts.BarChart(
        title=title,
        subtitle=f"{LABELS[metric]} by team · {span(result.coverage.window)} · UTC",
        items=tuple(charts.Item(team.team, team.figures.number(metric)) for team in teams),
        unit=CHART_UNITS.get(metric.unit, metric.unit.value),
        additive=True,
        shares=True,
    )
    fallback = _table(teams, metric)
    plot = Plot(PlotKind.BAR, fallback.columns[0].key, (metric.value,))
    return Drawing(lambda: charts.bars(chart), f"{title}.", fallback=fallback, plot=plot)


COMMAND = Command(
    name="teams",
    summary="People, credits, threads and turns by team",
    run=run,
    usage="[RANGE] [by credits|turns|threads|tokens|people]",
    examples=("teams", "teams 90d by people"),
    options=(Option("by", "the order: credits, turns, threads, tokens or people", tuple(METRICS)),),
)
