from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from bot.model.chat import Action, Asker, File, Level, Place, PlaceKind, Refusal, RefusalCode, Request
from bot.teams.payloads import payloads
from tests.slack import samples
from tests.teams import cardcheck as card

ROOT = Path(__file__).parents[2]
BLOCKED = """
import sys
for name in ("microsoft_teams", "microsoft_teams.apps", "msal", "jwt"):
    sys.modules[name] = None
import bot.teams.manifest, bot.teams.payloads, bot.teams.render
"""


def asked(kind: PlaceKind) -> Request:
    asker = Asker("aaaa-object", "ada@example.com", frozenset({Level.MEMBER}))
    return Request("usage 30d", asker, Place("19:general@thread.tacv2", kind), samples.NOW)


async def test_an_aggregate_in_a_channel_is_one_activity_for_all() -> None:
    (activity,) = await payloads(samples.reply(), asked(PlaceKind.CHANNEL))
    card.check(activity)
    assert "recipient" not in activity
    assert activity["conversation"] == {"id": "19:general@thread.tacv2", "conversationType": "channel"}


async def test_a_private_answer_in_a_channel_is_targeted() -> None:
    (activity,) = await payloads(samples.private(), asked(PlaceKind.CHANNEL))
    assert activity["recipient"] == {"id": "aaaa-object", "isTargeted": True}


async def test_a_refusal_is_one_activity() -> None:
    refusal = Refusal(RefusalCode.NOT_ALLOWED, "Only analysts may see that.")
    (activity,) = await payloads(refusal, asked(PlaceKind.CHANNEL))
    assert card.check(activity)["summary"] == "Only analysts may see that."


async def test_a_picture_stands_in_the_card() -> None:
    (activity,) = await payloads(samples.reply(pictures=(samples.picture(),)), asked(PlaceKind.DM))
    (image,) = card.elements(card.content(card.check(activity)), "Image")
    assert image["url"].startswith("data:image/png;base64,")


async def test_a_file_in_a_personal_chat_is_an_offer_behind_the_answer(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv"
    path.write_text("day\n", encoding="utf-8")
    reply = samples.private(files=(File("usage.csv", "text/csv", path, "0" * 64),))
    answer, offer = await payloads(reply, asked(PlaceKind.DM))
    card.check(answer)
    assert offer["attachments"][0]["contentType"] == "application/vnd.microsoft.teams.card.file.consent"


async def test_the_configured_command_is_shown() -> None:
    reply = samples.reply(actions=(Action("a", "Again", "usage 30d"),))
    (activity,) = await payloads(reply, asked(PlaceKind.CHANNEL), "/pulse")
    assert card.content(activity)["body"][0]["text"].endswith("/pulse usage 30d")


def test_cards_and_package_need_no_extra_library() -> None:
    done = subprocess.run(
        [sys.executable, "-c", BLOCKED], cwd=ROOT, check=False, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
