from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import jwt
import pytest

from bot.model.errors import BadSetting
from bot.teams.app import Parts, build_app
from bot.teams.ports import TeamsConfig
from tests.teams import fake
from tests.teams.conftest import Answering, Running, Time
from tests.teams.fake import FakeTeams

HOUR = 3600


NOW = int(time.time())
PAST = {"iat": NOW - 2 * HOUR, "nbf": NOW - 2 * HOUR, "exp": NOW - HOUR}
LONG_SECRET = "a shared secret that is long enough for the algorithm"
FORGED: dict[str, Callable[[str], str | None]] = {
    "no header": lambda _: None,
    "no token": lambda _: "not.a.token",
    "wrong audience": lambda url: fake.token(url, aud="another-bot"),
    "wrong issuer": lambda url: fake.token(url, iss="https://login.microsoftonline.com/tenant/v2.0"),
    "wrong key": lambda url: fake.token(url, key=fake.OTHER_KEY),
    "unknown key": lambda url: fake.token(url, kid="k2"),
    "expired": lambda url: fake.token(url, **PAST),
    "no expiry": lambda url: fake.token(url, exp=None),
    "swapped service URL": lambda _: fake.token("https://smba.trafficmanager.net/teams"),
    "no service URL claim": lambda url: fake.token(url, serviceurl=None),
    "unsigned": lambda url: jwt.encode({"aud": fake.APP_ID, "serviceurl": url}, None, "none", {"kid": "k1"}),
    "signed with a secret": lambda _: jwt.encode({"aud": fake.APP_ID}, LONG_SECRET, "HS256", {"kid": "k1"}),
}


async def test_a_token_of_teams_for_this_bot_is_accepted(
    bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    assert await bot.deliver(fake.activity(teams.url)) == (200, None)
    assert [request.text for request in answering.requests] == ["usage 30d"]
    assert len(teams.posts) == 1


@pytest.mark.parametrize("how", FORGED)
async def test_anything_else_is_refused_and_nothing_happens(
    how: str, bot: Running, teams: FakeTeams, answering: Answering
) -> None:
    status, _ = await bot.deliver(fake.activity(teams.url), FORGED[how](teams.url))
    assert status == 401
    assert answering.requests == []
    assert teams.calls == []


@pytest.mark.parametrize(
    ("endorsements", "status"), [(None, 200), ([], 200), (["msteams"], 200), (["webchat", "directline"], 401)]
)
async def test_a_key_of_another_channel_does_not_speak_for_teams(
    endorsements: list[str] | None, status: int, run: Callable[..., Awaitable[Running]], teams: FakeTeams
) -> None:
    teams.endorsements = endorsements
    bot = await run()
    assert (await bot.deliver(fake.activity(teams.url)))[0] == status


async def test_a_body_without_service_url_is_refused(bot: Running, teams: FakeTeams) -> None:
    body = fake.activity(teams.url)
    del body["serviceUrl"]
    status, _ = await bot.deliver(body, fake.token(teams.url))
    assert status == 400


async def test_a_service_without_tls_gets_no_token_of_the_bot(bot: Running, teams: FakeTeams) -> None:
    url = "http://teams.example.com"
    assert (await bot.deliver(fake.activity(url), fake.token(url)))[0] == 400
    assert teams.calls == []


async def test_keys_are_there_before_the_first_request(bot: Running, teams: FakeTeams) -> None:
    assert teams.keys_asked == 1
    await bot.deliver(fake.activity(teams.url))
    assert teams.keys_asked == 1


async def test_unknown_keys_ask_the_key_server_once_a_minute_only(
    bot: Running, teams: FakeTeams, passing: Time
) -> None:
    for _ in range(20):
        await bot.deliver(fake.activity(teams.url), fake.token(teams.url, kid="k2"))
    assert teams.keys_asked == 1
    passing.seconds += 61
    await bot.deliver(fake.activity(teams.url), fake.token(teams.url, kid="k2"))
    assert teams.keys_asked == 2


async def test_a_key_server_that_is_down_does_not_take_the_known_keys_away(
    bot: Running, teams: FakeTeams, passing: Time
) -> None:
    teams.keys_status = 503
    passing.seconds += 25 * HOUR
    assert (await bot.deliver(fake.activity(teams.url)))[0] == 200


async def test_without_keys_nobody_comes_in(run: Callable[..., Awaitable[Running]], teams: FakeTeams) -> None:
    teams.keys_status = 503
    bot = await run()
    assert (await bot.deliver(fake.activity(teams.url)))[0] == 401
    teams.keys_status = 200
    assert (await bot.deliver(fake.activity(teams.url)))[0] == 200


UNAUTHENTICATED: dict[str, Any] = {"app_id": "", "password": "", "tenant_id": "", "unauthenticated": True}


async def test_unauthenticated_mode_answers_local_tools_without_any_token(
    run: Callable[..., Awaitable[Running]], teams: FakeTeams
) -> None:
    bot = await run(**UNAUTHENTICATED)
    assert (await bot.deliver(fake.activity(teams.url), None))[0] == 200
    assert len(teams.posts) == 1


@pytest.mark.parametrize(
    "header",
    [{"X-Forwarded-For": "203.0.113.9"}, {"Forwarded": "for=203.0.113.9"}, {"Host": "pulse.example.com"}],
    ids=["proxy", "standard proxy", "another name of this machine"],
)
async def test_unauthenticated_mode_refuses_who_comes_from_elsewhere(
    header: dict[str, str], run: Callable[..., Awaitable[Running]], teams: FakeTeams
) -> None:
    bot = await run(**UNAUTHENTICATED)
    assert (await bot.deliver(fake.activity(teams.url), None, **header))[0] == 403
    assert teams.calls == []


async def test_unauthenticated_mode_sends_to_this_machine_only(
    run: Callable[..., Awaitable[Running]],
) -> None:
    bot = await run(**UNAUTHENTICATED)
    assert (await bot.deliver(fake.activity("https://evil.example"), None))[0] == 400


@pytest.mark.parametrize(
    "changes",
    [
        {"unauthenticated": True},
        {**UNAUTHENTICATED, "password": "secret"},
        {**UNAUTHENTICATED, "http_host": "0.0.0.0"},  # noqa: S104  (what must be refused)
        {**UNAUTHENTICATED, "http_host": "pulse.example.com"},
        {"app_id": ""},
        {"password": ""},
        {"tenant_id": ""},
        {"link_pictures": True, "public_url": ""},
        {"login_url": "http://login.example.com"},
        {"openid_metadata_url": "http://keys.example.com/metadata"},
        {"openid_metadata_url": "keys"},
    ],
    ids=str,
)
async def test_what_would_let_strangers_in_is_refused_at_start(
    changes: dict[str, Any], config: TeamsConfig, parts: Parts
) -> None:
    with pytest.raises(BadSetting, match="PULSE_"):
        build_app(replace(config, **changes), parts)
