from __future__ import annotations

import json
import sys
from io import BytesIO
from pathlib import Path
from typing import Any, cast
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator

from bot.app.teams_side import TeamsDirectory, app_package, is_wanted, teams_config, teams_side
from bot.dispatch.identity import Access
from bot.model.chat import Level, PlaceKind, PlaceLevel
from bot.model.errors import BadSetting
from bot.settings import Policy, Settings
from bot.teams.ports import Profile
from handlers import COMMANDS

SCHEMA = Path(__file__).parents[1] / "data" / "teams-manifest.v1.30.schema.json"
APP_ID = "0F0E0D0C-0000-4000-8000-00000000ABCD"


async def nobody(_: str) -> str | None:
    return None


def directory(**policy: Any) -> TeamsDirectory:
    given = Policy(**policy)
    return TeamsDirectory(Access(given, (), nobody), given)


def test_the_package_lists_the_commands_of_this_version() -> None:
    with ZipFile(BytesIO(app_package(Settings.load()))) as archive:
        made = json.loads(archive.read("manifest.json"))
    assert list(Draft4Validator(json.loads(SCHEMA.read_text(encoding="utf-8"))).iter_errors(made)) == []
    listed = {c["title"] for menu in made["bots"][0]["commandLists"] for c in menu["commands"]}
    assert "help" in listed
    assert listed <= {command.name for command in COMMANDS}


def test_teams_is_off_until_it_is_configured() -> None:
    assert not is_wanted(Settings.load())
    assert is_wanted(Settings.load(teams_app_id=APP_ID))
    assert is_wanted(Settings.load(teams_unauthenticated=True))


def test_the_password_never_shows() -> None:
    config = teams_config(Settings.load(teams_app_id=APP_ID, teams_app_password="hush-hush"))
    assert config.app_id == APP_ID.lower()
    assert config.password == "hush-hush"
    assert "hush-hush" not in repr(config)


@pytest.mark.parametrize(
    "wrong",
    [{"teams_app_id": "my bot"}, {"public_url": "http://pulse.example.com"}, {"teams_images": "both"}],
    ids=str,
)
def test_a_setting_that_cannot_work_is_named(wrong: dict[str, str]) -> None:
    with pytest.raises(BadSetting, match=f"PULSE_{next(iter(wrong)).upper()}"):
        Settings.load(**wrong)


async def test_levels_come_from_the_policy_by_object_id_or_e_mail() -> None:
    known = directory(analyst=("ada@example.com",), admin=("bob-object",))
    ada = await known.asker(Profile("ada-object", "ada@example.com", is_outsider=False))
    bob = await known.asker(Profile("bob-object", None, is_outsider=False))
    assert ada.levels == {Level.MEMBER, Level.ANALYST}
    assert Level.ADMIN in bob.levels


async def test_an_outsider_has_no_level_even_when_listed() -> None:
    known = directory(admin=("ada@example.com",))
    ada = await known.asker(Profile("ada-object", "ada@example.com", is_outsider=True))
    assert ada.levels == frozenset()


async def test_a_channel_has_the_level_of_the_policy() -> None:
    place = await directory(channels={"19:x": "people"}).place("19:x", PlaceKind.CHANNEL)
    assert place.level is PlaceLevel.PEOPLE


async def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bot.teams.app", None)
    with pytest.raises(BadSetting, match="is not installed"):
        async with teams_side(cast("Any", None)):
            pass
