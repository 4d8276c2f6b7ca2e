from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.dispatch.grammar import understand
from bot.model.ranges import Calendar
from handlers import COMMANDS

DOCUMENT = Path("docs/dashboard.md").read_text(encoding="utf-8")
CALENDAR = Calendar(datetime(2026, 10, 21, 15, tzinfo=UTC))
ROWS = tuple(re.findall(r"^\| ([^|]+) \| `([^`|]+)` \|$", DOCUMENT, re.MULTILINE))
VIEWS = (
    "Active users by surface",
    "Credits by surface",
    "Credits by client",
    "Credits by model",
    "Threads and turns by client",
    "User ranking",
    "Code Review: reviews and comments by priority",
    "Code Review: replies, reactions and engagement",
    "Code Review: sentiment",
)
EXPORTS = (
    "codex-daily-workspace-usage-counts-*.json",
    "codex-daily-sessions-messages-counts-*.json",
    "codex-*.csv",
    "Code review, JSON",
    "leaderboard-*.csv",
    "*Credit Usage Report*.csv",
)


@pytest.mark.parametrize("text", [text for _, text in ROWS])
def test_every_command_of_the_table_is_understood(text: str) -> None:
    command, query = understand(text, COMMANDS, CALENDAR)
    assert text.split(maxsplit=1)[0] == command.name == query.command


def test_every_table_line_has_a_command() -> None:
    lines = [
        line for line in DOCUMENT.splitlines() if line.startswith("| ") and "Dashboard " not in line[:12]
    ]
    assert len(lines) == len(ROWS)


@pytest.mark.parametrize("view", VIEWS)
def test_every_view_of_the_dashboard_is_there(view: str) -> None:
    assert view in {name for name, _ in ROWS}


@pytest.mark.parametrize("export", EXPORTS)
def test_every_export_of_the_dashboard_is_there(export: str) -> None:
    assert any(export in name for name, text in ROWS if text.startswith("export "))


def test_commands_named_beyond_the_dashboard_exist() -> None:
    (beyond,) = re.findall(r"^Beyond the dashboard: (.+)\.$", DOCUMENT, re.MULTILINE)
    for text in re.findall(r"`([^`]+)`", beyond):
        assert understand(text, COMMANDS, CALENDAR)[0].name == text.split()[0]
