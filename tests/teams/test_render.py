from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.chat import Action, Column, Fact, Footer, Refusal, RefusalCode, Table, Unit
from bot.teams.look import Capabilities, Frame, Look
from bot.teams.render import Activity, render
from bot.teams.text import escape, one_line
from tests.slack import samples
from tests.teams import cardcheck as card

LOOK = Look(now=samples.NOW)
NO_FRAME = Frame()
DATE = "{{DATE(2026-01-01T00:00:00Z)}}"
HOSTILE = f"<at>Everyone</at> [click](https://evil.example) **b** _i_ `c` {DATE} \u202egnp\x00"
DATA_URI = "data:image/png;base64,iVBORw0KGgo="


def rendered(reply: Any = None, frame: Frame = NO_FRAME, **more: Any) -> dict[str, Any]:
    return card.content(card.check(render(reply or samples.reply(), LOOK, frame, **more)))


def kinds(content: dict[str, Any]) -> list[str]:
    return [element["type"] for element in content["body"]]


def test_a_card_has_finding_facts_picture_table_buttons_and_footer() -> None:
    content = rendered(samples.reply(pictures=(samples.picture(),)), urls=(DATA_URI,))
    assert kinds(content) == ["TextBlock", "FactSet", "Image", "TextBlock", "Table", "TextBlock", "ActionSet"]
    assert card.shown(content["body"][0]["text"]) == "Credits rose 14.2 % to 12,345.6 in 30 days."
    assert content["body"][1]["facts"] == [{"title": "Credits", "value": "12,345.6 (+14%)"}]
    assert content["body"][2]["altText"] == "Credits rose 14.2 % to 12,345.6"
    assert card.shown(content["body"][-2]["text"]) == "30 days to 20 Oct UTC · R-7K3M9QXD"


def test_the_summary_is_the_finding_and_there_is_no_text_beside_the_card() -> None:
    activity = card.check(render(samples.reply(), LOOK))
    assert activity["summary"] == "Credits rose 14.2 % to 12,345.6 in 30 days."
    assert card.content(activity)["fallbackText"] == activity["summary"]


def test_every_button_holds_the_typed_command_also_for_clients_without_execute() -> None:
    content = rendered()
    found = {b["title"]: b for b in card.buttons(content)}
    assert {title: b["data"] for title, b in found.items()} == {
        "7 days": {"command": "usage 7d"},
        "90 days": {"command": "usage 90d"},
        "Explain": {"command": "explain R-7K3M9QXD"},
    }
    assert all(b["fallback"]["type"] == "Action.Submit" for b in found.values())
    assert all(b["fallback"]["data"] == b["data"] for b in found.values())


def test_buttons_of_a_private_answer_answer_privately() -> None:
    content = rendered(frame=Frame(is_private=True))
    assert {b["data"]["private"] for b in card.buttons(content)} == {True}


def test_only_the_first_sentence_is_the_heading() -> None:
    content = rendered(
        samples.reply(text="Credits rose 14.2 % to 1,234.5. gpt-5 leads with 61%. Quiet.\nMore.")
    )
    assert [(b["text"], b.get("weight")) for b in content["body"][:3]] == [
        ("Credits rose 14.2 % to 1,234.5.", "Bolder"),
        ("gpt-5 leads with 61%. Quiet.", None),
        ("More.", None),
    ]


def test_a_group_of_actions_is_a_row_of_its_own() -> None:
    content = rendered()
    assert [b["title"] for b in card.elements(content, "ActionSet")[0]["actions"]] == ["7 days", "90 days"]
    assert [b["title"] for b in content["actions"]] == ["Explain"]


def test_more_buttons_than_a_card_shows_go_to_further_rows() -> None:
    actions = tuple(Action(f"a{n}", f"Act {n}", f"usage {n}d") for n in range(1, 14))
    content = rendered(samples.reply(actions=actions))
    assert [b["title"] for b in card.buttons(content)] != []
    assert len(card.buttons(content)) == 13


def test_a_missing_cell_is_a_dash_and_numbers_stand_right() -> None:
    table = Table(
        (Column("m", "Model"), Column("c", "Credits", Unit.CREDITS)), (("gpt", None), ("x", 1234.0))
    )
    (grid,) = card.elements(rendered(samples.reply(table=table)), "Table")
    texts = [[cell["items"][0]["text"] for cell in row["cells"]] for row in grid["rows"]]
    assert texts == [["Model", "Credits"], ["gpt", "–"], ["x", "1,234"]]
    assert [cell["items"][0].get("horizontalAlignment") for cell in grid["rows"][1]["cells"]] == [
        None,
        "Right",
    ]


