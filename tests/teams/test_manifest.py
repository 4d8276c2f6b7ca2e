from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from jsonschema import Draft4Validator
from PIL import Image

from bot.teams.manifest import AppIdentity, MenuItem, manifest, package

SCHEMA = Path(__file__).parents[1] / "data" / "teams-manifest.v1.30.schema.json"
APP = AppIdentity("0F0E0D0C-0000-4000-8000-00000000ABCD", "https://pulse.example.com", "1.2.3")
COMMANDS = tuple(
    MenuItem(name, f"{name} in words", is_private=name.startswith("p"))
    for name in ("usage", "people", *(f"c{n}" for n in range(14)), "help")
)


def problems(content: object) -> list[str]:
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    return [f"{list(e.path)}: {e.message}" for e in Draft4Validator(schema).iter_errors(content)]


@pytest.mark.parametrize("identity", [APP, AppIdentity()], ids=["configured", "not configured yet"])
@pytest.mark.parametrize("commands", [COMMANDS, ()], ids=["many commands", "no command"])
def test_the_manifest_is_what_the_newest_schema_asks_for(
    identity: AppIdentity, commands: tuple[MenuItem, ...]
) -> None:
    assert problems(manifest(identity, commands)) == []


def test_the_schema_would_notice_a_mistake() -> None:
    assert problems({**manifest(APP, COMMANDS), "accentColour": "#000000"})


def test_the_package_holds_manifest_and_icons_at_its_root() -> None:
    with ZipFile(BytesIO(package(APP, COMMANDS))) as archive:
        assert archive.namelist() == ["manifest.json", "color.png", "outline.png"]
        assert json.loads(archive.read("manifest.json")) == manifest(APP, COMMANDS)
        colour, outline = (Image.open(BytesIO(archive.read(name))) for name in ("color.png", "outline.png"))
    assert colour.size == (192, 192)
    assert outline.size == (32, 32)


def test_the_outline_is_white_on_transparent() -> None:
    with ZipFile(BytesIO(package(APP, COMMANDS))) as archive:
        outline = Image.open(BytesIO(archive.read("outline.png"))).convert("RGBA")
    pixels = {outline.getpixel((x, y)) for x in range(32) for y in range(32)}
    assert {pixel[:3] for pixel in pixels if isinstance(pixel, tuple) and pixel[3]} == {(255, 255, 255)}
    assert outline.getextrema()[3] == (0, 255)


def test_the_same_package_has_the_same_bytes() -> None:
    assert package(APP, COMMANDS) == package(APP, COMMANDS)


def test_app_and_bot_are_the_registered_ones() -> None:
    made = manifest(APP, COMMANDS)
    assert made["id"] == made["bots"][0]["botId"] == "0f0e0d0c-0000-4000-8000-00000000abcd"
    assert made["developer"]["privacyUrl"] == "https://pulse.example.com/teams/about#privacy"
    assert made["validDomains"] == ["pulse.example.com"]


def test_commands_are_listed_for_every_scope_and_as_slash_commands() -> None:
    bot = manifest(APP, COMMANDS)["bots"][0]
    assert bot["supportsTargetedMessages"] is True
    lists = bot["commandLists"]
    assert {scope for listed in lists for scope in listed["scopes"]} == {"personal", "team", "groupChat"}
    assert [listed.get("triggers") for listed in lists] == [None, ["mention"], ["slash"]]
    assert all(len(listed["commands"]) == 12 for listed in lists)
    assert all("help" in [c["title"] for c in listed["commands"]] for listed in lists)


def test_private_commands_lead_the_slash_commands_and_trail_the_mentions() -> None:
    _, mention, slash = manifest(APP, COMMANDS)["bots"][0]["commandLists"]
    assert slash["commands"][0]["title"] == "people"
    assert "people" not in [command["title"] for command in mention["commands"]]
