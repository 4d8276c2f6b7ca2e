"""docs/operations.md names events, metrics and tests: they are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app.meters import Meters
from bot.settings import PREFIX, Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/operations.md").read_text(encoding="utf-8")


def section(title: str) -> str:
    return re.split(r"^##+ ", TEXT.split(f"# {title}\n", 1)[1], maxsplit=1, flags=re.MULTILINE)[0]


def first_cells(title: str) -> list[str]:
    """The names in the first column of the section's table."""
    rows = [line.split("|")[1] for line in section(title).splitlines() if line.startswith("| `")]
    return [name for cell in rows for name in re.findall(r"`([^`]+)`", cell)]


def test_every_metric_of_the_bot_is_listed_and_no_other() -> None:
    shown = {
        f"{family.name}_total" if family.type == "counter" else family.name
        for family in Meters().registry.collect()
        if family.name.startswith("codex_pulse_")
    }
    assert {name for name in first_cells("Metrics") if name.startswith("codex_pulse_")} == shown


def test_every_listed_event_is_one_that_is_logged() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    events = first_cells("Log events")
    assert len(events) > 50
    assert [event for event in events if f'"{event}"' not in code] == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)`", TEXT))))
def test_every_named_test_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_named_setting_exists() -> None:
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", TEXT)) - {"CONFIG"}
    assert {name for name in named if name.lower() not in Settings.model_fields} == set()
