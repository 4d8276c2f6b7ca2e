"""Appends whole lines to a file of the day; what a crash left of a line is cut off first."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import ExitStack, suppress
from datetime import date
from pathlib import Path
from typing import BinaryIO, Final

NAME: Final = "codex-pulse-{day}.jsonl"
BLOCK: Final = 65_536


def append_lines(folder: Path, day: date, lines: Iterable[bytes]) -> int:
    """How many lines were written and are on disk. Each ends with its break. Raises OSError.

    The file is that of the day of writing, so older ones do not change any more. When a write fails the
    file is cut back to where it was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME.format(day=day.isoformat())
    is_new = not path.exists()
    with path.open("ab+") as out:
        start = _whole(out)
        with ExitStack() as undo:
            undo.callback(_cut, out, start)
            count = _written(out, lines)
            undo.pop_all()
    if is_new:
        _sync_folder(folder)
    return count


def _cut(out: BinaryIO, length: int) -> None:
    with suppress(OSError):  # the next run cuts it off
        out.truncate(length)


def _written(out: BinaryIO, lines: Iterable[bytes]) -> int:
    count = 0
    for line in lines:
        out.write(line)
        count += 1
    out.flush()
    os.fsync(out.fileno())
    return count


def _whole(out: BinaryIO) -> int:
    """Cut the file after its last line break, and say how long it is now."""
    end = out.seek(0, os.SEEK_END)
    while end:
        start = max(0, end - BLOCK)
        out.seek(start)
        found = out.read(end - start).rfind(b"\n")
        if found >= 0:
            end = start + found + 1
            break
        end = start
    out.truncate(end)
    out.seek(end)
    return end


def _sync_folder(folder: Path) -> None:
    """So that a power cut does not take the file's name."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
