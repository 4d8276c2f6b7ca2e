"""`digest [preview|now]`: the last full Monday-Sunday UTC week, as it is posted every week."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

from bot.kit.attached import attach
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.kit.levels import require
from bot.kit.replies import basis_of, footer_of
from bot.kit.weekly_facts import digest_facts
from bot.kit.weekly_files import digest_files
from bot.kit.weekly_month import Month, month_facts, month_sentences, running_month
from bot.kit.weekly_movers import movers_sentence, teams_of
from bot.kit.weekly_picture import drawing
from bot.kit.weekly_words import quality, sentences
from bot.metrics.teams import TeamFigures
from bot.metrics.weekly import DigestResult
from bot.model.asked import Asked, Calendar, resolved
from bot.model.chat import Action, Audience, Level, Reply, Request
from bot.model.schedule import WeekRule, week_covered
from bot.model.timerange import TimeRange


@dataclass(frozen=True, slots=True)
class _Digest:
    """The week, its teams (None without a directory) and the running month (None without history)."""

    result: DigestResult
    teams: tuple[TeamFigures, ...] | None
    month: Month | None


async def run(request: Request, deps: Deps) -> Reply:
    """The newest week whose figures are complete at the request's time."""
    if request.query.has("now"):
        require(request, Level.ADMIN)
    week = week_covered(request.now, WeekRule(lag_hours=deps.company.lag_hours))
    asked = _asked(week, request, deps)
    digest = _Digest(
        await deps.analytics.digest(week),
        await teams_of(week, request, deps),
        await running_month(request, deps),
    )
    reply = _reply(digest, asked, deps.company.usd_per_credit)
    texts = digest_files(digest.result, reply.facts, digest.teams)
    files = await asyncio.to_thread(attach, deps.exports.new_folder(), texts)
    audience = Audience.ASKER if request.query.has("preview") else Audience.HERE
    return replace(reply, files=files, audience=audience)


def _asked(week: TimeRange, request: Request, deps: Deps) -> Asked:
    calendar = Calendar(request.now, deps.company.lag_hours)
    return resolved(calendar, week, f"{week.start}..{week.last}")


def _reply(digest: _Digest, asked: Asked, usd_per_credit: float | None) -> Reply:
    result = digest.result
    more = [movers_sentence(result, digest.teams), *month_sentences(digest.month)]
    text = [*sentences(result), *more, *quality(result, asked)]
    return Reply(
        "digest",
        "\n".join(line for line in text if line),
        facts=(*digest_facts(result, usd_per_credit), *month_facts(digest.month)),
        drawings=(drawing(result),),
        actions=_actions(asked.words),
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
