from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.dispatch import words
from bot.dispatch.grammar import understand
from bot.kit.recent import RecentlySeen
from bot.model.chat import Answer, Asker, Audience, Column, Refusal, RefusalCode, Table, Unit
from bot.model.errors import BadValue, UnknownWord
from bot.model.ranges import Calendar
from bot.slack.app import Parts, SlackApp, build_app
from bot.slack.home import QUESTIONS, HomePage, home
from bot.slack.incoming import from_click, from_home, from_shortcut
from bot.slack.modal import CALLBACK_ID, Question, from_submission, modal, problems
from bot.slack.ports import SlackConfig
from bot.slack.render import Look
from handlers import COMMANDS
from tests.slack import samples, signed
from tests.slack.blockcheck import check_message, check_view
from tests.slack.conftest import SEALER, Answering, Clock, PhoneBook, Sleeps
from tests.slack.fake import FakeSlack
from tests.slack.test_app import dispatched

QUESTIONS_ASKED = (Question("usage", "What was used"), Question("status", "How fresh", ranged=False))
USER = {"id": "U0000AAAA", "team_id": "T0000AAAA"}
BARE = {"type": "modal", "callback_id": CALLBACK_ID, "state": {"values": []}}
CALENDAR = Calendar(samples.NOW)
LOOK = Look(now=samples.NOW, seal=SEALER.seal)


def chosen(value: str) -> dict[str, Any]:
    return {"type": "static_select", "selected_option": {"value": value}}


def submission(**values: dict[str, Any]) -> dict[str, Any]:
    state = {name: {name: value} for name, value in values.items()}
    view = {"id": "V1", "type": "modal", "callback_id": CALLBACK_ID, "state": {"values": state}}
    return {"type": "view_submission", "user": USER, "team": {"id": "T0000AAAA"}, "view": view}


def interactive(body: dict[str, Any], clock: Clock) -> signed.Signed:
    return signed.form({"payload": json.dumps(body)}, clock().timestamp())


@pytest.fixture
async def bot(config: SlackConfig, answering: Answering, clock: Clock, sleeps: Sleeps) -> Any:
    parts = Parts(answering, PhoneBook(), RecentlySeen(), SEALER, clock, sleeps, questions=QUESTIONS_ASKED)
    app = build_app(config, parts)
    yield app
    await app.close()


def test_the_form_is_a_view_that_slack_takes() -> None:
    check_view(modal(QUESTIONS_ASKED))


def test_the_form_offers_no_channel_shared_with_another_company() -> None:
    place = modal(QUESTIONS_ASKED)["blocks"][-1]["element"]
    assert place["type"] == "conversations_select"
    assert place["filter"] == {"exclude_external_shared_channels": True}


async def test_the_shortcut_opens_the_form(bot: SlackApp, slack: FakeSlack, clock: Clock) -> None:
    slack.workspace.triggers["1.2"] = False
    body = {"type": "shortcut", "callback_id": CALLBACK_ID, "user": USER, "trigger_id": "1.2"}
    assert (await dispatched(bot, interactive(body, clock))).status == 200
    (view,) = slack.workspace.views
    assert view["callback_id"] == CALLBACK_ID


async def test_a_spent_trigger_is_told_to_the_person(bot: SlackApp, slack: FakeSlack, clock: Clock) -> None:
    body = {"type": "shortcut", "callback_id": CALLBACK_ID, "user": USER, "trigger_id": "gone"}
    assert (await dispatched(bot, interactive(body, clock))).status == 200
    (told,) = slack.workspace.messages.values()
    assert (told.channel, slack.workspace.views) == ("D0000AAAA", [])
    assert "choose the shortcut again" in told.args["text"]


async def test_a_form_is_asked_once_and_answered_where_it_was_chosen(
    bot: SlackApp, slack: FakeSlack, answering: Answering, clock: Clock
) -> None:
    body = submission(
        command=chosen("usage"),
        range=chosen("7d"),
        options={"value": " by model "},
        place={"selected_conversation": "C0000AAAA"},
    )
    for _ in range(2):
        response = await dispatched(bot, interactive(body, clock))
        assert (response.status, response.body) == (200, "")
    assert [(r.text, r.place.id) for r in answering.requests] == [("usage 7d by model", "C0000AAAA")]
    assert [posted.channel for posted in slack.workspace.messages.values()] == ["C0000AAAA"]


