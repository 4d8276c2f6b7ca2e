"""Past deliveries in words, for `status` and for `digest --due`."""

from __future__ import annotations

from collections.abc import Sequence

from bot.kit.words import instant, plural
from bot.model.chat import Column, Table
from bot.state.deliveries import FINAL, Deliveries, Delivery, DeliveryError, DeliveryStep
from bot.state.engine import StateDb

LAST = 10
_TOLD = {
    DeliveryStep.DONE: "posted",
    DeliveryStep.FAILED: "failed",
    DeliveryStep.UNKNOWN: "may be posted",
    DeliveryStep.SKIPPED: "skipped",
}


async def last_deliveries(state: StateDb, count: int = LAST) -> tuple[Delivery, ...]:
    """The newest deliveries, newest first."""
    return await Deliveries(state).last(count)


def deliveries_table(deliveries: Sequence[Delivery]) -> Table:
    """One row each: subscription, command, period, place, planned and actual time (UTC), result."""
    columns = (
        Column("id", "ID"),
        Column("command", "Command"),
        Column("period", "Period"),
        Column("place", "Place"),
        Column("planned", "Planned"),
        Column("posted", "Posted"),
        Column("result", "Result"),
    )
    return Table(columns, tuple(map(_row, deliveries)), title="Last deliveries")


def deliveries_lines(deliveries: Sequence[Delivery]) -> list[str]:
    """A heading and one line each, with the planned and the actual time; nothing for none."""
    if not deliveries:
        return []
    return ["Last posts by schedule, newest first:", *(_line(one) for one in deliveries)]


def deliveries_sentence(deliveries: Sequence[Delivery]) -> str:
    """Count them by result, e.g. `3 deliveries: 2 posted, 1 failed`."""
    if not deliveries:
        return "Nothing was due."
    results = [_result(one).partition(":")[0] for one in deliveries]
    counted = (f"{results.count(result)} {result}" for result in dict.fromkeys(results))
    return f"{plural(len(results), 'delivery', 'deliveries')}: {', '.join(counted)}."


def _line(one: Delivery) -> str:
    posted = f", posted {instant(one.posted_at)}" if one.posted_at else ""
    result = "" if _result(one) == "posted" else f", {_result(one)}"
    return f"• {one.subscription_id} {one.period}: planned {instant(one.planned_at)}{posted}{result}"


def _row(one: Delivery) -> tuple[str, ...]:
    posted = instant(one.posted_at) if one.posted_at else "not posted"
    planned = instant(one.planned_at)
    return (one.subscription_id, one.command, one.period, one.place_id, planned, posted, _result(one))


def _result(one: Delivery) -> str:
    said = _TOLD[one.step] if one.step in FINAL else "waiting"
    return f"{said}: {one.error.replace('_', ' ')}" if one.error is not DeliveryError.NONE else said
