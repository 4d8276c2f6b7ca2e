"""Which events concern a subject."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any, Final

from bot.compliance.api import CodexTask
from bot.compliance.results import SubjectKind
from bot.metrics.clients import CLIENTS, Surface
from bot.metrics.events.activity import Match

if TYPE_CHECKING:
    import ibis

CLOUD_CLIENTS: Final = tuple(client for client, (_, surface) in CLIENTS.items() if surface is Surface.CLOUD)


def _equals(column: str) -> Callable[[str], Match]:
    def matching(subject: str) -> Match:
        # a NUL cannot be written in SQL: nothing anybody can look up holds one
        if "\x00" in subject:
            return lambda table: table[column].isin(())
        return lambda table: table[column] == subject

    return matching


MATCHES: Final[dict[SubjectKind, Callable[[str], Match]]] = {
    SubjectKind.USER: _equals("user_id"),
    SubjectKind.TOKEN: _equals("credential_id"),
    SubjectKind.SESSION: _equals("session_id"),
    SubjectKind.MODEL: _equals("model"),
    SubjectKind.ENVIRONMENT: _equals("environment_id"),
}
"""The rows of a subject by its kind, for every kind but tasks."""


def _names(*columns: str) -> Callable[[str], Match]:
    def matching(subject: str) -> Match:
        each = tuple(_equals(column)(subject) for column in columns)
        return lambda table: reduce(or_, (match(table) for match in each))

    return matching


LINES: Final[dict[SubjectKind, Callable[[str], Match]]] = {
    SubjectKind.USER: _names("user_id", "created_by_user_id"),
    SubjectKind.TOKEN: _names("credential_id", "token_id"),
    SubjectKind.SESSION: _names("session_id"),
}
"""The rows that are evidence about a subject: what it did, and what was done to it or to its tokens."""


def of_task(task: CodexTask | None) -> Match:
    """What the creator did on cloud surfaces while the task ran; nothing for an unknown task."""

    def match(table: ibis.Table) -> Any:
        if task is None or task.created_at is None:
            return table.user_id.isin(())
        start, end = task.created_at, task.updated_at or task.created_at
        return (
            (table.user_id == task.created_by_id)
            & table.client_id.isin(CLOUD_CLIENTS)
            & table.timestamp.between(round(start * 1_000_000), round(end * 1_000_000))
        )

    return match
