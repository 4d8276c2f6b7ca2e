"""Levels that a command asks for beyond its own, and who grants them."""

from __future__ import annotations

from bot.model.chat import Level, Request
from bot.model.errors import NotAllowed

AN_ADMIN = "an admin of Codex Pulse"
THE_OWNER = "whoever keeps the policy file"


PER_PERSON_OFF = "per-person figures, which are switched off for this workspace"


def granted_by(level: Level) -> str:
    """Who can give somebody `level`."""
    return AN_ADMIN if level is Level.ANALYST else THE_OWNER


def require(request: Request, level: Level) -> None:
    """Raise NotAllowed naming `level` unless the asker has it."""
    if not request.asker.has(level):
        raise NotAllowed(level, granted_by(level))
