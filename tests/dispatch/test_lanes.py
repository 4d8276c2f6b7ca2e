from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dispatch.lanes import Lane, Lanes, Limits, lane_of
from bot.model.asked import Asked
from bot.model.errors import Busy
from bot.model.query import Query
from bot.model.timerange import TimeRange
from handlers import COMMANDS

ONE = Limits(at_once=dict.fromkeys(Lane, 1), waiting=100, per_person=100)


class Kitchen:
    """Orders that are worked on until the test says so."""

    def __init__(self, limits: Limits = ONE) -> None:
        self.busy: list[Lane] = []
        self.lanes = Lanes(limits, self.busy.append)
        self.served: list[str] = []
        self.doors: list[asyncio.Event] = []

    async def order(self, person: str, lane: Lane = Lane.FIGURES) -> None:
        async with self.lanes.turn(lane, person):
            self.served.append(person)
            door = asyncio.Event()
            self.doors.append(door)
            await door.wait()

    async def finish_all(self, tasks: list[asyncio.Task[None]]) -> None:
        while not all(task.done() for task in tasks):
            for door in self.doors:
                door.set()
            await asyncio.sleep(0)


def orders(kitchen: Kitchen, people: str) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(kitchen.order(person)) for person in people]


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def test_somebody_with_one_question_waits_for_one_of_anothers_many() -> None:
    kitchen = Kitchen()
    tasks = orders(kitchen, "aaaaab")
    await settle()
    await kitchen.finish_all(tasks)
    assert "".join(kitchen.served) == "aabaaa"


async def test_an_expensive_question_does_not_keep_a_cheap_one_waiting() -> None:
    kitchen = Kitchen()
    slow = asyncio.create_task(kitchen.order("a", Lane.HEAVY))
    waiting = asyncio.create_task(kitchen.order("b", Lane.HEAVY))
    quick = asyncio.create_task(kitchen.order("c", Lane.QUICK))
    await settle()
    assert kitchen.served == ["a", "c"]
    assert kitchen.lanes.waiting(Lane.HEAVY) == 1
    await kitchen.finish_all([slow, waiting, quick])


async def test_a_person_with_too_much_in_hand_is_told_busy_and_others_are_not() -> None:
    kitchen = Kitchen(replace(ONE, per_person=2))
    tasks = orders(kitchen, "aa")
    await settle()
    with pytest.raises(Busy):
        await kitchen.order("a")
    tasks += orders(kitchen, "b")
    await settle()
    assert kitchen.busy == [Lane.FIGURES]
    await kitchen.finish_all(tasks)
    assert sorted(kitchen.served) == ["a", "a", "b"]


async def test_a_full_lane_turns_away_and_the_others_stay_open() -> None:
    kitchen = Kitchen(replace(ONE, waiting=1))
    tasks = orders(kitchen, "ab")
    await settle()
    with pytest.raises(Busy):
        await kitchen.order("c")
    tasks.append(asyncio.create_task(kitchen.order("c", Lane.QUICK)))
    await settle()
    assert kitchen.served == ["a", "c"]
    await kitchen.finish_all(tasks)


async def test_who_gives_up_while_waiting_leaves_no_gap_in_the_row() -> None:
    kitchen = Kitchen()
    tasks = orders(kitchen, "abc")
    await settle()
    tasks[1].cancel()
    await settle()
    await kitchen.finish_all(tasks)
    assert kitchen.served == ["a", "c"]
    assert kitchen.lanes.working(Lane.FIGURES) == 0


async def test_a_place_given_to_somebody_who_just_gave_up_goes_to_the_next() -> None:
    kitchen = Kitchen()
    tasks = orders(kitchen, "abc")
    await settle()
    kitchen.doors[0].set()
    tasks[0].add_done_callback(lambda _: tasks[1].cancel())
    await settle()
    await kitchen.finish_all(tasks)
    assert kitchen.served[-1] == "c"
    assert kitchen.lanes.working(Lane.FIGURES) == kitchen.lanes.waiting(Lane.FIGURES) == 0


@given(st.text("abc", max_size=30), st.integers(1, 4), st.lists(st.integers(0, 29), max_size=10))
def test_never_more_than_the_places_are_taken_and_all_are_given_back(
    people: str, places: int, cancelled: list[int]
) -> None:
    async def day() -> None:
        kitchen = Kitchen(Limits(dict.fromkeys(Lane, places), waiting=100, per_person=100))
        tasks = orders(kitchen, people)
        await settle()
        assert kitchen.lanes.working(Lane.FIGURES) == min(places, len(people))
        for number in cancelled:
            if number < len(tasks):
                tasks[number].cancel()
        await settle()
        assert kitchen.lanes.working(Lane.FIGURES) <= places
        await kitchen.finish_all(tasks)
        assert kitchen.lanes.working(Lane.FIGURES) == kitchen.lanes.waiting(Lane.FIGURES) == 0
        done = sum(not task.cancelled() for task in tasks)
        assert done >= len(people) - len(set(cancelled))

    asyncio.run(day())


def test_every_command_has_the_lane_of_its_cost() -> None:
    month = Query(asked=_asked(30))
    lanes = {command.name: lane_of(command, month) for command in COMMANDS}
    assert lanes["help"] is lanes["define"] is lanes["ack"] is Lane.QUICK
    assert lanes["usage"] is lanes["top"] is Lane.FIGURES
    assert lanes["digest"] is lanes["retention"] is Lane.HEAVY
    usage = next(command for command in COMMANDS if command.name == "usage")
    assert lane_of(usage, Query(asked=_asked(365))) is Lane.HEAVY


def _asked(days: int) -> Asked:
    end = date(2026, 10, 21)
    window = TimeRange(date.fromordinal(end.toordinal() - days), end)
    return Asked(window, window.before(), f"{days}d", f"{days} days")
