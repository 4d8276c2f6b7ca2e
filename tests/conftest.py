"""What every test run shares: no settings from outside, and no skip that is not accounted for."""

from __future__ import annotations

import os
from collections.abc import Generator
from pathlib import Path

import pytest

ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.txt")
NOT_LISTED = "skipped without being listed in tests/allowed_skips.txt: "


def pytest_configure(config: pytest.Config) -> None:
    for name in [name for name in os.environ if name.startswith("PULSE_")]:
        del os.environ[name]
    config.stash[ALLOWED] = read_allowed(ALLOWED_SKIPS)


ALLOWED = pytest.StashKey[frozenset[tuple[str, str]]]()


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
