"""docs/operations.md names events, metrics and tests: they are there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.app.meters import Meters
from bot.settings import PREFIX, Settings
from bot.slack.app import EVENTS_PATH
from bot.teams.door import MESSAGES_PATH
from bot.teams.links import LINKS_PATH
from bot.teams.manifest import ABOUT_PATH

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


def test_every_event_that_is_logged_is_listed() -> None:
    code = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "bot").rglob("*.py"))
    logged = set(re.findall(r'\blog\.(?:info|warning|error|critical)\(\s*"(\w+)"', code))
    assert sorted(logged - set(first_cells("Log events"))) == []


@pytest.mark.parametrize("path", sorted(set(re.findall(r"`(tests/[\w/.]+)`", TEXT))))
def test_every_named_test_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_named_setting_exists() -> None:
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", TEXT)) - {"CONFIG"}
    assert {name for name in named if name.lower() not in Settings.model_fields} == set()


def test_the_paths_that_a_proxy_passes_on_are_those_that_are_served() -> None:
    security = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    told = re.findall(r"`(/[\w/]+)`", security.split("pass on only", 1)[1].split("`/healthz`", 1)[0])
    assert told == [EVENTS_PATH, MESSAGES_PATH, LINKS_PATH, ABOUT_PATH]
