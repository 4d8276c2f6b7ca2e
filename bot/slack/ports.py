"""What the Slack adapter needs from the rest of the product, and the parts it brings along itself."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from bot.model.chat import Answer, Asker, Place, Request

SLACK_API = "https://slack.com/api/"
_LABEL = b"codex-pulse slack control"
# AESSIV refuses to seal nothing, and "" is a command (the overview).
_VERSION = b"1"


class Answerer(Protocol):
    """Answers one request; never raises."""

    async def __call__(self, request: Request) -> Answer:
        """Return the reply or the refusal."""
        ...


class Directory(Protocol):
    """Who somebody is and what a place may show. Policy lives behind it; the adapter decides nothing."""

    async def asker(self, chat_user_id: str, team_id: str, enterprise_id: str | None) -> Asker:
        """Return the person behind a Slack user id; without levels for guests and other workspaces."""
        ...

    async def place(self, channel_id: str, channel_name: str = "", *, is_shared: bool = False) -> Place:
        """Return the place; `is_shared` when Slack said that another company is in it."""
        ...


class Seen(Protocol):
    """Remembers deliveries, so that a second one of the same is dropped."""

    async def first_time(self, key: str) -> bool:
        """Return True once for each key."""
        ...


class Ending(Protocol):
    """Remembers what is to be deleted later."""

    async def message(self, channel_id: str, ts: str, delete_at: datetime) -> None:
        """Note a posted message."""
        ...

    async def files(self, file_ids: Sequence[str], delete_at: datetime) -> None:
        """Note uploaded files."""
        ...


class NoEnding:
    """For recorders, which send nothing that could be deleted."""

    async def message(self, channel_id: str, ts: str, delete_at: datetime) -> None:
        """Forget it."""

    async def files(self, file_ids: Sequence[str], delete_at: datetime) -> None:
        """Forget them."""


class Sealer(Protocol):
    """Turns a command into an opaque control value and back."""

    def seal(self, command: str) -> str:
        """Return the value for a button or a menu option."""
        ...

    def open(self, value: str) -> str | None:
        """Return the command, or None for a value that is not ours."""
        ...


@dataclass(frozen=True, slots=True)
class SlackConfig:
    """Tokens and names. With an app token Socket Mode is used, else HTTP with the signing secret."""

    bot_token: str = field(repr=False)
    signing_secret: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    api_base_url: str = SLACK_API
    command: str = "/codex"
    native_charts: bool = False


class SealedCommands:
    """`Sealer` without any state: encrypted and authenticated, so values survive restarts and replicas.

    `key` is 32 bytes or more, derived from the installation's secret. The same command gives the same value.
    """

    def __init__(self, key: bytes) -> None:
        self._cipher = AESSIV(key[:32])

    def seal(self, command: str) -> str:
        """Return url-safe base64: 24 characters more than a third longer than the command.

        Half a character, as JSON can carry it, is sealed as a question mark.
        """
        sealed = self._cipher.encrypt(_VERSION + command.encode(errors="replace"), [_LABEL])
        return base64.urlsafe_b64encode(sealed).decode().rstrip("=")

    def open(self, value: str) -> str | None:
        """Return the command, or None when the value was not sealed with this key."""
        try:
            sealed = base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
            return self._cipher.decrypt(sealed, [_LABEL]).decode().removeprefix("1")
        except (InvalidTag, binascii.Error, ValueError):
            return None
