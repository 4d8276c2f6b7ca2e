from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from bot.analytics.directory import read_directory
from bot.app.listing import directory
from bot.console.exits import Exit
from bot.model.errors import WrongUse
from tests.handlers.small import small_lake


@pytest.fixture(autouse=True)
def _installation(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    lake = small_lake(tmp_path).lake
    monkeypatch.setenv("PULSE_WORKSPACE_ID", "6a1f0c52-8d7b-4c1e-9a35-0b6f3d2e7c11")
    monkeypatch.setenv("PULSE_ANALYTICS_API_KEY", "sk-test")
    monkeypatch.setenv("PULSE_LAKE_URL", str(lake.root))
    monkeypatch.setenv("PULSE_STATE_URL", f"sqlite:///{tmp_path}/state.db")


async def test_everybody_ever_seen_is_listed_in_a_file_that_can_be_used_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "directory.csv"
    assert await directory(argparse.Namespace(demo=False, out=out)) is Exit.DONE
    assert {member.email for member in read_directory(out).members} == {
        f"{name}@example.com" for name in ("ana", "ben", "cid", "dan")
    }
    assert capsys.readouterr() == ("", "4 people listed.\n")


async def test_without_a_file_it_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    await directory(argparse.Namespace(demo=False, out=None))
    assert capsys.readouterr().out.splitlines()[:2] == [
        "email,team,manager,chat_id",
        "ana@example.com,Unassigned,,",
    ]


async def test_a_filled_in_file_is_never_overwritten(tmp_path: Path) -> None:
    out = tmp_path / "directory.csv"
    out.write_text("email,team\nana@example.com,Web\n", encoding="utf-8")
    with pytest.raises(WrongUse, match="exists already"):
        await directory(argparse.Namespace(demo=False, out=out))
    assert "Web" in out.read_text(encoding="utf-8")