@pytest.mark.parametrize(
    ("body", "named"),
    [
        (submission(), ["command"]),
        (submission(command={"selected_option": None}), ["command"]),
        (submission(command=chosen("usage"), options={"value": "x" * 201}), ["options"]),
        (
            {"type": "view_submission", "view": {"type": "modal", "callback_id": CALLBACK_ID, "state": None}},
            ["command"],
        ),
        (
            {"type": "view_submission", "view": BARE},
            ["command"],
        ),
    ],
)
async def test_what_is_missing_in_a_form_is_shown_beside_it(
    bot: SlackApp, answering: Answering, clock: Clock, body: dict[str, Any], named: list[str]
) -> None:
    response = await dispatched(bot, interactive(body, clock))
    told = json.loads(response.body)
    assert (told["response_action"], sorted(told["errors"])) == ("errors", named)
    assert answering.requests == []
    assert sorted(problems(body)) == named


async def test_a_form_with_a_command_that_is_not_offered_asks_nothing(
    bot: SlackApp, answering: Answering, clock: Clock
) -> None:
    await dispatched(bot, interactive(submission(command=chosen("forget")), clock))
    assert answering.requests == []


def test_without_a_place_a_form_is_answered_by_direct_message() -> None:
    incoming = from_submission(submission(command=chosen("status"), range=chosen("7d")), QUESTIONS_ASKED)
    assert incoming is not None
    assert (incoming.origin.channel_id, incoming.origin.text) == ("U0000AAAA", "status")


def test_a_chosen_conversation_brings_its_response_url() -> None:
    body = {
        **submission(command=chosen("usage")),
        "response_urls": [{"channel_id": "C1", "response_url": "https://x"}],
    }
    incoming = from_submission(body, QUESTIONS_ASKED)
    assert incoming is not None
    assert (incoming.origin.channel_id, incoming.origin.response_url) == ("C1", "https://x")


# the Home


def opened(clock: Clock, tab: str = "home") -> signed.Signed:
    body = {
        "type": "event_callback",
        "team_id": "T0000AAAA",
        "event_id": "Ev1",
        "event": {"type": "app_home_opened", "user": "U0000AAAA", "tab": tab},
    }
    return signed.sign(json.dumps(body), "application/json", clock().timestamp())


async def test_opening_the_home_publishes_it(
    bot: SlackApp, slack: FakeSlack, answering: Answering, clock: Clock
) -> None:
    await dispatched(bot, opened(clock))
    (view,) = slack.workspace.views
    assert view["type"] == "home"
    assert [request.text for request in answering.requests] == list(QUESTIONS)
    for told in ("My access", "My subscriptions", "Privacy", "analyst", "How fresh"):
        assert told in repr(view)


async def test_the_messages_tab_is_no_home(bot: SlackApp, slack: FakeSlack, clock: Clock) -> None:
    await dispatched(bot, opened(clock, "messages"))
    assert slack.workspace.views == []


def test_the_home_of_an_outsider_says_so_and_nothing_else() -> None:
    view = home(HomePage(Asker("U1"), {}), LOOK)
    check_view(view)
    assert len(view["blocks"]) == 1


@pytest.mark.parametrize("answer", [samples.reply(), Refusal(RefusalCode.UNAVAILABLE, "Down.")])
def test_a_home_is_a_view_that_slack_takes(answer: Answer) -> None:
    check_view(home(HomePage(samples.request().asker, dict.fromkeys(QUESTIONS, answer)), LOOK))


def test_a_button_of_the_home_is_answered_by_direct_message() -> None:
    button = {"value": SEALER.seal("overview"), "action_ts": "1.1"}
    incoming = from_click({"user": USER, "view": {"type": "home"}, "actions": [button]}, SEALER)
    assert incoming is not None
    assert (incoming.origin.channel_id, incoming.origin.text) == ("U0000AAAA", "overview")


