"""Fixtures that more than one package's tests use."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest


@dataclass(frozen=True)
class PostgresServer:
    bin: Path
    socket_dir: Path

    def new_url(self) -> str:
        """The URL of a new, empty database."""
        name = f"pulse_{uuid4().hex[:12]}"
        _as_postgres(str(self.bin / "createdb"), "-h", str(self.socket_dir), name)
        return f"postgresql+asyncpg://postgres@/{name}?host={self.socket_dir}"


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A real PostgreSQL from Debian's package, on a Unix socket in a folder of its own."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name))
    if not found or shutil.which("runuser") is None:
        pytest.fail("no PostgreSQL under /usr/lib/postgresql: apt-get install postgresql")
    root = Path(tempfile.mkdtemp(prefix="pulse-pg-", dir="/tmp"))
    shutil.chown(root, "postgres")
    server = PostgresServer(found[-1], root)
    data = str(root / "data")
    try:
        _as_postgres(str(server.bin / "initdb"), "-D", data, "-A", "trust", "--no-sync")
        options = f"-c listen_addresses='' -c unix_socket_directories={root}"
        _as_postgres(
            str(server.bin / "pg_ctl"), "-D", data, "-w", "-l", str(root / "log"), "-o", options, "start"
        )
        yield server
        _as_postgres(str(server.bin / "pg_ctl"), "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(root, ignore_errors=True)


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> str:
    return postgres_server.new_url()


def _as_postgres(*command: str) -> None:
    done = subprocess.run(
        ["runuser", "-u", "postgres", "--", *command], check=False, text=True, capture_output=True, cwd="/"
    )
    assert done.returncode == 0, done.stderr + done.stdout
