from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.dispatch.policy import Identity, authorise, levels_of, place_of
from bot.kit.command import Command, Shows
from bot.model.chat import Asker, Audience, Level, Place, PlaceKind, PlaceLevel, Reply, Request
from bot.model.errors import NotAllowed
from bot.model.query import Query
from bot.settings import Policy

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
POLICY = Policy(
    analyst=("ana@northwind.example", "S0GROUP"),
    investigator=("inga@northwind.example",),
    approver=("U0APPROVER",),
    roles={"analytics-viewer": Level.ANALYST},
    channels={"C0PEOPLE": PlaceLevel.PEOPLE},
)


async def _run(request: object, deps: object) -> Reply:
    raise NotImplementedError


def _request(levels: frozenset[Level], kind: PlaceKind = PlaceKind.CHANNEL, *flags: str) -> Request:
    place = Place("C1", kind)
    return Request("", Asker("U1", levels=levels), place, NOW, query=Query(flags=frozenset(flags)))


def _command(
    shows: Shows = Shows.AGGREGATES, level: Level = Level.MEMBER, also: tuple[Level, ...] = ()
) -> Command:
    return Command("x", "does x", _run, ("x",), shows=shows, level=level, also=also)


@pytest.mark.parametrize(
    ("identity", "held"),
    [
        (Identity("U1"), {Level.MEMBER}),
        (Identity("U1", "Ana@Northwind.example"), {Level.MEMBER, Level.ANALYST}),
        (Identity("U1", groups=frozenset({"S0GROUP"})), {Level.MEMBER, Level.ANALYST}),
        (Identity("U1", role="analytics-viewer"), {Level.MEMBER, Level.ANALYST}),
        (Identity("U1", "inga@northwind.example"), {Level.MEMBER, Level.INVESTIGATOR}),
        (Identity("U0APPROVER"), {Level.MEMBER, Level.APPROVER}),
        (Identity("U1", "boss@northwind.example"), {Level.MEMBER, Level.ANALYST, Level.ADMIN}),
        (Identity("U1", "boss@northwind.example", guest=True), set()),
    ],
)
def test_levels_come_from_the_policy_and_nothing_else(identity: Identity, held: set[Level]) -> None:
    assert levels_of(identity, POLICY, ("boss@northwind.example",)) == held


def test_an_admin_is_no_investigator_and_an_investigator_is_no_analyst() -> None:
    admin = levels_of(Identity("U1", "boss@northwind.example"), POLICY, ("boss@northwind.example",))
    assert Level.INVESTIGATOR not in admin
    assert Level.ANALYST not in levels_of(Identity("U1", "inga@northwind.example"), POLICY)


def test_a_place_shows_aggregates_unless_the_policy_says_more() -> None:
    assert place_of("C0PEOPLE", PlaceKind.CHANNEL, POLICY).level is PlaceLevel.PEOPLE
    assert place_of("C0OTHER", PlaceKind.CHANNEL, POLICY).level is PlaceLevel.AGGREGATE


MEMBER = frozenset({Level.MEMBER})
ANALYST = MEMBER | {Level.ANALYST}


@pytest.mark.parametrize(
    ("shows", "flags", "kind", "audience"),
    [
        (Shows.AGGREGATES, (), PlaceKind.CHANNEL, Audience.HERE),
        (Shows.AGGREGATES, (), PlaceKind.DM, Audience.HERE),
        (Shows.AGGREGATES, ("private",), PlaceKind.CHANNEL, Audience.ASKER),
        (Shows.AGGREGATES, (), PlaceKind.SHARED, Audience.ASKER),
        (Shows.OWN, (), PlaceKind.CHANNEL, Audience.ASKER),
        (Shows.PEOPLE, (), PlaceKind.CHANNEL, Audience.ASKER),
        (Shows.PRIVATE, (), PlaceKind.CHANNEL, Audience.ASKER),
    ],
)
def test_where_an_answer_goes(
    shows: Shows, flags: tuple[str, ...], kind: PlaceKind, audience: Audience
) -> None:
    assert authorise(_command(shows), _request(ANALYST, kind, *flags), per_person=True) is audience


@pytest.mark.parametrize(
    ("command", "levels", "needs"),
    [
        (_command(), frozenset(), "member"),
        (_command(level=Level.ANALYST), MEMBER, "analyst"),
        (_command(level=Level.INVESTIGATOR), ANALYST | {Level.ADMIN}, "investigator"),
    ],
)
def test_a_refusal_names_the_level(command: Command, levels: frozenset[Level], needs: str) -> None:
    with pytest.raises(NotAllowed) as caught:
        authorise(command, _request(levels), per_person=True)
    assert caught.value.needs == needs


def test_either_of_two_levels_suffices() -> None:
    command = _command(level=Level.INVESTIGATOR, also=(Level.ADMIN,))
    assert authorise(command, _request(MEMBER | {Level.ADMIN}), per_person=True) is Audience.HERE


def test_people_are_not_shown_where_the_company_switched_that_off() -> None:
    with pytest.raises(NotAllowed):
        authorise(_command(Shows.PEOPLE), _request(ANALYST), per_person=False)


@pytest.mark.parametrize("shows", [Shows.PEOPLE, Shows.AUDIT])
def test_people_and_audit_records_stay_out_of_shared_channels(shows: Shows) -> None:
    with pytest.raises(NotAllowed):
        authorise(_command(shows), _request(ANALYST, PlaceKind.SHARED), per_person=True)
