"""The bot's own token, from a sign-in service on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import aiohttp
import pytest

from bot.teams.bottoken import AppToken
from bot.teams.doctor import teams_checks
from bot.teams.outbox import NotSentError
from bot.teams.ports import TeamsConfig
from tests.teams import fake
from tests.teams.conftest import Time
from tests.teams.fake import FakeTeams


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


@pytest.fixture
def token(config: TeamsConfig, session: aiohttp.ClientSession, passing: Time) -> AppToken:
    return AppToken(config, session, passing.ticks)


async def test_the_bot_signs_in_with_its_secret_for_teams_service(token: AppToken, teams: FakeTeams) -> None:
    assert await token() == "a-bot-token"
    assert teams.tokens_asked == [
        {
            "tenant": fake.TENANT_ID,
            "grant_type": "client_credentials",
            "client_id": fake.APP_ID,
            "client_secret": "secret",
            "scope": "https://api.botframework.com/.default",
        }
    ]


async def test_a_token_is_kept_until_five_minutes_before_its_end(
    token: AppToken, teams: FakeTeams, passing: Time
) -> None:
    await token()
    passing.seconds = 3299
    await token()
    assert len(teams.tokens_asked) == 1
    passing.seconds = 3300
    await token()
    assert len(teams.tokens_asked) == 2


@pytest.mark.parametrize(
    "answer",
    [
        (401, {"error": "invalid_client", "error_description": "AADSTS7000215 for tenant 1111"}),
        (200, {"expires_in": 3600}),
        (200, ["a-bot-token"]),
        (302, {"access_token": "x", "expires_in": 9}),
    ],
)
async def test_without_a_token_nothing_is_sent_and_no_words_of_the_tenant_are_told_on(
    answer: tuple[int, Any], token: AppToken, teams: FakeTeams
) -> None:
    teams.token_answer = answer
    with pytest.raises(NotSentError, match=r"^no token") as refused:
        await token()
    assert "tenant" not in str(refused.value)


async def test_doctor_says_what_works_and_what_to_do(config: TeamsConfig, teams: FakeTeams) -> None:
    assert [check.ok for check in await teams_checks(config)] == [True, True, True]
    teams.keys_status, teams.token_answer = 500, (401, {"error": "invalid_client"})
    keys, sign_in, address = await teams_checks(replace(config, public_url=""))
    assert (keys.ok, sign_in.ok, address.ok) == (False, False, None)
    assert sign_in.detail == "no token: invalid_client"
    assert "PULSE_TEAMS_APP_PASSWORD" in sign_in.next_step
