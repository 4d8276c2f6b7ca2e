"""`doctor`: looks at everything an installation needs and ends with the one next thing to do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator
from datetime import timedelta

from bot.analytics.api import AnalyticsApi, build_http, normalise_base_url
from bot.app.slack_side import slack_config
from bot.console.exits import Exit
from bot.dispatch.words import refusal
from bot.lake import Dataset, Lake, lake_root
from bot.model.checks import Check
from bot.model.errors import PulseError
from bot.model.timerange import TimeRange, last_complete_day
from bot.settings import Settings
from bot.slack.doctor import slack_checks
from bot.state.engine import StateDb

MARKS = {True: "ok  ", False: "FAIL", None: "--  "}
DAY = timedelta(days=1)


async def doctor(_arguments: argparse.Namespace) -> Exit:
    """Print each check; exit 5 when one failed."""
    failed: Check | None = None
    async for check in _checks():
        sys.stdout.write(f"{MARKS[check.ok]}  {check.name}: {check.detail}\n")
        failed = failed or (check if check.ok is False else None)
    sys.stdout.write(f"\nNext: {failed.next_step if failed else 'codex-pulse run'}\n")
    return Exit.CHECK_FAILED if failed else Exit.DONE


async def _checks() -> AsyncIterator[Check]:
    try:
        settings = Settings.load()
    except PulseError as error:
        said = refusal(error)
        yield Check("Settings", ok=False, detail=said.message, next_step=said.hint)
        return
    yield Check("Settings", ok=True, detail="readable")
    yield _named("Workspace id", settings.workspace_id, "PULSE_WORKSPACE_ID", "the id on the admin page")
    yield await _analytics(settings)
    yield _compliance(settings)
    yield _lake(settings)
    yield await _state(settings)
    for check in await slack_checks(slack_config(settings)):
        yield check


def _named(name: str, value: str, variable: str, what: str) -> Check:
    if value:
        return Check(name, ok=True, detail="set")
    return Check(name, ok=False, detail="not set", next_step=f"Set {variable} to {what}.")


async def _analytics(settings: Settings) -> Check:
    """One small request for the last complete day: reaches the API, key, scope and workspace at once."""
    name = "Analytics API"
    if not settings.analytics_api_key.get_secret_value():
        step = "Set PULSE_ANALYTICS_API_KEY to a key with `codex.enterprise.analytics.read`."
        return Check(name, ok=False, detail="PULSE_ANALYTICS_API_KEY is not set", next_step=step)
    day = last_complete_day(settings.clock(), settings.lag_hours)
    try:
        async with build_http() as http:
            api = AnalyticsApi(
                http,
                base_url=normalise_base_url(settings.api_base_url),
                workspace_id=settings.workspace_id,
                key=settings.analytics_api_key,
                limit=1,
                clock=settings.clock,
            )
            rows = [
                row
                async for page in api.usage(TimeRange(day, day + DAY), group="workspace")
                for row in page.rows
            ]
    except PulseError as error:
        said = refusal(error)
        return Check(name, ok=False, detail=said.message, next_step=said.hint)
    return Check(name, ok=True, detail=f"answers; {'usage' if rows else 'no usage'} on {day}")


def _compliance(settings: Settings) -> Check:
    if settings.compliance_api_key.get_secret_value():
        return Check("Compliance API", ok=True, detail="key set")
    return Check("Compliance API", ok=None, detail="no key: the audit-log commands are off")


def _lake(settings: Settings) -> Check:
    try:
        root = lake_root(settings.lake_url)
        root.mkdir(parents=True, exist_ok=True)
        probe = root / ".doctor"
        probe.write_bytes(b"")
        probe.unlink()
        days = Lake(root).days(Dataset.USAGE)
    except PulseError as error:
        said = refusal(error)
        return Check("Lake", ok=False, detail=said.message, next_step=said.hint)
    except OSError as error:
        step = "Make PULSE_LAKE_URL a folder the bot may write to."
        return Check("Lake", ok=False, detail=f"cannot write: {error.strerror}", next_step=step)
    held = f"{len(days)} days, {days[0]} to {days[-1]}" if days else "empty; the first sync fills it"
    return Check("Lake", ok=True, detail=held)


async def _state(settings: Settings) -> Check:
    try:
        async with StateDb(settings.state_url):
            return Check("State", ok=True, detail="open and up to date")
    except PulseError as error:
        said = refusal(error)
        return Check("State", ok=False, detail=said.message, next_step=said.hint)
    except OSError as error:
        step = "Make PULSE_STATE_URL a database the bot may write to."
        return Check(
            "State", ok=False, detail=f"cannot open: {error.strerror or type(error).__name__}", next_step=step
        )
