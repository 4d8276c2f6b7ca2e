from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
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


@pytest.mark.parametrize("words", [("ask", "help"), ("export", "users", "csv"), ("digest", "--preview")])
def test_a_setting_that_cannot_be_used_is_refused_as_json_where_json_is_asked_for(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.setenv("PULSE_TIMEZONE", "Mars/Base")
    assert main([*words, "--format", "json"]) == 2
    told = capsys.readouterr()
    assert (json.loads(told.out)["error"]["code"], told.err) == ("wrong_use", "")
    assert "PULSE_TIMEZONE" in told.out


@pytest.mark.parametrize("beneath", ["", "deeper/still"])
def test_a_demo_folder_that_cannot_be_made_is_named(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, beneath: str
) -> None:
    taken = tmp_path / "taken"
    taken.touch()
    monkeypatch.setenv("PULSE_DEMO_DIR", str(taken / beneath))
    assert main(["ask", "help", "--demo"]) == 2
    assert str(taken) in capsys.readouterr().err


def test_nothing_is_imported_that_an_answer_in_text_does_not_need() -> None:
    script = "import sys, bot.app.asking, bot.__main__; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    heavy = {"matplotlib", "ibis", "duckdb", "pandas", "slack_bolt", "slack_sdk", "alembic"}
    assert heavy & set(loaded.split()) == set()
