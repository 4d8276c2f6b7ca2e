"""Whole UTC days from the Analytics API into the lake."""

from __future__ import annotations

from bot.sync.plan import DayState, Rules
from bot.sync.report import Failure, Progress, StageSeconds, SyncReport
from bot.sync.steps import Step
from bot.sync.sync import Sync

__all__ = ["DayState", "Failure", "Progress", "Rules", "StageSeconds", "Step", "Sync", "SyncReport"]
