"""Looks at budgets and unusual days after each sync, and keeps one message per alert up to date."""

from __future__ import annotations

from bot.watch.watcher import Watcher

__all__ = ["Watcher"]
