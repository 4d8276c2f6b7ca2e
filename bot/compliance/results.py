"""What can be looked up in the audit log, and what comes back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.compliance.api.wire import CodexTask
from bot.metrics.events.activity import Activity
from bot.metrics.events.moments import Change, HourCount
from bot.metrics.events.report import Overview
from bot.metrics.events.security import Notable
from bot.metrics.events.tokens import Token
from bot.model.timerange import TimeRange
from bot.sync.events.coverage import Coverage


class SubjectKind(StrEnum):
    """What can be looked up."""

    USER = "user"
    TOKEN = "token"  # noqa: S105  a word of the grammar
    SESSION = "session"
    TASK = "task"
    MODEL = "model"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class InvestigationResult:
    """What the held log says of a subject in a window.

    `subject` is the id that was looked up (a user's id for an e-mail, a token's id for its name).
    `tokens` concern the subject: owned, made, ended or used. `task` is set for a cloud task that exists:
    no record names its task, so `activity` then is what its creator did on cloud surfaces while it ran.
    """

    kind: SubjectKind
    subject: str
    window: TimeRange
    activity: Activity
    hours: tuple[HourCount, ...]
    changes: tuple[Change, ...]
    tokens: tuple[Token, ...]
    task: CodexTask | None
    coverage: Coverage

    @property
    def found(self) -> bool:
        """False for a subject without any trace: unknown, or not in the window."""
        return bool(self.activity.totals.events or self.tokens or self.task)


@dataclass(frozen=True, slots=True)
class TokensResult:
    """Every token the held log knows of, up to the window's end; uses are those of the window."""

    window: TimeRange
    tokens: tuple[Token, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True)
class AuditReport:
    """The log of a window at a glance; `tokens` are all known up to its end, `opened` oldest first."""

    window: TimeRange
    overview: Overview
    tokens: tuple[Token, ...]
    opened: tuple[Notable, ...]
    coverage: Coverage
