from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.app.signingkey import FILE_NAME, signer
from bot.model.errors import BadSetting
from bot.settings import Settings


def settings_in(folder: Path, secret: str = "") -> Settings:
    return Settings(state_url=f"sqlite:///{folder}/state/state.db", secret_key=SecretStr(secret))


def test_without_a_secret_a_key_is_made_once_that_only_its_owner_reads(tmp_path: Path) -> None:
    first = signer(settings_in(tmp_path)).public_key
    assert signer(settings_in(tmp_path)).public_key == first
    path = tmp_path / "state" / FILE_NAME
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [FILE_NAME]


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        keys = set(pool.map(lambda _: signer(settings_in(tmp_path)).public_key, range(32)))
    assert len(keys) == 1


def test_with_a_secret_the_key_follows_from_it_alone(tmp_path: Path) -> None:
    one, other = (signer(settings_in(tmp_path / name, "s" * 32)).public_key for name in "ab")
    assert one == other
    assert signer(settings_in(tmp_path, "t" * 32)).public_key != one
    assert not list(tmp_path.rglob(FILE_NAME))


@pytest.mark.parametrize("content", ["", "not hex", "00" * 31])
def test_a_damaged_key_is_said_and_not_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "state").mkdir()
    path = tmp_path / "state" / FILE_NAME
    path.write_text(content, encoding="ascii")
    with pytest.raises(BadSetting, match=FILE_NAME):
        signer(settings_in(tmp_path))
    assert path.read_text(encoding="ascii") == content


def test_replicas_on_postgresql_need_the_secret() -> None:
    shared = Settings(state_url="postgresql+asyncpg://pulse@db.example/pulse")
    with pytest.raises(BadSetting, match="PULSE_SECRET_KEY"):
        signer(shared)
