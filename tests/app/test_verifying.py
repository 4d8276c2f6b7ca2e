from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app.signingkey import signer
from bot.console.outdir import save
from bot.kit.exportreceipts import RECEIPT_SUFFIX
from bot.model.chat import Reply
from bot.settings import Settings
from tests.handlers import small
from tests.handlers.answering import a_bot


@pytest.fixture
def keyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """An installation of its own; its public key."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PULSE_STATE_URL", f"sqlite:///{tmp_path}/state.db")
    return signer(Settings.load()).public_key


async def reply_of(folder: Path, text: str) -> Reply:
    async with a_bot(folder, small.small_lake(folder).lake) as bot:
        bot.dispatcher.deps.exports.signer = lambda: signer(Settings.load())
        reply = await bot.ask(text)
        assert isinstance(reply, Reply), reply
        save(reply, bot.request(text), folder / "out")
        return reply


@pytest.fixture
def exported(tmp_path: Path, keyed: str) -> Path:
    assert keyed
    reply = asyncio.run(reply_of(tmp_path, "export workspace csv 3d"))
    return tmp_path / "out" / reply.files[0].name


def test_key_prints_the_public_key_alone(keyed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["key"]) == 0
    assert capsys.readouterr().out == keyed + "\n"


def test_an_untouched_file_verifies(exported: Path, keyed: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", str(exported), "--key", keyed]) == 0
    assert capsys.readouterr().out == f"{exported.name} is as it was made: 3 rows, signed by {keyed}.\n"


def test_without_a_key_it_is_said_that_nobody_was_checked(
    exported: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["verify", str(exported)]) == 0
    assert "give --key" in capsys.readouterr().out


@pytest.mark.parametrize("told", ["[" * 100_000, '{"file":' + "[" * 100_000 + "]" * 100_000 + "}", "{}"])
def test_a_receipt_that_is_none_ends_with_5(told: str, exported: Path) -> None:
    exported.with_name(exported.stem + RECEIPT_SUFFIX).write_text(told, encoding="ascii")
    assert main(["verify", str(exported)]) == 5


def test_a_changed_byte_ends_with_5(exported: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exported.write_bytes(exported.read_bytes().replace(b"2026", b"2025", 1))
    assert main(["verify", str(exported)]) == 5
    assert "does not verify" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [["nothing.csv", "--key", "nonsense"], ["nothing.csv"]])
def test_what_cannot_be_checked_is_never_a_success(arguments: list[str], keyed: str) -> None:
    assert keyed
    assert main(["verify", *arguments]) in {2, 5}


def test_a_receipt_whose_file_is_gone_is_wrong_use(exported: Path) -> None:
    exported.unlink()
    assert main(["verify", str(exported)]) == 2
