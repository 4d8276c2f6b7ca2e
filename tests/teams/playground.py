"""Microsoft's 365 Agents Playground, pinned by the lock in `npm/`, on loopback only."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

PACKAGE = "@microsoft/m365agentsplayground"
INSTALLED = Path(sys.prefix) / "playground"
START_SECONDS = 60
# The playground has no setting for its address: without a host, Node listens everywhere.
LOOPBACK_ONLY = """
const net = require("net");
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === "number" || typeof port === "string"
    ? listen.call(this, Number(port), "127.0.0.1", ...rest.filter((item) => typeof item === "function"))
    : listen.call(this, port, ...rest);
};
"""


def prepared(folder: Path) -> Path:
    """The command that `make playground` installed beside Python, and in `folder` what keeps it local."""
    command = INSTALLED / "node_modules" / PACKAGE / "cli.js"
    if not command.exists():
        pytest.skip("the Agents Playground is not installed: `make playground` needs npm")
    (folder / "loopback.cjs").write_text(LOOPBACK_ONLY, encoding="utf-8")
    return command


@asynccontextmanager
async def playground(folder: Path, bot_url: str) -> AsyncIterator[str]:
    """Run it against a bot; gives its address."""
    command = await asyncio.to_thread(prepared, folder)
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "NODE_OPTIONS": f"--require {folder / 'loopback.cjs'}",
    }
    arguments = ("start", "-e", f"{bot_url}/api/messages", "-c", "msteams", "-p", str(port), "--dt")
    process = await asyncio.create_subprocess_exec(
        "node", str(command), *arguments, cwd=folder, env=environment, stdout=PIPE, stderr=DEVNULL
    )
    try:
        async with asyncio.timeout(START_SECONDS):
            await listening(process, port)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        await process.communicate()


async def listening(process: Process, port: int) -> None:
    """Return when it says that it listens on `port`."""
    assert process.stdout is not None
    while line := await process.stdout.readline():
        if f"Listening on {port}" in line.decode():
            return
    message = f"the playground ended with {await process.wait()}"
    raise AssertionError(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port
