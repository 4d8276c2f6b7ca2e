from __future__ import annotations

from datetime import UTC, datetime

from bot.console import as_text
from bot.console.outdir import Saved
from bot.kit.breakdown import change_column
from bot.model.chat import Column, Reply, Table

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


def printed(text: str, table: Table) -> list[str]:
    return as_text.render(Reply("test", text, table=table), Saved(), NOW).splitlines()


def test_a_title_longer_than_its_table_stays_on_one_line() -> None:
    table = Table((Column("a", "A"),), (("x",),), title="Segments, 24 Aug–15 Nov 2026")
    assert "Segments, 24 Aug–15 Nov 2026" in printed("Said.", table)


def test_one_empty_line_stands_around_a_table_without_title() -> None:
    lines = printed("Said.", Table((Column("a", "A"),), (("x",),)))
    assert lines == ["Said.", "", " A", " ─", " x"]


def test_a_change_has_its_sign() -> None:
    lines = printed("Said.", Table((Column("team", "Team"), change_column()), (("Web", 17.4),)))
    assert lines[-1].split() == ["Web", "+17%"]


def test_a_name_cannot_turn_the_line_around() -> None:
    lines = printed("\u202etxet leads.", Table((Column("who", "Who"),), (("\u202etxet",),)))
    assert lines[0] == "txet leads."
    assert lines[-1] == " txet"
