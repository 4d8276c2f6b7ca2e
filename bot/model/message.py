"""Where a message goes and where one is."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.chat import Place, PlaceKind, Platform

__all__ = ["Destination", "MessageRef", "Platform", "destination_named", "destination_of"]


@dataclass(frozen=True, slots=True)
class Destination:
    """A place to post to. `address` is what the platform needs beyond the id (Teams: the service URL)."""

    platform: Platform
    place_id: str
    kind: PlaceKind = PlaceKind.CHANNEL
    address: str = ""


def destination_named(channel_id: str) -> Destination | None:
    """A channel that a setting names; None for an empty one. Only Teams' ids hold a colon."""
    if not channel_id:
        return None
    return Destination(Platform.TEAMS if ":" in channel_id else Platform.SLACK, channel_id)


def destination_of(place: Place) -> Destination:
    """Where to post so that it is read where something was asked."""
    return Destination(place.platform, place.id, place.kind, place.address)


@dataclass(frozen=True, slots=True)
class MessageRef:
    """A posted message: the conversation it is really in, and its id there (Slack: channel and ts)."""

    place_id: str
    message_id: str