def test_a_long_table_is_cut_and_says_so() -> None:
    content = rendered(samples.reply(table=samples.table(300)))
    (grid,) = card.elements(content, "Table")
    assert len(grid["rows"]) == 25
    assert any("276 more" in block["text"] for block in card.elements(content, "TextBlock"))


def test_a_client_without_tables_gets_lines() -> None:
    look = Look(now=samples.NOW, can=Capabilities(tables=False))
    content = card.content(card.check(render(samples.reply(), look)))
    assert card.elements(content, "Table") == []
    assert "model-1 · 1,000" in [block["text"] for block in card.elements(content, "TextBlock")]


def test_a_card_holds_no_keyword_of_teams_own_unless_the_client_knows_it() -> None:
    reply = samples.reply(pictures=(samples.picture(),))
    plain = card.content(card.check(render(reply, LOOK, urls=(DATA_URI,))))
    assert not any("msteams" in element for element in card.walk(plain, fallbacks=True))

    look = Look(now=samples.NOW, can=Capabilities(own_keywords=True))
    told = card.content(card.check(render(reply, look, urls=(DATA_URI,))))
    assert told.pop("msteams") == {"width": "full"}
    (picture,) = card.elements(told, "Image")
    assert picture.pop("msteams") == {"allowExpand": True}
    assert told == plain


def test_a_client_without_buttons_and_pictures_gets_neither() -> None:
    look = Look(now=samples.NOW, can=Capabilities(pictures=False, buttons=False))
    reply = samples.reply(pictures=(samples.picture(),))
    content = card.content(card.check(render(reply, look, urls=(DATA_URI,))))
    assert card.elements(content, "Image") == []
    assert "actions" not in content
    assert "ActionSet" not in kinds(content)


@pytest.mark.parametrize("urls", [(), (DATA_URI,)])
def test_where_a_picture_cannot_be_shown_the_table_behind_it_is(urls: tuple[str, ...]) -> None:
    lost = samples.picture(fallback=samples.table(3))
    look = Look(now=samples.NOW, can=Capabilities(pictures=not urls))
    content = card.content(card.check(render(samples.reply(pictures=(lost,), table=None), look, urls=urls)))
    assert card.elements(content, "Image") == []
    assert len(card.elements(content, "Table")) == 1


def test_a_picture_that_is_shown_brings_no_second_table() -> None:
    shown = samples.picture(fallback=samples.table(3))
    content = rendered(samples.reply(pictures=(shown,), table=None), urls=(DATA_URI,))
    assert card.elements(content, "Table") == []


def test_names_and_prompts_stay_text() -> None:
    reply = samples.reply(
        text=f"{HOSTILE}\n- {HOSTILE}",
        facts=(Fact("x", HOSTILE, HOSTILE, None, Unit.TEXT),),
        table=Table((Column("a", HOSTILE),), ((HOSTILE,),), title=HOSTILE),
        actions=(Action("a", HOSTILE, "usage 7d"),),
        footer=Footer(receipt=HOSTILE),
    )
    activity = card.check(render(reply, LOOK, Frame(HOSTILE, HOSTILE)))
    content = card.content(activity)
    blocks = [block["text"] for block in card.elements(content, "TextBlock")]
    pairs = [
        text for facts in card.elements(content, "FactSet") for f in facts["facts"] for text in f.values()
    ]
    assert blocks
    assert all(card.only_text(text) for text in [*blocks, *pairs])
    assert "{{DATE" not in json.dumps([blocks, pairs])
    assert "<at" not in json.dumps([blocks, pairs])
    assert not {"\u202e", "\x00"} & set(json.dumps(activity, ensure_ascii=False))


@given(
    st.text(alphabet=st.characters(codec="utf-8") | st.sampled_from("*_`[]()~{}&\\<>!#-+.=:1 "), max_size=40)
)
def test_escaped_text_shows_what_was_written(text: str) -> None:
    escaped = escape(text, 200)
    assert card.only_text(escaped)
    if "<" not in text:
        assert card.shown(escaped) == one_line(text, 200)


