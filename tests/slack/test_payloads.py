from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from bot.model.chat import Answer, Audience, Place, PlaceKind, Refusal, RefusalCode, Request
from bot.slack.payloads import payloads
from tests.slack import samples
from tests.slack.blockcheck import check_message
from tests.slack.conftest import SEALER


async def recorded(answer: Answer, request: Request | None = None) -> list[dict[str, Any]]:
    """Entries as another program reads them, every message judged."""
    entries = await payloads(answer, request or samples.request(), SEALER)
    for entry in entries:
        if entry["method"].startswith("chat.post") or "text" in entry["args"]:
            check_message(entry["args"])
    loaded: list[dict[str, Any]] = json.loads(json.dumps(entries))
    return loaded


def methods(entries: list[dict[str, Any]]) -> list[str]:
    return [entry["method"] for entry in entries]


async def test_an_aggregate_is_acknowledged_uploaded_posted_and_tidied() -> None:
    entries = await recorded(samples.reply(pictures=(samples.picture(),)))
    assert methods(entries) == ["ack", "upload", "chat.postMessage", "response_url"]
    posted = entries[2]["args"]
    assert posted["channel"] == "C0000AAAA"
    assert [b["slack_file"] for b in posted["blocks"] if b["type"] == "image"] == [{"id": "F0PULSE001"}]
    assert entries[3]["args"] == {"delete_original": True}


async def test_a_private_picture_goes_to_the_person() -> None:
    answer = samples.reply(pictures=(samples.picture(),), audience=Audience.ASKER)
    entries = await recorded(answer)
    assert methods(entries) == ["ack", "upload", "chat.postMessage", "chat.getPermalink", "response_url"]
    assert entries[2]["args"]["channel"] == "U0000AAAA"
    assert entries[4]["args"]["response_type"] == "ephemeral"


async def test_a_refusal_replaces_the_working_message() -> None:
    entries = await recorded(Refusal(RefusalCode.NOT_ALLOWED, "That needs the level analyst."))
    assert methods(entries) == ["ack", "response_url"]
    assert entries[1]["args"]["replace_original"] is True


@pytest.mark.parametrize(
    ("place", "channel"),
    [
        (Place("channel"), "C0PULSE001"),
        (Place("dm", PlaceKind.DM), "D0PULSE001"),
        (Place("C123ABC"), "C123ABC"),
    ],
)
async def test_ids_slack_would_choose_are_placeholders(place: Place, channel: str) -> None:
    request = samples.request()
    asker = replace(request.asker, id="ada@example.com")
    entries = await recorded(samples.reply(), replace(request, asker=asker, place=place))
    posted = entries[1]["args"]
    assert posted["channel"] == channel
    assert posted["blocks"][0]["elements"][0]["text"].startswith("asked by <@U0PULSE001>: ")


async def test_the_same_answer_is_recorded_the_same_way_twice() -> None:
    assert await recorded(samples.reply()) == await recorded(samples.reply())
