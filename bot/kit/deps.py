"""What a command may call. Built once by the wiring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.kit.options import Company

if TYPE_CHECKING:
    from bot.analytics.client import AnalyticsClient


@dataclass(frozen=True, slots=True)
class Deps:
    """The shared clients and the company's choices."""

    analytics: AnalyticsClient
    company: Company
