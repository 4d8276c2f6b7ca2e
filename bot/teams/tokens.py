"""Is this request from Teams? Answered before anything in it is used."""

from __future__ import annotations

from typing import Any

import jwt

from bot.teams.keys import KeysUnavailableError, SigningKeys
from bot.teams.sdk import InboundActivityTokenValidator

_LEEWAY_SECONDS = 300
_ALGORITHMS = ["RS256"]
_REQUIRED = ["exp", "iss", "aud"]
_CHANNEL = "msteams"


class TokenCheck(InboundActivityTokenValidator):
    """Stands in for the SDK's check, which reads keys inside the event loop and skips a missing service URL.

    The time is the machine's own: a clock set for a demo must not revive an old token.
    """

    def __init__(self, app_id: str, issuer: str, keys: SigningKeys) -> None:
        super().__init__(app_id)
        self._audience = app_id
        self._issuer = issuer
        self._keys = keys

    async def validate_token(self, raw_token: str, service_url: str | None = None) -> dict[str, Any]:
        """Return the claims; raises jwt.InvalidTokenError unless Teams issued the token for this bot."""
        key = await self._key(raw_token)
        claims: dict[str, Any] = jwt.decode(
            raw_token,
            jwt.PyJWK(key, algorithm=_ALGORITHMS[0]),
            algorithms=_ALGORITHMS,
            audience=self._audience,
            issuer=self._issuer,
            leeway=_LEEWAY_SECONDS,
            options={"require": _REQUIRED},
        )
        claimed = claims.get("serviceurl")
        if not service_url or not isinstance(claimed, str) or claimed.rstrip("/") != service_url.rstrip("/"):
            raise jwt.InvalidTokenError("another service URL")
        return claims

    async def _key(self, raw_token: str) -> dict[str, Any]:
        key_id = jwt.get_unverified_header(raw_token).get("kid")
        try:
            key = await self._keys.find(key_id) if isinstance(key_id, str) else None
        except KeysUnavailableError as failed:
            raise jwt.InvalidTokenError("no keys") from failed
        if key is None or key.get("kty") != "RSA":
            raise jwt.InvalidTokenError("unknown key")
        # Microsoft's key server lists the keys of all its channels; one that names none may speak for each.
        if _CHANNEL not in (key.get("endorsements") or [_CHANNEL]):
            raise jwt.InvalidTokenError("a key of another channel")
        return key
