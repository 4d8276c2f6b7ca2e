from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from aiohttp.test_utils import TestClient, TestServer

from bot.console.chat_page import FOLDER, application
from bot.console.guards import BODY_BYTES
from bot.console.page_story import PEOPLE, ROOMS, story
from bot.console.page_wire import Asked, Clicked, Start, Told

TOLD = Told("overview", [], "Said.", [])
QUESTION = {"text": "overview", "who": "analyst", "where": "channel"}


@dataclass
class Talk:
    """Answers anything and remembers it."""

    asked: list[Asked] = field(default_factory=list)
    clicked: list[Clicked] = field(default_factory=list)

    async def ask(self, asked: Asked) -> Told:
        self.asked.append(asked)
        return TOLD

    async def click(self, clicked: Clicked) -> Told | None:
        self.clicked.append(clicked)
        return TOLD if clicked.value == "ours" else None

    def file(self, key: str) -> tuple[bytes, str] | None:
        return {"a": (b"png", "chart.png"), "b": (b"x", 'a b"\n.csv')}.get(key)


@pytest.fixture
def talk() -> Talk:
    return Talk()


@pytest.fixture
async def client(talk: Talk) -> AsyncIterator[TestClient]:
    start = Start("/codex", "Northwind", "2026-10-21", [], [], [], [], [], TOLD)
    async with TestClient(TestServer(application(talk, start))) as client:
        yield client


async def test_a_question_is_answered(client: TestClient, talk: Talk) -> None:
    answer = await client.post("/api/ask", json=QUESTION)
    assert (await answer.json())["text"] == "Said."
    assert talk.asked == [Asked("overview", "analyst", "channel")]


@pytest.mark.parametrize(
    "path", ["/", "/page/page.css", "/api/start", "/api/files/a", "/nothing", "/api/ask"]
)
async def test_every_answer_forbids_what_is_not_from_here(client: TestClient, path: str) -> None:
    answer = await client.get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["X-Frame-Options"] == "DENY"


async def test_every_file_of_the_page_is_served_and_names_nothing_outside(client: TestClient) -> None:
    for path in FOLDER.iterdir():
        answer = await client.get(f"/page/{path.name}")
        assert answer.status == 200
        text = (await answer.text()).replace("http://www.w3.org/2000/svg", "")
        assert "<style" not in text
        assert not re.search(r"https?://(?!pulse\.slack\.example)", text), path.name
        assert not re.search(r"\sstyle=|\son\w+=\"|innerHTML|eval\(", text), path.name


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1:1", "127.0.0.1.evil.example", "["]
)
async def test_another_host_name_is_refused(client: TestClient, talk: Talk, host: str) -> None:
    for answer in (
        await client.get("/api/start", headers={"Host": host}),
        await client.post("/api/ask", json=QUESTION, headers={"Host": host}),
    ):
        assert answer.status in {400, 421}
    assert talk.asked == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_another_site_cannot_ask(client: TestClient, talk: Talk, headers: dict[str, str]) -> None:
    answer = await client.post("/api/ask", json=QUESTION, headers=headers)
    assert answer.status == 403
    assert talk.asked == []


@pytest.mark.parametrize("path", ["/", "/api/start", "/api/files/x"])
async def test_a_script_of_another_site_can_read_nothing(client: TestClient, path: str) -> None:
    answer = await client.get(path, headers={"Origin": "https://evil.example"})
    assert answer.status == 403
    assert "Access-Control-Allow-Origin" not in answer.headers


async def test_the_page_itself_can_ask(client: TestClient) -> None:
    origin = f"http://127.0.0.1:{client.port}"
    headers = {"Origin": origin, "Sec-Fetch-Site": "same-origin"}
    assert (await client.post("/api/ask", json=QUESTION, headers=headers)).status == 200


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        ("text=overview", "application/x-www-form-urlencoded", 415),
        (json.dumps(QUESTION), "text/plain", 415),
        ("{", "application/json", 400),
        ("[]", "application/json", 400),
        ("\xff", "application/json", 400),
        (json.dumps({**QUESTION, "who": "root"}), "application/json", 400),
        (json.dumps({**QUESTION, "where": "C123"}), "application/json", 400),
        (json.dumps({**QUESTION, "levels": ["admin"]}), "application/json", 400),
        (json.dumps({"text": "overview"}), "application/json", 400),
        (json.dumps({**QUESTION, "text": 1}), "application/json", 400),
        ("x" * (BODY_BYTES + 1), "application/json", 413),
    ],
)
async def test_a_body_that_is_no_question_is_refused(
    client: TestClient, talk: Talk, body: str, kind: str, status: int
) -> None:
    answer = await client.post("/api/ask", data=body.encode("latin-1"), headers={"Content-Type": kind})
    assert answer.status == status
    assert "error" in await answer.json()
    assert talk.asked == []


async def test_a_control_that_is_not_ours_is_a_conflict(client: TestClient) -> None:
    click = {"value": "forged", "action_ts": "1.000001", "who": "admin", "where": "dm"}
    assert (await client.post("/api/click", json=click)).status == 409
    assert (await client.post("/api/click", json={**click, "value": "ours"})).status == 200


async def test_the_api_takes_no_other_method(client: TestClient) -> None:
    answer = await client.get("/api/ask")
    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"


async def test_pictures_are_shown_and_files_downloaded_under_a_plain_name(client: TestClient) -> None:
    picture = await client.get("/api/files/a")
    assert (picture.content_type, await picture.read()) == ("image/png", b"png")
    file = await client.get("/api/files/b")
    assert file.headers["Content-Disposition"] == 'attachment; filename="a_b__.csv"'
    assert (await client.get("/api/files/gone")).status == 404


def test_the_story_tells_only_of_commands_there_are() -> None:
    assert [step.text for step in story({"adoption"})] == ["adoption 26w weekly"]
    assert story(()) == []


def test_everybody_and_every_place_can_be_chosen() -> None:
    assert set(PEOPLE) == {"member", "analyst", "investigator", "approver", "admin", "guest"}
    assert set(ROOMS) == {"channel", "analysts", "dm", "shared"}
