"""The second host: short-lived signed addresses, and no key may ever reach it."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from datetime import datetime

from aiohttp import web

from bot.reference.faults import Faults
from bot.reference.logfiles import LogFile
from bot.reference.replies import RefusedError, error_reply

_VALID_SECONDS = 300
Find = Callable[[str], LogFile | None]


class Signer:
    """Signs addresses of log files."""

    def __init__(self, secret: bytes, clock: Callable[[], datetime]) -> None:
        self._secret, self._clock = secret, clock
        self.host_url = ""

    def url(self, file_id: str) -> str:
        """Make an address that is good for five minutes."""
        expires = str(int(self._clock().timestamp()) + _VALID_SECONDS)
        return (
            f"{self.host_url}/files/{file_id}?expires={expires}&signature={self._signature(file_id, expires)}"
        )

    def check(self, file_id: str, expires: str, signature: str) -> None:
        """Raise `RefusedError` 403 for a wrong signature, 410 for an expired one."""
        if not hmac.compare_digest(signature.encode(), self._signature(file_id, expires).encode()):
            raise RefusedError(403, "The signature does not match.", "invalid_signature")
        if int(expires) < self._clock().timestamp():
            raise RefusedError(410, "This address has expired.", "expired")

    def _signature(self, file_id: str, expires: str) -> str:
        return hmac.digest(self._secret, f"{file_id}:{expires}".encode(), "sha256").hex()


class SignedHost:
    """Serves the content of log files to whoever has a signed address."""

    def __init__(self, signer: Signer, find: Find, faults: Faults) -> None:
        self._signer, self._find = signer, find
        self._left_to_tamper = faults.tampered_log
        self.leaked_keys = 0

    async def file(self, request: web.Request) -> web.Response:
        """`GET /files/{file}`; a request with a key is refused and counted."""
        try:
            return self._content(request)
        except RefusedError as error:
            return error_reply(error)

    def _content(self, request: web.Request) -> web.Response:
        if "Authorization" in request.headers:
            self.leaked_keys += 1
            raise RefusedError(400, "Only one way of authentication is allowed.", "unexpected_authorization")
        file_id, query = request.match_info["file"], request.query
        self._signer.check(file_id, query.get("expires", ""), query.get("signature", ""))
        file = self._find(file_id)
        if file is None:
            raise RefusedError(404, "Log file not found.", "not_found")
        return web.Response(body=self._tampered(file.content), content_type="application/x-ndjson")

    def _tampered(self, content: bytes) -> bytes:
        """Change one letter, so that size and form stay and only the checksum tells."""
        if self._left_to_tamper == 0:
            return content
        self._left_to_tamper -= 1
        return content.replace(b"CHATGPT_WORKSPACE", b"CHATGPT_WORKSPACF", 1)
