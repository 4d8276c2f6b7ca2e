"""Which platforms are started: one clear message when none can be, or when one would not be safe."""

from __future__ import annotations

from typing import Any

import pytest

from bot.app.notices import PostedNotices
from bot.app.platforms import require_platform, wants_slack
from bot.model.chat import Platform, Reply
from bot.model.errors import BadSetting
from bot.model.message import Destination, destination_named
from bot.settings import Settings
from tests.app.posting import Wall

TEAMS = {
    "teams_app_id": "0f0e0d0c-0000-4000-8000-00000000abcd",
    "teams_app_password": "hush",
    "teams_tenant_id": "11111111-2222-4333-8444-555555555555",
}
GENERAL = "19:general@thread.tacv2"


@pytest.mark.parametrize(
    "given",
    [
        TEAMS,
        {"teams_unauthenticated": True},
        {"slack_bot_token": "xoxb-1", "slack_app_token": "xapp-1"},
        {"slack_bot_token": "xoxb-1", "slack_signing_secret": "s", **TEAMS},
    ],
    ids=["teams", "teams for local tools", "slack", "both"],
)
def test_each_platform_is_enough_by_itself(given: dict[str, Any]) -> None:
    require_platform(Settings.load(**given))


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, "PULSE_SLACK_BOT_TOKEN"),
        ({"slack_bot_token": "xoxb-1"}, "PULSE_SLACK_APP_TOKEN"),
        ({"slack_app_token": "xapp-1", **TEAMS}, "PULSE_SLACK_BOT_TOKEN"),
        ({"slack_bot_token": "xapp-1", "slack_app_token": "xoxb-1"}, "PULSE_SLACK_BOT_TOKEN: this is an app"),
        ({"slack_bot_token": "xoxb-1", "slack_app_token": "xoxb-1"}, "PULSE_SLACK_APP_TOKEN: this is a bot"),
        ({**TEAMS, "teams_app_password": ""}, "PULSE_TEAMS_APP_PASSWORD"),
        ({**TEAMS, "teams_unauthenticated": True}, "PULSE_TEAMS_UNAUTHENTICATED"),
        ({**TEAMS, "teams_images": "link"}, "PULSE_TEAMS_IMAGES"),
        ({**TEAMS, "teams_login_url": "http://login.example.com"}, "PULSE_TEAMS_LOGIN_URL"),
        ({"teams_unauthenticated": True, "http_host": "0.0.0.0"}, "PULSE_HTTP_HOST"),  # noqa: S104  (refused)
    ],
    ids=str,
)
def test_half_a_platform_and_an_unsafe_one_are_refused_by_name(given: dict[str, Any], named: str) -> None:
    with pytest.raises(BadSetting, match=named) as refused:
        require_platform(Settings.load(**given))
    assert "hush" not in str(refused.value)


def test_teams_alone_does_not_want_slack() -> None:
    assert not wants_slack(Settings.load(**TEAMS))


def test_a_channel_of_the_settings_belongs_to_the_platform_of_its_id() -> None:
    assert destination_named("") is None
    assert destination_named("C0123") == Destination(Platform.SLACK, "C0123")
    assert destination_named(GENERAL) == Destination(Platform.TEAMS, GENERAL)


async def test_security_notices_go_to_the_platform_of_their_channel() -> None:
    slack, teams = Wall(), Wall()
    notices = PostedNotices(GENERAL, {Platform.SLACK: slack, Platform.TEAMS: teams})
    assert await notices.security(Reply("content", "A-1 is asked for."))
    assert [place for place, _ in teams.posts] == [GENERAL]
    assert slack.posts == []
    assert not await PostedNotices(GENERAL, {Platform.SLACK: slack}).security(Reply("content", "A-1"))
