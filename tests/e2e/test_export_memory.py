from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e import biglake

MEGABYTE = 1024 * 1024  # as the kernel counts
# not getrusage: a child begins with the peak of the process that started it
MEASURE = """
import sys
from pathlib import Path
from bot.__main__ import main
code = main(sys.argv[1:])
(peak,) = [line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM:")]
print("peak_kib", peak.split()[1])
sys.exit(code)
"""


def exported(root: Path, arguments: list[str]) -> int:
    """Exports in a process of its own and returns its peak of resident memory, bytes."""
    environment = {
        **os.environ,
        "PULSE_NOW": "2026-12-20T15:00:00Z",
        "PULSE_LAKE_URL": str(root / "lake"),
        "PULSE_STATE_URL": f"sqlite+aiosqlite:///{root / 'state.db'}",
        "PULSE_WORKSPACE_ID": "00000000-0000-0000-0000-000000000000",
        "PULSE_ANALYTICS_API_KEY": "not-used",
        "PULSE_API_BASE_URL": "http://127.0.0.1:9",
    }
    environment.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling the code is not what is measured
    command = [sys.executable, "-c", MEASURE, "export", *arguments, "--out", str(root / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 0, done.stdout + done.stderr
    return int(done.stdout.split()[-1]) * 1024


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize(("people", "days"), [(10_000, 100), (100_000, 10)])
def test_a_million_rows_take_less_than_300_mb(tmp_path: Path, people: int, days: int) -> None:
    window = biglake.fill(tmp_path / "lake", people, days)
    peak = exported(tmp_path, ["users", "csv", f"{window.start}..{window.last}"])
    (written,) = (tmp_path / "out").glob("*.csv")
    with written.open("rb") as lines:
        assert sum(1 for _ in lines) == people * days + 1
    sys.stdout.write(f"peak {peak / MEGABYTE:.0f} MB\n")
    assert peak < 300 * MEGABYTE
