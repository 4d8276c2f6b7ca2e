"""Opaque paging cursors: signed, and bound to the question they continue."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from dataclasses import dataclass

_MAC_BYTES = 9


class BadCursorError(Exception):
    """A cursor that this server did not hand out, or not for this question."""


@dataclass(frozen=True, slots=True)
class Cursors:
    """Writes and reads cursors with one secret."""

    secret: bytes

    def write(self, question: str, position: list[int | float | str]) -> str:
        """Make a cursor that continues ``question`` at ``position``."""
        payload = json.dumps([_short(question), *position], separators=(",", ":")).encode()
        return base64.urlsafe_b64encode(self._mac(payload) + payload).decode().rstrip("=")

    def read(self, question: str, cursor: str) -> list[int | float | str]:
        """Read the position back; raises `BadCursorError`."""
        try:
            raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        except (binascii.Error, ValueError) as error:
            raise BadCursorError from error
        mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(payload)):
            raise BadCursorError
        asked, *position = json.loads(payload)
        if asked != _short(question):
            raise BadCursorError
        return list(position)

    def _mac(self, payload: bytes) -> bytes:
        return hmac.digest(self.secret, payload, "sha256")[:_MAC_BYTES]


def _short(question: str) -> str:
    return hashlib.sha256(question.encode()).hexdigest()[:12]
