"""What answers about the audit log have in common: the client, the period, who is who, what was read."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from bot.kit.cells import clean
from bot.kit.deps import Deps
from bot.kit.people import Seen, person_name
from bot.kit.words import day, instant, join, plural, span
from bot.metrics.clients import client_label
from bot.model.chat import Fact, Footer, Unit
from bot.model.errors import NoHistory, NotConnected
from bot.model.ranges import Asked
from bot.model.timerange import TimeRange

if TYPE_CHECKING:
    from bot.compliance.client import ComplianceClient
    from bot.sync.events.coverage import Coverage

SCOPE: Final = "chatgpt.enterprise.compliance_logs_platform.read"
KEY: Final = "PULSE_COMPLIANCE_API_KEY"
NOT_EXPORTED: Final = "OpenAI's export leaves out Codex used with an API key."
DAYS_NAMED: Final = 3
NAME_CHARS: Final = 80


def audit_log(deps: Deps) -> ComplianceClient:
    """The client of the audit log; raises NotConnected naming setting and scope when there is none."""
    if deps.compliance is None:
        raise NotConnected(setting=KEY, scope=SCOPE)
    return deps.compliance


def require_read(coverage: Coverage) -> None:
    """Raises NoHistory while nothing of the audit log was ever read."""
    if not coverage.types:
        raise NoHistory("no log file was read yet")


def period(asked: Asked) -> str:
    """`in the 30 days to 20 Oct`, `in 1–7 Oct 2026` or `on 7 Oct 2026`."""
    if asked.window.day_count > 1 and asked.words[:-1].isdigit() and asked.words[-1:] in "dwm":
        return f"in the {asked.label}"
    return f"{'on' if asked.window.day_count == 1 else 'in'} {span(asked.window)}"


def read_line(coverage: Coverage) -> str:
    """What the answer rests on: types, how far, files and days that lack, and what is never exported."""
    types = join(tuple(each.event_type for each in coverage.types)) or "nothing"
    through = coverage.complete_through
    parts = [f"Read: {types}, {f'complete through {instant(through)}' if through else 'end not known'}"]
    count = len(coverage.missing)
    parts.append(f"{plural(count, 'file')} missing" if count else "no file missing")
    if coverage.unread_days:
        parts.append(f"not read in full: {_days(coverage.unread_days)}")
    return f"{'; '.join(parts)}. {NOT_EXPORTED}"


def audit_footer(coverage: Coverage, window: TimeRange) -> Footer:
    """The footer of a look-up. It leaves no receipt: what was asked stands in the trail."""
    through = coverage.complete_through
    listed = [each.listed_at for each in coverage.types if each.listed_at]
    return Footer(
        window=window,
        complete_through=through.date() if through else None,
        missing_days=coverage.unread_days,
        synced_at=min(listed, default=None),
    )


def events_fact(key: str, label: str, count: int) -> Fact:
    """A count of events."""
    return Fact(key, label, f"{count:,}", count, Unit.EVENTS)


def who(user_id: str | None, other_id: str | None, people: Mapping[str, Seen]) -> str:
    """The address of a person, else the id; `an unnamed actor` when the record tells neither."""
    if user_id:
        return person_name(user_id, people)
    return f"key {shown(other_id)}" if other_id else "an unnamed actor"


def shown(name: str | None) -> str:
    """An id or name out of a record, made safe and short."""
    text = " ".join(clean(name or "not named").split())
    return text if len(text) <= NAME_CHARS else f"{text[: NAME_CHARS - 1]}…"


def surface_name(client_id: str | None) -> str:
    """`CLI`, `VS Code extension`, or the id as the record has it."""
    return shown(client_label(client_id)) if client_id else "surface not named"


def stamp(at: datetime | None, unknown: str = "not told") -> str:
    """`2 Oct 2026 00:15 UTC`, so that a list over two years stays clear."""
    return f"{day(at.date())} {at.year} {at:%H:%M} UTC" if at else unknown


def _days(days: tuple[date, ...]) -> str:
    named = ", ".join(day(each) for each in days[:DAYS_NAMED])
    return f"{named} and {len(days) - DAYS_NAMED} more days" if len(days) > DAYS_NAMED else named
