"""`codex-pulse reference`: the reference server on its own."""

from __future__ import annotations

import argparse
import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TextIO

from bot.reference.faults import add_fault_arguments, faults_from
from bot.reference.options import Options

if TYPE_CHECKING:
    from bot.reference.running import Running

_PORT = 8760


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add the options of `codex-pulse reference`."""
    parser.add_argument("--port", type=int, default=_PORT, help="loopback port, 0 = a free one")
    parser.add_argument("--users", type=int, default=240, help="people of the workspace")
    parser.add_argument("--seed", type=int, default=7, help="which demo workspace")
    now = os.environ.get("PULSE_NOW") or None
    parser.add_argument("--now", type=_instant, default=now, metavar="ISO", help="replaces the clock")
    parser.add_argument("--lag-hours", type=int, default=12, help="how late use arrives")
    parser.add_argument(
        "--unknown-client", action="store_true", help="name a client that no published list knows"
    )
    add_fault_arguments(parser)


def options_from(args: argparse.Namespace) -> Options:
    """Read parsed arguments; raises `ValueError` with a sentence for what cannot be served."""
    return Options(
        users=args.users,
        seed=args.seed,
        now=args.now,
        port=args.port,
        lag_hours=args.lag_hours,
        unknown_client=args.unknown_client,
        misbehave=faults_from(args),
    )


async def run(options: Options, out: TextIO) -> None:
    """Print how to reach the server, then `ready`, and serve until SIGINT or SIGTERM."""
    from bot.reference.server import serve  # noqa: PLC0415  # naming the options must not wait for it

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    try:
        async with serve(options) as running:
            sys.stderr.write(f"organization (log type COSTS): {running.organization_id}\n")
            out.writelines(f"{line}\n" for line in (*_exports(running), "ready"))
            out.flush()
            await stop.wait()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)


def _exports(running: Running) -> tuple[str, ...]:
    return (
        f"export PULSE_API_BASE_URL={running.base_url}",
        f"export PULSE_WORKSPACE_ID={running.workspace_id}",
        f"export PULSE_ANALYTICS_API_KEY={running.analytics_key}",
        f"export PULSE_COMPLIANCE_API_KEY={running.compliance_key}",
    )


def _instant(text: str) -> datetime:
    """Read an ISO instant; one without a zone is UTC."""
    value = datetime.fromisoformat(text)
    return value if value.tzinfo else value.replace(tzinfo=UTC)
