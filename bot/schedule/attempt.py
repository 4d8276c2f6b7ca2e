"""One process's work on one delivery: every step is written down before the next begins."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import structlog

from bot.schedule.due import Pace
from bot.schedule.words import PAUSES
from bot.state.deliveries import Deliveries, Delivery, DeliveryError, DeliveryStep, FileState

LOG = structlog.get_logger()

Clock = Callable[[], datetime]
OnStep = Callable[[Delivery], None]


@dataclass(slots=True)
class Attempt:
    """The delivery as last written. Every method raises LeaseLost when another process took it over."""

    delivery: Delivery
    deliveries: Deliveries
    clock: Clock
    pace: Pace
    on_step: OnStep

    async def to(self, step: DeliveryStep, **values: Any) -> None:
        """Write a step, renew the lease, and tell whoever watches."""
        self.delivery = await self.deliveries.advance(
            self.delivery, step, self.clock() + self.pace.lease, **values
        )
        report_step(self.delivery, self.on_step)

    async def mark_file(self, name: str, state: FileState | None) -> None:
        """Write a file's state; None forgets it. An unknown file makes the delivery one with an error."""
        files = {key: held.value for key, held in self.delivery.files.items() if key != name}
        if state is not None:
            files[name] = state.value
        error = DeliveryError.FILE if state is FileState.UNKNOWN else self.delivery.error
        await self.to(self.delivery.step, files=files, error=error.value)

    async def hold(self, wait: timedelta, error: DeliveryError) -> None:
        """Give the lease back, to be taken up again after `wait`; `error` is why nothing is posted yet.

        What was surely not sent is no longer posting.
        """
        held, until = self.delivery, self.clock() + wait
        step = DeliveryStep.COMPUTED if held.step is DeliveryStep.POSTING else held.step
        why = held.error if held.message else error
        self.delivery = await self.deliveries.advance(held, step, until, lease_owner="", error=why.value)
        LOG.info("delivery_held", delivery=held.id, step=step.value, wait_seconds=wait.total_seconds())

    async def end(self, step: DeliveryStep, error: DeliveryError) -> None:
        """Write the last step; errors that will not go away by themselves pause the subscription with it."""
        pause, now = error.value if error in PAUSES else "", self.clock()
        ended = {"error": error.value, "finished_at": now, "lease_owner": ""}
        self.delivery = await self.deliveries.advance(self.delivery, step, now, pause, **ended)
        report_step(self.delivery, self.on_step)


def report_step(delivery: Delivery, on_step: OnStep) -> None:
    """Log a written step and hand it to the hook."""
    LOG.info(
        "delivery_step",
        delivery=delivery.id,
        subscription=delivery.subscription_id,
        period=delivery.period,
        step=delivery.step.value,
        error=delivery.error.value,
    )
    on_step(delivery)
