"""What every run shares: nothing from outside decides a result, no unaccounted skip, a real PostgreSQL."""

from __future__ import annotations

import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
import structlog
from hypothesis import HealthCheck, settings

if TYPE_CHECKING:
    from tests.handlers.demo import Demo

ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")
NOT_LISTED = "skipped without being listed in tests/allowed_skips.txt: "


ALLOWED = pytest.StashKey[frozenset[tuple[str, str]]]()


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("PULSE_")]:
        del os.environ[name]
    # the same examples everywhere, and a busy machine is no failure
    settings.register_profile(
        "everywhere",
        derandomize=True,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
        database=None,
    )
    settings.load_profile("everywhere")
    config.stash[ALLOWED] = read_allowed(ALLOWED_SKIPS)
    # with rich installed, an exception logged before the bot sets logs up is drawn for seconds
    structlog.get_config()["processors"][-1].exception_formatter = structlog.dev.plain_traceback


def read_allowed(path: Path) -> frozenset[tuple[str, str]]:
    """Pairs of test id and reason; a line without a reason is refused."""
    lines = (line.strip() for line in path.read_text(encoding="utf-8").splitlines())
    return frozenset(read_line(line) for line in lines if line and not line.startswith("#"))


def read_line(line: str) -> tuple[str, str]:
    test_id, _, reason = line.partition(" | ")
    if not reason.strip():
        message = f"tests/allowed_skips.txt: no reason in {line!r}; write TEST_ID | REASON"
        raise pytest.UsageError(message)
    return test_id.strip(), reason.strip()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    report = yield
    if not hasattr(report, "wasxfail"):  # an expected failure is reported as skipped too
        fail_unlisted_skip(report, item.config)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(
    collector: pytest.Collector,
) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    report = yield
    fail_unlisted_skip(report, collector.config)
    return report


def fail_unlisted_skip(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    if not report.skipped:
        return
    reason = skip_reason(report)
    if (report.nodeid, reason) not in config.stash[ALLOWED]:
        report.outcome = "failed"
        report.longrepr = f"{NOT_LISTED}{report.nodeid} | {reason}"


def skip_reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return " ".join(text.removeprefix("Skipped: ").split())


@pytest.fixture(autouse=True)
def own_logs() -> Iterator[None]:
    """What a test says about logs ends with it: a level set by one would hide the events of the next."""
    root = logging.getLogger()
    kept, level, hook = root.handlers[:], root.level, sys.excepthook
    yield
    if structlog.is_configured():
        structlog.reset_defaults()
        logging.captureWarnings(capture=False)
        root.handlers[:], sys.excepthook = kept, hook
        root.setLevel(level)


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """A filled demo workspace; workers share it."""
    from tests.handlers.demo import filled  # noqa: PLC0415  # half the product: only for who asks for it

    base = tmp_path_factory.getbasetemp()
    return filled((base.parent if os.environ.get("PYTEST_XDIST_WORKER") else base) / "demo")


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
