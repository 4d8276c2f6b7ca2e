"""`doctor`: looks at everything an installation needs and ends with the one next thing to do."""

from __future__ import annotations

import argparse
import sys
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from importlib.util import find_spec
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx

from bot.analytics.api import AnalyticsApi, build_http, normalise_base_url
from bot.analytics.directory import read_directory
from bot.app.platforms import wants_slack
from bot.app.slack_side import slack_config
from bot.app.teams_side import is_wanted, teams_config
from bot.console.exits import Exit
from bot.dispatch.words import DOCTOR, refusal
from bot.lake import Dataset, Lake, lake_root
from bot.model.checks import Check
from bot.model.errors import PulseError, SourceMissing, StateAway, Unauthorized
from bot.model.timerange import TimeRange, last_complete_day
from bot.settings import Settings
from bot.slack.doctor import slack_checks
from bot.state.engine import StateDb
from bot.teams.doctor import teams_checks
from bot.teams.safe import refuse_unsafe

MARKS = {True: "ok  ", False: "FAIL", None: "--  "}
DAY = timedelta(days=1)
CLOCK_SECONDS = 60
"""Slack refuses requests more than 300 s away; a minute leaves room for both clocks."""


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
    for check in await _analytics(settings):
        yield check
    yield _compliance(settings)
    yield _directory(settings)
    yield _lake(settings)
    yield await _state(settings)
    for check in await _platforms(settings):
        yield check


async def _platforms(settings: Settings) -> list[Check]:
    """Slack, unless only Teams is set up; Teams when it is wanted."""
    checks = [Check("Slack", ok=None, detail="not set up")]
    if wants_slack(settings) or not is_wanted(settings):
        checks = await slack_checks(slack_config(settings))
    return [*checks, *(await _teams(settings) if is_wanted(settings) else ())]


async def _teams(settings: Settings) -> list[Check]:
    config = teams_config(settings)
    try:
        refuse_unsafe(config)
    except PulseError as error:
        said = refusal(error)
        return [Check("Teams", ok=False, detail=said.message, next_step=said.hint)]
    if find_spec("microsoft_teams") is None:
        step = 'Install it: pip install "codex-pulse[teams]"'
        return [Check("Teams", ok=False, detail="the extra `teams` is not installed", next_step=step)]
    return await teams_checks(config)


def _named(name: str, value: str, variable: str, what: str) -> Check:
    if value:
        return Check(name, ok=True, detail="set")
    return Check(name, ok=False, detail="not set", next_step=f"Set {variable} to {what}.")


async def _analytics(settings: Settings) -> list[Check]:
    """One small request for the last complete day: network, key, scope, workspace and clock at once."""
    name = "Analytics API"
    if not settings.analytics_api_key.get_secret_value():
        step = "Set PULSE_ANALYTICS_API_KEY to a key with `codex.enterprise.analytics.read`."
        return [Check(name, ok=False, detail="PULSE_ANALYTICS_API_KEY is not set", next_step=step)]
    day = last_complete_day(settings.clock(), settings.lag_hours)
    dates: list[str] = []
    try:
        found = await _any_usage(settings, day, dates)
    except PulseError as error:
        step = _analytics_step(error)
        detail = refusal(error).message
        return [Check(name, ok=False, detail=detail, next_step=step), *_clock(settings, dates)]
    detail = f"answers{_through_proxy(settings)}; {'usage' if found else 'no usage'} on {day}"
    return [Check(name, ok=True, detail=detail), *_clock(settings, dates)]


def _analytics_step(error: PulseError) -> str:
    """What to do, by the names of the settings; whoever reads it runs `doctor` already."""
    match error:
        case Unauthorized():
            return "Set PULSE_ANALYTICS_API_KEY to a key that is neither expired nor revoked."
        case SourceMissing():
            return "Check PULSE_WORKSPACE_ID, PULSE_API_BASE_URL (it ends with /v1) and the plan."
        case _:
            hint = refusal(error).hint.removesuffix(DOCTOR).strip()
            return hint or "Check PULSE_WORKSPACE_ID and PULSE_API_BASE_URL."


async def _any_usage(settings: Settings, day: date, dates: list[str]) -> bool:
    """Whether the workspace used Codex on `day`; `dates` collects the `Date` headers of the answers."""

    async def note(response: httpx.Response) -> None:
        dates.append(response.headers.get("Date", ""))

    async with build_http() as http:
        http.event_hooks = {"response": [note]}
        api = AnalyticsApi(
            http,
            base_url=normalise_base_url(settings.api_base_url),
            workspace_id=settings.workspace_id,
            key=settings.analytics_api_key,
            limit=1,
            clock=settings.clock,
        )
        pages = [page async for page in api.usage(TimeRange(day, day + DAY), group="workspace")]
    return any(page.rows for page in pages)


def _through_proxy(settings: Settings) -> str:
    """Says when requests leave through a proxy of the environment; its address stays out of the output."""
    url = urlsplit(settings.api_base_url)
    proxied = url.scheme in getproxies() and not proxy_bypass(url.hostname or "")
    return " through a proxy" if proxied else ""


def _clock(settings: Settings, dates: list[str]) -> list[Check]:
    """How far this machine's clock is from the API's: days and signatures depend on it."""
    name = "Clock"
    if settings.now is not None:
        return [Check(name, ok=None, detail="PULSE_NOW replaces it")]
    try:
        told = parsedate_to_datetime(dates[-1]) if dates else None
    except ValueError:
        told = None
    if told is None:
        return []
    off_seconds = abs((datetime.now(UTC) - told.astimezone(UTC)).total_seconds())
    if off_seconds <= CLOCK_SECONDS:
        return [Check(name, ok=True, detail="agrees with the API's")]
    step = "Set this machine's clock, best by NTP."
    return [Check(name, ok=False, detail=f"{off_seconds:,.0f} s from the API's", next_step=step)]


def _compliance(settings: Settings) -> Check:
    if settings.compliance_api_key.get_secret_value():
        if not settings.secret_key.get_secret_value():
            step = "Set PULSE_SECRET_KEY to 32 random bytes as text: the audit log is kept as hashes."
            return Check("Compliance API", ok=False, detail="PULSE_SECRET_KEY is not set", next_step=step)
        return Check("Compliance API", ok=True, detail="key set")
    return Check("Compliance API", ok=None, detail="no key: the audit-log commands are off")


def _directory(settings: Settings) -> Check:
    name = "Directory"
    if settings.directory_file is None:
        return Check(name, ok=None, detail="none: no teams, and adoption is a share of seats or people seen")
    try:
        found = read_directory(settings.directory_file)
    except PulseError as error:
        said = refusal(error)
        return Check(name, ok=False, detail=said.message, next_step=said.hint)
    return Check(name, ok=True, detail=f"{len(found.members)} people in {len(found.sizes)} teams")


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
    except StateAway:
        step = "Make PULSE_STATE_URL a database the bot may write to."
        return Check("State", ok=False, detail="cannot be opened", next_step=step)
    except PulseError as error:
        said = refusal(error)
        return Check("State", ok=False, detail=said.message, next_step=said.hint)
