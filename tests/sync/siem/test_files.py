from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from bot.sync.siem.files import append_lines

DAY = date(2026, 10, 21)


def lines(path: Path) -> list[bytes]:
    (file,) = path.iterdir()
    return file.read_bytes().splitlines(keepends=True)


def test_lines_are_added_to_the_file_of_the_day(tmp_path: Path) -> None:
    assert append_lines(tmp_path / "siem", DAY, [b"1\n", b"2\n"]) == 2
    assert append_lines(tmp_path / "siem", DAY, [b"3\n"]) == 1
    assert lines(tmp_path / "siem") == [b"1\n", b"2\n", b"3\n"]
    assert [path.name for path in (tmp_path / "siem").iterdir()] == ["codex-pulse-2026-10-21.jsonl"]


@pytest.mark.parametrize("left", [b'{"half', b'{"half' * 40_000])
@pytest.mark.parametrize("before", [b"", b"1\n"])
def test_what_a_crash_left_of_a_line_is_cut_off(tmp_path: Path, before: bytes, left: bytes) -> None:
    (tmp_path / "codex-pulse-2026-10-21.jsonl").write_bytes(before + left)
    append_lines(tmp_path, DAY, [b"2\n"])
    assert b"".join(lines(tmp_path)) == before + b"2\n"


def test_a_write_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"2\n" * 100_000
        message = "the disk is full"
        raise OSError(message)

    append_lines(tmp_path, DAY, [b"1\n"])
    with pytest.raises(OSError, match="full"):
        append_lines(tmp_path, DAY, broken())
    assert lines(tmp_path) == [b"1\n"]