@settings(max_examples=25)
@given(
    st.lists(st.text(max_size=50), min_size=1, max_size=80),
    st.integers(0, 200),
    st.integers(0, 40),
)
def test_no_answer_is_too_large(lines: list[str], rows: int, count: int) -> None:
    wide = tuple(Column(f"c{n}", "*" * 100) for n in range(9))
    reply = samples.reply(
        text="\n".join(line * 40 for line in lines),
        table=Table(wide, (("𝔘" * 200,) * 9,) * rows),
        facts=(Fact("x", "𝔘" * 900, "_" * 900, None, Unit.TEXT),) * count,
        actions=tuple(Action(f"a{n}", "𝔘" * 90, "x" * 400) for n in range(count)),
    )
    card.check(render(reply, LOOK))


def test_what_is_too_large_loses_rows_then_the_table_then_buttons() -> None:
    actions = tuple(Action(f"a{n}", f"Act {n}", "usage 7d") for n in range(5))
    reply = samples.reply(table=samples.table(24), actions=actions)
    seen = []
    for size in range(24_000, 1_000, -250):
        content = card.content(card.check(render(reply, Look(now=samples.NOW, message_bytes=size))))
        rows = [len(grid["rows"]) - 1 for grid in card.elements(content, "Table")]
        seen.append((sum(rows), len(card.buttons(content))))
    assert list(dict.fromkeys(seen)) == [(24, 5), (12, 5), (6, 5), (3, 5), (0, 5), (0, 0)]


def test_a_refusal_of_wrong_use_says_what_to_type() -> None:
    refusal = Refusal(RefusalCode.WRONG_USE, "I do not know *weekz*.", "usage 1w")
    content = card.content(card.check(render(refusal, LOOK)))
    assert [card.shown(block["text"]) for block in content["body"]] == [
        "I do not know *weekz*.",
        "Try: usage 1w",
    ]


def test_a_bug_shows_its_reference() -> None:
    refusal = Refusal(RefusalCode.BUG, "Something went wrong.", "Please tell an admin.", "E-0A1B2C3D")
    content = card.content(card.check(render(refusal, LOOK)))
    assert content["body"][-1]["text"] == "Reference E-0A1B2C3D"


def test_an_answer_in_a_channel_names_who_asked_what() -> None:
    content = rendered(frame=Frame("Ada Lovelace", "usage 30d"))
    assert content["body"][0]["text"] == "asked by Ada Lovelace: /codex usage 30d"


def test_an_old_sync_is_said_in_the_footer() -> None:
    footer = Footer(synced_at=samples.NOW - timedelta(hours=30), receipt="R-1")
    assert "last synced 20 Oct" in rendered(samples.reply(footer=footer))["body"][-2]["text"]


@pytest.mark.parametrize("text", ["", " \n ", "\x00"])
def test_an_answer_without_words_still_says_something(text: str) -> None:
    activity: Activity = card.check(render(samples.reply(text=text, facts=(), table=None, actions=()), LOOK))
    assert activity["summary"] == "Done."


def test_what_was_probably_meant_is_a_button() -> None:
    meant = Action("meant", "usage 30d by model", "usage 30d by model")
    refusal = Refusal(RefusalCode.WRONG_USE, "I do not know `usge`.", "usage 30d by model", actions=(meant,))
    content = card.content(card.check(render(refusal, LOOK, Frame(is_private=True))))
    (button,) = card.buttons(content)
    assert (button["title"], button["data"]) == (
        "usage 30d by model",
        {"command": "usage 30d by model", "private": True},
    )


def test_what_to_type_stands_out_in_a_hint() -> None:
    refusal = Refusal(RefusalCode.WRONG_USE, "I do not know `usge`.", "Try `/codex top *5*` or `help`.")
    content = card.content(card.check(render(refusal, LOOK)))
    assert content["body"][1]["text"] == r"Try **top \*5\*** or **help**."


def test_a_column_gets_the_width_that_keeps_its_words_and_figures_whole() -> None:
    columns = (
        Column("m", "Model"),
        Column("t", "Tokens", Unit.TOKENS),
        Column("s", "Estimated cost", Unit.USD),
    )
    (table,) = card.elements(
        rendered(samples.reply(table=Table(columns, (("m" * 99, 980_797, 1),)))), "Table"
    )
    assert [column["width"] for column in table["columns"]] == [18, 10, 13]
    assert {c["items"][0]["size"] for row in table["rows"] for c in row["cells"]} == {"Default"}
