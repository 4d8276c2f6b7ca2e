"""The bot's own token for Teams' service.

Source: OAuth 2.0 client credentials of the Microsoft identity platform. Fetched here with the session that
everything else uses, because the SDK's own way blocks on another HTTP library, with other proxy and CA rules.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import aiohttp

from bot.teams.outbox import NotSentError
from bot.teams.ports import TeamsConfig

_RENEW_BEFORE_SECONDS = 300.0
_OK = 200


class AppToken:
    """One token, kept until five minutes before its end. `ticks` counts seconds."""

    def __init__(
        self, config: TeamsConfig, session: aiohttp.ClientSession, ticks: Callable[[], float]
    ) -> None:
        self._config = config
        self._session = session
        self._ticks = ticks
        self._token = ""
        self._good_until = float("-inf")
        self._lock = asyncio.Lock()

    async def __call__(self) -> str:
        """The token; empty in unauthenticated mode. Raises NotSentError when there is none to be had."""
        if self._config.unauthenticated:
            return ""
        async with self._lock:
            if self._ticks() >= self._good_until:
                await self._renew()
            return self._token

    async def _renew(self) -> None:
        """Microsoft's own words may hold ids of the tenant, so only the error's name is told on."""
        asked_at = self._ticks()
        url = f"{self._config.login_url}/{self._config.tenant_id}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": self._config.app_id,
            "client_secret": self._config.password,
            "scope": f"{self._config.token_issuer}/.default",
        }
        try:
            async with self._session.post(url, data=form, allow_redirects=False) as response:
                status, told = response.status, json.loads(await response.read())
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failed:
            message = "no token: no usable answer"
            raise NotSentError(message) from failed
        told = told if isinstance(told, dict) else {}
        token, seconds = told.get("access_token"), told.get("expires_in")
        if status != _OK or not isinstance(token, str) or not isinstance(seconds, int | float):
            raise NotSentError(f"no token: {str(told.get('error', status))[:40]}")
        self._token, self._good_until = token, asked_at + seconds - _RENEW_BEFORE_SECONDS
