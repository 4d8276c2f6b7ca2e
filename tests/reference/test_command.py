from __future__ import annotations

import argparse
import asyncio
import io
import os
import signal
from datetime import UTC, datetime

import pytest

from bot.reference import Faults, Options, add_arguments, options_from, run


def parsed(*words: str) -> Options:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    return options_from(parser.parse_args(words))


def test_without_arguments_the_usual_workspace_is_served(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PULSE_NOW", raising=False)
    assert parsed() == Options(port=8760)


def test_every_switch_can_be_set_on_the_command_line() -> None:
    options = parsed(
        *[
            "--users",
            "50",
            "--seed",
            "3",
            "--now",
            "2026-10-21T15:00:00Z",
            "--generation",
            "2026-06",
            "--no-weeks",
            "--unknown-client",
            "--burst-429",
            "3",
        ],
        *["--truncated", "--forbidden-types", "audit_log,CODEX_LOG", "--slow-seconds", "0.5", "--stuck-logs"],
    )
    assert (options.users, options.seed, options.now) == (50, 3, datetime(2026, 10, 21, 15, tzinfo=UTC))
    assert options.unknown_client
    expected = Faults(
        generation="2026-06", no_weeks=True, burst_429=3, truncated=1_000_000_000, slow_seconds=0.5
    )
    assert options.misbehave.forbidden_types == ("AUDIT_LOG", "CODEX_LOG")
    assert options.misbehave.generation == expected.generation
    assert (options.misbehave.truncated, options.misbehave.stuck_logs) == (expected.truncated, True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"users": 4},
        {"seed": -1},
        {"host": "198.51.100.7"},
        {"now": datetime.fromisoformat("2026-01-01")},
        {"lag_hours": -1},
    ],
)
def test_a_workspace_that_cannot_be_served_is_refused_with_a_reason(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError) as caught:
        Options(**wrong)  # type: ignore[arg-type]
    assert next(iter(wrong)) in str(caught.value)


class Out(io.StringIO):
    """Standard output that tells when it was flushed after `ready`."""

    def __init__(self) -> None:
        super().__init__()
        self.ready = asyncio.Event()

    def flush(self) -> None:
        if self.getvalue().endswith("ready\n"):
            self.ready.set()


async def test_it_prints_how_to_reach_it_then_ready_and_stops_on_a_signal() -> None:
    out = Out()
    task = asyncio.create_task(run(Options(), out))
    await asyncio.wait_for(out.ready.wait(), 10)
    os.kill(os.getpid(), signal.SIGTERM)
    await asyncio.wait_for(task, 10)
    lines = out.getvalue().splitlines()
    assert [line.split("=")[0] for line in lines] == [
        "export PULSE_API_BASE_URL",
        "export PULSE_WORKSPACE_ID",
        "export PULSE_ANALYTICS_API_KEY",
        "export PULSE_COMPLIANCE_API_KEY",
        "ready",
    ]
    assert lines[0].startswith("export PULSE_API_BASE_URL=http://127.0.0.1:")
    assert lines[0].endswith("/v1")


def test_the_clock_of_the_environment_is_the_server_s_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PULSE_NOW", "2026-10-21T15:00:00Z")
    assert parsed().now == datetime(2026, 10, 21, 15, tzinfo=UTC)
    assert parsed("--now", "2026-10-22").now == datetime(2026, 10, 22, tzinfo=UTC)
