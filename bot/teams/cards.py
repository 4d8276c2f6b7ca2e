"""The few Adaptive Card elements in use, as plain dicts of version 1.5."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from bot.teams import limits
from bot.teams.text import one_line

Element = dict[str, Any]

CARD_TYPE = "application/vnd.microsoft.card.adaptive"
SCHEMA = "http://adaptivecards.io/schemas/adaptive-card.json"
VERSION = "1.5"
VERB = "pulse"
_WIDEST_LETTERS = 16
_PADDING_LETTERS = 2
_BOLD_LETTERS = 2
_WIDE_COLUMNS = 4


def card(
    body: Sequence[Element], actions: Sequence[Element], fallback: str, *, for_teams: bool = False
) -> Element:
    """A card. `fallback` is shown by clients that know no version 1.5.

    `for_teams`: as wide as the conversation, by a keyword that the schema of Adaptive Cards does not have.
    """
    whole: Element = {
        "type": "AdaptiveCard",
        "$schema": SCHEMA,
        "version": VERSION,
        "fallbackText": fallback,
        "body": list(body),
    }
    if for_teams:
        whole["msteams"] = {"width": "full"}
    return {**whole, "actions": list(actions)} if actions else whole


def heading(escaped: str) -> Element:
    """The finding."""
    return {"type": "TextBlock", "text": escaped, "wrap": True, "weight": "Bolder", "size": "Medium"}


def paragraph(escaped: str, *, apart: bool = False) -> Element:
    """A line of text; `apart`: after an empty line."""
    block: Element = {"type": "TextBlock", "text": escaped, "wrap": True}
    return block if apart else {**block, "spacing": "Small"}


def small(escaped: str) -> Element:
    """One small grey line."""
    return {"type": "TextBlock", "text": escaped, "wrap": True, "size": "Small", "isSubtle": True}


def caption(escaped: str) -> Element:
    """What stands above a table."""
    return {"type": "TextBlock", "text": escaped, "wrap": True, "weight": "Bolder", "spacing": "Medium"}


def facts(pairs: Iterable[tuple[str, str]]) -> Element:
    """Figures in two columns."""
    return {"type": "FactSet", "facts": [{"title": title, "value": value} for title, value in pairs]}


def image(url: str, alt: str, *, for_teams: bool = False) -> Element:
    """A picture as wide as the card. `for_teams`: it opens large, by another keyword of Teams' own."""
    shown: Element = {
        "type": "Image",
        "url": url,
        "altText": one_line(alt, limits.ALT_TEXT) or "chart",
        "size": "Stretch",
    }
    return {**shown, "msteams": {"allowExpand": True}} if for_teams else shown


def table(rows: Sequence[Sequence[str]], right: Sequence[bool]) -> Element:
    """A table of escaped texts, the first row its header (the default); `right`: columns of numbers."""
    return {
        "type": "Table",
        "columns": [
            {"width": _weight(column, is_right=is_right)}
            for column, is_right in zip(zip(*rows, strict=True), right, strict=True)
        ],
        "showGridLines": False,
        "rows": [_row(row, right, is_header=n == 0) for n, row in enumerate(rows)],
    }


def _weight(texts: Sequence[str], *, is_right: bool) -> int:
    """The share of the width that keeps words and figures whole: a phone has room for 40 letters or so."""
    words = [max(map(len, text.split()), default=1) if is_right else len(text) for text in texts]
    bold = words[0] + _BOLD_LETTERS
    return min(max(bold, *words), _WIDEST_LETTERS) + _PADDING_LETTERS


def _row(row: Sequence[str], right: Sequence[bool], *, is_header: bool) -> Element:
    size = "Small" if len(row) > _WIDE_COLUMNS else "Default"
    cells = [_cell(text, size, is_right=r, is_header=is_header) for text, r in zip(row, right, strict=True)]
    return {"type": "TableRow", "cells": cells}


def _cell(text: str, size: str, *, is_right: bool, is_header: bool) -> Element:
    block: Element = {"type": "TextBlock", "text": text, "wrap": True, "size": size}
    if is_right:
        block["horizontalAlignment"] = "Right"
    if is_header:
        block["weight"] = "Bolder"
    return {"type": "TableCell", "items": [block]}


def button(action_id: str, title: str, data: Element) -> Element:
    """A button that asks the bot; clients without Action.Execute submit the same data as a message."""
    labels = {"id": action_id, "title": one_line(title, limits.BUTTON_TEXT) or "…"}
    return {
        "type": "Action.Execute",
        **labels,
        "verb": VERB,
        "data": data,
        "fallback": {"type": "Action.Submit", **labels, "data": data},
    }


def link(title: str, url: str) -> Element:
    """A button that opens a web address."""
    return {"type": "Action.OpenUrl", "title": one_line(title, limits.BUTTON_TEXT), "url": url}


def buttons(actions: Sequence[Element]) -> Element:
    """A row of buttons."""
    return {"type": "ActionSet", "actions": list(actions)}
