from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, date, datetime

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer
from prometheus_client.openmetrics.parser import text_string_to_metric_families as open_metrics
from prometheus_client.parser import text_string_to_metric_families

from bot.app.meters import Meters
from bot.app.serving import Readiness, application
from bot.dispatch.lanes import Lane, Lanes
from bot.sync.report import SyncReport

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)


@dataclass
class Site:
    client: TestClient[web.Request, web.Application]
    readiness: Readiness
    meters: Meters

    async def json(self, path: str) -> tuple[int, object]:
        async with self.client.get(path) as answer:
            return answer.status, await answer.json()

    async def samples(self) -> dict[str, float]:
        """Every sample as `name{label=value,...}`."""
        text = await (await self.client.get("/metrics")).text()
        return {
            sample.name + "".join(f" {value}" for _, value in sorted(sample.labels.items())): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async def broken(_request: web.Request) -> web.Response:
        raise web.HTTPUnauthorized

    readiness, meters = Readiness("drawing", "engine"), Meters()
    app = application([web.post("/links/{secret}", broken)], readiness, meters)
    async with TestClient(TestServer(app)) as client:
        yield Site(client, readiness, meters)


async def test_it_is_ready_when_drawing_and_engine_are_in(site: Site) -> None:
    assert await site.json("/readyz") == (503, {"ready": False, "waiting_for": ["drawing", "engine"]})
    site.readiness.done("engine")
    assert await site.json("/readyz") == (503, {"ready": False, "waiting_for": ["drawing"]})
    site.readiness.done("drawing")
    assert await site.json("/readyz") == (200, {"ready": True, "waiting_for": []})


async def test_it_is_healthy_but_not_ready_while_it_stops(site: Site) -> None:
    site.readiness.done("engine")
    site.readiness.done("drawing")
    site.readiness.stopping = True
    assert (await site.json("/readyz"))[0] == 503
    async with site.client.get("/healthz") as answer:
        assert (answer.status, await answer.text()) == (200, "ok\n")


async def test_answers_pictures_and_queues_are_counted(site: Site) -> None:
    lanes = Lanes(on_busy=site.meters.turned_away)
    site.meters.watch(lanes)
    site.meters.answered("usage", "reply", 0.2)
    site.meters.answered("usage", "unavailable", 0.2)
    site.meters.pictured(drawn=True)
    site.meters.turned_away(Lane.HEAVY)
    async with lanes.turn(Lane.FIGURES, "U1"):
        found = await site.samples()
    assert found["codex_pulse_answers_total usage reply"] == 1
    assert found["codex_pulse_answer_seconds_count usage"] == 2
    assert found["codex_pulse_pictures_total drawn"] == 1
    assert found["codex_pulse_busy_total heavy"] == 1
    assert found["codex_pulse_working figures"] == 1
    assert found["codex_pulse_waiting figures"] == 0


async def test_only_a_whole_sync_moves_the_time_of_the_last_one(site: Site) -> None:
    day = date(2026, 10, 20)
    site.meters.synced(SyncReport(NOW, planned=(day,), rows=5), NOW)
    found = await site.samples()
    assert found["codex_pulse_missing_days"] == 1
    assert found["codex_pulse_syncs_total failed"] == 1
    assert found["codex_pulse_synced_at_seconds"] == 0
    site.meters.synced(SyncReport(NOW, planned=(day,), written=(day,), rows=5, quarantined=2), NOW)
    found = await site.samples()
    assert found["codex_pulse_missing_days"] == 0
    assert found["codex_pulse_synced_at_seconds"] == NOW.timestamp()
    assert found["codex_pulse_rows_total yes"] == 10
    assert found["codex_pulse_rows_total set_aside"] == 2


async def test_a_request_is_counted_by_its_pattern_never_by_its_path(site: Site) -> None:
    await site.client.post("/links/s3cret-of-a-link")
    await site.client.get("/ada@example.com")
    text = await (await site.client.get("/metrics")).text()
    assert 'codex_pulse_http_seconds_count{route="/links/{secret}",status="401"} 1.0' in text
    assert 'route="elsewhere",status="404"' in text
    assert "s3cret" not in text
    assert "ada@example.com" not in text


async def test_metrics_are_openmetrics_for_whoever_asks_for_them(site: Site) -> None:
    site.meters.answered("usage", "reply", 0.2)
    accept = {"Accept": "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"}
    async with site.client.get("/metrics", headers=accept) as answer:
        assert answer.content_type == "application/openmetrics-text"
        families = {family.name: family for family in open_metrics(await answer.text())}
    assert families["codex_pulse_answers"].type == "counter"


async def test_metrics_are_prometheus_text_for_everybody_else(site: Site) -> None:
    async with site.client.get("/metrics") as answer:
        assert answer.content_type == "text/plain"
        assert "# EOF" not in await answer.text()
