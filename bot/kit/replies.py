"""What every answer over a window has in common: its footer, its first words, its range buttons."""

from __future__ import annotations

from datetime import date

from bot.kit.words import day, instant, span
from bot.metrics import DEFINITIONS_VERSION
from bot.metrics.coverage import Coverage
from bot.model.chat import Action, BasisFile, Footer, Request
from bot.model.query import Query
from bot.model.ranges import Asked

RANGES = ("7d", "30d", "90d")
MOST_NAMED = 3
_WEEK_DAYS = 7
LENGTHS = {"d": "days", "w": "weeks", "m": "months"}


def asked_of(request: Request) -> Asked:
    """The range of a ranged command: dispatch fills it in."""
    if request.query.asked is None:
        message = f"{request.query.command} is declared without a range"
        raise TypeError(message)
    return request.query.asked


def footer_of(coverage: Coverage) -> Footer:
    """The footer of an answer over `coverage`."""
    return Footer(
        window=coverage.window,
        complete_through=coverage.complete_through,
        missing_days=coverage.missing_days,
        partial_days=coverage.partial_days,
        synced_at=coverage.synced_at,
        definitions_version=DEFINITIONS_VERSION,
    )


def basis_of(coverage: Coverage) -> tuple[BasisFile, ...]:
    """The lake files behind the figures."""
    return tuple(BasisFile(file.name, file.digest, file.rows) for file in coverage.files)


def when(asked: Asked, coverage: Coverage) -> str:
    """`in the 30 days to 20 Oct`, or `from 1 Sep 2025, the first day held, to 20 Oct`."""
    first = coverage.first_held_day
    if first and coverage.shortened:
        return f"from {day(first)} {first.year}, the first day held, to {day(coverage.window.last)}"
    if coverage.window.day_count > 1 and asked.words[:-1].isdigit() and asked.words[-1:] in "dwm":
        return f"in the {asked.label}"
    return f"in {span(coverage.window)}" if coverage.window.day_count > 1 else f"on {span(coverage.window)}"


def before(asked: Asked) -> str:
    """`the 30 days before`, `the 12 weeks before`, or the days when they are not the ones just before."""
    if asked.before.end != asked.window.start:
        return span(asked.before)
    count = asked.before.day_count
    weeks = count // _WEEK_DAYS
    if asked.words == f"{weeks}w" and weeks > 1:
        return f"the {weeks} weeks before"
    return "the day before" if count == 1 else f"the {count} days before"


def cautions(coverage: Coverage, asked: Asked) -> list[str]:
    """What has to be said before a figure is trusted: missing, partial or cut days, a first sync going on."""
    said = []
    if coverage.first_sync:
        said.append(f"First sync: {coverage.first_sync[0]} of {coverage.first_sync[1]} days.")
    if asked.cut:
        said.append(f"Figures go through {day(coverage.window.last)}, the last complete day.")
    if coverage.missing_days:
        count = coverage.window.day_count
        held = count - len(coverage.missing_days)
        said.append(f"Figures cover {held} of {count} days: {_named(coverage.missing_days)} missing.")
    if coverage.fault:
        said.append(f"OpenAI's API could not be asked just now; figures are as of {_as_of(coverage)}.")
    if coverage.locked_out:
        said.append("Another process is syncing; figures are those held so far.")
    if coverage.partial_days:
        said.append(f"{_named(coverage.partial_days)} still filling: expect more.")
    return said


def range_actions(
    command: str, asked: Asked, rest: str | None = None, ranges: tuple[str, ...] = RANGES
) -> tuple[Action, ...]:
    """A select of other ranges for the same question."""
    tail = f" {rest}" if rest else ""
    return tuple(
        Action(
            f"range-{words}",
            f"Last {words[:-1]} {LENGTHS[words[-1]]}",
            f"{command} {words}{tail}",
            group="range",
        )
        for words in ranges
        if words != asked.words
    )


def options_of(query: Query) -> str:
    """The options and the view of a question as they are typed, to ask it again."""
    typed = [f"{name} {quoted(value)}" for name, value in sorted(query.options.items())]
    return " ".join([*typed, *([query.view.value] if query.view else [])])


def quoted(word: str) -> str:
    """The word as it has to be typed to stay one."""
    return f'"{word}"' if " " in word else word


def _named(days: tuple[date, ...]) -> str:
    more = len(days) - MOST_NAMED
    shown = ", ".join(map(day, days[:MOST_NAMED])) + (f" and {more} more" if more > 0 else "")
    return f"{shown} {'is' if len(days) == 1 else 'are'}"


def _as_of(coverage: Coverage) -> str:
    return instant(coverage.synced_at) if coverage.synced_at else "the last sync"
