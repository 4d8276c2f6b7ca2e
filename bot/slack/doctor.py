"""Checks of the Slack side for `doctor`: token, scopes, Socket Mode."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.model.checks import Check
from bot.slack.clients import open_session, web_client
from bot.slack.manifest import REQUIRED_SCOPES
from bot.slack.ports import SlackConfig

APP_PREFIX, BOT_PREFIX = "xapp-", "xoxb-"
_UNREACHABLE = "Slack cannot be reached"
_BROKEN = (SlackClientError, aiohttp.ClientError, TimeoutError, OSError)


async def slack_checks(config: SlackConfig, session: aiohttp.ClientSession | None = None) -> list[Check]:
    """Check the bot token, its scopes and how requests reach the bot; raises nothing."""
    own = session or open_session()
    try:
        return [*await _token_checks(config, own), await _inbound_check(config, own)]
    finally:
        if session is None:
            await own.close()


def misplaced(bot_token: str, app_token: str) -> tuple[str, str]:
    """What is wrong with each of the two by its prefix alone, in the other's place; empty when nothing."""
    bot = "this is an app token (xapp-)" if bot_token.startswith(APP_PREFIX) else ""
    app = "this is a bot token (xoxb-)" if app_token.startswith(BOT_PREFIX) else ""
    return bot, app


async def _token_checks(config: SlackConfig, session: aiohttp.ClientSession) -> list[Check]:
    name = "Slack bot token"
    if not config.bot_token:
        return [Check(name, ok=False, detail="not set", next_step="Set PULSE_SLACK_BOT_TOKEN (xoxb-…).")]
    if wrong := misplaced(config.bot_token, config.app_token)[0]:
        step = "Set PULSE_SLACK_BOT_TOKEN to the bot token (xoxb-…); this one is for PULSE_SLACK_APP_TOKEN."
        return [Check(name, ok=False, detail=wrong, next_step=step)]
    answer = await _called(config.bot_token, config.api_base_url, session, "auth.test")
    if isinstance(answer, str):
        step = _step(
            answer, "Install the app again and copy its bot token (xoxb-…) to PULSE_SLACK_BOT_TOKEN."
        )
        return [Check(name, ok=False, detail=answer, next_step=step)]
    return [Check(name, ok=True, detail=f"workspace {answer.get('team', '?')}"), _scope_check(answer)]


def _scope_check(answer: AsyncSlackResponse) -> Check:
    headers = {str(k).lower(): str(v) for k, v in answer.headers.items()}
    held = {scope.strip() for scope in headers.get("x-oauth-scopes", "").split(",")}
    missing = [scope for scope in REQUIRED_SCOPES if scope not in held]
    if not missing:
        return Check("Slack scopes", ok=True, detail=f"all {len(REQUIRED_SCOPES)} required scopes")
    step = "Update the app from `codex-pulse manifest slack` and install it again."
    return Check("Slack scopes", ok=False, detail=f"missing: {', '.join(missing)}", next_step=step)


async def _inbound_check(config: SlackConfig, session: aiohttp.ClientSession) -> Check:
    if config.app_token:
        return await _socket_check(config, session)
    if config.signing_secret:
        return Check("Slack requests", ok=True, detail="over HTTP, signed")
    step = "Set PULSE_SLACK_APP_TOKEN (xapp-…) for Socket Mode, or PULSE_SLACK_SIGNING_SECRET for HTTP."
    return Check(
        "Slack requests", ok=False, detail="neither app token nor signing secret is set", next_step=step
    )


async def _socket_check(config: SlackConfig, session: aiohttp.ClientSession) -> Check:
    if wrong := misplaced(config.bot_token, config.app_token)[1]:
        step = "Set PULSE_SLACK_APP_TOKEN to an app-level token (xapp-…) with connections:write."
        return Check("Slack Socket Mode", ok=False, detail=wrong, next_step=step)
    answer = await _called(config.app_token, config.api_base_url, session, "apps.connections.open")
    if not isinstance(answer, str):
        return Check("Slack Socket Mode", ok=True, detail="a connection can be opened")
    create = "Create an app-level token (xapp-…) with connections:write and set PULSE_SLACK_APP_TOKEN."
    step = _step(answer, create)
    return Check("Slack Socket Mode", ok=False, detail=answer, next_step=step)


def _step(answer: str, otherwise: str) -> str:
    """A token is not at fault when nobody answered."""
    return "Check network, proxy and certificates." if answer == _UNREACHABLE else otherwise


async def _called(
    token: str, base_url: str, session: aiohttp.ClientSession, method: str
) -> AsyncSlackResponse | str:
    """Slack's answer, or its error word."""
    try:
        return await web_client(token, base_url, session, []).api_call(method)
    except SlackApiError as refused:
        data = getattr(refused.response, "data", None)
        return str(data.get("error")) if isinstance(data, dict) and data.get("error") else "unreadable answer"
    except _BROKEN:
        return _UNREACHABLE
