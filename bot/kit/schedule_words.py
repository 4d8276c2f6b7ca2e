"""Schedules as people type and read them: `weekly tue 09:00 Europe/Berlin`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from zoneinfo import ZoneInfo

from bot.kit.words import instant
from bot.model.chat import Column, Table
from bot.model.errors import BadValue, WrongUse
from bot.model.schedule import Schedule, ScheduleKind, zone_named

EXAMPLE = "subscribe weekly tue 09:00 Europe/Berlin"
ANY_EXAMPLE = 'subscribe "usage 7d by model" daily 08:30'
DIGEST = "digest"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DEFAULT_AT = time(9)
_DEFAULT_WEEKDAY = 1
_LAST_MONTH_DAY = 31
_LONGEST_QUOTE = 40
_KINDS = {kind.value: kind for kind in ScheduleKind}
_TIME_LIKE = re.compile(r"[0-9]+(?:[:.][0-9]*)+|[0-9]+ ?(?:am|pm|h|uhr)|[0-9]{3,4}")
_TIME = re.compile(r"([0-9]{1,2}):([0-9]{2})")


@dataclass(frozen=True, slots=True)
class Wish:
    """A command and how often; `whole_week` is not known yet."""

    command: str
    schedule: Schedule


def read_wish(words: Sequence[str], zone: str) -> Wish:
    """Read `[COMMAND] daily|weekly|monthly [DAY] [HH:MM] [ZONE]`; no command is the digest.

    Raises WrongUse naming the first word that cannot be used.
    """
    places = [at for at, word in enumerate(words) if word.casefold() in _KINDS]
    if not places:
        raise WrongUse("How often is missing: daily, weekly or monthly.", EXAMPLE)
    split = places[-1]
    reading = _Reading(_KINDS[words[split].casefold()])
    for word in words[split + 1 :]:
        reading.take(word)
    return Wish(_command(words[:split]), reading.schedule(zone))


def told(schedule: Schedule) -> str:
    """`every Tuesday at 09:00 (Europe/Berlin)`."""
    match schedule.kind:
        case ScheduleKind.DAILY:
            day = "every day"
        case ScheduleKind.WEEKLY:
            day = f"every {WEEKDAYS[schedule.weekday]}"
        case ScheduleKind.MONTHLY:
            day = f"on day {schedule.month_day} of every month"
    return f"{day} at {schedule.at:%H:%M} ({schedule.zone})"


def local(at: datetime, zone: str) -> str:
    """`Tue 27 Oct 2026 09:00`, on the clocks of `zone`."""
    there = at.astimezone(ZoneInfo(zone))
    return f"{there:%a} {there.day} {there:%b %Y %H:%M}"


def runs_table(runs: Sequence[datetime], zone: str) -> Table:
    """Runs on the clocks of the zone, and in UTC where that is another."""
    columns, rows = (Column("local", zone),), tuple((local(run, zone),) for run in runs)
    if zone == "UTC":
        return Table(columns, rows, title="Next posts")
    utc = tuple((*row, instant(run)) for row, run in zip(rows, runs, strict=True))
    return Table((*columns, Column("utc", "UTC")), utc, title="Next posts")


def _command(words: Sequence[str]) -> str:
    if words and not "".join(words).strip():
        raise BadValue("There is no command between the quotes.", ANY_EXAMPLE)
    if len(words) == 1:
        return words[0].strip()
    return " ".join(f'"{word}"' if " " in word else word for word in words) or DIGEST


@dataclass(slots=True)
class _Reading:
    """The words after `weekly`, in any order, each at most once."""

    kind: ScheduleKind
    found: dict[str, int | str | time] = field(default_factory=dict)

    def take(self, word: str) -> None:
        folded = word.casefold()
        if _TIME_LIKE.fullmatch(folded):
            self._put("at", _time(word), word)
        elif (weekday := _weekday(folded)) is not None:
            self._put("weekday", weekday, word)
        elif folded.isascii() and folded.isdecimal():
            self._put("month_day", _month_day(word), word)
        else:
            self._put("zone", _zone(word), word)

    def schedule(self, zone: str) -> Schedule:
        found = {"at": _DEFAULT_AT, "weekday": _DEFAULT_WEEKDAY, "zone": zone_named(zone), **self.found}
        return Schedule(self.kind, **found)  # type: ignore[arg-type]  # keys are the attributes

    def _put(self, name: str, value: int | str | time, word: str) -> None:
        goes_with = {"weekday": ScheduleKind.WEEKLY, "month_day": ScheduleKind.MONTHLY}.get(name, self.kind)
        if goes_with is not self.kind:
            raise BadValue(f"`{_quoted(word)}` does not go with `{self.kind}`.", EXAMPLE)
        if name in self.found:
            raise BadValue(f"`{_quoted(word)}` is one too many: it was said before.", EXAMPLE)
        self.found[name] = value


def _time(word: str) -> time:
    read = _TIME.fullmatch(word)
    try:
        return time(int(read[1]), int(read[2])) if read else _no_time(word)
    except ValueError:
        return _no_time(word)


def _no_time(word: str) -> time:
    raise BadValue(f"`{_quoted(word)}` is no time of day: write it from 00:00 to 23:59.", EXAMPLE)


def _weekday(word: str) -> int | None:
    names = [name.casefold() for name in WEEKDAYS]
    short = word.removesuffix("s") if word.removesuffix("s") in names else word
    fitting = [at for at, name in enumerate(names) if name.startswith(short) and len(short) > 2]  # noqa: PLR2004  # mon
    return fitting[0] if fitting else None


def _month_day(word: str) -> int:
    if not 1 <= int(word) <= _LAST_MONTH_DAY:
        raise BadValue(f"There is no day {_quoted(word)} in a month.", "subscribe digest monthly 1 09:00")
    return int(word)


def _zone(word: str) -> str:
    try:
        return zone_named(word)
    except BadValue as unknown:
        if "/" in word:
            raise BadValue(
                f"{unknown.message}.", f"Try `subscribe weekly tue 09:00 {unknown.hint}`."
            ) from None
        raise BadValue(f"`{_quoted(word)}` is no day, time or time zone.", EXAMPLE) from None


def _quoted(word: str) -> str:
    return word[:_LONGEST_QUOTE].replace("`", "'")
