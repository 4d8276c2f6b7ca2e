from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

from bot.app.subcommands import EXTRA, runner
from bot.console import parser


@pytest.mark.parametrize("name", ["ask", *EXTRA])
def test_every_subcommand_leads_to_what_runs_it(name: str) -> None:
    assert inspect.iscoroutinefunction(runner(name))


@pytest.mark.parametrize(
    ("words", "allowed"),
    [("nope csv", "workspace, users, reviews, events"), ("users xml", "csv, json")],
)
def test_a_wrong_kind_or_format_of_an_export_is_told_what_there_is(
    capsys: pytest.CaptureFixture[str], words: str, allowed: str
) -> None:
    with pytest.raises(SystemExit) as caught:
        parser.build(EXTRA).parse_args(["export", *words.split()])
    assert caught.value.code == 2
    assert f"(choose from {allowed})" in capsys.readouterr().err.replace("'", "")


def test_nothing_is_imported_that_an_answer_in_text_does_not_need() -> None:
    script = "import sys, bot.app.asking, bot.__main__; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    heavy = {"matplotlib", "ibis", "duckdb", "pandas", "slack_bolt", "slack_sdk", "alembic"}
    assert heavy & set(loaded.split()) == set()
