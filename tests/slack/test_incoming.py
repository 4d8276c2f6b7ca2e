from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kit.recent import RecentlySeen
from bot.slack import limits
from bot.slack.app import SlackApp
from bot.slack.incoming import from_command, from_mention, typed
from bot.slack.people import People
from bot.slack.ports import SealedCommands
from tests.slack import signed
from tests.slack.conftest import SEALER
from tests.slack.fake import FakeSlack


@pytest.mark.parametrize(
    ("slack", "text"),
    [
        (" usage  30d ", "usage  30d"),
        ("user <@U0000AAAA|ada>", "user <@U0000AAAA>"),
        ("in <#C0000AAAA|general>", "in <#C0000AAAA>"),
        ("user <mailto:ada@example.com|ada@example.com>", "user ada@example.com"),
        ("see <https://example.com/a|example>", "see https://example.com/a"),
        ("a &lt;b&gt; &amp; c &amp;lt;", "a <b> & c &lt;"),
        ("", ""),
    ],
)
def test_typed_text_is_read_as_it_was_meant(slack: str, text: str) -> None:
    assert typed(slack) == text


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("<@U0000BOTT> usage 7d", "usage 7d"),
        ("<@U0000BOTT|codex-pulse>: usage 7d", "usage 7d"),
        ("usage 7d <@U0000BOTT>", "usage 7d"),
        ("Hey <@U0000BOTT>, usage 7d", "usage 7d"),
        ("<@U0000AAAA> ask <@U0000BOTT> user <@U0000BBBB|bob>", "user <@U0000BBBB>"),
        ("usage 7d <@U0000BOTT>!", "usage 7d"),
        ("<@U0000BOTT>", ""),
        ("<@W0000ELSE> usage 7d", "usage 7d"),
    ],
)
def test_a_question_may_stand_before_or_after_the_mention(said: str, asked: str) -> None:
    event = {**signed.mention(""), "text": said}
    incoming = from_mention(signed.event_payload(event), "U0000BOTT")
    assert incoming is not None
    assert incoming.origin.text == asked


def test_an_enterprise_is_an_id_and_never_the_word_true() -> None:
    plain = from_command(signed.command_payload(is_enterprise_install="true"))
    grid = from_command(signed.command_payload(enterprise_id="E0000AAAA"))
    assert plain is not None
    assert grid is not None
    assert (plain.enterprise_id, grid.enterprise_id) == (None, "E0000AAAA")


async def test_only_so_many_deliveries_are_remembered() -> None:
    seen = RecentlySeen(most=2)
    assert [await seen.first_time(key) for key in ("a", "b", "a", "c", "a")] == [
        True,
        True,
        False,
        True,
        True,
    ]


@given(st.text(max_size=200))
def test_a_sealed_command_opens_only_with_its_key(command: str) -> None:
    sealed = SEALER.seal(command)
    assert SEALER.open(sealed) == command
    assert SealedCommands(b"k" * 32).open(sealed) is None
    assert sealed == SEALER.seal(command)


def test_half_a_character_does_not_cost_the_button() -> None:
    assert SEALER.open(SEALER.seal("usage \ud83d")) == "usage ?"


def test_every_usual_command_fits_into_a_menu() -> None:
    longest = "usage 2026-01-01..2026-12-31 by model client cli tokens weekly top 20 csv private"
    assert len(SEALER.seal(longest)) <= limits.OPTION_VALUE


@pytest.mark.parametrize(
    ("person", "email", "outsider"),
    [
        ({"profile": {"email": " Ada@Example.com "}}, "ada@example.com", False),
        ({"profile": {}}, None, False),
        ({"is_restricted": True}, None, True),
        ({"is_ultra_restricted": True}, None, True),
        ({"is_stranger": True}, None, True),
        ({"is_bot": True}, None, True),
        ({"deleted": True}, None, True),
    ],
)
async def test_guests_and_strangers_are_told_apart(
    bot: SlackApp, slack: FakeSlack, person: dict[str, object], email: str | None, *, outsider: bool
) -> None:
    slack.workspace.people["U0000PPPP"] = person
    profile = await People(bot.outbox).profile("U0000PPPP")
    assert (profile.team_id, profile.email, profile.is_outsider) == ("T0000AAAA", email, outsider)


async def test_members_of_a_group_are_ids(bot: SlackApp) -> None:
    assert await People(bot.outbox).members("S0000AAAA") == {"U0000AAAA"}
