"""Alerts: open, acknowledged, resolved; one per dedupe key, for ever; one message each, updated in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, Select, select, update

from bot.model.message import MessageRef
from bot.model.timerange import TimeRange
from bot.state.columns import changed, insert_new
from bot.state.engine import StateDb
from bot.state.tables import ALERTS as T
from bot.state.tables import SILENCES


class AlertState(StrEnum):
    """The life of an alert; it only moves forward."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True)
class NewAlert:
    """What was found. `dedupe_key` names the finding with its period, `scope` whom it is about.

    `detail` is JSON of the watcher's own.
    """

    dedupe_key: str
    kind: str
    scope: str
    detail: str = "{}"


@dataclass(frozen=True, slots=True)
class Alert:
    """A stored alert; people call it `AL-3`."""

    number: int
    found: NewAlert
    state: AlertState
    opened_at: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str | None
    resolved_at: datetime | None
    message: MessageRef | None

    @property
    def id(self) -> str:
        """`AL-3`."""
        return f"AL-{self.number}"


@dataclass(frozen=True, slots=True)
class Silence:
    """Whole UTC days in which findings about `scope` are planned."""

    scope: str
    days: TimeRange
    reason: str
    set_by: str


@dataclass(frozen=True, slots=True)
class Alerts:
    """Alerts and silences."""

    db: StateDb

    async def open(self, found: NewAlert, now: datetime) -> Alert | None:
        """Open an alert; None when this finding was alerted before, whatever became of it."""
        values = {
            "dedupe_key": found.dedupe_key,
            "kind": found.kind,
            "scope": found.scope,
            "detail": found.detail,
            "state": AlertState.OPEN.value,
            "opened_at": now,
        }
        async with self.db.write() as connection:
            if not await insert_new(connection, T, values):
                return None
            this = select(T).where(T.c.dedupe_key == found.dedupe_key)
            return _alert((await connection.execute(this)).one())

    async def posted(self, number: int, message: MessageRef) -> None:
        """Keep where the alert's one message is."""
        where = {"message_place": message.place_id, "message_id": message.message_id}
        async with self.db.write() as connection:
            await connection.execute(update(T).where(T.c.id == number).values(where))

    async def acknowledge(self, number: int, by: str, now: datetime) -> bool:
        """Acknowledge an open alert; of two people at once one does, the other gets False."""
        values = {"state": AlertState.ACKNOWLEDGED.value, "acknowledged_by": by, "acknowledged_at": now}
        return await self._move(number, (AlertState.OPEN,), values)

    async def resolve(self, number: int, now: datetime) -> bool:
        """Resolve an alert that is open or acknowledged; False when it is resolved or unknown."""
        values = {"state": AlertState.RESOLVED.value, "resolved_at": now}
        return await self._move(number, (AlertState.OPEN, AlertState.ACKNOWLEDGED), values)

    async def keep(self, number: int, detail: str) -> None:
        """Replace what an alert tells, whatever its state."""
        async with self.db.write() as connection:
            await connection.execute(update(T).where(T.c.id == number).values(detail=detail))

    async def recent(self, limit: int) -> tuple[Alert, ...]:
        """The newest alerts in any state, newest first."""
        return await self._select(select(T).order_by(T.c.id.desc()).limit(limit))

    async def get(self, number: int) -> Alert | None:
        """The alert of this number; None when there is none."""
        found = await self._select(select(T).where(T.c.id == number))
        return found[0] if found else None

    async def unresolved(self) -> tuple[Alert, ...]:
        """Open and acknowledged alerts, oldest first."""
        return await self._select(select(T).where(T.c.state != AlertState.RESOLVED.value).order_by(T.c.id))

    async def silence(self, silence: Silence, now: datetime) -> None:
        """Note planned days."""
        values = {
            "scope": silence.scope,
            "start": silence.days.start,
            "end": silence.days.end,
            "reason": silence.reason,
            "set_by": silence.set_by,
            "set_at": now,
        }
        async with self.db.write() as connection:
            await connection.execute(SILENCES.insert().values(values))

    async def silences(self, window: TimeRange) -> tuple[Silence, ...]:
        """The silences that share a day with `window`, oldest first."""
        s = SILENCES.c
        shared = select(SILENCES).where(s.start < window.end, s.end > window.start).order_by(s.id)
        async with self.db.read() as connection:
            return tuple(map(_silence, await connection.execute(shared)))

    async def _move(self, number: int, states: tuple[AlertState, ...], values: dict[str, Any]) -> bool:
        this = (T.c.id == number, T.c.state.in_([state.value for state in states]))
        async with self.db.write() as connection:
            return await changed(connection, update(T).where(*this).values(values)) == 1

    async def _select(self, query: Select[Any]) -> tuple[Alert, ...]:
        async with self.db.read() as connection:
            return tuple(map(_alert, await connection.execute(query)))


def _silence(row: Row[Any]) -> Silence:
    return Silence(row.scope, TimeRange(row.start, row.end), row.reason, row.set_by)


def _alert(row: Row[Any]) -> Alert:
    return Alert(
        number=row.id,
        found=NewAlert(row.dedupe_key, row.kind, row.scope, row.detail),
        state=AlertState(row.state),
        opened_at=row.opened_at,
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=row.acknowledged_by,
        resolved_at=row.resolved_at,
        message=MessageRef(row.message_place, row.message_id) if row.message_id else None,
    )
