"""The one judge of blocks: what Slack would refuse is named, and a block nobody can judge is an error.

Three voices: slackblocks for the types it parses and for its surface and message-wide rules, slack_sdk's
validators for actions and inputs, and the tables below for keys, lengths and the newest types. Limits are
typed in here by hand on purpose: the product's own table must not be its own judge.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import ActionsBlock, BlockElement, InputBlock
from slackblocks import Block
from slackblocks._surfaces import validate_surface_blocks
from slackblocks.errors import InvalidUsageError
from slackblocks.messages import _validate_message_totals

from tests.slack.blockkeys import (
    KEYS,
    MESSAGE_KEYS,
    ONLY_IN_MESSAGES,
    PLAIN,
    REQUIRED,
    STRINGS,
    TABLES,
    TEXT,
    VIEW_KEYS,
    keys,
)

Json = Mapping[str, Any]


class BadBlocksError(ValueError):
    """Blocks that Slack would refuse, with every reason found."""


def check_message(payload: Json) -> None:
    """Raise `BadBlocksError` when Slack would refuse this message."""
    blocks = payload.get("blocks") or []
    _judge(
        [
            *_unknown(payload, MESSAGE_KEYS, "message"),
            *_message_text(payload),
            *_all(blocks, "message", 50),
            *_message_totals(blocks),
        ]
    )


def check_view(view: Json) -> None:
    """Raise `BadBlocksError` when Slack would refuse this modal or Home tab."""
    kind = str(view.get("type"))
    if kind not in VIEW_KEYS:
        _judge([f"view: unknown type {kind!r}"])
    blocks = view.get("blocks") or []
    _judge(
        [
            *_unknown(view, VIEW_KEYS[kind], kind),
            *_view_head(view, kind, blocks),
            *_all(blocks, kind, 100),
        ]
    )


def check_blocks(blocks: Sequence[Json], surface: str = "message") -> None:
    """Raise `BadBlocksError` when Slack would refuse these blocks on `surface` (message, modal or home)."""
    _judge([*_all(blocks, surface, 50 if surface == "message" else 100)])


def _judge(problems: Sequence[str]) -> None:
    if problems:
        raise BadBlocksError("; ".join(problems))


def _message_text(payload: Json) -> Iterator[str]:
    text = payload.get("text")
    if not isinstance(text, str) or not text.strip():
        yield "message: top-level text is missing"
    elif len(text) > 40_000:
        yield "message: text over 40,000"


def _message_totals(blocks: Sequence[Json]) -> Iterator[str]:
    if not isinstance(blocks, list):
        return  # named by the check of the blocks
    kinds = Counter(str(block.get("type")) for block in blocks)
    if kinds["data_visualization"] > 2:
        yield "message: more than 2 charts"
    if sum(kinds[kind] for kind in TABLES) > 1:
        yield "message: more than one table"
    if sum(len(str(block.get("text"))) for block in blocks if block.get("type") == "markdown") > 12_000:
        yield "message: markdown over 12,000 in all"
    yield from _foreign("message", lambda: _validate_message_totals([*_parsed(blocks)], None))


def _view_head(view: Json, kind: str, blocks: Sequence[Json]) -> Iterator[str]:
    if not blocks:
        yield f"{kind}: no blocks"
    for key, limit in (("private_metadata", 3000), ("callback_id", 255), ("external_id", 255)):
        yield from _string(view.get(key), limit, f"{kind}.{key}")
    if kind == "modal":
        if "title" not in view:
            yield "modal: no title"
        for key in ("title", "submit", "close"):
            yield from _text_object(view.get(key), 24, f"modal.{key}", plain_only=True)
        if "submit" not in view and any(b.get("type") == "input" for b in blocks):
            yield "modal: inputs need a submit"


def _all(blocks: object, surface: str, most: int) -> Iterator[str]:
    if not isinstance(blocks, list):
        yield "blocks is no list"
        return
    if len(blocks) > most:
        yield f"{len(blocks)} blocks, at most {most}"
    ids = Counter(block.get("block_id") for block in blocks if block.get("block_id"))
    yield from (f"block_id {name!r} twice" for name, count in ids.items() if count > 1)
    yield from _foreign(surface, lambda: validate_surface_blocks(blocks, surface))
    for n, block in enumerate(blocks):
        yield from _block(block, f"blocks[{n}]", surface)


def _block(block: Json, at: str, surface: str) -> Iterator[str]:
    kind = str(block.get("type"))
    if kind not in _BLOCK_CHECKS:
        yield f"{at}: no check for type {kind!r}"
        return
    if surface != "message" and kind in ONLY_IN_MESSAGES:
        yield f"{at}: {kind} only in messages"
    if surface != "modal" and kind == "alert":
        yield f"{at}: alert only in modals"
    problems = [*_object(block, kind, at), *_BLOCK_CHECKS[kind](block, at)]
    yield from problems
    if not problems:
        yield from _foreign(at, lambda: _parse(block))


def _object(value: Json, kind: str, at: str) -> Iterator[str]:
    """Keys, required keys, plain strings and text objects of one typed object."""
    yield from _unknown(value, KEYS[kind], at)
    yield from (f"{at}: {key} is missing" for key in REQUIRED.get(kind, frozenset()) - value.keys())
    for key, content in value.items():
        if key in STRINGS:
            yield from _string(content, STRINGS[key], f"{at}.{key}", least=1)
        if (kind, key) in PLAIN:
            yield from _text_object(content, PLAIN[kind, key], f"{at}.{key}", plain_only=True)
        elif (kind, key) in TEXT:
            yield from _text_object(content, TEXT[kind, key], f"{at}.{key}")
        elif key == "placeholder":
            yield from _text_object(content, 150, f"{at}.{key}", plain_only=True)
        elif key == "confirm" and kind != "confirm":
            yield from _object(content, "confirm", f"{at}.confirm")


def _unknown(value: Json, allowed: frozenset[str], at: str) -> Iterator[str]:
    yield from (f"{at}: unknown key {key!r}" for key in sorted(value.keys() - allowed))


def _string(value: object, most: int, at: str, least: int = 0) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, str):
        yield f"{at}: no string"
    elif not least <= len(value) <= most:
        yield f"{at}: {len(value)} characters, allowed {least} to {most}"


def _text_object(value: object, most: int, at: str, *, plain_only: bool = False) -> Iterator[str]:
    if value is None:
        return
    if not isinstance(value, dict) or value.get("type") not in {"plain_text", "mrkdwn"}:
        yield f"{at}: no text object"
        return
    if plain_only and value["type"] != "plain_text":
        yield f"{at}: must be plain_text"
    yield from _unknown(value, KEYS[value["type"]], at)
    yield from _string(value.get("text", ""), most, at, least=1)


def _listed(block: Json, key: str, at: str, most: int) -> Iterator[str]:
    items = block.get(key)
    if not isinstance(items, list) or not 1 <= len(items) <= most:
        yield f"{at}.{key}: needs 1 to {most} items"


# blocks


def _nothing_more(_block: Json, _at: str) -> Iterator[str]:
    return iter(())


def _section(block: Json, at: str) -> Iterator[str]:
    if not block.keys() & {"text", "fields"}:
        yield f"{at}: needs text or fields"
    if "fields" in block:
        yield from _listed(block, "fields", at, 10)
        for n, field in enumerate(block["fields"]):
            yield from _text_object(field, 2000, f"{at}.fields[{n}]")
    if "accessory" in block:
        yield from _element(block["accessory"], f"{at}.accessory", _SECTION_ELEMENTS)


def _context(block: Json, at: str) -> Iterator[str]:
    yield from _listed(block, "elements", at, 10)
    for n, element in enumerate(block.get("elements", [])):
        if element.get("type") == "image":
            yield from _picture(element, f"{at}.elements[{n}]", "image_element")
        else:
            yield from _text_object(element, 2000, f"{at}.elements[{n}]")


def _image(block: Json, at: str) -> Iterator[str]:
    return _picture(block, at, "image")


def _picture(value: Json, at: str, kind: str) -> Iterator[str]:
    if kind == "image_element":
        yield from _object(value, kind, at)
    if ("image_url" in value) == ("slack_file" in value):
        yield f"{at}: needs image_url or slack_file, not both"
    if "slack_file" in value:
        yield from _unknown(value["slack_file"], KEYS["slack_file"], f"{at}.slack_file")
        if len(value["slack_file"]) != 1:
            yield f"{at}.slack_file: needs id or url"


def _actions(block: Json, at: str) -> Iterator[str]:
    yield from _listed(block, "elements", at, 25)
    elements = block.get("elements", [])
    for n, element in enumerate(elements):
        yield from _element(element, f"{at}.elements[{n}]", _ACTION_ELEMENTS)
    ids = Counter(element.get("action_id") for element in elements)
    yield from (f"{at}: action_id {name!r} twice" for name, count in ids.items() if count > 1)


def _input(block: Json, at: str) -> Iterator[str]:
    if "element" in block:
        yield from _element(block["element"], f"{at}.element", _INPUT_ELEMENTS)


def _markdown(block: Json, at: str) -> Iterator[str]:
    return _string(block.get("text"), 12_000, f"{at}.text", least=1)


# elements

_SELECTS = keys(
    "static_select multi_static_select users_select multi_users_select conversations_select channels_select"
)
_CHOICES = keys("checkboxes radio_buttons datepicker timepicker")
_ACTION_ELEMENTS = _SELECTS | _CHOICES | keys("button overflow")
_SECTION_ELEMENTS = _ACTION_ELEMENTS | keys("image")
_INPUT_ELEMENTS = _SELECTS | _CHOICES | keys("plain_text_input email_text_input url_text_input number_input")
_MOST_OPTIONS = {"checkboxes": 10, "radio_buttons": 10, "overflow": 5}


def _element(element: Json, at: str, allowed: frozenset[str]) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in allowed:
        yield f"{at}: {kind!r} has no check or does not belong here"
        return
    if kind == "image":
        yield from _picture(element, at, "image_element")
        return
    problems = [*_object(element, kind, at), *_element_more(element, kind, at)]
    yield from problems
    if not problems:
        yield from _foreign(at, lambda: _sdk_element(element))


def _element_more(element: Json, kind: str, at: str) -> Iterator[str]:
    if kind == "button":
        yield from _string(element.get("value"), 2000, f"{at}.value", least=1)
        yield from _string(element.get("url"), 3000, f"{at}.url")
        if element.get("style") not in {None, "primary", "danger"}:
            yield f"{at}: style {element['style']!r}"
    elif "option_groups" in element:
        yield from _option_groups(element, at)
    elif "options" in KEYS[kind]:
        yield from _options(element, at, _MOST_OPTIONS.get(kind, 100))


def _option_groups(element: Json, at: str) -> Iterator[str]:
    if "options" in element:
        yield f"{at}: options and option_groups"
    yield from _listed(element, "option_groups", at, 100)
    for n, group in enumerate(element["option_groups"]):
        yield from _object(group, "option_group", f"{at}.option_groups[{n}]")
        yield from _options(group, f"{at}.option_groups[{n}]", 100)


def _options(element: Json, at: str, most: int) -> Iterator[str]:
    yield from _listed(element, "options", at, most)
    options = element.get("options", [])
    for n, option in enumerate(options):
        yield from _object(option, "option", f"{at}.options[{n}]")
        yield from _string(option.get("value"), 150, f"{at}.options[{n}].value", least=1)
    chosen = element.get("initial_option")
    if chosen is not None and chosen not in options:
        yield f"{at}: initial_option is none of the options"


# rich text

_RICH_CONTAINERS = keys("rich_text_section rich_text_preformatted rich_text_quote rich_text_list")


def _rich_text(block: Json, at: str) -> Iterator[str]:
    yield from _listed(block, "elements", at, 1000)
    for n, element in enumerate(block.get("elements", [])):
        yield from _rich_container(element, f"{at}.elements[{n}]", _RICH_CONTAINERS)


def _rich_container(element: Json, at: str, allowed: frozenset[str]) -> Iterator[str]:
    kind = str(element.get("type"))
    if kind not in allowed:
        yield f"{at}: {kind!r} does not belong here"
        return
    yield from _unknown(element, KEYS[kind], at)
    for n, inner in enumerate(element.get("elements", [])):
        if kind == "rich_text_list":
            yield from _rich_container(inner, f"{at}.elements[{n}]", keys("rich_text_section"))
        else:
            yield from _rich_inline(inner, f"{at}.elements[{n}]")
    if kind == "rich_text_preformatted" and sum(len(i.get("text", "")) for i in element["elements"]) > 3000:
        yield f"{at}: over 3000 characters"


def _rich_inline(inline: Json, at: str) -> Iterator[str]:
    kind = f"rich:{inline.get('type')}"
    if kind not in KEYS:
        yield f"{at}: no check for {kind!r}"
        return
    yield from _unknown(inline, KEYS[kind], at)
    yield from _unknown(inline.get("style", {}), KEYS["style"], f"{at}.style")
    if kind == "rich:text" and not inline.get("text"):
        yield f"{at}: empty text"


# the newest types


def _data_table(block: Json, at: str) -> Iterator[str]:
    rows = block.get("rows", [])
    yield from _string(block.get("caption"), 2000, f"{at}.caption", least=1)
    if not 2 <= len(rows) <= 101:
        yield f"{at}: a header and 1 to 100 rows"
    if len({len(row) for row in rows}) > 1 or not all(1 <= len(row) <= 20 for row in rows):
        yield f"{at}: rows of one width, 1 to 20 columns"
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            yield from _cell(cell, f"{at}.rows[{r}][{c}]", header=r == 0)
    if sum(len(str(cell.get("text", ""))) for row in rows for cell in row) > 10_000:
        yield f"{at}: over 10,000 characters"


def _cell(cell: Json, at: str, *, header: bool) -> Iterator[str]:
    kind = str(cell.get("type"))
    if kind == "rich_text" and not header:
        yield from _rich_text(cell, at)
    elif kind not in {"raw_text", "raw_number"} or (header and kind != "raw_text"):
        yield f"{at}: cell of type {kind!r}"
    else:
        yield from _unknown(cell, KEYS[kind], at)
        yield from _string(cell.get("text", ""), 10_000, f"{at}.text", least=1)
        if kind == "raw_number":
            yield from _finite(cell.get("value"), at)


def _data_visualization(block: Json, at: str) -> Iterator[str]:
    yield from _string(block.get("title"), 50, f"{at}.title", least=1)
    chart = block.get("chart", {})
    if chart.get("type") == "pie":
        yield from _pie(chart, f"{at}.chart")
    elif chart.get("type") in {"line", "bar", "area"}:
        yield from _axis_chart(chart, f"{at}.chart")
    else:
        yield f"{at}.chart: type {chart.get('type')!r}"


def _pie(chart: Json, at: str) -> Iterator[str]:
    yield from _unknown(chart, KEYS["pie"], at)
    yield from _listed(chart, "segments", at, 12)
    for segment in chart.get("segments", []):
        yield from _unknown(segment, KEYS["segment"], at)
        yield from _string(segment.get("label", ""), 20, f"{at}.label", least=1)
        yield from _finite(segment.get("value"), at)
        if not (segment.get("value") or 0) > 0:
            yield f"{at}: segments are positive"


def _axis_chart(chart: Json, at: str) -> Iterator[str]:
    axis = chart.get("axis_config", {})
    categories = axis.get("categories", [])
    yield from _unknown(chart, KEYS["axis_chart"], at)
    yield from _unknown(axis, KEYS["axis_config"], f"{at}.axis_config")
    yield from _listed(chart, "series", at, 6)
    yield from _listed(axis, "categories", at, 20)
    for label in categories:
        yield from _string(label, 20, f"{at}.categories", least=1)
    for key in ("x_label", "y_label"):
        yield from _string(axis.get(key), 50, f"{at}.{key}")
    names = Counter(series.get("name") for series in chart.get("series", []))
    yield from (f"{at}: series {name!r} twice" for name, count in names.items() if count > 1)
    for series in chart.get("series", []):
        yield from _series(series, categories, at)


def _series(series: Json, categories: Sequence[str], at: str) -> Iterator[str]:
    yield from _unknown(series, KEYS["series"], at)
    yield from _string(series.get("name", ""), 20, f"{at}.name", least=1)
    points = series.get("data", [])
    if sorted(point.get("label", "") for point in points) != sorted(categories):
        yield f"{at}: one value for each category"
    for point in points:
        yield from _unknown(point, KEYS["segment"], at)
        yield from _finite(point.get("value"), at)


def _finite(value: object, at: str) -> Iterator[str]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        yield f"{at}: value {value!r} is no finite number"


_BLOCK_CHECKS: dict[str, Callable[[Json, str], Iterator[str]]] = {
    "section": _section,
    "context": _context,
    "divider": _nothing_more,
    "header": _nothing_more,
    "alert": _nothing_more,
    "image": _image,
    "actions": _actions,
    "input": _input,
    "markdown": _markdown,
    "rich_text": _rich_text,
    "data_table": _data_table,
    "data_visualization": _data_visualization,
}


# the other two voices


def _foreign(at: str, check: Callable[[], object]) -> Iterator[str]:
    try:
        check()
    except (InvalidUsageError, SlackObjectFormationError) as refused:
        yield f"{at}: {refused}"


def _parse(block: Json) -> None:
    kind = block["type"]
    if kind == "actions":
        ActionsBlock(**{k: v for k, v in block.items() if k != "type"}).validate_json()
    elif kind == "input":
        InputBlock(**{k: v for k, v in block.items() if k != "type"}).validate_json()
    elif kind not in _NOT_PARSED and not _holds_an_element(block):
        Block.from_dict(dict(block))


_NOT_PARSED = keys("rich_text data_table data_visualization actions input")


def _holds_an_element(block: Json) -> bool:
    """A section's accessory or a context's picture: slackblocks does not parse these, the tables above do."""
    pictures = (e.get("type") == "image" for e in block.get("elements", []))
    return "accessory" in block or any(pictures)


def _parsed(blocks: Sequence[Json]) -> Iterator[Block]:
    for block in blocks:
        if (
            block.get("type") in _BLOCK_CHECKS
            and block["type"] not in _NOT_PARSED
            and not _holds_an_element(block)
        ):
            try:
                yield Block.from_dict(dict(block))
            except InvalidUsageError:
                continue  # named by the check of the block itself


def _sdk_element(element: Json) -> None:
    parsed = BlockElement.parse(dict(element))
    if parsed is None:
        message = f"slack_sdk does not know {element.get('type')!r}"
        raise SlackObjectFormationError(message)
    parsed.validate_json()
