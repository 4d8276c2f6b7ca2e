"""The form to build a question in: opened by the global shortcut, answered where the person chooses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.slack import blocks as b
from bot.slack import limits
from bot.slack.incoming import Incoming, Origin, Payload, key_of

CALLBACK_ID = "pulse.ask"
_COMMAND, _RANGE, _OPTIONS, _PLACE = "command", "range", "options", "place"
_RANGES = (
    ("Last 7 days", "7d"),
    ("Last 30 days", "30d"),
    ("Last 90 days", "90d"),
    ("This month", "this month"),
    ("Last month", "last month"),
    ("Last 12 weeks", "12w"),
)
_NO_COMMAND = "Choose what you want to know."
_TOO_LONG = "That is more than can be asked: shorten it."
_LONGEST_OPTIONS = 200


@dataclass(frozen=True, slots=True)
class Question:
    """A command the form offers; without `ranged` the range is left out."""

    name: str
    summary: str
    ranged: bool = True


def modal(questions: Sequence[Question]) -> dict[str, Any]:
    """The view for `views.open`."""
    commands = [(f"{q.name}: {q.summary}", q.name) for q in questions[: limits.SELECT_OPTIONS]]
    return {
        "type": "modal",
        "callback_id": CALLBACK_ID,
        "title": b.plain("Ask Codex Pulse", limits.VIEW_TITLE),
        "submit": b.plain("Ask", limits.VIEW_TITLE),
        "close": b.plain("Cancel", limits.VIEW_TITLE),
        "blocks": [
            b.field(_COMMAND, "What do you want to know?", b.select(_COMMAND, "Choose a question", commands)),
            b.field(_RANGE, "Over which days?", b.select(_RANGE, "30 days", _RANGES), optional=True),
            b.field(_OPTIONS, "Anything else?", _typed(), optional=True),
            b.field(_PLACE, "Where should the answer go?", _conversations()),
        ],
    }


def problems(body: Payload) -> dict[str, str]:
    """What is missing or wrong, by block id; empty when the question can be asked."""
    values = _values(body)
    found = {}
    if not _chosen(values, _COMMAND):
        found[_COMMAND] = _NO_COMMAND
    if len(_text(values, _OPTIONS)) > _LONGEST_OPTIONS:
        found[_OPTIONS] = _TOO_LONG
    return found


def from_submission(body: Payload, questions: Sequence[Question]) -> Incoming | None:
    """The question of a submitted form; None when it names no person or no command of ours.

    Without a chosen conversation the answer goes to the person's direct messages.
    """
    values = _values(body)
    asked = next((q for q in questions if q.name == _chosen(values, _COMMAND)), None)
    user = str(_mapping(body.get("user")).get("id") or "")
    if asked is None or not user:
        return None
    days = _chosen(values, _RANGE) if asked.ranged else ""
    words = " ".join(word for word in (asked.name, days, _text(values, _OPTIONS)) if word)
    url = next((u for u in body.get("response_urls") or () if isinstance(u, Mapping)), {})
    channel = str(url.get("channel_id") or _mapping(values.get(_PLACE)).get("selected_conversation") or user)
    return Incoming(
        key=key_of("view", _mapping(body.get("view")).get("id"), user),
        origin=Origin(user, channel, words, str(url.get("response_url") or "") or None),
        team_id=str(_mapping(body.get("user")).get("team_id") or _mapping(body.get("team")).get("id") or ""),
        enterprise_id=str(_mapping(body.get("enterprise")).get("id") or "") or None,
    )


def _typed() -> b.Block:
    placeholder = b.plain("by model, top 20, client cli", limits.PLACEHOLDER_TEXT)
    return {
        "type": "plain_text_input",
        "action_id": _OPTIONS,
        "placeholder": placeholder,
        "max_length": _LONGEST_OPTIONS,
    }


def _conversations() -> b.Block:
    """With a response_url of the chosen conversation, so that the answer can be private there.

    Channels shared with other companies are not offered: a submission does not tell that they are.
    """
    return {
        "type": "conversations_select",
        "action_id": _PLACE,
        "placeholder": b.plain("Choose a conversation", limits.PLACEHOLDER_TEXT),
        "default_to_current_conversation": True,
        "response_url_enabled": True,
        "filter": {"exclude_external_shared_channels": True},
    }


def _values(body: Payload) -> Mapping[str, Any]:
    """The state by block, each block holding one element."""
    state = _mapping(_mapping(_mapping(body.get("view")).get("state")).get("values"))
    return {name: _mapping(_mapping(block).get(name)) for name, block in state.items()}


def _chosen(values: Mapping[str, Any], name: str) -> str:
    option = _mapping(_mapping(values.get(name)).get("selected_option"))
    return str(option.get("value") or "")


def _text(values: Mapping[str, Any], name: str) -> str:
    return str(_mapping(values.get(name)).get("value") or "").strip()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
