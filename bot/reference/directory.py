"""People and cloud tasks of the workspace as the Compliance API shows them (contract.md e.7, e.9)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache

from bot.reference.catalogue import CLIENTS, CLOUD
from bot.reference.chance import digest, fraction, pick
from bot.reference.days import Column, settled
from bot.reference.people import People
from bot.reference.records import DAY, EPOCH_ORDINAL, SECOND, Record, microseconds
from bot.reference.rhythm import FIRST

_ROLES = {
    "admin": "account-owner",
    "investigator": "account-admin",
    "approver": "account-admin",
    "analyst": "analytics-viewer",
}
_TITLES = (
    "Fix flaky invoice test",
    "Upgrade the web framework",
    "Explain the slow query",
    "<!channel> rename *everything*",
    "Add tracing to checkout",
    "Translate the release notes 🚀",
)
_TASK_DAYS = 90


def user_row(people: People, index: int, now: datetime) -> Record:
    """Write an element of `users`."""
    return {
        "object": "compliance.workspace.user",
        "id": people.user_ids[index],
        "email": people.email(index),
        "name": people.name(index),
        "created_at": (int(people.created_day[index]) - EPOCH_ORDINAL) * 86_400 + 28_800 + index % 3_600,
        "role": _ROLES.get(people.roles.get(index, ""), "standard-user"),
        "status": "inactive" if people.last_day[index] < now.toordinal() else "active",
    }


def known_users(people: People, now: datetime) -> list[int]:
    """Places of the people whose account exists, in user-id order."""
    return [index for index, day in enumerate(people.created_day.tolist()) if day <= now.toordinal()]


class Tasks:
    """Cloud tasks: one for each thread that began in the cloud."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._day = lru_cache(8)(self._make_day)

    def latest(self, now: datetime) -> Iterator[Record]:
        """Yield the tasks of the last 90 days, last updated first."""
        until = microseconds(now) / SECOND
        for ordinal in range(now.toordinal(), max(FIRST, now.toordinal() - _TASK_DAYS) - 1, -1):
            yield from (task for task in self._day(ordinal) if task["updated_at"] <= until)

    def find(self, task_id: str, now: datetime) -> Record | None:
        """Find one task."""
        try:
            ordinal = int(task_id.removeprefix("task_e_")[:6], 16)
        except ValueError:
            return None
        days = self._day(ordinal) if FIRST <= ordinal <= now.toordinal() else ()
        until = microseconds(now) / SECOND
        return next((task for task in days if task["id"] == task_id and task["updated_at"] <= until), None)

    def _make_day(self, ordinal: int) -> tuple[Record, ...]:
        cells = [cell for cell in settled(self._people, ordinal).tolist() if cell[Column.CLIENT] in CLOUD]
        tasks = [
            self._task(ordinal, cell, number) for cell in cells for number in range(cell[Column.THREADS])
        ]
        return tuple(sorted(tasks, key=lambda task: (-task["updated_at"], task["id"])))

    def _task(self, ordinal: int, cell: list[int], number: int) -> Record:
        key = (self._people.seed, ordinal, *cell[:3], number)
        created = (ordinal - EPOCH_ORDINAL) * DAY + (6 * 3600 + int(fraction(*key) * 12 * 3600)) * SECOND
        # Quarters of a second are exact as a float.
        created += int(fraction("quarter", *key) * 4) * SECOND // 4
        took = (30 + int(fraction("took", *key) * 3_600)) * SECOND + SECOND // 4
        return {
            "object": "compliance.workspace.codex_task",
            "id": f"task_e_{ordinal:06x}{digest('task', *key)[:12]}",
            "created_at": created / SECOND,
            "updated_at": (created + took) / SECOND,
            "created_by_id": self._people.user_ids[cell[Column.PERSON]],
            "title": pick(_TITLES, "title", *key),
            "denormalized_metadata": {"source": CLIENTS[cell[Column.CLIENT]].lower()} if number % 2 else {},
        }
