from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Page, Request, Route, async_playwright, expect

import charts
from bot.model.chat import Column, Fact, Picture, PlaceKind, Table, Unit
from tests.slack import samples
from tests.teams.conftest import Answering, Running
from tests.teams.playground import playground

CHROMIUM = "/usr/bin/chromium"
FINDING = "Codex used 12,346 credits in the 30 days to 20 Oct, up 14% on the 30 days before."
HOSTILE = "a_b *c* [d](https://evil.example)"
COLUMNS = (Column("m", "Model"), Column("c", "Credits", Unit.CREDITS), Column("s", "Share", Unit.PERCENT))
ROWS = (("gpt-5", 7556.0, 61.2), (HOSTILE, 4790.0, 38.8), ("gpt-5-mini", None, None))
FACTS = (samples.CREDITS, Fact("people", "Active people", "312", 312, Unit.PEOPLE, 3.0))

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]
Run = Callable[..., Awaitable[Running]]


def chart() -> Picture:
    first = date(2026, 9, 21)
    days = tuple(first + timedelta(days=n) for n in range(30))
    named = (("gpt-5", 250.0), ("gpt-5-mini", 160.0))
    series = tuple(
        charts.Series(name, tuple(base + 7.0 * n + (n % 7) * 9 for n in range(30))) for name, base in named
    )
    drawn = charts.LineChart(
        title="Credits rose 14%",
        subtitle="Credits, daily, 21 Sep–20 Oct 2026, UTC",
        days=days,
        series=series,
        unit="credits",
        period=charts.Period.DAY,
    )
    data = charts.png(charts.line(drawn))
    with Image.open(BytesIO(data)) as image:
        return Picture(data, FINDING, *image.size)


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    """A page of Debian's Chromium that reaches nothing but this machine."""

    async def local_only(route: Route, request: Request) -> None:
        is_local = request.url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))
        await (route.continue_() if is_local else route.abort())

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened = await browser.new_page(viewport={"width": 1400, "height": 1300})
        await opened.route("**/*", local_only)
        yield opened
        await browser.close()


async def test_a_question_in_the_playground_is_answered_and_its_buttons_work(
    run: Run, answering: Answering, page: Page, tmp_path: Path
) -> None:
    answering.answer = samples.reply(
        text=f"{FINDING} gpt-5 leads with 61.2%.",
        table=Table(COLUMNS, ROWS),
        facts=FACTS,
        pictures=(chart(),),
    )
    bot = await run(app_id="", password="", tenant_id="", unauthenticated=True)
    folder = tmp_path / "playground"
    folder.mkdir()
    async with playground(folder, bot.url) as url:
        await page.goto(url, wait_until="domcontentloaded")
        await page.locator("[contenteditable=true]").first.click()
        await page.keyboard.type("usage 30d by model")
        await page.keyboard.press("Enter")
        await expect(page.get_by_text(FINDING).first).to_be_visible(timeout=30_000)
        for text in ("12,345.6 (+14%)", HOSTILE, "R-7K3M9QXD", "7,556"):
            await expect(page.get_by_text(text).first).to_be_visible()
        await expect(page.locator("img[alt^='Codex used']").first).to_be_visible()
        await page.get_by_role("button", name="7 days").first.click()
        await expect(page.get_by_text(FINDING)).to_have_count(2, timeout=30_000)
        await page.screenshot(path=tmp_path / "playground.png", full_page=True)
    asked = [(request.text, request.place.kind) for request in answering.requests]
    assert asked == [("usage 30d by model", PlaceKind.DM), ("usage 7d", PlaceKind.DM)]
    assert answering.requests[0].asker.email == "alexw@example.com"
