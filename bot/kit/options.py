"""The company's choices that answers depend on, free of any settings machinery."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Company:
    """`slash` is the command people type; rates are per credit in USD; sizes are people."""

    slash: str = "/codex"
    timezone: str = "UTC"
    week_start: int = 0
    lag_hours: int = 12
    longest_days: int = 1096
    seats: int | None = None
    power_turns: int = 15
    usd_per_credit: float | None = None
    per_person: bool = True
    allow_emails: bool = False
    min_team_size: int = 5
    answer_expires_minutes: int = 60
    models_allowed: tuple[str, ...] = ()
