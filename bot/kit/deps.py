"""What a command may call. Built once by the wiring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.options import Company

if TYPE_CHECKING:
    from bot.analytics.client import AnalyticsClient
    from bot.compliance.client import ComplianceClient
    from bot.kit.scheduling import Scheduling
    from bot.state.engine import StateDb


@dataclass(frozen=True, slots=True)
class Deps:
    """The shared clients, the company's choices and what people have set up.

    `compliance` is None without a key for the audit log; `bot.kit.audit.audit_log` says so in words.
    """

    analytics: AnalyticsClient
    company: Company
    state: StateDb
    scheduling: Scheduling
    compliance: ComplianceClient | None = None
