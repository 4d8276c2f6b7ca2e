"""What every answer over a window has in common: its footer, its first words, its range buttons."""

from __future__ import annotations

from bot.analytics.client import Coverage
from bot.kit.words import day, span
from bot.model.chat import Action, BasisFile, Footer
from bot.model.query import Query

RANGES = ("7d", "30d", "90d")
