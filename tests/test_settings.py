from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.chat import Level, PlaceLevel
from bot.model.errors import BadSetting
from bot.settings import Settings

GOOD = """
seats = 300
[policy]
analyst = ["ana@x.example", "S0GROUP"]
per_person = false
channels."C123" = "people"
roles.analytics-viewer = "analyst"
"""


def load(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> Settings:
    path = tmp_path / "codex-pulse.toml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("PULSE_CONFIG", str(path))
    return Settings.load()


def test_the_policy_is_a_table_of_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings = load(monkeypatch, tmp_path, GOOD)
    assert settings.seats == 300
    assert settings.policy.members_of(Level.ANALYST) == ("ana@x.example", "S0GROUP")
    assert settings.policy.channels == {"C123": PlaceLevel.PEOPLE}
    assert settings.policy.roles == {"analytics-viewer": Level.ANALYST}
    assert not settings.policy.per_person


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('[policy]\nanalysts = ["ana@x.example"]', "policy.analysts: there is no such setting"),
        ('[policy]\nanalyst = "ana@x.example"', "policy.analyst: a list is needed"),
        ('[policy]\nchannels."C123" = "person"', "policy.channels.C123"),
        ('[policy]\nroles.viewer = "analist"', "policy.roles.viewer"),
        ('[policy]\nper_person = "sometimes"', "policy.per_person"),
        ('[polcy]\nanalyst = ["ana@x.example"]', "PULSE_POLCY: there is no such setting"),
        ("[policy\n", "is not valid TOML"),
        ("seats = 0", "PULSE_SEATS"),
    ],
)
def test_a_typo_is_named_and_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, named: str
) -> None:
    with pytest.raises(BadSetting) as caught:
        load(monkeypatch, tmp_path, text)
    assert named in caught.value.message
    assert "ana@x.example" not in caught.value.message


def test_the_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PULSE_SEATS", "7")
    monkeypatch.setenv("PULSE_ADMINS", "ana@x.example, U1")
    settings = load(monkeypatch, tmp_path, GOOD)
    assert (settings.seats, settings.admins) == (7, ("ana@x.example", "U1"))


def test_a_config_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_CONFIG", "/nowhere.toml")
    with pytest.raises(BadSetting, match=r"/nowhere\.toml"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("PULSE_SLACK_BOT_TOKE", "PULSE_SLACK_BOT_TOKEN"),
        ("PULSE_WORKSPACE", "PULSE_WORKSPACE_ID"),
        ("PULSE_SEAT", "PULSE_SEATS"),
    ],
)
def test_a_misspelt_variable_is_named_and_nothing_starts(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    monkeypatch.setenv(name, "7")
    with pytest.raises(BadSetting, match=name) as caught:
        Settings.load()
    assert meant in caught.value.hint


@pytest.mark.parametrize(
    "name", ["PULSE_SERVER", "PULSE_COOKIE", "PULSE_SINK", "PULSE_RUNTIME_PATH", "PULSE_LATENCY_MSEC"]
)
def test_variables_of_other_programs_are_left_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")
    Settings.load()
