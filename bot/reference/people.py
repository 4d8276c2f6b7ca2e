"""The people of the demo workspace: who they are and how they work, as columns.

Index order is user-id order, so a day is sorted by user id without sorting text.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from bot.reference import names
from bot.reference.catalogue import CLI, CLIENT_SHARE, CLIENTS, SDK
from bot.reference.chance import Bools, Floats, Ints, Topic, uniforms
from bot.reference.rhythm import FIRST

FAR = FIRST + 36_500
CLIENT_SLOTS = 3
_ALPHABET = np.array(list(string.ascii_letters + string.digits))
_ID_LENGTH = 14
_NO_EMAIL_EVERY = 41


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """A well-known person of the demo workspace."""

    role: str
    user_id: str
    email: str
    name: str


@dataclass(frozen=True, slots=True)
class People:
    """One value per person. Days are proleptic ordinals; ``pause_end`` is exclusive."""

    seed: int
    user_ids: tuple[str, ...]
    roles: dict[int, str]
    first_day: Ints
    last_day: Ints
    pause_start: Ints
    pause_end: Ints
    created_day: Ints
    workday_chance: Floats
    turns_mean: Floats
    clients: Ints
    client_weights: Floats
    model_taste: Floats
    unpriced: Bools
    models_hidden: Bools
    usd_billed: Bools
    automation: Bools
    night_owl: int

    def __len__(self) -> int:
        return len(self.user_ids)

    def name(self, index: int) -> str:
        """Display name, hostile ones included."""
        role = self.roles.get(index)
        return names.WELL_KNOWN[role] if role else names.name_of(index)

    def email(self, index: int) -> str:
        """E-mail address as the directory knows it."""
        role = self.roles.get(index)
        return names.email_of_name(names.WELL_KNOWN[role]) if role else names.email_of(index)

    def shown_email(self, index: int) -> str | None:
        """E-mail address as the Analytics API shows it: missing for some people."""
        if index % _NO_EMAIL_EVERY == _NO_EMAIL_EVERY // 2 and index not in self.roles:
            return None
        return self.email(index)

    def index_of_role(self, role: str) -> int:
        """Index of a well-known person."""
        return next(index for index, name in self.roles.items() if name == role)


def demo_people(seed: int = 7, users: int = 240) -> dict[str, DemoPerson]:
    """Return the five well-known people by role: active on most working days of every month."""
    people = people_of(seed, users)
    return {
        role: DemoPerson(role, people.user_ids[index], people.email(index), people.name(index))
        for index, role in people.roles.items()
    }


@lru_cache(maxsize=4)
def people_of(seed: int, users: int) -> People:
    """Draw the people of a workspace."""
    u = uniforms((seed, Topic.TRAITS), (users, 12))
    # Ranks instead of draws: every kind of person exists even in a small workspace.
    spread = np.stack([_spread(u[:, column]) for column in range(12)], axis=1)
    roles = {users * (2 * place + 1) // 10: role for place, role in enumerate(names.ROLES)}
    steady = np.isin(np.arange(users), [*roles, *names.HOSTILE_PLACES])
    automation = (spread[:, 6] < max(0.05, 1.5 / users)) & ~steady
    keep = steady | automation
    unpriced = (spread[:, 7] > 0.96) & ~keep  # noqa: PLR2004  # a share of people
    return People(
        seed=seed,
        user_ids=_user_ids(seed, users),
        roles=roles,
        **_times(u, spread, keep),
        clients=_clients(u, automation),
        client_weights=_client_weights(u),
        model_taste=u[:, 5],
        unpriced=unpriced,
        models_hidden=unpriced | ((spread[:, 9] < 0.02) & ~steady),  # noqa: PLR2004  # the same
        usd_billed=(spread[:, 7] < 0.015) & ~keep,  # noqa: PLR2004  # the same
        automation=automation,
        night_owl=int(np.flatnonzero(automation)[0]) if automation.any() else 0,
    )


def _times(u: Floats, spread: Floats, keep: Bools) -> dict[str, Any]:
    """When people come, pause and go, and how much they do; who is in `keep` is there all the time."""
    first_day, created = _arrivals(spread[:, 0], u[:, 1], keep)
    pause_start, pause_end = _pauses(spread[:, 2], u[:, 3], keep)
    chance, turns = _intensity(spread[:, 4], keep)
    return {
        "first_day": first_day,
        "last_day": _departures(u[:, 8], u[:, 9], keep),
        "pause_start": pause_start,
        "pause_end": pause_end,
        "created_day": created,
        "workday_chance": chance,
        "turns_mean": turns,
    }


def _spread(values: Floats) -> Floats:
    return (np.argsort(np.argsort(values, kind="stable"), kind="stable") + 0.5) / len(values)


def _user_ids(seed: int, users: int) -> tuple[str, ...]:
    letters = (uniforms((seed, Topic.IDS), (users, _ID_LENGTH)) * len(_ALPHABET)).astype(np.int64)
    return tuple(sorted(f"user-{''.join(row)}" for row in _ALPHABET[letters].tolist()))


def _arrivals(order: Floats, u: Floats, keep: Bools) -> tuple[Ints, Ints]:
    """First active day and the day the account was made: 28 % at once, 97 % within 13 months."""
    later = np.interp(order, [0.0, 0.28, 0.40, 0.78, 0.97, 1.0], [0.0, 4.0, 95.0, 270.0, 385.0, 2_000.0])
    first = FIRST + np.where(keep, 0, later).astype(np.int64)
    newcomer = (u < 0.3) & (first > FIRST + 30)  # noqa: PLR2004  # a share of people, a month
    return first, np.where(newcomer, first - 3, FIRST - 20 - (u * 300).astype(np.int64))


def _departures(order: Floats, u: Floats, keep: Bools) -> Ints:
    leaving = (order < 0.07) & ~keep  # noqa: PLR2004  # a share of people
    return np.where(leaving, FIRST + 60 + (u * 420).astype(np.int64), FAR)


def _pauses(order: Floats, u: Floats, keep: Bools) -> tuple[Ints, Ints]:
    pausing = (order < 0.14) & ~keep  # noqa: PLR2004  # a share of people
    start = FIRST + 40 + (u * 330).astype(np.int64)
    length = 40 + (order * 500).astype(np.int64)
    return np.where(pausing, start, FAR), np.where(pausing, start + length, FAR)


def _intensity(order: Floats, keep: Bools) -> tuple[Floats, Floats]:
    """Chance of use on a working day and mean turns of an active day: a heavy tail of power users."""
    chance = np.interp(order, [0.0, 0.40, 0.41, 0.90, 1.0], [0.16, 0.36, 0.55, 0.80, 0.95])
    turns = np.interp(order, [0.0, 0.40, 0.41, 0.90, 0.97, 1.0], [1.5, 3.0, 4.0, 9.0, 24.0, 60.0])
    return np.where(keep, 0.86, chance), np.where(keep, 8.0, turns)


def _clients(u: Floats, automation: Bools) -> Ints:
    columns = [np.searchsorted(CLIENT_SHARE, _spread(u[:, column]), side="right") for column in (10, 11, 6)]
    clients = np.minimum(np.stack(columns, axis=1), len(CLIENTS) - 1).astype(np.int64)
    clients[automation, :2] = (SDK, CLI)
    return clients


def _client_weights(u: Floats) -> Floats:
    """Most people have one client, many two, some three."""
    second = np.where(u[:, 7] < 0.6, 0.1 + 0.3 * u[:, 8], 0.02)  # noqa: PLR2004  # shares of people
    third = np.where(u[:, 9] < 0.25, 0.15, 0.01)  # noqa: PLR2004  # the same
    return np.stack([1 - second - third, second, third], axis=1)
