from __future__ import annotations

from dataclasses import replace

from bot.slack.doctor import Check, slack_checks
from bot.slack.ports import SlackConfig
from tests.slack.fake import CONNECTION_LOST, HTML_PAGE, FakeSlack


def names(checks: list[Check]) -> list[tuple[str, bool]]:
    return [(check.name, check.ok) for check in checks]


async def test_a_healthy_installation_is_green(config: SlackConfig) -> None:
    checks = await slack_checks(config)
    assert names(checks) == [("Slack bot token", True), ("Slack scopes", True), ("Slack Socket Mode", True)]
    assert all(check.next_step == "" for check in checks)


async def test_a_missing_scope_is_named(slack: FakeSlack, config: SlackConfig) -> None:
    slack.workspace.scopes = "commands,chat:write,users:read,users:read.email"
    scopes = (await slack_checks(config))[1]
    assert (scopes.ok, scopes.detail) == (False, "missing: files:write, im:write")
    assert "install it again" in scopes.next_step


async def test_a_revoked_token_is_red_with_a_next_step(slack: FakeSlack, config: SlackConfig) -> None:
    slack.workspace.revoked = True
    token, socket = await slack_checks(config)
    assert (token.ok, token.detail) == (False, "token_revoked")
    assert "PULSE_SLACK_BOT_TOKEN" in token.next_step
    assert (socket.ok, socket.detail) == (False, "token_revoked")


async def test_tokens_in_each_others_place_are_named_without_a_call(
    slack: FakeSlack, config: SlackConfig
) -> None:
    swapped = replace(config, bot_token=config.app_token, app_token=config.bot_token)
    bot, socket = await slack_checks(swapped)
    assert (bot.ok, bot.detail) == (False, "this is an app token (xapp-)")
    assert "PULSE_SLACK_BOT_TOKEN" in bot.next_step
    assert (socket.ok, socket.detail) == (False, "this is a bot token (xoxb-)")
    assert "PULSE_SLACK_APP_TOKEN" in socket.next_step
    assert "connections:write" in socket.next_step
    assert slack.calls == []


async def test_without_app_token_the_signing_secret_counts(config: SlackConfig) -> None:
    over_http = replace(config, app_token="")
    assert names(await slack_checks(over_http))[-1] == ("Slack requests", True)
    assert names(await slack_checks(replace(over_http, signing_secret="")))[-1] == ("Slack requests", False)


async def test_nothing_set_is_said_without_a_call(slack: FakeSlack, config: SlackConfig) -> None:
    checks = await slack_checks(SlackConfig("", api_base_url=config.api_base_url))
    assert names(checks) == [("Slack bot token", False), ("Slack requests", False)]
    assert slack.calls == []


async def test_an_unreachable_or_odd_slack_is_told_apart(slack: FakeSlack, config: SlackConfig) -> None:
    slack.trouble("auth.test", CONNECTION_LOST, HTML_PAGE)
    details = [(await slack_checks(config))[0].detail for _ in range(2)]
    assert details == ["Slack cannot be reached", "unreadable answer"]


async def test_no_token_is_shown(config: SlackConfig) -> None:
    assert "xoxb" not in repr(config) + str(await slack_checks(config))
