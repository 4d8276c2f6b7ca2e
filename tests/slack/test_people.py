from __future__ import annotations

import pytest

from bot.slack.app import SlackApp
from bot.slack.outbox import RefusedBySlackError
from bot.slack.people import People
from tests.slack.fake import FakeSlack, Trouble


async def test_a_person_is_found_by_address(bot: SlackApp, slack: FakeSlack) -> None:
    slack.workspace.people["U0000GUES"] = {"profile": {"email": "g@else.example"}, "is_restricted": True}
    found = await People(bot.outbox).of_email("ada@example.com")
    assert found is not None
    assert (found.user_id, found.email, found.is_outsider) == ("U0000AAAA", "ada@example.com", False)
    guest = await People(bot.outbox).of_email("g@else.example")
    assert guest is not None
    assert guest.is_outsider


async def test_nobody_with_that_address_is_none_and_other_refusals_are_raised(
    bot: SlackApp, slack: FakeSlack
) -> None:
    assert await People(bot.outbox).of_email("nobody@example.com") is None
    slack.trouble("users.lookupByEmail", Trouble(answer={"ok": False, "error": "missing_scope"}))
    with pytest.raises(RefusedBySlackError, match="missing_scope"):
        await People(bot.outbox).of_email("ada@example.com")
