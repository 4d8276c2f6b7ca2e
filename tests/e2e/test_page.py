"""The local chat page in Debian's Chromium: every control a person would use, pictures included."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestServer
from playwright.async_api import Browser, Page, async_playwright

from bot.app.demoing import start
from bot.app.drawing import DrawingThread
from bot.app.page_chat import PageChat
from bot.console.chat_page import application
from tests.app.talking import page_chat
from tests.handlers.answering import NOW, Bot, a_bot
from tests.handlers.demo import Demo

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240), pytest.mark.asyncio(loop_scope="module")]
CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync"
)
DESKTOP, PHONE = {"width": 1360, "height": 860}, {"width": 360, "height": 740}
ANSWERED = "#log .message:not(.working)"


@dataclass
class Tab:
    """An open page, and what went wrong in it."""

    page: Page
    faults: list[str] = field(default_factory=list)

    async def ask(self, text: str) -> None:
        await self.page.fill("#ask", text)
        await self.page.press("#ask", "Enter")
        await self.done()

    async def done(self) -> None:
        await self.page.wait_for_selector(".working", state="detached", timeout=60_000)

    async def be(self, role: str) -> None:
        await self.page.select_option("#who", role)

    async def go(self, room: str) -> None:
        await self.page.click(f"[data-room={room}]")

    async def count(self, selector: str) -> int:
        return await self.page.locator(selector).count()

    async def text(self, selector: str = "#log .message >> nth=-1") -> str:
        return await self.page.locator(selector).inner_text()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def answerer(tmp_path_factory: pytest.TempPathFactory, demo: Demo) -> AsyncIterator[Bot]:
    drawing, root = DrawingThread(), tmp_path_factory.mktemp("page")
    async with a_bot(root, demo.lake(), draw=drawing.draw, directory=demo.directory()) as bot:
        yield bot
    drawing.close()


async def served(chat: PageChat) -> TestServer:
    server = TestServer(application(chat, await start(chat, NOW.date())))
    await server.start_server()
    return server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def address(answerer: Bot, demo: Demo) -> AsyncIterator[str]:
    """One running page for all: what one test asks is in its own tab only."""
    server = await served(page_chat(answerer, demo))
    yield str(server.make_url("/"))
    await server.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        yield browser
        await browser.close()


async def opened(browser: Browser, address: str, viewport: dict[str, int]) -> Tab:
    tab = Tab(await browser.new_page(viewport=viewport))
    tab.page.on("pageerror", lambda error: tab.faults.append(str(error)))
    tab.page.on("console", lambda said: tab.faults.append(said.text) if said.type == "error" else None)
    await tab.page.goto(address)
    await tab.page.wait_for_selector("body[data-ready]")
    return tab


@pytest_asyncio.fixture(loop_scope="module")
async def tab(browser: Browser, address: str) -> AsyncIterator[Tab]:
    tab = await opened(browser, address, DESKTOP)
    yield tab
    await tab.page.close()
    assert tab.faults == []


async def test_it_opens_on_an_overview_already_answered_with_its_picture(tab: Tab) -> None:
    assert await tab.count(ANSWERED) == 1
    assert "people" in await tab.text()
    picture = tab.page.locator(".picture img")
    await tab.page.wait_for_function("document.querySelector('.picture img').complete")
    assert await picture.evaluate("image => image.naturalWidth") >= 600
    assert await picture.get_attribute("alt")
    assert await tab.count(".suggestion") == 5


async def test_every_suggestion_is_answered(tab: Tab) -> None:
    for n in range(5):
        await tab.page.locator(".suggestion").nth(n).click()
        await tab.done()
    assert await tab.count(ANSWERED) == 6
    assert await tab.count(".lost") == 0
    assert "I don't know" not in await tab.text("#log")


async def test_every_button_and_every_option_of_an_answer_is_answered(tab: Tab) -> None:
    first = "#log > .message >> nth=0"
    buttons = await tab.count(f"{first} >> :scope > .body .control:not(.opener)")
    for n in range(buttons):
        await tab.page.locator(f"{first} >> :scope > .body .control:not(.opener)").nth(n).click()
        await tab.done()
    options = await tab.count(f"{first} >> :scope > .body [role=menuitem]")
    for n in range(options):
        await tab.page.locator(f"{first} >> :scope > .body .opener").first.click()
        await tab.page.locator(f"{first} >> :scope > .body [role=menuitem]").nth(n).click()
        await tab.done()
    assert buttons >= 2
    assert options >= 2
    assert await tab.count("[role=alert]") == 0
    assert await tab.count(".thread .message, #log > .message.private") >= buttons + options


async def test_a_private_answer_is_marked_and_seen_by_nobody_else(tab: Tab) -> None:
    await tab.ask("top 5")
    assert "Only visible to you" in await tab.text("#log .private")
    assert await tab.text(".rooms .badge >> visible=true") == "1"
    await tab.be("member")
    assert await tab.count(".rooms .badge >> visible=true") == 0
    await tab.be("analyst")
    await tab.page.click("#log .private .jump")
    assert await tab.page.locator("#room").inner_text() == "Codex Pulse"
    assert await tab.count("#log .picture img") == 1
    await tab.be("member")
    assert await tab.count(ANSWERED) == 0
    await tab.go("channel")
    assert await tab.count("#log .private") == 0


async def test_who_asks_and_where_decide_the_answer(tab: Tab) -> None:
    for role, said in (("guest", "members of this workspace"), ("member", "level analyst")):
        await tab.be(role)
        await tab.ask("top 5")
        assert said in await tab.text()
    await tab.be("analyst")
    await tab.go("shared")
    await tab.ask("top 5")
    assert "direct message or an internal channel" in await tab.text()


async def test_payload_and_text_of_an_answer_can_be_shown(tab: Tab) -> None:
    await tab.page.click(".views [data-view=payload]")
    assert '"type": "section"' in await tab.text(".as-payload >> visible=true")
    await tab.page.click(".views [data-view=text]")
    assert "Active users" in await tab.text(".as-text >> visible=true")
    await tab.page.click(".views [data-view=slack]")
    assert await tab.count(".as-slack >> visible=true") == 1


async def test_the_keyboard_is_enough(tab: Tab) -> None:
    press = tab.page.keyboard.press
    await tab.ask("status")
    await tab.ask("define streak")
    for _ in range(2):
        await press("ArrowUp")
    assert await tab.page.input_value("#ask") == "status"
    await press("ArrowDown")
    assert await tab.page.input_value("#ask") == "define streak"
    await tab.page.fill("#ask", "")
    await tab.page.keyboard.type("us")
    assert await tab.page.get_attribute("#ask", "aria-expanded") == "true"
    await press("Tab")
    assert await tab.page.input_value("#ask") == "usage "
    opener = tab.page.locator(".opener").first
    await opener.focus()
    await press("ArrowDown")
    await press("ArrowDown")
    assert await tab.page.evaluate("document.activeElement.getAttribute('role')") == "menuitem"
    await press("Escape")
    assert await opener.evaluate("one => one === document.activeElement")
    assert (await tab.page.locator("#status").inner_text()).strip()


async def test_a_picture_is_enlarged_and_closed_again(tab: Tab) -> None:
    await tab.page.click(".picture")
    assert await tab.page.locator("#picture").is_visible()
    await tab.page.keyboard.press("Escape")
    assert not await tab.page.locator("#picture").is_visible()


async def test_what_somebody_types_stays_text(tab: Tab) -> None:
    await tab.ask("<img/src=x onerror=alert(1)> <!channel> *bold*")
    assert "<img/src=x" in await tab.text()
    assert await tab.count("#log .private .as-slack img") == 0


async def test_the_story_is_told_to_its_end(tab: Tab) -> None:
    steps = await tab.count("#story li")
    for _ in range(steps):
        await tab.page.click("#next")
        await tab.done()
    assert steps >= 3
    assert await tab.count("#story li.told") == steps
    assert await tab.page.locator("#next").inner_text() == "Start again"


async def test_a_phone_shows_everything_within_its_width(browser: Browser, address: str) -> None:
    tab = await opened(browser, address, PHONE)
    await tab.ask("usage 30d by surface")
    await tab.page.click("#story-box summary")
    assert await tab.page.evaluate("document.documentElement.scrollWidth") == 360
    assert await tab.page.locator("#ask").is_visible()
    assert await tab.page.locator("#next").is_visible()
    for room in ("analysts", "dm", "shared", "channel"):
        await tab.go(room)
    assert tab.faults == []


async def test_a_phone_shows_the_figure_beside_the_name(browser: Browser, address: str) -> None:
    tab = await opened(browser, address, PHONE)
    await tab.ask("top 5")
    figure = await tab.page.locator("#log .private td.number >> nth=1").bounding_box()
    assert figure is not None
    assert figure["x"] + figure["width"] <= PHONE["width"]


async def test_facts_of_one_answer_stand_in_one_grid(tab: Tab) -> None:
    await tab.ask("adoption 12w weekly")
    last = tab.page.locator("#log > .message >> nth=-1 >> .as-slack .fields")
    assert await last.count() == 1
    assert await last.locator("> div").count() > 10


async def test_slacks_own_charts_are_drawn_and_told(browser: Browser, answerer: Bot, demo: Demo) -> None:
    server = await served(replace(page_chat(answerer, demo), native_charts=True))
    tab = await opened(browser, str(server.make_url("/")), DESKTOP)
    await tab.ask("usage 7d by model")
    line = tab.page.locator("#log > .message >> nth=-1 >> .chart")
    assert await line.locator("polyline").count() == await line.locator("li").count() >= 2
    await tab.ask("teams 30d by credits")
    bars = tab.page.locator("#log > .message >> nth=-1 >> .chart")
    assert await bars.locator("rect").count() >= 2
    assert "Credits: " in str(await bars.locator("svg").get_attribute("aria-label"))
    assert tab.faults == []
    await tab.page.close()
    await server.close()


async def test_nothing_outside_this_machine_is_asked_for(browser: Browser, address: str) -> None:
    tab = Tab(await browser.new_page(viewport=DESKTOP))
    asked: list[str] = []
    tab.page.on("request", lambda request: asked.append(request.url))
    await tab.page.goto(address)
    await tab.page.wait_for_selector("body[data-ready]")
    await tab.ask("usage 7d")
    assert asked
    assert all(url.startswith(address) for url in asked)


async def test_another_sites_page_cannot_ask(browser: Browser, address: str) -> None:
    page = await browser.new_page()
    await page.goto("data:text/html,<title>evil</title>")
    told = await page.evaluate(
        """async (url) => {
            const body = '{"text":"top 5","who":"admin","where":"dm"}';
            const headers = {"Content-Type": "text/plain"};
            try { return (await fetch(url, {method: "POST", body, headers})).status; }
            catch { return "blocked"; }
        }""",
        f"{address}api/ask",
    )
    assert told == "blocked"
