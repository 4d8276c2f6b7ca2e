from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def run(folder: Path, body: str) -> subprocess.CompletedProcess[str]:
    """An acceptance script of a repository whose setup does nothing."""
    scripts = folder / "docs" / "acceptance"
    scripts.mkdir(parents=True)
    shutil.copy(ROOT / "docs" / "acceptance" / "lib.sh", scripts)
    (folder / "Makefile").write_text("setup-dev:\n\t@echo ready\n")
    script = scripts / "1.sh"
    script.write_text(f'. "$(dirname "$0")/lib.sh"\n{body}\n')
    return subprocess.run(["bash", script], capture_output=True, text=True, check=False, timeout=30)


def test_a_check_is_a_row_with_the_last_line_printed(tmp_path: Path) -> None:
    done = run(tmp_path, "check 'two lines' printf 'a\\nb|c\\n\\n'")
    assert done.returncode == 0
    assert done.stdout.splitlines() == [
        "| point | command | last line |",
        "|---|---|---|",
        "| two lines | `printf a\\nb\\|c\\n\\n` | b\\|c |",
        "",
        "1 checks, 0 failed",
    ]


def test_commands_run_in_the_root_of_the_repository(tmp_path: Path) -> None:
    assert f"| `pwd` | {tmp_path} |" in run(tmp_path, "check here pwd").stdout


def test_a_failed_check_shows_its_output_and_fails_the_script_after_the_others(tmp_path: Path) -> None:
    done = run(tmp_path, "check bad bash -c 'echo why; exit 7'\ncheck good echo fine")
    assert done.returncode == 1
    assert "| FAILED (exit 7): why |" in done.stdout
    assert "| fine |" in done.stdout
    assert "why" in done.stderr
    assert done.stdout.endswith("2 checks, 1 failed\n")


def test_a_script_that_checks_nothing_fails(tmp_path: Path) -> None:
    assert run(tmp_path, "true").returncode == 1


def test_a_script_that_breaks_off_keeps_its_exit_code(tmp_path: Path) -> None:
    assert run(tmp_path, "check good true\nexit 3").returncode == 3
