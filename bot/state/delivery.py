"""A delivery: how far it is, why it failed, and what is known of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.model.message import MessageRef, Platform


class DeliveryStep(StrEnum):
    """How far a delivery is. POSTING is written before the post is sent, POSTED after its id is known."""

    CLAIMED = "claimed"
    COMPUTED = "computed"
    POSTING = "posting"
    POSTED = "posted"
    PICTURED = "pictured"
    FILED = "filed"
    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"


FINAL = frozenset({DeliveryStep.DONE, DeliveryStep.FAILED, DeliveryStep.UNKNOWN, DeliveryStep.SKIPPED})


class DeliveryError(StrEnum):
    """Why a delivery is not what its owner wanted."""

    NONE = ""
    TOO_LATE = "too_late"
    MAYBE_SENT = "maybe_sent"
    NOT_ALLOWED = "not_allowed"
    WRONG_USE = "wrong_use"
    PRIVATE = "private"
    BUG = "bug"
    SOURCE = "source"
    PLATFORM = "platform"
    CHANNEL_GONE = "channel_gone"
    NOT_IN_CHANNEL = "not_in_channel"
    REFUSED = "refused"
    PICTURE = "picture"
    FILE = "file"
    INCOMPLETE = "incomplete"
    STOPPED = "stopped"


class FileState(StrEnum):
    """A file of the thread. SENDING found after a crash means nobody knows; it is not sent again."""

    SENDING = "sending"
    DONE = "done"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Delivery:
    """One run of a subscription. `planned_at` is when it was due, `posted_at` when it really went out."""

    id: int
    subscription_id: str
    period: str
    platform: Platform
    place_id: str
    owner_id: str
    command: str
    step: DeliveryStep
    planned_at: datetime
    claimed_at: datetime
    lease_owner: str
    lease_until: datetime
    error: DeliveryError = DeliveryError.NONE
    posted_at: datetime | None = None
    finished_at: datetime | None = None
    message: MessageRef | None = None
    receipt_id: str | None = None
    files: Mapping[str, FileState] = field(default_factory=dict)
    owner_told_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Claim:
    """What a run takes: its period, when the subscription is due next, and the lease of the work."""

    period: str
    next_due_at: datetime
    owner: str
    until: datetime
    skip: bool = False
