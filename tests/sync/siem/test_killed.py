from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from bot.sync.siem.files import append_lines

DAY = date(2026, 10, 21)
WRITER = """
import itertools, json, sys
from datetime import date
from pathlib import Path
from bot.sync.siem.files import append_lines
lines = (json.dumps({"n": n, "pad": "x" * 5_000}).encode() + b"\\n" for n in itertools.count())
append_lines(Path(sys.argv[1]), date(2026, 10, 21), lines)
"""


@pytest.mark.slow
def test_a_writer_killed_at_work_leaves_no_half_line_to_the_next(tmp_path: Path) -> None:
    path = tmp_path / "codex-pulse-2026-10-21.jsonl"
    for size in (1, 300_000, 900_000):
        with subprocess.Popen([sys.executable, "-c", WRITER, str(tmp_path)]) as writer:
            while not path.exists() or path.stat().st_size < size:
                assert writer.poll() is None
            writer.kill()
        assert append_lines(tmp_path, DAY, [b'{"n":-1}\n']) == 1
        assert [json.loads(line)["n"] for line in path.read_bytes().splitlines()][-1] == -1
