"""The use of one day: a table of cells (person, client, model) that depends only on seed, people and date.

Everything is a whole number - credits in 1/10000, money in cents - so that clients, models, persons
and workspace add up exactly.
"""

from __future__ import annotations

from datetime import date
from enum import IntEnum

import numpy as np

from bot.reference import rhythm
from bot.reference.catalogue import CLI, FAST_MODEL, MODEL_PRICE, SDK, clients_on, model_shares
from bot.reference.chance import Bools, Floats, Ints, Topic, uniforms
from bot.reference.people import CLIENT_SLOTS, People


class Column(IntEnum):
    """Columns of a cell table; the first three are its key and its order."""

    PERSON = 0
    CLIENT = 1
    MODEL = 2
    TURNS = 3
    THREADS = 4
    CREDITS = 5
    ESTIMATE = 6
    BILLED = 7
    UNCACHED = 8
    CACHED = 9
    OUTPUT = 10
    PRICED = 11


KEYS = 3
CREDIT_UNITS = 10_000
_CENTS_PER_CREDIT = 4
_SPIKE = (date(2026, 9, 22), date(2026, 9, 24))
BURST_DAY_OF_MONTH = 13
BURST_TURNS = 45
_DRAWS = 8
_CELL_DRAWS = 6
_MOST_TURNS = 160
_EMPTY: Ints = np.empty((0, len(Column)), dtype=np.int64)


def settled(people: People, ordinal: int) -> Ints:
    """Cells of a day as they are once nothing about it changes any more."""
    if ordinal < rhythm.FIRST:
        return _EMPTY
    day = date.fromordinal(ordinal)
    u = uniforms((people.seed, Topic.DAY, ordinal), (len(people), _DRAWS))
    chosen = np.flatnonzero(_active(people, day, u[:, 0]))
    blocks = [*_ordinary(people, day, chosen, u[chosen]), *_spike(people, day), *_burst(people, day)]
    counts = np.concatenate(blocks)
    return _valued(people, ordinal, merged(counts[counts[:, Column.TURNS] > 0], KEYS))


def merged(cells: Ints, keys: int) -> Ints:
    """Add up cells that agree in their first ``keys`` columns; sorted by them."""
    if len(cells) == 0:
        return cells
    cells = cells[np.lexsort([cells[:, key] for key in reversed(range(keys))])]
    new = np.any(cells[1:, :keys] != cells[:-1, :keys], axis=1)
    starts = np.concatenate([[0], np.flatnonzero(new) + 1])
    sums: Ints = np.add.reduceat(cells, starts, axis=0)
    sums[:, :keys] = cells[starts, :keys]
    return sums


def _active(people: People, day: date, u: Floats) -> Bools:
    ordinal = day.toordinal()
    paused = (people.pause_start <= ordinal) & (ordinal < people.pause_end)
    here = (people.first_day <= ordinal) & (ordinal <= people.last_day) & ~paused
    active: Bools = here & (u < people.workday_chance * rhythm.level(day))
    return active


def _ordinary(people: People, day: date, chosen: Ints, u: Floats) -> list[Ints]:
    """Split each person's turns over clients and models; every active person has at least one turn."""
    # Three uniforms make a bell good enough here, without a library's own normal distribution.
    bell = (u[:, 1] + u[:, 2] + u[:, 3] - 1.5) * 2
    turns = np.minimum(people.turns_mean[chosen] * np.exp(0.6 * bell), _MOST_TURNS)
    shares, second_share = model_shares(day), np.where(u[:, 4] < 0.4, 0.35, 0.0)  # noqa: PLR2004  # 4 of 10 mix
    models = (_by_share(shares, people.model_taste[chosen]), _by_share(shares, u[:, 5]))
    blocks = [
        _counts(
            chosen,
            clients_on(day, people.clients[chosen, slot]),
            model,
            turns * weight * part + u[:, 6] - 0.3,
        )
        for slot in range(CLIENT_SLOTS)
        for weight in (people.client_weights[chosen, slot],)
        for model, part in zip(models, (1 - second_share, second_share), strict=True)
    ]
    blocks[0][:, Column.TURNS] += sum(block[:, Column.TURNS] for block in blocks) == 0
    return blocks


def _by_share(shares: Floats, u: Floats) -> Ints:
    return np.searchsorted(shares, u, side="right").clip(max=len(shares) - 1).astype(np.int64)


def _counts(persons: Ints, clients: Ints | int, models: Ints | int, turns: Floats) -> Ints:
    cells = np.zeros((len(persons), len(Column)), dtype=np.int64)
    cells[:, Column.PERSON] = persons
    cells[:, Column.CLIENT] = clients
    cells[:, Column.MODEL] = models
    cells[:, Column.TURNS] = np.maximum(np.floor(turns), 0)
    return cells


def is_spike(day: date) -> bool:
    """Tell the three days on which an automation ran away."""
    return _SPIKE[0] <= day <= _SPIKE[1]


def _spike(people: People, day: date) -> list[Ints]:
    if not is_spike(day):
        return []
    persons = np.flatnonzero(people.automation)
    turns = 40 + 50 * uniforms((people.seed, Topic.DAY, day.toordinal(), SDK), len(persons))
    return [_counts(persons, SDK, FAST_MODEL, turns)]


def _burst(people: People, day: date) -> list[Ints]:
    """One person's token at night, on one day of each month."""
    if day.day != BURST_DAY_OF_MONTH:
        return []
    return [_counts(np.array([people.night_owl]), CLI, FAST_MODEL, np.array([float(BURST_TURNS)]))]


def _valued(people: People, ordinal: int, cells: Ints) -> Ints:
    """Fill in threads, credits, money and tokens."""
    u = uniforms((people.seed, Topic.DAY, ordinal, 1), (len(cells), _CELL_DRAWS))
    turns, persons = cells[:, Column.TURNS], cells[:, Column.PERSON]
    cells[:, Column.THREADS] = np.minimum(turns, 1 + np.floor((turns - 1) * 0.2 + u[:, 0]))
    price = MODEL_PRICE[cells[:, Column.MODEL]] * np.where(
        is_spike(date.fromordinal(ordinal)) & _runaway(cells), 3, 1
    )
    credits_ = np.floor(turns * price * (0.35 + 1.3 * u[:, 1] ** 2) * CREDIT_UNITS).astype(np.int64) + 1
    billed, priced = people.usd_billed[persons], ~people.unpriced[persons]
    cells[:, Column.CREDITS] = np.where(billed, 0, credits_)
    _money(cells, billed, priced)
    cells[:, Column.BILLED] = np.where(billed, credits_ * 5 // CREDIT_UNITS + 1, 0)
    cells[:, Column.UNCACHED] = np.where(priced, np.floor(turns * (600 + 3000 * u[:, 2])), 0)
    cells[:, Column.CACHED] = np.where(priced, np.floor(turns * (900 + 9000 * u[:, 3])), 0)
    cells[:, Column.OUTPUT] = np.where(priced, np.floor(turns * (120 + 500 * u[:, 4])), 0)
    cells[:, Column.PRICED] = priced
    return cells


def _runaway(cells: Ints) -> Bools:
    runaway: Bools = (cells[:, Column.CLIENT] == SDK) & (cells[:, Column.MODEL] == FAST_MODEL)
    return runaway


def _money(cells: Ints, billed: Bools, priced: Bools) -> None:
    cents = (cells[:, Column.CREDITS] * _CENTS_PER_CREDIT + CREDIT_UNITS // 2) // CREDIT_UNITS
    cells[:, Column.ESTIMATE] = np.where(priced & ~billed, cents, 0)
