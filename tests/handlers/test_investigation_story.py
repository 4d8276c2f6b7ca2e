"""An investigator follows a token through the demo workspace; nobody else gets one word of it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from bot.lake import Dataset, Lake
from bot.model.chat import Audience, Refusal, RefusalCode, Reply
from bot.state.trail import Trail, TrailLine
from tests.handlers.answering import CHANNEL, DM, NOW, SHARED, Bot, a_bot
from tests.handlers.demo import PEOPLE, Demo

WHY = 'case INC-12 "use at night"'
NOBODYS = Refusal(RefusalCode.NOT_ALLOWED, "Not found, or not yours to see.")
GUESTS = Refusal(RefusalCode.NOT_ALLOWED, "Sorry, I answer only members of this workspace.")
BURST, OPENED, SECRET = date(2026, 10, 13), date(2026, 10, 16), date(2026, 10, 15)
Row = dict[str, Any]


@pytest.fixture
async def bot(tmp_path: Path, demo: Demo) -> AsyncIterator[Bot]:
    async with a_bot(tmp_path, demo.lake(), directory=demo.directory()) as bot:
        bot.asker, bot.place = demo.asker("investigator"), DM
        yield bot


def rows(lake: Lake, day: date) -> list[Row]:
    found: list[Row] = pq.ParquetFile(lake.path(Dataset.EVENTS, day)).read().to_pylist()
    return found


def at_night(lake: Lake) -> list[Row]:
    midnight = (BURST - date(1970, 1, 1)).days * 86_400_000_000
    sent = [row for row in rows(lake, BURST) if row["event_type"] == "PROMPT_SENT"]
    return [row for row in sent if row["timestamp"] < midnight + 6 * 3_600_000_000]


def steps(lake: Lake) -> list[str]:
    night = at_night(lake)[0]
    opened = next(row for row in rows(lake, OPENED) if row["event_type"] == "ENVIRONMENT_UPDATED")
    return [
        f"investigate token nightly-ci 30d {WHY}",
        f"investigate user {night['user_id']} 30d {WHY}",
        f"investigate session {night['session_id']} {BURST} {WHY}",
        f"investigate environment {opened['environment_id']} 30d {WHY}",
        f"investigate model {night['model']} 7d {WHY}",
        f"investigate user {PEOPLE['member'].email} {SECRET} {WHY}",
    ]


async def reply(bot: Bot, text: str, **changes: object) -> Reply:
    answer = await bot.ask(text, **changes)
    assert isinstance(answer, Reply), answer
    return answer


def figures(answer: Reply) -> dict[str, float | None]:
    return {fact.key: fact.number for fact in answer.facts}


async def lines(bot: Bot) -> list[TrailLine]:
    return [line async for line in Trail(bot.state).lines()]


async def test_the_tokens_table_tells_owner_life_and_use(bot: Bot, demo: Demo) -> None:
    told = await reply(bot, "tokens 30d")
    assert told.table is not None
    keys = [column.key for column in told.table.columns]
    named = {str(row[0]).split(" ")[0]: dict(zip(keys, row, strict=True)) for row in told.table.rows}
    nightly = named["nightly-ci"]
    assert nightly["state"] == "revoked"
    assert str(nightly["created_at"]).startswith("2 Oct 2026 00:15")
    assert (nightly["revoked_at"], nightly["revoked_by"]) == ("18 Oct 2026", PEOPLE["admin"].email)
    credential = at_night(demo.lake())[0]["credential_id"]
    days = [rows(demo.lake(), day) for day in demo.lake().days(Dataset.EVENTS) if day < NOW.date()]
    uses = sum(row["credential_id"] == credential for day in days for row in day)
    assert nightly["uses"] == uses > 45
    assert nightly["uses_per_day"] == uses / 30
    assert (named["laptop"]["state"], named["forgotten-notebook"]["last_used_at"]) == ("revoked", "never")


async def test_the_token_leads_to_the_night_it_was_used(bot: Bot, demo: Demo) -> None:
    night = at_night(demo.lake())
    told = await reply(bot, steps(demo.lake())[0])
    assert told.text.startswith("Token nightly-ci (cat-")
    assert "created 2 Oct 2026 00:15 UTC" in told.text
    assert f"revoked 18 Oct 2026 16:00 UTC by {PEOPLE['admin'].email}" in told.text
    assert "most from 13 Oct 01:00 UTC on" in told.text
    assert (figures(told)["night_events"] or 0) >= len(night) >= 40
    assert "Read: AUDIT_LOG, CODEX_LOG and CODEX_SECURITY_LOG, complete through" in told.text
    assert "OpenAI's export leaves out Codex used with an API key." in told.text


async def test_its_owner_opened_an_environment_to_the_network(bot: Bot, demo: Demo) -> None:
    told = await reply(bot, steps(demo.lake())[1])
    assert "16 Oct 2026 19:07 UTC" in told.text
    assert "network access set to on" in told.text
    opened = await reply(bot, steps(demo.lake())[3])
    assert opened.text.startswith("Environment env_")
    assert "network access set to on" in opened.text


async def test_a_session_tells_who_with_which_model_and_how_much(bot: Bot, demo: Demo) -> None:
    first = at_night(demo.lake())[0]
    same = [row for row in rows(demo.lake(), BURST) if row["session_id"] == first["session_id"]]
    told = await reply(bot, steps(demo.lake())[2])
    counted = figures(told)
    assert counted["prompts"] == sum(row["event_type"] == "PROMPT_SENT" for row in same)
    assert counted["input_tokens"] == sum(row["input_tokens"] or 0 for row in same)
    assert counted["cached_input_tokens"] == sum(row["cached_input_tokens"] or 0 for row in same)
    assert counted["output_tokens"] == sum(row["output_tokens"] or 0 for row in same)
    assert counted["people"] == 1
    assert str(first["model"]) in told.text


async def test_the_secret_somebody_typed_stands_in_no_answer_and_no_file(bot: Bot, demo: Demo) -> None:
    told = await reply(bot, steps(demo.lake())[5])
    assert (figures(told)["prompts"] or 0) >= 1
    kept = b"".join(path.read_bytes() for path in (demo.root / "lake").rglob("*") if path.is_file())
    for secret in (b"aws_access_key_id", b"DE89 3704", b"karl.berger@customer.example"):
        assert secret not in kept
        assert secret.decode() not in repr(told)


async def test_answers_go_by_direct_message_only_and_expire(bot: Bot, demo: Demo) -> None:
    for step in (*steps(demo.lake()), "tokens 30d", "trail 30d"):
        told = await reply(bot, step, place=CHANNEL)
        assert (told.audience, told.dm_only) == (Audience.ASKER, True)
        assert told.expires_at == NOW + timedelta(minutes=60)
        assert told.footer.receipt is None


@pytest.mark.parametrize("role", ["member", "analyst", "admin", "guest"])
async def test_every_step_is_refused_alike_to_everybody_else(bot: Bot, demo: Demo, role: str) -> None:
    expected = GUESTS if role == "guest" else NOBODYS
    asked = steps(demo.lake())
    for step in asked:
        assert await bot.ask(step, asker=demo.asker(role)) == expected, step
        assert await bot.ask(step, asker=demo.asker(role), place=CHANNEL) == expected, step
    written = await lines(bot)
    assert len(written) == 2 * len(asked)
    assert {(line.actor, json.loads(line.subject)["outcome"]) for line in written} == {
        (f"U0{role.upper()}", "refused")
    }


@pytest.mark.parametrize("role", ["member", "analyst", "guest"])
async def test_tokens_and_the_trail_are_for_investigators_and_admins(bot: Bot, demo: Demo, role: str) -> None:
    for line in ("tokens 30d", "trail 30d", "trail verify"):
        assert await bot.ask(line, asker=demo.asker(role)) == (GUESTS if role == "guest" else NOBODYS)
        assert isinstance(await bot.ask(line, asker=demo.asker("admin")), Reply)


@pytest.mark.parametrize(
    "subject",
    [
        "user nobody@northwind.example",
        "user user-0000000000",
        "token no-such-token",
        "session sess-unknown",
        "model gpt-0",
        "environment env_unknown",
        "task task_unknown",
        "user '<!channel>'",
        'user "x\N{RIGHT-TO-LEFT OVERRIDE}y"',
        "user ../../etc/passwd",
        "user %27;drop",
    ],
)
async def test_what_is_unknown_is_refused_in_the_words_for_what_is_forbidden(
    bot: Bot, demo: Demo, subject: str
) -> None:
    line = f"investigate {subject} 30d {WHY}"
    assert await bot.ask(line) == await bot.ask(line, asker=demo.asker("analyst")) == NOBODYS
    outcomes = [json.loads(each.subject)["outcome"] for each in await lines(bot)]
    assert outcomes == ["nothing", "refused"]


async def test_a_shared_channel_gets_nothing_even_for_an_investigator(bot: Bot, demo: Demo) -> None:
    assert await bot.ask(steps(demo.lake())[0], place=SHARED) == NOBODYS
    assert json.loads((await lines(bot))[-1].subject)["outcome"] == "refused"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("investigate user ana 30d", "A look-up needs a case and a purpose."),
        ("investigate user ana 30d case INC-12", "A look-up needs a purpose in quotes."),
        ('investigate user ana 30d case INC-12 "x"', "`x` is no purpose: say in a few words"),
        ('investigate user ana 30d case "INC 12" "why not"', "A case id is"),
        (f"investigate 30d {WHY}", "Name what to look up"),
        (f"investigate user ana model gpt-5.5 30d {WHY}", "One thing at a time"),
    ],
)
async def test_case_purpose_and_one_subject_are_needed(bot: Bot, demo: Demo, line: str, says: str) -> None:
    refused = await bot.ask(line)
    assert isinstance(refused, Refusal)
    assert refused.code is RefusalCode.WRONG_USE
    assert refused.message.startswith(says)
    # whoever may not look up learns nothing of the grammar either
    assert await bot.ask(line, asker=demo.asker("analyst")) == NOBODYS
    assert json.loads((await lines(bot))[0].subject)["outcome"] == "wrong_use"


async def test_the_trail_keeps_case_and_purpose_and_names_nobody_but_the_asker(bot: Bot, demo: Demo) -> None:
    email = PEOPLE["member"].email
    await reply(bot, f'investigate user {email} 30d case INC-12 "asked by {email} herself"')
    await reply(bot, f"investigate user {email.upper()} 30d {WHY}")
    first, second = [json.loads(line.subject) for line in await lines(bot)]
    assert (first["case"], first["purpose"]) == ("INC-12", "asked by [address] herself")
    assert first["window"] == ["2026-09-21", "2026-10-21"]
    assert first["user"] == second["user"]
    assert email not in repr(await lines(bot))
    told = await reply(bot, "trail today", asker=demo.asker("admin"))
    assert told.table is not None
    assert told.table.rows[0][2:6] == ("U0INVESTIGATOR", "look-up investigate", "answered", "INC-12")
    whole = await reply(bot, "trail verify")
    assert figures(whole) == {"trail_lines": 3, "trail_heads": 0, "trail_faults": 0}


async def test_without_a_line_in_the_trail_there_is_no_answer(bot: Bot, demo: Demo) -> None:
    async with bot.state.write() as connection:
        await connection.exec_driver_sql("DROP TABLE trail")
    answer = await bot.ask(steps(demo.lake())[0])
    assert isinstance(answer, Refusal)
    assert answer.code is RefusalCode.BUG


async def test_analysts_get_counts_of_tools_agents_and_what_was_blocked(bot: Bot, demo: Demo) -> None:
    every = [
        row for day in demo.lake().days(Dataset.EVENTS) if day < NOW.date() for row in rows(demo.lake(), day)
    ]
    kinds = [row["event_type"] for row in every]
    analyst = demo.asker("analyst")
    tools = figures(await reply(bot, "tools 30d", asker=analyst, place=CHANNEL))
    calls = ("TOOL_CALL_COMPLETED", "TOOL_CALL_FAILED", "APP_MCP_CALL")
    assert tools["tool_calls"] == sum(kind in calls for kind in kinds)
    assert tools["tool_calls_failed"] == kinds.count("TOOL_CALL_FAILED")
    agents = figures(await reply(bot, "agents 30d", asker=analyst, place=CHANNEL))
    by_token = [row for row in every if row["credential_id"] and row["event_type"] == "PROMPT_SENT"]
    assert agents["token_prompts"] == len(by_token)
    blocked = figures(await reply(bot, "blocked 30d", asker=analyst, place=CHANNEL))
    limited = sum(row["error_code"] == "rate_limit_exceeded" for row in every)
    assert blocked["rate_limited"] == limited > 0
    assert "Skills: release-notes" in (await reply(bot, "tools 30d", asker=analyst)).text


async def test_without_a_key_the_scope_is_named(tmp_path: Path, demo: Demo) -> None:
    async with a_bot(tmp_path, demo.lake(), audit=False) as bot:
        for line in ("tools 30d", "agents 30d", "blocked 30d"):
            refused = await bot.ask(line, asker=demo.asker("analyst"))
            assert isinstance(refused, Refusal)
            assert refused.code is RefusalCode.UNAVAILABLE
            assert "PULSE_COMPLIANCE_API_KEY" in refused.message
            assert "chatgpt.enterprise.compliance_logs_platform.read" in refused.hint


async def test_while_nothing_was_read_that_is_said_and_not_none(tmp_path: Path, demo: Demo) -> None:
    async with a_bot(tmp_path) as bot:
        refused = await bot.ask("tokens 30d", asker=demo.asker("investigator"))
        assert isinstance(refused, Refusal)
        assert refused.code is RefusalCode.UNAVAILABLE
