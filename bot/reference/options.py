"""What the reference server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from bot.reference.faults import Faults

FEWEST_PEOPLE = 5
_DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Options:
    """A workspace and how to serve it.

    ``now`` replaces the clock (an aware instant); None = the real clock, read per request.
    ``port`` 0 takes a free one. Only loopback addresses are bound. ``log_minutes`` is what a log file
    spans: tens of minutes that divide a day, 10 as the real export has it. ``unknown_client`` puts an id that
    no published enum knows in the place of a known one, as a later release of Codex will.
    """

    users: int = 240
    seed: int = 7
    now: datetime | None = None
    host: str = "127.0.0.1"
    port: int = 0
    lag_hours: int = 12
    log_minutes: int = 10
    unknown_client: bool = False
    misbehave: Faults = field(default_factory=Faults)

    def __post_init__(self) -> None:
        _require(self.users >= FEWEST_PEOPLE, f"users must be at least {FEWEST_PEOPLE}")
        _require(self.seed >= 0, "seed must not be negative")
        _require(self.lag_hours >= 0, "lag_hours must not be negative")
        whole = self.log_minutes > 0 and self.log_minutes % 10 == 0 and _DAY_MINUTES % self.log_minutes == 0
        _require(whole, "log_minutes must be tens of minutes that divide a day")
        _require(self.host in {"127.0.0.1", "localhost"}, "host must be a loopback address")
        _require(self.now is None or self.now.tzinfo is not None, "now must carry a time zone")


def _require(holds: bool, message: str) -> None:  # noqa: FBT001  # a guard reads best with the condition first
    if not holds:
        raise ValueError(message)
