"""The keys with which Teams signs its requests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import structlog

from bot.teams.ports import is_loopback

log = structlog.get_logger(__name__)

_KEEP_SECONDS = 24 * 3600.0
# A token with an unknown key costs one look at the key server, but not more often than this.
_PAUSE_SECONDS = 60.0
_TIMEOUT = aiohttp.ClientTimeout(total=10)

Key = dict[str, Any]


class KeysUnavailableError(Exception):
    """The key server did not answer usably."""


class SigningKeys:
    """Keys by id, read from the OpenID metadata, kept for a day. `ticks` counts seconds."""

    def __init__(self, metadata_url: str, session: aiohttp.ClientSession, ticks: Callable[[], float]) -> None:
        self._metadata_url = metadata_url
        self._session = session
        self._ticks = ticks
        self._keys: dict[str, Key] = {}
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def find(self, key_id: str) -> Key | None:
        """Return the key as JSON Web Key; None when Teams has no such key. Raises KeysUnavailableError."""
        async with self._lock:
            if self._is_due(known=key_id in self._keys):
                await self._refresh()
            return self._keys.get(key_id)

    async def warm_up(self) -> None:
        """Read the keys before a request needs them; a failure is logged, they are read again then."""
        async with self._lock:
            try:
                await self._refresh()
            except KeysUnavailableError:
                log.warning("teams_keys_unavailable")

    def _is_due(self, *, known: bool) -> bool:
        age = self._ticks() - self._read_at
        return age > _KEEP_SECONDS or (not known and age > _PAUSE_SECONDS)

    async def _refresh(self) -> None:
        try:
            metadata = await self._document(self._metadata_url)
            found = (await self._document(_allowed(str(metadata.get("jwks_uri", ""))))).get("keys")
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as failed:
            if not self._keys:
                raise KeysUnavailableError from failed
            # Old keys are better than none: a rotated one fails, and is looked for again.
            log.warning("teams_keys_unavailable")
            self._read_at = self._ticks()
            return
        self._keys = {str(key["kid"]): key for key in found or () if isinstance(key, dict) and "kid" in key}
        self._read_at = self._ticks()

    async def _document(self, url: str) -> dict[str, Any]:
        async with self._session.get(url, timeout=_TIMEOUT) as response:
            response.raise_for_status()
            read = json.loads(await response.read())
        if not isinstance(read, dict):
            message = "the key server sent no object"
            raise ValueError(message)  # noqa: TRY004  (what came is wrong, not what we passed)
        return read


def _allowed(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme == "https" or (parts.scheme == "http" and is_loopback(parts.hostname or "")):
        return url
    message = "keys come over https only"
    raise ValueError(message)
