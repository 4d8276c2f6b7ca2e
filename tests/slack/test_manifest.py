from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.slack.manifest import BOT_EVENTS, OPTIONAL_SCOPES, REQUIRED_SCOPES, Shortcut, manifest

ROOT = Path(__file__).parents[2]
ALLOWED_SCOPES = {
    "commands",
    "chat:write",
    "files:write",
    "users:read",
    "users:read.email",
    "im:write",
    "chat:write.public",
    "app_mentions:read",
    "usergroups:read",
}
ALLOWED_EVENTS = {"app_mention", "app_home_opened"}
VARIANTS = {
    "default": manifest(),
    "http": manifest(request_url="https://pulse.example.com/slack/events"),
    "other command": manifest("/pulse", "overview"),
    "shortcut": manifest(shortcuts=(Shortcut("Ask Codex Pulse", "pulse.ask", "Build a question"),)),
}


def loaded(variant: str) -> dict[str, Any]:
    content: dict[str, Any] = yaml.safe_load(VARIANTS[variant])
    return content


@pytest.mark.parametrize("version", ["v1", "v2"])
@pytest.mark.parametrize("variant", VARIANTS)
def test_the_manifest_is_valid_against_slacks_own_schema(variant: str, version: str) -> None:
    schema = json.loads((ROOT / f"tests/data/slack-manifest.{version}.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(loaded(variant))


def test_the_committed_manifest_is_what_is_printed() -> None:
    assert (ROOT / "manifest.yml").read_bytes() == manifest().encode()


@pytest.mark.parametrize("variant", VARIANTS)
def test_nothing_is_asked_for_beyond_the_allowed_scopes_and_events(variant: str) -> None:
    scopes = loaded(variant)["oauth_config"]["scopes"]
    assert set(scopes) == {"bot", "bot_optional"}
    assert set(scopes["bot"]) == ALLOWED_SCOPES
    assert set(scopes["bot_optional"]) == set(OPTIONAL_SCOPES)
    assert not set(OPTIONAL_SCOPES) & set(REQUIRED_SCOPES)
    assert set(loaded(variant)["settings"]["event_subscriptions"]["bot_events"]) == set(BOT_EVENTS)
    assert set(BOT_EVENTS) <= ALLOWED_EVENTS


def test_by_default_slack_needs_no_address_of_ours() -> None:
    assert loaded("default")["settings"]["socket_mode_enabled"] is True
    assert "https" not in manifest().partition("_metadata")[2]


def test_over_http_every_request_has_its_address() -> None:
    content = loaded("http")
    url = "https://pulse.example.com/slack/events"
    assert content["settings"]["socket_mode_enabled"] is False
    assert content["settings"]["interactivity"]["request_url"] == url
    assert content["settings"]["event_subscriptions"]["request_url"] == url
    assert content["features"]["slash_commands"][0]["url"] == url


def test_mentions_in_commands_arrive_as_ids() -> None:
    assert all(c["should_escape"] for c in loaded("default")["features"]["slash_commands"])
