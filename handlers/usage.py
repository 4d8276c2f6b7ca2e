"""`usage [RANGE] [by surface|client|model|speed] [credits|tokens|cost]`: what Codex used, with a chart."""

from __future__ import annotations

import charts
from bot.analytics.client import Answered
from bot.kit.command import Command, Option
from bot.kit.deps import Deps
from bot.kit.figures import metric_column, metric_fact, rate_fact, share_pct
from bot.kit.replies import footer_of, range_actions, when
from bot.kit.words import figure, moved, number, plural, span
from bot.metrics.figures import Metric
from bot.metrics.usage import Dimension, Group, UsageResult
from bot.model.chat import Column, Drawing, Fact, Reply, Request, Table, Unit
from bot.model.ranges import View

METRICS = {"credits": Metric.CREDITS, "tokens": Metric.TOKENS, "cost": Metric.ESTIMATED_COST_USD}
SUMMED = (
    Metric.ACTIVE_USERS,
    Metric.THREADS,
    Metric.TURNS,
    Metric.CREDITS,
    Metric.TOKENS,
    Metric.COST_USD,
    Metric.ESTIMATED_COST_USD,
)
BY_CLIENT = (Metric.ACTIVE_USERS, Metric.THREADS, Metric.TURNS)
BY_MODEL = (Metric.ACTIVE_USERS, Metric.TOKENS, Metric.ESTIMATED_COST_USD)
