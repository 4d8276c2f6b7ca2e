"""The few blocks in use, as plain dicts that are always within Slack's limits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from bot.kit.cells import clean
from bot.slack import limits

Block = dict[str, Any]
T = TypeVar("T")


def mrkdwn(escaped: str) -> Block:
    """A mrkdwn object of already escaped text. `verbatim`: Slack makes no links out of names in it."""
    return {"type": "mrkdwn", "text": escaped or " ", "verbatim": True}


def plain(text: str, limit: int) -> Block:
    """A plain_text object in which nothing has a meaning."""
    return {"type": "plain_text", "text": limits.cut(clean(text), limit) or " ", "emoji": False}


def section(escaped: str) -> Block:
    """A paragraph."""
    return {"type": "section", "text": mrkdwn(escaped)}


def fields(escaped: Iterable[str]) -> Iterator[Block]:
    """Sections of ten short texts in two columns."""
    for group in _grouped(escaped, limits.SECTION_FIELDS):
        yield {"type": "section", "fields": [mrkdwn(text) for text in group]}


def preformatted(text: str) -> Block:
    """Aligned text in which nothing has a meaning."""
    element = {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text or " "}]}
    return {"type": "rich_text", "elements": [element]}


def image(file_id: str, alt: str) -> Block:
    """A picture uploaded before by the same bot."""
    alt_text = limits.cut(clean(alt), limits.IMAGE_ALT) or "chart"
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": alt_text}


def context(escaped: str) -> Block:
    """One small grey line."""
    return {"type": "context", "elements": [mrkdwn(escaped)]}


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(text, limits.HEADER_TEXT)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def field(block_id: str, label: str, element: Block, *, optional: bool = False) -> Block:
    """A labelled input of a form."""
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label, limits.HEADER_TEXT),
        "element": element,
        "optional": optional,
    }


def button(action_id: str, label: str, value: str) -> Block:
    """A button; `value` is opaque."""
    return {
        "type": "button",
        "action_id": limits.cut(action_id, limits.ACTION_ID),
        "text": plain(label, limits.BUTTON_TEXT),
        "value": value,
    }


def select(action_id: str, placeholder: str, options: Iterable[tuple[str, str]]) -> Block:
    """A menu of (label, opaque value)."""
    return {
        "type": "static_select",
        "action_id": limits.cut(action_id, limits.ACTION_ID),
        "placeholder": plain(placeholder, limits.PLACEHOLDER_TEXT),
        "options": [{"text": plain(text, limits.OPTION_TEXT), "value": value} for text, value in options],
    }


def actions(elements: Iterable[Block]) -> Iterator[Block]:
    """Rows of buttons and menus."""
    for group in _grouped(elements, limits.ACTIONS_ELEMENTS):
        yield {"type": "actions", "elements": group}


def _grouped(items: Iterable[T], size: int) -> Iterator[list[T]]:
    everything = list(items)
    return (everything[n : n + size] for n in range(0, len(everything), size))
