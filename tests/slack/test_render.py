from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.chat import Action, Column, Fact, Footer, Refusal, RefusalCode, Reply, Table, Unit
from bot.model.timerange import TimeRange
from bot.slack.render import Frame, Look, Message, footer_line, render
from bot.slack.tables import table_text
from bot.slack.text import code, escape
from tests.slack import samples
from tests.slack.blockcheck import check_message

YESTERDAY_IN_SLACK = "<!date^1792504800^{date_short_pretty} {time}|2026-10-20 14:00 UTC>"
LOOK = Look(now=samples.NOW, seal=lambda command: f"sealed:{command}")


def judged(message: Message) -> Message:
    check_message({"text": message.text, "blocks": list(message.blocks)})
    return message


def kinds(message: Message) -> list[str]:
    return [block["type"] for block in message.blocks]


def dumped(message: Message) -> str:
    return json.dumps(message.blocks, ensure_ascii=False)


def test_the_top_level_text_alone_is_the_answer() -> None:
    message = judged(render(samples.reply(), LOOK))
    assert message.text.splitlines() == [
        "Credits rose 14.2 % to 12,345.6 in 30 days.",
        "Credits: 12,345.6 (+14%)",
    ]


def test_a_time_in_an_answer_is_the_readers_own_and_a_day_stays_a_utc_day() -> None:
    text = "Figures go through 20 Oct; last synced 20 Oct 2026 14:00 UTC, not 31 Feb 2026 14:00 UTC."
    (section,) = judged(render(Reply("status", text), LOOK)).blocks
    token = YESTERDAY_IN_SLACK.replace("2026-10-20 14:00 UTC", "20 Oct 2026 14:00 UTC")
    assert section["text"]["text"] == text.replace("20 Oct 2026 14:00 UTC", token)
    assert render(Reply("status", text), LOOK).text == text


def test_times_never_make_a_section_too_long() -> None:
    judged(render(Reply("status", "20 Oct 2026 14:00 UTC " * 130), LOOK))


def test_without_its_picture_an_answer_keeps_its_table() -> None:
    reply = samples.reply(pictures=(samples.picture(),))
    assert kinds(judged(render(reply, LOOK))) == [
        "section",
        "section",
        "section",
        "rich_text",
        "context",
        "actions",
    ]


def test_an_uploaded_picture_is_shown_with_the_finding_as_alt_text() -> None:
    reply = samples.reply(pictures=(samples.picture(),))
    message = judged(render(reply, LOOK, file_ids=("F0PULSE001",)))
    assert kinds(message) == ["section", "section", "image", "section", "rich_text", "context", "actions"]
    assert message.blocks[2]["alt_text"] == "Credits rose 14.2 % to 12,345.6"
    assert message.blocks[2]["slack_file"] == {"id": "F0PULSE001"}


def test_without_picture_and_table_the_text_remains() -> None:
    assert kinds(judged(render(samples.reply(table=None, actions=()), LOOK))) == [
        "section",
        "section",
        "context",
    ]


def test_names_and_prompts_stay_text() -> None:
    reply = samples.reply(
        text=samples.HOSTILE,
        facts=(Fact("x", samples.HOSTILE, samples.HOSTILE, None, Unit.TEXT),),
        table=Table((Column("a", samples.HOSTILE),), ((samples.HOSTILE,),), title=samples.HOSTILE),
        actions=(Action("a", samples.HOSTILE, samples.HOSTILE),),
    )
    message = judged(render(reply, LOOK, Frame("U0000AAAA", samples.HOSTILE)))
    for mrkdwn in [*texts_of(message, "mrkdwn"), message.text]:
        assert "<!channel>" not in mrkdwn
        assert "<https" not in mrkdwn
        assert "\u202e" not in mrkdwn
        assert "\x00" not in mrkdwn
    assert all(o["verbatim"] for o in objects_of(message.blocks, "mrkdwn"))


def objects_of(value: object, kind: str) -> list[dict[str, Any]]:
    match value:
        case dict():
            inner = [o for v in value.values() for o in objects_of(v, kind)]
            return [value, *inner] if value.get("type") == kind else inner
        case list() | tuple():
            return [o for v in value for o in objects_of(v, kind)]
        case _:
            return []


def texts_of(message: Message, kind: str) -> list[str]:
    return [o["text"] for o in objects_of(message.blocks, kind)]


def test_only_the_asker_is_mentioned_and_only_by_a_real_id() -> None:
    shown = dumped(render(samples.reply(), LOOK, Frame("U0000AAAA", "usage 30d")))
    assert "asked by <@U0000AAAA>: `/codex usage 30d`" in shown
    assert "<@" not in dumped(render(samples.reply(), LOOK, Frame("here>", "usage 30d")))


def test_actions_of_one_group_form_one_menu_at_its_first_place() -> None:
    elements = render(samples.reply(), LOOK).blocks[-1]["elements"]
    assert [e["type"] for e in elements] == ["static_select", "button"]
    assert [o["value"] for o in elements[0]["options"]] == ["sealed:usage 7d", "sealed:usage 90d"]
    assert elements[1]["value"] == "sealed:explain R-7K3M9QXD"


def test_a_command_too_long_for_a_value_is_left_out() -> None:
    actions = (Action("a", "A", "x" * 3000), Action("b", "B", "y" * 200, group="G"), Action("c", "C", "ok"))
    elements = judged(render(samples.reply(actions=actions), LOOK)).blocks[-1]["elements"]
    assert [e["text"]["text"] for e in elements] == ["C"]


