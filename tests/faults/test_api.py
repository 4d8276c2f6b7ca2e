"""Whatever the API does: the person is told, nothing is half held, and later the figures are whole."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import httpx
import pytest

from bot.model.chat import Refusal, RefusalCode, Reply
from tests.faults.conftest import PEOPLE, World, a_world, closed_port

TURNS_A_DAY = sum(range(1, PEOPLE + 1))


def answered(status: str, body: bytes = b"{}", headers: bytes = b"") -> object:
    async def fault(writer: asyncio.StreamWriter, _whole: bytes) -> None:
        kind = b"Content-Type: application/json\r\n" + headers
        length = b"Content-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
        writer.write(f"HTTP/1.1 {status}\r\n".encode() + kind + length + body)

    return fault


async def silent(_writer: asyncio.StreamWriter, _whole: bytes) -> None:
    await asyncio.sleep(0.5)


async def truncated(writer: asyncio.StreamWriter, whole: bytes) -> None:
    writer.write(whole[:-20])


async def drip(writer: asyncio.StreamWriter, whole: bytes) -> None:
    """A byte now and then: no single read ever times out."""
    for place in range(len(whole)):
        writer.write(whole[place : place + 1])
        await writer.drain()
        await asyncio.sleep(0.05)


async def hang_up(writer: asyncio.StreamWriter, _whole: bytes) -> None:
    writer.transport.abort()


FAULTS = {
    "429": (answered("429 Too Many Requests", headers=b"Retry-After: 0\r\n"), "rate limit"),
    "500": (answered("500 Internal Server Error"), "has a fault"),
    "503": (answered("503 Service Unavailable"), "has a fault"),
    "no answer": (silent, "did not answer in time"),
    "truncated": (truncated, "cannot be reached"),
    "hung up": (hang_up, "cannot be reached"),
    "garbage": (answered("200 OK", b"\x00\xff not json"), "could not be read"),
    "HTML": (answered("200 OK", b"<html>sign in</html>"), "could not be read"),
    "another shape": (answered("200 OK", b'{"data": 7, "has_more": "no"}'), "could not be read"),
    "slow drip": (drip, "did not answer in time"),
    "401": (answered("401 Unauthorized"), "does not accept the API key"),
    "403": (answered("403 Forbidden"), "may not read this"),
    "404": (answered("404 Not Found"), "no such thing"),
}


def turns(answer: Reply | Refusal) -> float | None:
    assert isinstance(answer, Reply), answer
    return next(fact.number for fact in answer.facts if fact.key == "turns")


@pytest.mark.parametrize("name", FAULTS)
async def test_a_fault_is_told_and_when_it_is_over_the_figures_are_whole(world: World, name: str) -> None:
    fault, words = FAULTS[name]
    world.api.break_with(fault)
    told = await world.ask()
    assert isinstance(told, Refusal)
    assert told.code is RefusalCode.UNAVAILABLE
    assert words in told.message
    assert told.hint
    assert world.days() == 0
    world.api.mend()
    world.later(minutes=2)
    assert turns(await world.ask()) == 7 * TURNS_A_DAY


@pytest.mark.parametrize("name", ["429", "500", "503", "truncated", "hung up", "no answer"])
async def test_a_short_fault_is_not_even_noticed(world: World, name: str) -> None:
    world.api.break_with(FAULTS[name][0], times=2)
    assert turns(await world.ask()) == 7 * TURNS_A_DAY


@pytest.mark.parametrize("name", FAULTS)
async def test_with_days_held_the_answer_stands_on_them_and_says_what_is_missing(
    world: World, name: str
) -> None:
    world.bot.now = world.bot.now.replace(day=19)
    assert turns(await world.ask()) == 7 * TURNS_A_DAY
    world.later(days=2)
    world.api.break_with(FAULTS[name][0])
    answer = await world.ask()
    assert turns(answer) == 5 * TURNS_A_DAY
    assert isinstance(answer, Reply)
    assert len(answer.footer.missing_days) == 2
    world.api.mend()
    world.later(minutes=2)
    assert turns(await world.ask()) == 7 * TURNS_A_DAY


async def test_paging_that_goes_round_in_circles_ends_and_is_told(world: World) -> None:
    def circle(name: str, _window: object) -> httpx.Response | None:
        body = {"object": "page", "data": [], "has_more": True, "next_page": "1"}
        return httpx.Response(200, content=json.dumps(body)) if name == "usage" else None

    world.api.source.broken = circle
    told = await world.ask()
    assert isinstance(told, Refusal)
    assert "paging does not advance" in told.message
    assert world.api.served < 50


@pytest.mark.parametrize("kind", ["no TLS there", "nobody there"])
async def test_a_server_that_cannot_be_spoken_to_is_told(tmp_path: Path, kind: str) -> None:
    async with a_world(tmp_path / "other") as other:
        secure = other.api.base_url.replace("http://", "https://")
        base_url = secure if kind == "no TLS there" else f"http://127.0.0.1:{closed_port()}/v1"
        async with a_world(tmp_path, base_url) as world:
            told = await world.ask()
    assert isinstance(told, Refusal)
    assert "cannot be reached" in told.message


async def test_twenty_people_asking_into_a_fault_do_not_become_twenty_storms(world: World) -> None:
    world.api.break_with(FAULTS["503"][0])
    told = await asyncio.gather(*(world.ask() for _ in range(20)))
    codes = {answer.code for answer in told if isinstance(answer, Refusal)}
    assert codes == {RefusalCode.UNAVAILABLE}
    assert world.api.served <= 3 * 4 * 8
