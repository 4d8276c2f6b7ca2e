"""Where a message goes and where one is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.chat import PlaceKind


class Platform(StrEnum):
    """The chat platforms."""

    SLACK = "slack"
    TEAMS = "teams"


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to post to. `address` is what the platform needs beyond the id (Teams: the service URL)."""

    platform: Platform
    place_id: str
    kind: PlaceKind = PlaceKind.CHANNEL
    address: str = ""


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A posted message: the conversation it is really in, and its id there (Slack: channel and ts)."""

    place_id: str
    message_id: str
