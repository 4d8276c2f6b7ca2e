"""Queries over the lake's files: Ibis expressions, run by DuckDB inside the process."""

from __future__ import annotations

from bot.engine.engine import Build, Engine, QueryFailed
from bot.engine.options import EngineOptions, engine_options

__all__ = ["Build", "Engine", "EngineOptions", "QueryFailed", "engine_options"]
