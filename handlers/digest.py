"""`digest [preview|now]`: the last full Monday-Sunday UTC week, as it is posted every week."""

from __future__ import annotations

from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.levels import require
from bot.kit.replies import basis_of, footer_of
from bot.kit.weekly_facts import digest_facts
from bot.kit.weekly_picture import drawing
from bot.kit.weekly_words import sentences
from bot.metrics.weekly import DigestResult
from bot.model.asked import Asked, Calendar, resolved
from bot.model.chat import Action, Audience, Level, Reply, Request
from bot.model.schedule import WeekRule, week_covered
from bot.model.timerange import TimeRange


async def run(request: Request, deps: Deps) -> Reply:
    """The newest week whose figures are complete at the request's time."""
    if request.query.has("now"):
        require(request, Level.ADMIN)
    week = week_covered(request.now, WeekRule(lag_hours=deps.company.lag_hours))
    result = await deps.analytics.digest(week)
    return _reply(result, _asked(week, request, deps), request, deps)


def _asked(week: TimeRange, request: Request, deps: Deps) -> Asked:
    calendar = Calendar(request.now, deps.company.lag_hours)
    return resolved(calendar, week, f"{week.start}..{week.last}")


def _reply(result: DigestResult, asked: Asked, request: Request, deps: Deps) -> Reply:
    return Reply(
        "digest",
        "\n".join(sentences(result, asked)),
        facts=digest_facts(result, deps.company.usd_per_credit),
        drawings=(drawing(result),),
        actions=_actions(asked.words),
        audience=Audience.ASKER if request.query.has("preview") else Audience.HERE,
        footer=footer_of(result.coverage),
        basis=basis_of(result.coverage),
    )


def _actions(days: str) -> tuple[Action, ...]:
    return tuple(
        Action(f"by-{part}", f"By {part}", f"usage {days} by {part}") for part in ("surface", "model")
    )


COMMAND = Command(
    name="digest",
    summary="The last full week: people, adoption, credits, surfaces, code review",
    run=run,
    usage="[preview|now]",
    examples=("digest", "digest preview"),
    ranged=False,
    flags=("preview", "now"),
    heavy=True,
)
