"""Requests as Slack signs them, and as somebody else might."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, replace
from typing import Any, Self
from urllib.parse import urlencode

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"

Json = dict[str, Any]


@dataclass(frozen=True)
class Signed:
    """A request body with its headers; each method returns a spoilt copy."""

    body: str
    headers: dict[str, str]

    def with_header(self, name: str, value: str | None) -> Self:
        kept = {k: v for k, v in self.headers.items() if k != name}
        return replace(self, headers=kept if value is None else {**kept, name: value})

    def forged(self) -> Self:
        return self.with_header("X-Slack-Signature", "v0=" + "0" * 64)

    def with_body(self, body: str) -> Self:
        return replace(self, body=body)


def sign(body: str, content_type: str, timestamp: float, secret: str = SECRET) -> Signed:
    stamp = str(int(timestamp))
    digest = hmac.new(secret.encode(), f"v0:{stamp}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": content_type,
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={digest}",
    }
    return Signed(body, headers)


def form(fields: Json, timestamp: float) -> Signed:
    return sign(urlencode(fields), "application/x-www-form-urlencoded", timestamp)


def command(timestamp: float, text: str = "usage 30d", **changes: str) -> Signed:
    """A slash command."""
    return form(command_payload(text, **changes), timestamp)


def command_payload(text: str = "usage 30d", **changes: str) -> Json:
    return {
        "command": "/codex",
        "text": text,
        "user_id": "U0000AAAA",
        "user_name": "not-an-identity",
        "team_id": "T0000AAAA",
        "channel_id": "C0000AAAA",
        "channel_name": "general",
        "api_app_id": "A0000AAAA",
        "trigger_id": "13345224609.738474920.8088930838d88f008e0",
        "is_enterprise_install": "false",
        "response_url": "https://hooks.slack.example/commands/1",
        **changes,
    }


def click(timestamp: float, action: Json, **changes: Any) -> Signed:
    """A click on a button, or a choice in a menu."""
    return form({"payload": json.dumps(click_payload(action, **changes))}, timestamp)


def click_payload(action: Json, **changes: Any) -> Json:
    return {
        "type": "block_actions",
        "user": {"id": "U0000AAAA", "team_id": "T0000AAAA", "username": "not-an-identity"},
        "team": {"id": "T0000AAAA", "domain": "fake"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": "C0000AAAA", "name": "general"},
        "container": {"type": "message", "message_ts": "1000000000.000001", "is_ephemeral": False},
        "message": {"ts": "1000000000.000001"},
        "trigger_id": "13345224609.738474920.click",
        "response_url": "https://hooks.slack.example/actions/1",
        "actions": [{"type": "button", "block_id": "b", "action_ts": "1000000001.000001", **action}],
        **changes,
    }


def event(timestamp: float, inner: Json, event_id: str = "Ev0000AAAA") -> Signed:
    """An Events API delivery."""
    return sign(json.dumps(event_payload(inner, event_id)), "application/json", timestamp)


def event_payload(inner: Json, event_id: str = "Ev0000AAAA") -> Json:
    return {
        "type": "event_callback",
        "team_id": "T0000AAAA",
        "api_app_id": "A0000AAAA",
        "event_id": event_id,
        "event_time": 1000000000,
        "is_ext_shared_channel": False,
        "authorizations": [{"team_id": "T0000AAAA", "user_id": "U0000BOTT", "is_bot": True}],
        "event": inner,
    }


def mention(text: str, **changes: str) -> Json:
    return {
        "type": "app_mention",
        "user": "U0000AAAA",
        "text": f"<@U0000BOTT> {text}",
        "channel": "C0000AAAA",
        "ts": "1000000005.000001",
        "event_ts": "1000000005.000001",
        **changes,
    }
