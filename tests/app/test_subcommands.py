from __future__ import annotations

import inspect
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app.asking import check_words, place_named
from bot.app.subcommands import EXTRA, runner
from bot.console import parser
from bot.model.chat import PlaceKind, PlaceLevel
from bot.model.errors import WrongUse
from bot.settings import Policy, Settings


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


@pytest.mark.parametrize(
    ("option", "word", "said"),
    [("--as", "analist", "analyst, investigator"), ("--where", "analyst", "channel, analysts, dm, shared")],
)
def test_a_word_that_is_neither_a_role_or_place_nor_an_id_is_refused(
    option: str, word: str, said: str
) -> None:
    arguments = parser.build(EXTRA).parse_args(["ask", "help", "--demo", option, word])
    with pytest.raises(WrongUse) as refused:
        check_words(arguments, Settings())
    assert word in refused.value.message
    assert said in refused.value.hint


@pytest.mark.parametrize(
    "words", [["--as", "U0123"], ["--as", "Analyst"], ["--where", "DM"], ["--where", "19:a@thread.tacv2"]]
)
def test_ids_are_taken_and_roles_and_places_in_any_case(words: list[str]) -> None:
    check_words(parser.build(EXTRA).parse_args(["ask", "help", "--demo", *words]), Settings())


def test_a_person_or_place_that_the_policy_names_is_taken_whatever_it_looks_like() -> None:
    policy = Policy(analyst=("boss",), channels={"lounge": PlaceLevel.PEOPLE})
    arguments = parser.build(EXTRA).parse_args(["ask", "help", "--as", "boss", "--where", "lounge"])
    check_words(arguments, Settings(policy=policy))


@pytest.mark.parametrize(
    ("where", "kind"),
    [
        ("D0PULSE001", PlaceKind.DM),
        ("C0PULSE003", PlaceKind.SHARED),
        ("Shared", PlaceKind.SHARED),
        ("D0ANY", PlaceKind.DM),
        ("C0ANY", PlaceKind.CHANNEL),
    ],
)
def test_an_id_is_the_kind_of_place_that_it_names(where: str, kind: PlaceKind) -> None:
    assert place_named(where, Policy()).kind is kind


def test_nothing_is_imported_that_an_answer_in_text_does_not_need() -> None:
    script = "import sys, bot.app.asking, bot.__main__; print(*sorted(sys.modules))"
    loaded = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True).stdout
    heavy = {"matplotlib", "ibis", "duckdb", "pandas", "slack_bolt", "slack_sdk", "alembic"}
    assert heavy & set(loaded.split()) == set()
