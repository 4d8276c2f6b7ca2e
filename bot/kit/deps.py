"""What a command may call. Built once by the wiring."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from bot.kit.options import Company
from bot.model.chat import Reply, Request

if TYPE_CHECKING:
    from bot.analytics.client import AnalyticsClient
    from bot.compliance.client import ComplianceClient
    from bot.kit.command import Command
    from bot.kit.exportfiles import ExportFolder
    from bot.kit.scheduling import Scheduling
    from bot.model.redaction import Redactor
    from bot.state.engine import StateDb


class Notices(Protocol):
    """Tells people what they did not just ask for."""

    async def security(self, reply: Reply) -> bool:
        """Post to the security channel; False when there is none or it could not be reached."""
        ...

    async def chat_of_email(self, email: str) -> str | None:
        """The chat account of an address; None when no platform knows one."""
        ...

    async def person(self, chat_id: str, text: str) -> bool:
        """Tell one person directly; False when no platform could."""
        ...


class Again(Protocol):
    """Runs another command line as the request's asker, at its instant, in its place and under its policy."""

    def command_of(self, request: Request) -> Command:
        """The command that `request.text` stands for; raises WrongUse."""
        ...

    async def run(self, request: Request) -> Reply:
        """Its reply, not drawn and without a receipt; raises what the policy and the command raise."""
        ...


@dataclass(frozen=True, slots=True)
class Deps:
    """The shared clients, the company's choices, what people have set up, and a place for files.

    `compliance` is None without a key for the audit log; `bot.kit.audit.audit_log` says so in words.
    `notices` is None where nothing can be posted. Dispatch sets `again` for each run.
    """

    analytics: AnalyticsClient
    company: Company
    state: StateDb
    scheduling: Scheduling
    exports: ExportFolder
    compliance: ComplianceClient | None = None
    notices: Notices | None = None
    redactor: Callable[[], Redactor] | None = None
    again: Again | None = None

    def dispatch(self) -> Again:
        """The way back into dispatch, there while a command runs."""
        if self.again is None:
            message = "dispatch runs this command without a way back"
            raise TypeError(message)
        return self.again
