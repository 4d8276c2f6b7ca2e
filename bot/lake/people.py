"""The only dataset with e-mail addresses: one row per person, replaced whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa

from bot.lake.schema import SCHEMAS, Dataset


@dataclass(frozen=True, slots=True)
class Person:
    """Who a user id is. Days are UTC days with a usage row; the e-mail is the newest one told, if any."""

    user_id: str
    email: str | None
    first_seen_day: date
    last_seen_day: date

    def merged(self, other: Person) -> Person:
        """Both sightings in one; the address of the later day wins, and no address never erases one."""
        newer, older = (self, other) if self.last_seen_day > other.last_seen_day else (other, self)
        return Person(
            self.user_id,
            newer.email or older.email,
            min(self.first_seen_day, other.first_seen_day),
            newer.last_seen_day,
        )


def merge(known: Mapping[str, Person], seen: Iterable[Person]) -> dict[str, Person]:
    """`known` with everything in `seen` added."""
    people = dict(known)
    for person in seen:
        old = people.get(person.user_id)
        people[person.user_id] = person if old is None else old.merged(person)
    return people


def to_table(people: Mapping[str, Person]) -> pa.Table:
    """Arrow table of the `people` schema, by user id."""
    rows = [people[user_id] for user_id in sorted(people)]
    columns = {name: [getattr(row, name) for row in rows] for name in SCHEMAS[Dataset.PEOPLE].names}
    return pa.table(columns, schema=SCHEMAS[Dataset.PEOPLE])


def from_table(table: pa.Table) -> dict[str, Person]:
    """People by user id."""
    columns = [table[name].to_pylist() for name in SCHEMAS[Dataset.PEOPLE].names]
    return {row[0]: Person(*row) for row in zip(*columns, strict=True)}
