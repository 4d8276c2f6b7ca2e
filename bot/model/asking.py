"""Who asks what, where and when."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.query import Query


class Level(StrEnum):
    """What a person may see. Investigator and approver are grants of their own and imply nothing."""

    MEMBER = "member"
    ANALYST = "analyst"
    ADMIN = "admin"
    INVESTIGATOR = "investigator"
    APPROVER = "approver"


class Platform(StrEnum):
    """The chat platforms."""

    SLACK = "slack"
    TEAMS = "teams"


class PlaceKind(StrEnum):
    """Where a question was typed."""

    CHANNEL = "channel"
    DM = "dm"
    SHARED = "shared"


class PlaceLevel(StrEnum):
    """What may be shown in a place (design section 7)."""

    AGGREGATE = "aggregate"
    PEOPLE = "people"
    INVESTIGATIONS = "investigations"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks. `levels` is empty for guests and for people of other workspaces."""

    id: str
    email: str | None = None
    levels: frozenset[Level] = frozenset()
    codex_user_id: str | None = None

    def has(self, level: Level) -> bool:
        """True when `level` is held."""
        return level in self.levels


@dataclass(frozen=True, slots=True)
class Place:
    """Where it was asked. A DM and the asker are the same audience.

    `address` is what the platform needs beyond the id to post here later (Teams: the service URL).
    """

    id: str
    kind: PlaceKind = PlaceKind.CHANNEL
    level: PlaceLevel = PlaceLevel.AGGREGATE
    platform: Platform = Platform.SLACK
    address: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """One command line with who, where and when. `text` is what was typed after the slash command."""

    text: str
    asker: Asker
    place: Place
    now: datetime
    id: str = ""
    query: Query = field(default_factory=Query)
