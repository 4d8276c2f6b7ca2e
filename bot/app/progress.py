"""Progress of a sync on a terminal's stderr; silent where nobody watches."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Report = Callable[[int, int, date], None]


@contextmanager
def progress(stream: TextIO, doing: str = "Syncing days") -> Iterator[Report]:
    """A function to call with days done, days in all, and the day just written."""
    console = Console(file=stream)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(doing, total=None)

        def report(done: int, total: int, day: date) -> None:
            bar.update(task, completed=done, total=total, description=f"{doing} {day:%d %b %Y}")

        yield report
