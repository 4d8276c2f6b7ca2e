"""Is this request from Slack? Answered before anything in it is read, and without writing any of it down."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable
from datetime import datetime

import structlog
from slack_bolt.middleware.async_middleware import AsyncMiddleware
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.slack import limits
from bot.slack.incoming import is_readable

log = structlog.get_logger(__name__)

_TIMESTAMP_DIGITS = 12


class Verifier:
    """Checks signatures. Without a signing secret (Socket Mode only) every HTTP request is refused."""

    def __init__(self, signing_secret: str, clock: Callable[[], datetime]) -> None:
        self._slack = SignatureVerifier(signing_secret) if signing_secret.strip() else None
        self._clock = clock

    def is_genuine(self, body: bytes, timestamp: str, signature: str) -> bool:
        """Return True for a body signed by Slack at most five minutes ago."""
        if self._slack is None or not _is_number(timestamp) or not signature.isascii():
            return False
        if abs(self._clock().timestamp() - int(timestamp)) > limits.SIGNATURE_AGE_SECONDS:
            return False
        return self._matches(self._slack, body, timestamp, signature)

    @staticmethod
    def _matches(slack: SignatureVerifier, body: bytes, timestamp: str, signature: str) -> bool:
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return False
        # The age was checked with our own clock: the SDK's reads the machine's.
        expected = slack.generate_signature(timestamp=timestamp, body=text)
        return expected is not None and hmac.compare_digest(expected, signature)


def _is_number(timestamp: str) -> bool:
    return timestamp.isascii() and timestamp.isdigit() and len(timestamp) <= _TIMESTAMP_DIGITS


class VerifiedOnly(AsyncMiddleware):
    """Stands in for Bolt's own check, which answers 500 to a bad timestamp and logs refused bodies."""

    def __init__(self, verifier: Verifier) -> None:
        self._verifier = verifier

    async def async_process(
        self,
        *,
        req: AsyncBoltRequest,
        resp: BoltResponse,
        next: Callable[[], Awaitable[BoltResponse]],  # noqa: A002  (Bolt's name)
    ) -> BoltResponse | None:
        """Let genuine requests that can be read pass; sockets were authenticated when they were opened."""
        del resp
        stamp = req.headers.get("x-slack-request-timestamp", [""])[0]
        signature = req.headers.get("x-slack-signature", [""])[0]
        raw = req.raw_body.encode()
        if req.mode != "socket_mode" and not self._verifier.is_genuine(raw, stamp, signature):
            return refused()
        return await next() if is_readable(req.body) else unreadable()


def refused() -> BoltResponse:
    """401 with nothing in it."""
    log.warning("slack_request_refused")
    return BoltResponse(status=401, body={"error": "invalid request"})


def unreadable() -> BoltResponse:
    """400 with nothing in it."""
    log.warning("slack_payload_unreadable")
    return BoltResponse(status=400, body="")


def is_certificate_check(body: bytes) -> bool:
    """Whether Slack only tries our certificate (`ssl_check=1`): to be answered 200, asks for nothing."""
    return b"ssl_check=1" in body.split(b"&")