def test_a_fact_shows_its_change_and_a_missing_one_shows_none() -> None:
    no_data = Fact("credits", "Credits", "no data", None, Unit.CREDITS)
    fields = render(samples.reply(facts=(samples.CREDITS, no_data)), LOOK).blocks[1]["fields"]
    assert [f["text"] for f in fields] == ["*Credits*\n12,345.6 (+14%)", "*Credits*\nno data"]


def test_a_refusal_is_short_with_what_to_type_as_code() -> None:
    refusal = Refusal(RefusalCode.WRONG_USE, "I do not know <foo>.", "Try `usage 30d` or `/codex help`.")
    message = judged(render(refusal, LOOK))
    said = "I do not know &lt;foo&gt;.\nTry `/codex usage 30d` or `/codex help`."
    assert message.blocks[0]["text"]["text"] == said
    assert message.text == said


def test_a_hint_that_is_a_sentence_stays_one() -> None:
    refusal = Refusal(
        RefusalCode.NOT_ALLOWED, "That needs the level analyst.", "Run `codex-pulse doctor`.", ref="E-1"
    )
    message = judged(render(refusal, LOOK))
    assert message.text.endswith("\nRun `codex-pulse doctor`.")
    assert message.blocks[1]["elements"][0]["text"] == "Reference `E-1`"


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({}, "30 days to 20 Oct UTC · R-7K3M9QXD"),
        ({"receipt": None}, "30 days to 20 Oct UTC"),
        ({"window": TimeRange(date(2025, 12, 31), date(2026, 1, 1))}, "31 Dec 2025 UTC · R-7K3M9QXD"),
        (
            {"missing_days": (date(2026, 10, 3), date(2026, 10, 4))},
            "30 days to 20 Oct UTC · R-7K3M9QXD · missing: 3 Oct, 4 Oct",
        ),
        (
            {"missing_days": tuple(date(2026, 10, d) for d in range(1, 9))},
            "30 days to 20 Oct UTC · R-7K3M9QXD · missing: 1 Oct, 2 Oct, 3 Oct, 4 Oct, 5 Oct and 3 more",
        ),
        (
            {"synced_at": samples.NOW - timedelta(hours=25)},
            f"30 days to 20 Oct UTC · R-7K3M9QXD · last synced {YESTERDAY_IN_SLACK}",
        ),
        ({"window": None, "receipt": None}, ""),
    ],
)
def test_the_footer_is_one_short_line(changes: dict[str, Any], line: str) -> None:
    given = {"window": samples.FOOTER.window, "synced_at": samples.FOOTER.synced_at, "receipt": "R-7K3M9QXD"}
    assert footer_line(Footer(**{**given, **changes}), samples.NOW) == line


def test_a_long_table_shows_its_head_and_counts_the_rest() -> None:
    lines = table_text(samples.table(20)).splitlines()
    assert len(lines) == 14
    assert lines[0] == "Model     Credits"
    assert lines[2] == "model-1     1,000"
    assert lines[-1] == "… 8 more"


def test_a_missing_cell_is_a_dash_and_units_have_their_sign() -> None:
    units = (Unit.USD, Unit.ESTIMATED_USD, Unit.PERCENT, Unit.RATIO, Unit.CREDITS, Unit.THREADS)
    columns = tuple(Column(u.value, "x", u) for u in units)
    rows = ((1.5, 2.0, 41.0, 0.5, 7.0, 1234567), (None,) * 6, (float("nan"),) * 6)
    lines = [line.split("  ") for line in table_text(Table(columns, rows)).splitlines()]
    assert [c.strip() for c in lines[1] if c] == ["$1.50", "~$2.00", "41%", "0.50", "7", "1.23M"]
    assert "".join(lines[2]).replace(" ", "") == "".join(lines[3]).replace(" ", "") == "\N{EN DASH}" * 6


def test_wide_characters_keep_the_columns_aligned() -> None:
    table = Table((Column("a", "Name"), Column("n", "N", Unit.TURNS)), (("日本語", 1), ("abcdef", 2)))
    assert table_text(table).splitlines()[1:] == ["日本語  1", "abcdef  2"]


@given(st.text(), st.integers(1, 60))
def test_escaping_never_exceeds_the_limit_nor_cuts_an_entity(text: str, limit: int) -> None:
    shown = escape(text, limit)
    assert len(shown) <= limit
    rest = shown.replace("&amp;", "").replace("&lt;", "").replace("&gt;", "")
    assert not set(rest) & set("&<>")


@given(st.text(), st.integers(4, 60))
def test_code_cannot_be_left_early(text: str, limit: int) -> None:
    shown = code(text, limit)
    assert len(shown) <= limit
    assert shown.count("`") == 2
    assert "\n" not in shown


_ANY_CELL = st.none() | st.text(max_size=80) | st.integers() | st.floats()


_LONG = st.builds(lambda text, times: text * times, st.text(max_size=20), st.integers(1, 500))


@settings(max_examples=40, deadline=None)
@given(
    _LONG,
    st.lists(_LONG, max_size=70),
    st.lists(st.tuples(_ANY_CELL, _ANY_CELL), max_size=40),
    st.lists(_LONG, max_size=60),
)
def test_whatever_is_answered_slack_accepts_it(
    text: str, facts: list[str], rows: list[tuple[Any, Any]], actions: list[str]
) -> None:
    reply = samples.reply(
        text=text,
        facts=tuple(Fact(f, f, f, None, Unit.TEXT, 1e9) for f in facts),
        table=Table((Column("a", text), Column("b", "B", Unit.USD)), tuple(rows), title=text),
        actions=tuple(Action(a, a, a, group=a if n % 2 else None) for n, a in enumerate(actions)),
    )
    frame = Frame("U0000AAAA", text, note="note")
    judged(render(reply, LOOK, frame))
    judged(render(Refusal(RefusalCode.WRONG_USE, text, text, ref=text), LOOK))
