"""Payloads of commands, clicks and mentions, read once into one small type."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from bot.slack.ports import Sealer

Payload = Mapping[str, Any]

_LINK = re.compile(r"<([^<>|]+)(?:\|[^<>]*)?>")
_FILLING = " \t\r\n,:;.!?"
_FIRST_MENTION = r"^\s*<@[UW][A-Z0-9]+(?:\|[^<>]*)?>"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an answer goes: what all may see under `thread_ts`, a private line into the thread asked in.

    `inside_ts` is that thread, None outside of one: Slack shows ephemeral messages only in threads that have
    replies. `working`: our "Working on it" hangs on `response_url` and is to be replaced.
    """

    user_id: str
    channel_id: str
    text: str
    response_url: str | None = None
    thread_ts: str | None = None
    working: bool = False
    inside_ts: str | None = None


@dataclass(frozen=True, slots=True)
class Incoming:
    """One thing somebody asked. `key` is the same for a second delivery of it."""

    key: str
    origin: Origin
    team_id: str
    enterprise_id: str | None
    channel_name: str = ""
    is_shared: bool = False


@dataclass(frozen=True, slots=True)
class Visit:
    """Somebody opened the Home (no `trigger_id`), or asked for the form within the last three seconds."""

    user_id: str
    team_id: str
    enterprise_id: str | None = None
    trigger_id: str = ""


def is_readable(body: Payload) -> bool:
    """Whether the parts that every payload of its type has are there, and are what they should be."""
    match body.get("type"):
        case "event_callback":
            return bool(_inner(body, "event", "type"))
        case "block_actions":
            actions = body.get("actions")
            return isinstance(actions, list) and bool(actions) and all(map(_is_action, actions))
        case "view_submission" | "view_closed":
            return bool(_inner(body, "view", "type"))
        case _:
            return True


def _is_action(value: object) -> bool:
    action = _mapping(value)
    return bool(_id(action.get("type")) and _id(action.get("action_id")))


def from_home(body: Payload) -> Visit | None:
    """An `app_home_opened` event; None for the messages tab or without a person."""
    event = body.get("event") or {}
    user = _id(event.get("user"))
    if not user or event.get("tab", "home") != "home":
        return None
    return Visit(user, _id(body.get("team_id")), _id(body.get("enterprise_id")) or None)


def from_shortcut(body: Payload) -> Visit | None:
    """A global shortcut; None without a person or a trigger."""
    user, trigger = _inner(body, "user", "id"), _id(body.get("trigger_id"))
    team = _inner(body, "user", "team_id") or _inner(body, "team", "id")
    return Visit(user, team, trigger_id=trigger) if user and trigger else None


def from_command(body: Payload) -> Incoming | None:
    """A slash command; None when it names no person or place."""
    user, channel = _id(body.get("user_id")), _id(body.get("channel_id"))
    if not user or not channel:
        return None
    url = body.get("response_url") or None
    return Incoming(
        key=key_of("command", body.get("trigger_id")),
        origin=Origin(user, channel, typed(str(body.get("text") or "")), url, working=url is not None),
        team_id=_id(body.get("team_id")),
        enterprise_id=_id(body.get("enterprise_id")) or None,
        channel_name=str(body.get("channel_name") or ""),
    )


def from_click(body: Payload, sealer: Sealer) -> Incoming | None:
    """A click on one of our controls; None when its value is not ours. The Home answers by DM."""
    action = (body.get("actions") or [{}])[0]
    option = _mapping(action.get("selected_option")) or action
    command = sealer.open(str(option.get("value") or ""))
    user = _inner(body, "user", "id")
    channel = _inner(body, "channel", "id") or (user if "view" in body else "")
    if command is None or not user or not channel:
        return None
    return Incoming(
        key=key_of("action", action.get("action_ts"), user),
        origin=Origin(
            user,
            channel,
            command,
            _id(body.get("response_url")) or None,
            _thread_of(body),
            inside_ts=_inside(body) or None,
        ),
        team_id=_inner(body, "user", "team_id") or _inner(body, "team", "id"),
        enterprise_id=_inner(body, "enterprise", "id") or None,
        channel_name=_inner(body, "channel", "name"),
    )


def from_mention(body: Payload, bot_user_id: str = "") -> Incoming | None:
    """An `app_mention` event; None when a bot wrote it or it names no person."""
    event = body.get("event") or {}
    user, channel = _id(event.get("user")), _id(event.get("channel"))
    if not user or not channel or event.get("bot_id"):
        return None
    text = _addressed(str(event.get("text") or ""), bot_user_id)
    inside = _id(event.get("thread_ts")) or None
    return Incoming(
        key=key_of("event", body.get("event_id")),
        origin=Origin(
            user, channel, typed(text), thread_ts=inside or _id(event.get("ts")) or None, inside_ts=inside
        ),
        team_id=_id(event.get("user_team") or event.get("team") or body.get("team_id")),
        enterprise_id=_id(body.get("enterprise_id")) or None,
        is_shared=bool(body.get("is_ext_shared_channel")),
    )


def _addressed(text: str, bot_user_id: str) -> str:
    """What is said to the bot: what follows its mention, else what precedes it."""
    own = rf"<@{re.escape(bot_user_id)}(?:\|[^<>]*)?>"
    before, *after = re.split(own if re.search(own, text) else _FIRST_MENTION, text, maxsplit=1)
    return next((said for said in (*after, before) if said.strip(_FILLING)), "").lstrip(_FILLING)


def typed(text: str) -> str:
    """What was typed: entities decoded, `<@U1|name>` as `<@U1>` (names prove nothing), links as targets."""
    parts = _LINK.sub(lambda m: _target(m.group(1)), text)
    return html.unescape(parts).strip()


def _target(inside: str) -> str:
    return f"<{inside}>" if inside.startswith(("@", "#", "!")) else inside.removeprefix("mailto:")


def _thread_of(body: Payload) -> str | None:
    """Answers to a click go under the message that was clicked, unless only one person sees it."""
    if _mapping(body.get("container")).get("is_ephemeral"):
        return _inside(body) or None
    return _inside(body) or _id(_mapping(body.get("message")).get("ts")) or None


def _inside(body: Payload) -> str:
    """The thread that the clicked message is in; empty outside of one."""
    return _inner(body, "message", "thread_ts") or _inner(body, "container", "thread_ts")


def key_of(kind: str, given: object, user: str = "") -> str:
    """The same for a second delivery; a payload without its id is never taken for another one."""
    return f"{kind}:{given or uuid4().hex}:{user}"


def _inner(body: Payload, outer: str, inner: str) -> str:
    return _id(_mapping(body.get(outer)).get(inner))


def _mapping(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _id(value: object) -> str:
    return value if isinstance(value, str) else ""
