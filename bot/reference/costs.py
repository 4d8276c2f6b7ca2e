"""`COSTS` files of the organization: a record per person, client, model and hour (contract.md e.3, e.6).

They are made from the same cells as the usage rows, so credits and money of a day add up to the same.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime
from functools import lru_cache

from bot.reference.catalogue import MODELS, client_names
from bot.reference.chance import digest
from bot.reference.days import CREDIT_UNITS, Column, settled
from bot.reference.faults import Faults
from bot.reference.logfiles import COSTS, RETENTION_DAYS, STORY, WINDOW, LogFile, make_file
from bot.reference.options import Options
from bot.reference.people import People, people_of
from bot.reference.records import DAY, EPOCH_ORDINAL, SECOND, Event, Record, envelope, microseconds
from bot.reference.rhythm import FIRST

_HOUR = 3600 * SECOND
_FIRST_HOUR, _HOURS = 6, 16
# The files come three to five hours after the hour they tell of.
_LATE, _LATER = 3 * _HOUR, 2 * _HOUR
# Some real records carry no time of their own, only day and hour.
_TIMELESS_EVERY = 16
_ACTOR: Record = {"type": "SYSTEM", "id": "costs"}
_TOKENS = (
    ("uncached_text_input_tokens", Column.UNCACHED),
    ("cached_text_input_tokens", Column.CACHED),
    ("text_output_tokens", Column.OUTPUT),
)


class CostFiles:
    """The organization's log files, made day by day; the people of `Usage`, all of them."""

    def __init__(self, options: Options, organization_id: str) -> None:
        self._people = people_of(options.seed, options.users)
        self._organization_id = organization_id
        self._faults: Faults = options.misbehave
        self._clients = client_names(unknown=options.unknown_client)
        self._day_files = lru_cache(4)(self._make_files)

    def visible(self, first: int, now: datetime, last: int | None = None) -> Iterator[LogFile]:
        """Yield files written from the day on, oldest first, that are not yet forgotten."""
        until, today = microseconds(now), now.toordinal()
        forgotten = until - RETENTION_DAYS * DAY
        # The last hours of a day are told on the next one.
        for ordinal in range(max(first - 1, today - RETENTION_DAYS - 1), min(last or today, today) + 1):
            yield from (file for file in self._day_files(ordinal) if forgotten < file.end <= until)

    def _make_files(self, ordinal: int) -> tuple[LogFile, ...]:
        """Files about the hours of a day."""
        if ordinal < FIRST:
            return ()
        windows: dict[int, list[Event]] = defaultdict(list)
        for cell in settled(self._people, ordinal).tolist():
            hour = _hour(self._people, ordinal, cell)
            windows[_window(ordinal, hour)].append(self._event(ordinal, hour, cell))
        files = [make_file(COSTS, window, told, self._faults, STORY) for window, told in windows.items()]
        return tuple(sorted(files, key=lambda file: file.end))

    def _event(self, ordinal: int, hour: int, cell: list[int]) -> Event:
        identifier = digest("costs", self._people.seed, ordinal, *cell[:3])
        at = _end_of(ordinal, hour)
        head = envelope(identifier, COSTS, at, _ACTOR, self._organization_id)
        head["principal"]["type"] = "API_PLATFORM_ORG"
        if int(identifier[-2:], 16) % _TIMELESS_EVERY == 0:
            del head["timestamp"]
        client = self._clients[cell[Column.CLIENT]].removeprefix("CODEX_").lower()
        return Event(at, {**head, "payload": _payload(self._people, ordinal, hour, cell, client)})


def _end_of(ordinal: int, hour: int) -> int:
    return (ordinal - EPOCH_ORDINAL) * DAY + (hour + 1) * _HOUR


def _window(ordinal: int, hour: int) -> int:
    """When an hour is told; two hours may come together."""
    late = _LATE + int(digest("costs", ordinal, hour)[:8], 16) * SECOND % _LATER
    return (_end_of(ordinal, hour) + late) // WINDOW


def _hour(people: People, ordinal: int, cell: list[int]) -> int:
    return _FIRST_HOUR + int(digest("hour", people.seed, ordinal, *cell[:3])[:6], 16) % _HOURS


def _payload(people: People, ordinal: int, hour: int, cell: list[int], client: str) -> Record:
    person, model = cell[Column.PERSON], MODELS[cell[Column.MODEL]]
    return {
        "day": date.fromordinal(ordinal).isoformat(),
        "hour": hour,
        "identity": {
            "user_id": people.user_ids[person],
            "email": people.email(person),
            "name": people.name(person),
            "groups": [],
            "agent": None,
        },
        "product": "codex",
        "surface": "github_code_review" if client == "github" else client,
        "client": client,
        "model": model.name,
        "service_tier": "priority" if model.speed == "fast" else "default",
        "reasoning": None,
        "measures": {"usage": _usage(cell), "billing": [_billing(cell)]},
    }


def _usage(cell: list[int]) -> Record:
    return {name: cell[column] for name, column in _TOKENS} if cell[Column.PRICED] else {}


def _billing(cell: list[int]) -> Record:
    """Charged in USD, or in credits with an estimate in USD where one is known."""
    if cell[Column.BILLED]:
        charged = _amount(cell[Column.BILLED] / 100, "usd")
        return {"sku": "codex", "quantity": _amount(cell[Column.TURNS], "turns"), "cost": charged}
    used = _amount(cell[Column.CREDITS] / CREDIT_UNITS, "credits")
    billing: Record = {"sku": "codex", "quantity": used, "cost": used}
    if cell[Column.PRICED]:
        billing["estimated_cost_usd"] = _amount(cell[Column.ESTIMATE] / 100, "usd")
    return billing


def _amount(value: float, unit: str) -> Record:
    return {"value": value, "unit": unit}
