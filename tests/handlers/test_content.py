from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.compliance.originals import Original
from bot.model.chat import Answer, Asker, Level, Refusal, Reply
from tests.handlers.answering import person
from tests.handlers.live import APPROVER, INVESTIGATOR, OTHERS, Live

WANTED = 'content user dana.okafor@northwind.example 7d case INC-12 "what was asked for at night"'
ADDRESS = "someone.private" + "@corp.example"


def said(answer: Answer) -> str:
    assert isinstance(answer, Reply), answer
    return answer.text


async def ask(live: Live, text: str, asker: Asker = INVESTIGATOR) -> Answer:
    return await live.bot.ask(text, asker=asker)


async def approved(live: Live) -> None:
    said(await ask(live, WANTED))
    assert said(await ask(live, "approve A-1", APPROVER)).startswith("A-1 is approved.")


async def test_a_request_is_posted_with_its_buttons_and_shows_nothing_yet(live: Live) -> None:
    assert "a second person has 30 minutes" in said(await ask(live, WANTED))
    (news,) = live.told.posted
    assert "INC-12" in news.text
    assert [action.label for action in news.actions] == ["Approve", "Deny"]
    assert isinstance(await ask(live, "content A-1"), Refusal)


async def test_the_requester_never_approves_even_with_the_grant(live: Live) -> None:
    both = replace(INVESTIGATOR, levels=INVESTIGATOR.levels | APPROVER.levels)
    said(await ask(live, WANTED))
    assert "somebody else has to decide" in said(await ask(live, "approve A-1", both))
    assert isinstance(await ask(live, "content A-1", both), Refusal)


@pytest.mark.parametrize(
    "known", [{"email": "Ira.Vest@corp.example"}, {"email": None, "codex_user_id": "user-ira"}]
)
async def test_the_requester_never_approves_from_another_chat_account(
    live: Live, known: dict[str, str | None]
) -> None:
    slack = replace(INVESTIGATOR, email="ira.vest@corp.example", codex_user_id="user-ira")
    teams = replace(APPROVER, id="29:other-platform", **known)  # type: ignore[arg-type]
    said(await ask(live, WANTED, slack))
    for text in (live.told.posted[0].actions[0].command, "approve A-1", "deny A-1"):
        assert "somebody else has to decide" in said(await ask(live, text, teams))
    assert isinstance(await ask(live, "content A-1", slack), Refusal)
    assert said(await ask(live, "approve A-1", APPROVER)).startswith("A-1 is approved.")
    assert "prompt_text" in said(await ask(live, "content A-1", slack))


@pytest.mark.parametrize("text", [WANTED, "content A-1"])
@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.id)
async def test_every_other_role_is_refused_as_if_there_were_nothing(
    live: Live, text: str, other: Asker
) -> None:
    await approved(live)
    unknown = await ask(live, WANTED.replace("dana.okafor", "nobody.here"))
    assert isinstance(unknown, Refusal)
    assert await ask(live, text, other) == unknown


async def test_an_approval_opens_for_its_requester_alone(live: Live) -> None:
    await approved(live)
    second = person(Level.INVESTIGATOR, "U0SECOND")
    assert await ask(live, "content A-1", second) == await ask(live, "content A-99", second)


@pytest.mark.parametrize("level", [Level.MEMBER, Level.ANALYST, Level.ADMIN, Level.INVESTIGATOR])
async def test_only_approvers_decide(live: Live, level: Level) -> None:
    said(await ask(live, WANTED))
    for word in ("approve", "deny"):
        assert isinstance(await ask(live, f"{word} A-1", person(level, "U0OTHER")), Refusal)
    assert isinstance(await ask(live, "content A-1"), Refusal)


async def test_after_approval_the_requester_is_told_and_reads_lines_from_the_source(live: Live) -> None:
    await approved(live)
    assert [who for who, _ in live.told.people] == [INVESTIGATOR.id]
    answer = await ask(live, "content A-1")
    assert said(answer).startswith("Content of the first 20 of ")
    assert "prompt_text: " in said(answer)
    assert isinstance(answer, Reply)
    assert answer.dm_only
    assert answer.expires_at is not None
    assert answer.table is not None
    assert all(len(str(row[1])) == 64 for row in answer.table.rows)


async def test_content_is_read_without_a_file(live: Live, monkeypatch: pytest.MonkeyPatch) -> None:
    await approved(live)

    def refuse(path: Path, raw: bytes) -> int:
        raise AssertionError(path, len(raw))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    assert "prompt_text: " in said(await ask(live, "content A-1"))


async def test_how_much_there_is_is_told_to_requester_approver_and_reader_alike(live: Live) -> None:
    asked = said(await ask(live, WANTED))
    extent = re.search(r"the first 20 of [0-9,]+ lines", asked)
    assert extent
    assert extent[0] in live.told.posted[0].text
    said(await ask(live, "approve A-1", APPROVER))
    read = said(await ask(live, "content A-1"))
    assert extent[0] in read
    assert "These are the oldest 20" in read
    packed = said(await ask(live, WANTED.replace("content", "pack", 1)))
    assert f"holds {extent[0].split()[4]} lines" in packed


async def test_secrets_and_addresses_in_content_are_withheld_and_counted(
    live: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = live.bot.dispatcher.deps.compliance
    assert client is not None
    secret = "AKIA" + "QWERTZUIOPASDFGH"
    record = json.dumps({"event_details": {"prompt_text": f"use {secret} and write to {ADDRESS}"}})

    async def originals(lines: tuple[object, ...]) -> tuple[Original, ...]:
        return (Original(lines[0], record.encode()),)  # type: ignore[arg-type]

    monkeypatch.setattr(client, "originals", originals)
    await approved(live)
    text = said(await ask(live, "content A-1"))
    assert "prompt_text: use " in text
    assert secret not in text
    assert ADDRESS not in text
    assert "Withheld: 1 " in text


async def test_what_the_source_has_no_longer_is_said_to_be_gone(live: Live) -> None:
    await approved(live)
    live.source.set_now(live.bot.now + timedelta(days=45))
    text = said(await ask(live, "content A-1"))
    assert "20 lines no longer available from the source." in text
    assert "prompt_text" not in text


async def test_a_button_of_another_request_decides_nothing(live: Live) -> None:
    said(await ask(live, WANTED))
    said(await ask(live, WANTED))
    other = live.told.posted[1].actions[0].command.split()[-1]
    assert isinstance(await ask(live, f"approve A-1 {other}", APPROVER), Refusal)
    assert said(await ask(live, live.told.posted[0].actions[0].command, APPROVER)).startswith("A-1 is app")
    assert "decided already" in said(await ask(live, "deny A-1", APPROVER))


async def test_a_request_ends_after_30_minutes_and_access_after_60(live: Live) -> None:
    said(await ask(live, WANTED))
    late = await live.bot.ask("approve A-1", asker=APPROVER, now=live.bot.now + timedelta(minutes=30))
    assert "older than 30 minutes" in said(late)
    said(await ask(live, WANTED))
    said(await ask(live, "approve A-2", APPROVER))
    closed = await live.bot.ask("content A-2", now=live.bot.now + timedelta(minutes=60))
    assert isinstance(closed, Refusal)
