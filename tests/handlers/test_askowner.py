from __future__ import annotations

from dataclasses import replace

import pytest

from bot.analytics.directory import Directory, Member
from bot.metrics.events.security import shortened
from bot.model.chat import Answer, Asker, Audience, Level, Refusal, Reply
from bot.model.message import Destination, Platform
from bot.state.alerts import Alert, Alerts
from bot.state.trail import Trail
from bot.watch import Watcher
from bot.watch.security_look import SecurityLook
from tests.handlers.answering import person
from tests.handlers.live import INVESTIGATOR, Live

PLACE = Destination(Platform.SLACK, "C0SECURITY")


@pytest.fixture
async def watched(live: Live) -> Live:
    """One look at the demo's audit log; nothing can be posted."""
    deps = live.bot.dispatcher.deps
    assert deps.compliance is not None
    look = SecurityLook(deps.compliance, deps.analytics, shortened("sk-admin-somebody"), PLACE)

    async def answer(number: int) -> Answer:
        return await live.bot.ask(f"alerts AL-{number}")

    await Watcher(live.bot.state, look, answer, {}, lambda: live.bot.now).check(live.bot.now)
    return live


async def of_kind(live: Live, kind: str) -> Alert:
    return next(one for one in await Alerts(live.bot.state).unresolved() if one.found.kind == kind)


async def owner(live: Live, alert: Alert) -> Asker:
    """The owner of an alert, with a chat account in the directory."""
    user_id = alert.found.scope.removeprefix("person:")
    email = (await live.bot.dispatcher.deps.analytics.people())[user_id].email
    assert email
    live.bot.dispatcher.deps.analytics.directory = Directory((Member(email, "T", chat_id="U0OWNER"),))
    return Asker("U0OWNER", email, frozenset({Level.MEMBER}), user_id)


async def test_the_demo_month_raises_what_its_last_week_holds(watched: Live) -> None:
    found = {one.found.kind for one in await Alerts(watched.bot.state).unresolved()}
    assert found >= {
        "security_token_revoked",
        "security_token_expiring",
        "security_network_opened",
        "security_foreign_pull",
    }


async def test_the_owner_is_asked_and_the_answer_is_kept(
    watched: Live,
) -> None:
    alert = await of_kind(watched, "security_token_expiring")
    who = await owner(watched, alert)
    assert "was asked" in _text(await watched.bot.ask(f"askowner {alert.id}"))
    ((chat_id, news),) = watched.told.people
    assert chat_id == "U0OWNER"
    assert f"answer {alert.id}" in news
    _text(await watched.bot.ask(f"answer {alert.id} It runs our nightly build", asker=who))
    assert "The owner said: It runs our nightly build" in _text(await watched.bot.ask(f"alerts {alert.id}"))
    lines = [line async for line in Trail(watched.bot.state).lines()]
    assert any(line.action == "owner-answer" and "nightly build" in line.subject for line in lines)


async def test_without_a_directory_the_platform_finds_the_owner_by_address(watched: Live) -> None:
    alert = await of_kind(watched, "security_token_expiring")
    who = await owner(watched, alert)
    assert who.email
    watched.bot.dispatcher.deps.analytics.directory = None
    nowhere = _text(await watched.bot.ask(f"askowner {alert.id}"))
    assert nowhere == (
        f"Nobody was asked about {alert.id}: neither the directory nor the chat platform knows an account "
        f"of {who.email}."
    )
    assert watched.told.people == []
    watched.told.accounts[who.email] = "U0FOUND"
    assert "was asked" in _text(await watched.bot.ask(f"askowner {alert.id}"))
    assert [chat_id for chat_id, _ in watched.told.people] == ["U0FOUND"]


async def test_nobody_but_the_owner_can_answer(watched: Live) -> None:
    alert = await of_kind(watched, "security_token_expiring")
    who = await owner(watched, alert)
    nothing = await watched.bot.ask("answer AL-9999 mine", asker=who)
    for other in (INVESTIGATOR, person(Level.ADMIN), replace(who, codex_user_id="user-else")):
        assert await watched.bot.ask(f"answer {alert.id} mine", asker=other) == nothing


@pytest.mark.parametrize("level", [Level.MEMBER, Level.ANALYST, Level.APPROVER])
async def test_security_alerts_are_not_there_for_others(watched: Live, level: Level) -> None:
    alert = await of_kind(watched, "security_network_opened")
    asker = person(level, "U0OTHER")
    assert _text(await watched.bot.ask("alerts", asker=asker)) == "No alert is open."
    assert isinstance(await watched.bot.ask(f"alerts {alert.id}", asker=asker), Refusal)
    assert isinstance(await watched.bot.ask(f"ack {alert.id}", asker=asker), Refusal)
    assert isinstance(await watched.bot.ask(f"askowner {alert.id}", asker=asker), Refusal)
    assert watched.told.people == []


async def test_a_security_alert_shown_in_a_channel_is_for_the_asker_alone(watched: Live) -> None:
    alert = await of_kind(watched, "security_network_opened")
    for text in ("alerts", f"alerts {alert.id}", f"ack {alert.id}"):
        answer = await watched.bot.ask(text)
        assert isinstance(answer, Reply)
        assert answer.audience is Audience.ASKER


def _text(answer: Answer) -> str:
    assert isinstance(answer, Reply), answer
    return answer.text
