"""Judges activities: Teams' limits, and no key that Adaptive Cards do not know (clients ignore those)."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterator
from typing import Any

from markdown_it import MarkdownIt
from microsoft_teams.cards import core
from pydantic import BaseModel

# Keys of the formats themselves that the SDK's models do not list.
UNMODELLED = {"$schema"}
MODELS: dict[str, type[BaseModel]] = {
    model.model_fields["type"].default: model
    for _, model in inspect.getmembers(core, inspect.isclass)
    if issubclass(model, BaseModel) and "type" in model.model_fields
}
MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("strikethrough")
BASE64 = re.compile(r"data:image/[a-z]+;base64,[A-Za-z0-9+/=]*")


def check(activity: dict[str, Any]) -> dict[str, Any]:
    """The activity, if every rule holds; else an AssertionError that names the rule."""
    assert activity["type"] == "message"
    assert "text" not in activity, "text beside a card becomes a second message"
    assert 0 < len(activity["summary"]) <= 400
    assert size_bytes(activity) <= 80 * 1024
    (attachment,) = activity["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    check_card(attachment["content"])
    return activity


def check_card(card: dict[str, Any]) -> None:
    assert card["version"] == "1.5"
    for element in walk(card, fallbacks=True):
        if "type" in element:
            assert unknown_keys(element) == [], element["type"]
    assert len(card.get("actions", [])) <= 6
    for element in elements(card, "ActionSet"):
        assert 1 <= len(element["actions"]) <= 6
    for element in elements(card, "Table"):
        assert len(element["rows"]) <= 25
        assert all(len(row["cells"]) == len(element["columns"]) <= 6 for row in element["rows"])
    ids = [action["id"] for action in buttons(card)]
    assert len(set(ids)) == len(ids)


def unknown_keys(element: dict[str, Any]) -> list[str]:
    """Keys that the format does not have; raises a ValidationError for a value it does not have."""
    model = MODELS[element["type"]]
    model.model_validate(element)
    known = {field.serialization_alias or name for name, field in model.model_fields.items()}
    return sorted(set(element) - known - UNMODELLED)


def walk(value: object, *, fallbacks: bool = False) -> Iterator[dict[str, Any]]:
    """Every object inside."""
    if isinstance(value, dict):
        yield value
        for key, inner in value.items():
            if key != "fallback" or fallbacks:
                yield from walk(inner, fallbacks=fallbacks)
    elif isinstance(value, list):
        for item in value:
            yield from walk(item, fallbacks=fallbacks)


def elements(card: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [item for item in walk(card) if item.get("type") == kind]


def buttons(card: dict[str, Any]) -> list[dict[str, Any]]:
    return elements(card, "Action.Execute")


def content(activity: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = activity["attachments"][0]["content"]
    return found


def shown(markdown: str) -> str:
    """What a client shows of a TextBlock."""
    return "".join(token.content for token in _text_tokens(markdown))


def only_text(markdown: str) -> bool:
    """True when nothing in it is emphasis, link, list, code or tag."""
    inline = {"text", "text_special", "softbreak"}
    parsed = MARKDOWN.parse(markdown)
    kinds = {token.type for token in parsed} - {"paragraph_open", "paragraph_close", "inline"}
    return not kinds and all(token.type in inline for token in _text_tokens(markdown))


def _text_tokens(markdown: str) -> list[Any]:
    return [child for token in MARKDOWN.parse(markdown) for child in token.children or ()]


def size_bytes(activity: dict[str, Any]) -> int:
    return len(BASE64.sub("", json.dumps(activity, ensure_ascii=False)).encode("utf-16-le", "surrogatepass"))