@pytest.mark.parametrize("body", [{}, {"event": {}}, {"user": "U1"}, {"user": {"id": "U1"}}])
def test_a_payload_without_a_person_or_a_trigger_is_ignored(body: dict[str, Any]) -> None:
    assert from_home(body) is None
    assert from_shortcut(body) is None


# what is newest in messages

RANKING = Table(
    (Column("name", "Person"), Column("credits", "Credits", Unit.CREDITS)),
    (("a <b>", 12.5), ("", None), ("c", 3)),
    title="People by credits",
    ranking=True,
)


def kinds(args: dict[str, Any]) -> list[str]:
    return [block["type"] for block in args["blocks"]]


@pytest.mark.parametrize("audience", list(Audience))
async def test_a_ranking_is_slacks_own_table(
    bot: SlackApp, slack: FakeSlack, answering: Answering, clock: Clock, audience: Audience
) -> None:
    answering.answer = samples.reply(table=RANKING, audience=audience)
    url = slack.workspace.issue_response_url()
    await dispatched(bot, signed.command(clock().timestamp(), response_url=url))
    posted = [m.args for m in slack.workspace.messages.values()]
    whispered = [sent for sent in slack.workspace.response_urls["1"].sent if "blocks" in sent]
    (shown,) = posted or whispered
    check_message(shown)
    (table,) = [block for block in shown["blocks"] if block["type"] == "data_table"]
    assert table["page_size"] == 10
    assert table["rows"][1] == [
        {"type": "raw_text", "text": "a <b>"},
        {"type": "raw_number", "value": 12.5, "text": "12.50"},
    ]
    assert table["rows"][2][1]["type"] == "raw_text", "no data is no zero"


@pytest.mark.parametrize("audience", list(Audience))
async def test_where_slack_refuses_its_own_table_the_text_table_is_sent(
    bot: SlackApp,
    slack: FakeSlack,
    answering: Answering,
    clock: Clock,
    audience: Audience,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answering.answer = samples.reply(table=RANKING, audience=audience)
    judge = slack.workspace._judge

    def without_tables(args: dict[str, Any]) -> None:
        judge({**args, "blocks": [{"type": "data_table"}]} if "data_table" in kinds(args) else args)

    monkeypatch.setattr(slack.workspace, "_judge", without_tables)
    url = slack.workspace.issue_response_url()
    await dispatched(bot, signed.command(clock().timestamp(), response_url=url))
    posted = [m.args for m in slack.workspace.messages.values()]
    whispered = [sent for sent in slack.workspace.response_urls["1"].sent if "blocks" in sent]
    (shown,) = posted or whispered
    assert "rich_text" in kinds(shown)
    assert "data_table" not in kinds(shown)


async def test_what_was_probably_meant_is_a_button(
    bot: SlackApp, slack: FakeSlack, answering: Answering, clock: Clock
) -> None:
    error = UnknownWord(word="usge", nearest="usage")
    refusal = words.refusal(error)
    actions = words.meant(error, "usge 30d")
    assert [action.command for action in actions] == ["usage 30d"]

    answering.answer = replace(refusal, actions=actions)
    url = slack.workspace.issue_response_url()
    await dispatched(bot, signed.command(clock().timestamp(), "usge 30d", response_url=url))
    (told,) = slack.workspace.response_urls["1"].sent
    (button,) = told["blocks"][-1]["elements"]
    assert SEALER.open(button["value"]) == "usage 30d"


def test_a_value_that_was_probably_meant_is_a_button_too() -> None:
    with pytest.raises(BadValue) as raised:
        understand("usage 30d by modle", COMMANDS, CALENDAR)
    assert [action.command for action in words.meant(raised.value, "usage 30d by modle")] == [
        "usage 30d by model"
    ]


def test_nothing_is_offered_when_nothing_is_near() -> None:
    assert words.meant(UnknownWord(word="zzz"), "zzz") == ()
    assert words.meant(UnknownWord(word="usge", nearest="usage"), "other") == ()
    assert words.meant(BadValue("no"), "usge") == ()
