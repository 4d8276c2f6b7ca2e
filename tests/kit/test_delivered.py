from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.kit.delivered import deliveries_lines, deliveries_sentence, deliveries_table
from bot.model.chat import Platform
from bot.state.deliveries import Delivery, DeliveryError, DeliveryStep

DUE = datetime(2026, 10, 20, 9, tzinfo=UTC)
POSTED = Delivery(
    id=1,
    subscription_id="S-7K3M9QXD",
    period="2026-W42",
    platform=Platform.SLACK,
    place_id="C1",
    owner_id="U1",
    command="digest",
    step=DeliveryStep.DONE,
    planned_at=DUE,
    claimed_at=DUE,
    lease_owner="",
    lease_until=DUE,
    posted_at=DUE + timedelta(minutes=7),
)
FAILED = replace(POSTED, step=DeliveryStep.FAILED, error=DeliveryError.CHANNEL_GONE, posted_at=None)
WAITING = replace(POSTED, step=DeliveryStep.COMPUTED, error=DeliveryError.PLATFORM, posted_at=None)


def test_a_line_has_the_planned_and_the_actual_time() -> None:
    assert deliveries_lines([POSTED, FAILED]) == [
        "Last posts by schedule, newest first:",
        "• S-7K3M9QXD 2026-W42: planned 20 Oct 09:00 UTC, posted 20 Oct 09:07 UTC",
        "• S-7K3M9QXD 2026-W42: planned 20 Oct 09:00 UTC, failed: channel gone",
    ]
    assert deliveries_lines([]) == []


def test_a_pass_is_summed_up_by_results() -> None:
    assert deliveries_sentence([]) == "Nothing was due."
    assert deliveries_sentence([POSTED]) == "1 delivery: 1 posted."
    assert deliveries_sentence([POSTED, FAILED, WAITING]) == "3 deliveries: 1 posted, 1 failed, 1 waiting."


def test_the_table_has_a_cell_for_each_column() -> None:
    table = deliveries_table([POSTED, FAILED])
    assert table.rows[0][4:] == ("20 Oct 09:00 UTC", "20 Oct 09:07 UTC", "posted")
    assert table.rows[1][4:] == ("20 Oct 09:00 UTC", "not posted", "failed: channel gone")
