from __future__ import annotations

import hashlib
import json
from datetime import timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest

from bot.kit.packs import pack_fault
from bot.model.chat import Asker, Refusal, RefusalCode, Reply
from tests.handlers.answering import SIGNER
from tests.handlers.live import APPROVER, INVESTIGATOR, OTHERS, Live

SUBJECT = 'user dana.okafor@northwind.example 7d case INC-12 "use at night"'
PACK = f"pack {SUBJECT}"


async def reply(live: Live, text: str, asker: Asker = INVESTIGATOR) -> Reply:
    answer = await live.bot.ask(text, asker=asker)
    assert isinstance(answer, Reply), answer
    return answer


async def packed(live: Live, text: str = PACK) -> bytes:
    (file,) = (await reply(live, text)).files
    raw = file.path.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == file.sha256
    return raw


async def approved(live: Live) -> None:
    await reply(live, f"content {SUBJECT} originals")
    await reply(live, "approve A-1", APPROVER)


def member(raw: bytes, name: str) -> bytes:
    with ZipFile(BytesIO(raw)) as archive:
        return archive.read(name)


async def test_the_same_evidence_is_the_same_zip_and_verifies(live: Live) -> None:
    raw = await packed(live)
    assert raw == await packed(live)
    assert pack_fault(raw, SIGNER.public_key) is None
    manifest = json.loads(member(raw, "manifest.json"))
    assert manifest["query"]["case"] == "INC-12"
    assert manifest["lines"]["count"] == len(member(raw, "lines.jsonl").splitlines()) > 50
    assert manifest["source_files"]
    assert manifest["coverage"]["types"]
    assert manifest["approval"] is None
    with ZipFile(BytesIO(raw)) as archive:
        assert archive.namelist() == ["lines.jsonl", "manifest.json", "signature"]


async def test_with_an_approval_the_original_lines_are_there_and_hash_as_told(live: Live) -> None:
    await approved(live)
    raw = await packed(live, f"{PACK} A-1")
    assert pack_fault(raw, SIGNER.public_key) is None
    told = [json.loads(line)["sha256"] for line in member(raw, "lines.jsonl").splitlines()]
    found = [hashlib.sha256(line).hexdigest() for line in member(raw, "originals.jsonl").splitlines()]
    assert found == told
    manifest = json.loads(member(raw, "manifest.json"))
    assert (manifest["approval"]["id"], manifest["approval"]["decided_by"]) == ("A-1", APPROVER.id)
    assert manifest["originals_gone"] == []


@pytest.mark.parametrize(
    "text",
    [
        f"{PACK} A-9",
        f"{PACK} A-1".replace("INC-12", "INC-13"),
        f"{PACK} A-1".replace("7d", "8d"),
        f"{PACK} A-1".replace("user dana.okafor@northwind.example", "token nightly-ci"),
    ],
)
async def test_an_approval_of_something_else_opens_nothing(live: Live, text: str) -> None:
    await approved(live)
    assert isinstance(await live.bot.ask(text), Refusal)


async def test_an_approval_of_redacted_content_opens_no_originals(live: Live) -> None:
    await reply(live, f"content {SUBJECT}")
    assert "not redacted" not in live.told.posted[0].text
    await reply(live, "approve A-1", APPROVER)
    answer = await live.bot.ask(f"{PACK} A-1")
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.WRONG_USE
    assert answer.message == "A-1 is for redacted content; original lines have to be asked for."


async def test_the_approver_is_told_that_originals_are_asked_for(live: Live) -> None:
    await reply(live, f"content {SUBJECT} originals")
    assert "an evidence pack may hold the *original lines, not redacted*" in live.told.posted[0].text


async def test_an_approval_opens_a_pack_for_60_minutes(live: Live) -> None:
    await approved(live)
    late = live.bot.now + timedelta(minutes=60)
    assert isinstance(await live.bot.ask(f"{PACK} A-1", now=late), Refusal)


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.id)
async def test_every_other_role_is_refused_as_if_there_were_nothing(live: Live, other: Asker) -> None:
    nobody = await live.bot.ask(PACK.replace("dana.okafor", "nobody.here"))
    assert isinstance(nobody, Refusal)
    assert await live.bot.ask(PACK, asker=other) == nobody
