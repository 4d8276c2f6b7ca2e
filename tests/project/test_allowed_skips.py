from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1]
SKIPPING = """
import pytest

@pytest.mark.skip(reason="no such  machine")
def test_skipped(): ...

def test_skips_itself():
    pytest.skip("not today")

@pytest.mark.xfail(reason="known", strict=True)
def test_expected_to_fail():
    raise AssertionError

def test_passes(): ...
"""
SKIPPED = "tests/test_x.py::test_skipped | no such machine\n"
SKIPS_ITSELF = "tests/test_x.py::test_skips_itself | not today\n"


def run(
    folder: Path, allowed: str, source: str = SKIPPING, *options: str
) -> subprocess.CompletedProcess[str]:
    """The project's own conftest over one test file, in a run of its own."""
    tests = folder / "tests"
    tests.mkdir()
    shutil.copy(HERE / "conftest.py", tests)
    (folder / "pytest.ini").write_text("[pytest]\n")
    (tests / "allowed_skips.txt").write_text(allowed)
    (tests / "test_x.py").write_text(source)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "tests", *options]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize("options", [(), pytest.param(("-n", "2"), marks=pytest.mark.slow)])
def test_a_skip_that_is_not_listed_fails_the_run(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(tmp_path, SKIPPED, SKIPPING, *options)
    assert done.returncode == 1
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed" in done.stdout
    assert f"listed in tests/allowed_skips.txt: {SKIPS_ITSELF}" in done.stdout


def test_listed_skips_and_expected_failures_pass(tmp_path: Path) -> None:
    done = run(tmp_path, f"# a comment\n\n{SKIPPED}{SKIPS_ITSELF}")
    assert done.returncode == 0
    assert "1 passed, 2 skipped, 1 xfailed" in done.stdout


def test_a_skip_for_another_reason_than_the_listed_one_fails(tmp_path: Path) -> None:
    done = run(tmp_path, SKIPPED.replace("machine", "network") + SKIPS_ITSELF)
    assert done.returncode == 1
    assert "1 passed, 1 skipped, 1 xfailed, 1 error" in done.stdout


def test_a_module_that_skips_itself_fails_the_run(tmp_path: Path) -> None:
    done = run(tmp_path, "", "import pytest\npytest.importorskip('there_is_no_such_module')\n")
    assert done.returncode != 0
    assert "could not import 'there_is_no_such_module'" in done.stdout


def test_a_line_without_a_reason_is_refused(tmp_path: Path) -> None:
    done = run(tmp_path, "tests/test_x.py::test_skipped\n")
    assert done.returncode == pytest.ExitCode.USAGE_ERROR
    assert "write TEST_ID | REASON" in done.stderr
