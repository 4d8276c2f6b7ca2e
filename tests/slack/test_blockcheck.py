from __future__ import annotations

from typing import Any

import pytest

from tests.slack.blockcheck import BadBlocksError, check_blocks, check_message, check_view


def plain(text: str = "x") -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str = "x") -> dict[str, Any]:
    return {"type": "section", "text": plain(text)}


def button(n: int = 0, **more: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": f"b{n}", "text": plain(), "value": "v", **more}


def menu(options: int = 1, **more: Any) -> dict[str, Any]:
    listed = [{"text": plain(), "value": str(n)} for n in range(options)]
    return {"type": "static_select", "action_id": "m", "placeholder": plain(), "options": listed, **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def typed(element: str = "plain_text_input") -> dict[str, Any]:
    return {"type": "input", "label": plain(), "element": {"type": element, "action_id": "i"}}


def rich(inline: dict[str, Any], container: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": container, "elements": [inline]}]}


def data_table(rows: int = 2, text: str = "x", **more: Any) -> dict[str, Any]:
    cell = {"type": "raw_text", "text": text}
    number = {"type": "raw_number", "value": 1, "text": "1"}
    body = [[cell, number] for _ in range(rows)]
    return {"type": "data_table", "caption": "c", "rows": [[cell, cell], *body], **more}


def chart(series: int = 1, value: object = 1.0, labels: tuple[str, ...] = ("a",)) -> dict[str, Any]:
    data = [{"label": label, "value": value} for label in labels]
    return {
        "type": "data_visualization",
        "title": "t",
        "chart": {
            "type": "line",
            "series": [{"name": f"s{n}", "data": data} for n in range(series)],
            "axis_config": {"categories": ["a"]},
        },
    }


PICTURE = {"type": "image", "slack_file": {"id": "F0PULSE001"}, "alt_text": "a"}
MODAL = {"type": "modal", "title": plain(), "submit": plain(), "blocks": [typed()]}

GOOD = [
    section("x" * 3000),
    {"type": "section", "fields": [plain()] * 10},
    {**section(), "accessory": button()},
    {
        "type": "context",
        "elements": [plain(), {"type": "image", "image_url": "https://a/b", "alt_text": "a"}],
    },
    {"type": "header", "text": plain("x" * 150)},
    {"type": "divider"},
    PICTURE,
    actions(*[button(n) for n in range(24)], menu(100)),
    typed(),
    {"type": "input", "label": plain(), "element": menu()},
    rich({"type": "text", "text": "x", "style": {"bold": True}}),
    rich({"type": "text", "text": "x" * 3000}, "rich_text_preformatted"),
    {"type": "markdown", "text": "x" * 12_000},
    data_table(100),
    chart(6),
]

BAD = [
    ("section", section("x" * 3001)),
    ("empty", section("")),
    ("fields", {"type": "section", "fields": [plain()] * 11}),
    ("needs text or fields", {"type": "section"}),
    ("unknown key 'colour'", {**section(), "colour": "red"}),
    ("unknown key 'verbatim'", {"type": "section", "text": {**plain(), "verbatim": True}}),
    ("at most", {"type": "header", "text": plain("x" * 151)}),
    ("must be plain_text", {"type": "header", "text": {"type": "mrkdwn", "text": "x"}}),
    ("elements", {"type": "context", "elements": [plain()] * 11}),
    ("elements", actions(*[button(n) for n in range(26)])),
    ("twice", actions(button(), button())),
    ("value", actions(button(value="x" * 2001))),
    ("text", actions(button(text=plain("x" * 76)))),
    ("style", actions(button(style="loud"))),
    ("action_id", actions(button(action_id="x" * 256))),
    ("options", actions(menu(101))),
    ("value", actions(menu(options=0) | {"options": [{"text": plain(), "value": "x" * 151}]})),
    ("initial_option", actions(menu(initial_option={"text": plain(), "value": "no"}))),
    ("does not belong here", actions({"type": "plain_text_input", "action_id": "i"})),
    ("alt_text", {"type": "image", "slack_file": {"id": "F0PULSE001"}}),
    ("alt_text", {**PICTURE, "alt_text": "x" * 2001}),
    ("not both", {**PICTURE, "image_url": "https://a/b"}),
    ("not both", {"type": "image", "alt_text": "a"}),
    ("slack_file", {**PICTURE, "slack_file": {"id": "F0PULSE001", "url": "https://a/b"}}),
    ("label", {"type": "input", "element": menu()}),
    ("does not belong here", typed("rich_text_input")),
    ("no check", rich({"type": "sparkline"})),
    ("empty text", rich({"type": "text", "text": ""})),
    ("unknown key", rich({"type": "text", "text": "x", "style": {"blink": True}})),
    ("does not belong here", rich({"type": "text", "text": "x"}, "rich_text_aside")),
    ("3000", rich({"type": "text", "text": "x" * 3001}, "rich_text_preformatted")),
    ("rows", data_table(101)),
    ("rows", data_table(0)),
    ("10,000", data_table(100, "x" * 100)),
    ("allowed 1", data_table(1, "")),
    ("caption", {k: v for k, v in data_table().items() if k != "caption"}),
    ("unknown key", data_table(sortable=True)),
    ("one width", {**data_table(), "rows": [[{"type": "raw_text", "text": "x"}], []]}),
    ("series", chart(7)),
    ("finite", chart(value=float("nan"))),
    ("one value for each category", chart(labels=("a", "b"))),
    ("title", {**chart(), "title": "x" * 51}),
    ("no check for type 'video'", {"type": "video"}),
    ("no check for type 'hologram'", {"type": "hologram"}),
    ("alert only in modals", {"type": "alert", "text": plain()}),
]


@pytest.mark.parametrize("block", GOOD, ids=lambda b: b["type"])
def test_a_good_block_passes(block: dict[str, Any]) -> None:
    check_message({"text": "t", "blocks": [block]})


@pytest.mark.parametrize(("reason", "block"), BAD)
def test_a_bad_block_is_refused_with_its_reason(reason: str, block: dict[str, Any]) -> None:
    expected = {"section": "3001", "empty": "0 characters", "at most": "151"}.get(reason, reason)
    with pytest.raises(BadBlocksError, match=expected):
        check_blocks([block])


@pytest.mark.parametrize(
    ("reason", "payload"),
    [
        ("top-level text", {"blocks": [section()]}),
        ("top-level text", {"text": " ", "blocks": [section()]}),
        ("40,000", {"text": "x" * 40_001}),
        ("51 blocks", {"text": "t", "blocks": [section()] * 51}),
        ("2 charts", {"text": "t", "blocks": [chart(), chart(), chart()]}),
        ("one table", {"text": "t", "blocks": [data_table(), data_table()]}),
        ("12,000", {"text": "t", "blocks": [{"type": "markdown", "text": "x" * 7000}] * 2}),
        ("twice", {"text": "t", "blocks": [section() | {"block_id": "b"}] * 2}),
        ("unknown key 'file'", {"text": "t", "file": "F1"}),
        ("no list", {"text": "t", "blocks": '[{"type": "divider"}]'}),
    ],
)
def test_a_message_is_judged_as_a_whole(reason: str, payload: dict[str, Any]) -> None:
    with pytest.raises(BadBlocksError, match=reason):
        check_message(payload)


def test_good_views_pass() -> None:
    check_view(MODAL)
    check_view({"type": "home", "blocks": [section(), actions(button())]})
    check_view({"type": "modal", "title": plain(), "blocks": [{"type": "alert", "text": plain()}]})


@pytest.mark.parametrize(
    ("reason", "view"),
    [
        ("unknown type", {"type": "popup"}),
        ("no blocks", {"type": "home", "blocks": []}),
        ("101 blocks", {"type": "home", "blocks": [section()] * 101}),
        ("title", {k: v for k, v in MODAL.items() if k != "title"}),
        ("modal.title", {**MODAL, "title": plain("x" * 25)}),
        ("submit", {k: v for k, v in MODAL.items() if k != "submit"}),
        ("private_metadata", {**MODAL, "private_metadata": "x" * 3001}),
        ("unknown key 'submit'", {"type": "home", "submit": plain(), "blocks": [section()]}),
        ("only in messages", {**MODAL, "blocks": [data_table()]}),
        ("only in messages", {"type": "home", "blocks": [chart()]}),
        ("alert only in modals", {"type": "home", "blocks": [{"type": "alert", "text": plain()}]}),
    ],
)
def test_a_view_is_judged_by_its_kind(reason: str, view: dict[str, Any]) -> None:
    with pytest.raises(BadBlocksError, match=reason):
        check_view(view)
