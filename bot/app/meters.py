"""What `/metrics` tells: counts, durations and sizes. No label says who asked or what was typed."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Final

from aiohttp import web
from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import choose_encoder

from bot.dispatch.lanes import Lane, Lanes
from bot.sync.report import SyncReport

_ANSWER_SECONDS: Final = (0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
_HTTP_SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3)
_ELSEWHERE: Final = "elsewhere"


class Meters:
    """The counters of one process; the `Meter` of the dispatcher."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        ProcessCollector(registry=registry)
        PlatformCollector(registry=registry)
        counter, gauge = partial(Counter, registry=registry), partial(Gauge, registry=registry)
        timer = partial(Histogram, registry=registry)
        self._answers = counter(
            "codex_pulse_answers", "Answers by command and outcome", ["command", "outcome"]
        )
        waited = "From the question to the answer, waiting included"
        self._answer_seconds = timer(
            "codex_pulse_answer_seconds", waited, ["command"], buckets=_ANSWER_SECONDS
        )
        self._pictures = counter("codex_pulse_pictures", "Pictures", ["outcome"])
        self._busy = counter("codex_pulse_busy", "Questions turned away for too many at once", ["lane"])
        self._waiting = gauge("codex_pulse_waiting", "Questions that wait", ["lane"])
        self._working = gauge("codex_pulse_working", "Questions in hand", ["lane"])
        served = "Requests to this server, by route and status"
        self._http = timer("codex_pulse_http_seconds", served, ["route", "status"], buckets=_HTTP_SECONDS)
        self._syncs = counter("codex_pulse_syncs", "Syncs by outcome", ["outcome"])
        self._rows = counter("codex_pulse_rows", "Rows pulled", ["kept"])
        self._missing = gauge("codex_pulse_missing_days", "Days the last sync could not pull")
        self._synced_at = gauge("codex_pulse_synced_at_seconds", "Unix time of the last sync without failure")
        self._leads = gauge("codex_pulse_leads", "1 while this replica syncs for all")

    def answered(self, command: str, outcome: str, seconds: float) -> None:
        """One answer."""
        self._answers.labels(command, outcome).inc()
        self._answer_seconds.labels(command).observe(seconds)

    def pictured(self, *, drawn: bool) -> None:
        """One picture."""
        self._pictures.labels("drawn" if drawn else "failed").inc()

    def turned_away(self, lane: Lane) -> None:
        """Somebody was told to come back later."""
        self._busy.labels(lane.value).inc()

    def watch(self, lanes: Lanes) -> None:
        """Read the queues of `lanes` whenever somebody looks."""
        for lane in Lane:
            self._waiting.labels(lane.value).set_function(partial(lanes.waiting, lane))
            self._working.labels(lane.value).set_function(partial(lanes.working, lane))

    def synced(self, report: SyncReport, now: datetime) -> None:
        """One sync."""
        failed = bool(report.missing or report.failures or report.locked_out)
        self._syncs.labels("failed" if failed else "done").inc()
        self._rows.labels("yes").inc(report.rows)
        self._rows.labels("set_aside").inc(report.quarantined)
        self._missing.set(len(report.missing))
        if not failed:
            self._synced_at.set(now.timestamp())

    def leads(self, *, leading: bool) -> None:
        """Whether this replica leads."""
        self._leads.set(int(leading))

    def request(self, request: web.Request, status: int, seconds: float) -> None:
        """One request; the route is the pattern that matched, never the path."""
        resource = request.match_info.route.resource
        route = resource.canonical if resource is not None else _ELSEWHERE
        self._http.labels(route, str(status)).observe(seconds)

    def exposition(self, accept: str = "") -> tuple[bytes, str]:
        """The samples and their content type: OpenMetrics if `accept` asks for it, else Prometheus text."""
        encode, content_type = choose_encoder(accept)
        return encode(self.registry), content_type
