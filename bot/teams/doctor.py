"""Checks of the Teams side for `doctor`: the keys that requests are checked with, sign-in, public address."""

from __future__ import annotations

import time

import aiohttp

from bot.model.checks import Check
from bot.teams.bottoken import AppToken
from bot.teams.keys import KeysUnavailableError, SigningKeys
from bot.teams.outbox import NotSentError
from bot.teams.ports import TeamsConfig

_TIMEOUT = aiohttp.ClientTimeout(total=15)


async def teams_checks(config: TeamsConfig) -> list[Check]:
    """Ask the key server and the sign-in service of settings that are safe; raises nothing."""
    if config.unauthenticated:
        return [Check("Teams", ok=None, detail="without sign-in: for local tools only")]
    async with aiohttp.ClientSession(trust_env=True, timeout=_TIMEOUT) as session:
        keys = await _keys(SigningKeys(config.openid_metadata_url, session, time.monotonic))
        sign_in = await _sign_in(AppToken(config, session, time.monotonic))
    return [keys, sign_in, _public(config.public_url)]


async def _keys(keys: SigningKeys) -> Check:
    name = "Teams signing keys"
    try:
        await keys.find("")
    except KeysUnavailableError:
        step = "Let the bot reach the address in PULSE_TEAMS_OPENID_METADATA_URL."
        return Check(name, ok=False, detail="the key server cannot be reached", next_step=step)
    return Check(name, ok=True, detail="can be fetched")


async def _sign_in(token: AppToken) -> Check:
    name = "Teams sign-in"
    try:
        await token()
    except NotSentError as refused:
        step = "Check PULSE_TEAMS_APP_ID, PULSE_TEAMS_APP_PASSWORD and PULSE_TEAMS_TENANT_ID (docs/teams.md)."
        return Check(name, ok=False, detail=str(refused), next_step=step)
    return Check(name, ok=True, detail="the app id and its secret are accepted")


def _public(url: str) -> Check:
    if url:
        return Check("Teams address", ok=True, detail=f"messaging endpoint {url.rstrip('/')}/api/messages")
    return Check("Teams address", ok=None, detail="PULSE_PUBLIC_URL is not set: no links to files")
