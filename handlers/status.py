"""`status`: what is held, what is missing, and how good it is. No figure about anybody."""

from __future__ import annotations

from bot.analytics.status import DatasetStatus, StatusResult
from bot.kit.command import Command
from bot.kit.delivered import deliveries_lines, last_deliveries
from bot.kit.deps import Deps
from bot.kit.figures import told
from bot.kit.words import day, join, moment, plural
from bot.model.chat import Column, Fact, Footer, Reply, Request, Table, Unit

SHOWN_DAYS = 5
LABELS = {
    "usage": "Usage by person",
    "workspace_usage": "Workspace usage",
    "code_reviews": "Code reviews",
    "code_review_responses": "Review responses",
}
COLUMNS = (
    Column("dataset", "Dataset"),
    Column("held_days", "Days", Unit.EVENTS),
    Column("first", "From"),
    Column("last", "To"),
    Column("missing_days", "Missing", Unit.EVENTS),
    Column("unsettled_days", "Settling", Unit.EVENTS),
    Column("rows", "Rows", Unit.EVENTS),
    Column("quarantined_rows", "Refused", Unit.EVENTS),
)


async def run(_request: Request, deps: Deps) -> Reply:
    """Freshness and completeness of every dataset, and whether people add up to the workspace."""
    status = await deps.analytics.status()
    posted = deliveries_lines(await last_deliveries(deps.state))
    return Reply(
        "status",
        "\n".join([_text(status), *posted]),
        facts=_facts(status),
        table=Table(COLUMNS, tuple(_row(dataset) for dataset in status.datasets), title="Held history"),
        footer=Footer(
            complete_through=status.complete_through,
            missing_days=status.missing,
            synced_at=status.synced_at,
        ),
    )


def _facts(status: StatusResult) -> tuple[Fact, ...]:
    held = max((dataset.held_count for dataset in status.datasets), default=0)
    unsettled = {one for dataset in status.datasets for one in dataset.unsettled}
    return (
        told("held_days", "Held", Unit.DAYS, held),
        told("missing_days", "Missing", Unit.DAYS, len(status.missing)),
        told("unsettled_days", "Still settling", Unit.DAYS, len(unsettled)),
        told("quarantined_rows", "Refused rows", Unit.EVENTS, status.quarantined),
        told("compared_days", "Compared with the workspace", Unit.DAYS, status.compared_count),
        told("differing_days", "Differing from the workspace", Unit.DAYS, len(status.differing)),
        told("people_seen", "People ever seen", Unit.PEOPLE, status.people_count),
        told("unreadable_files", "Unreadable files set aside", Unit.EVENTS, status.set_aside),
    )


def _text(status: StatusResult) -> str:
    if status.synced_at is None:
        return "Nothing is held yet: the first sync has not written a day."
    lines = [_freshness(status)]
    if status.first_sync:
        lines.append(f"First sync: {status.first_sync[0]} of {status.first_sync[1]} days.")
    lines += [_missing(status), _differing(status), *_faults(status)]
    return "\n".join(lines)


def _freshness(status: StatusResult) -> str:
    last = max((d.last for d in status.datasets if d.last), default=None)
    through = min(last, status.complete_through) if last else None
    behind = (status.complete_through - through).days if through else 0
    late = f", {plural(behind, 'day')} behind {day(status.complete_through)}" if behind else ""
    synced = moment(status.synced_at) if status.synced_at else "never"
    told_day = day(through) if through else "no day"
    return f"Figures go through {told_day}, the last complete day held{late}; last synced {synced}."


def _missing(status: StatusResult) -> str:
    if not status.missing:
        return "No day is missing."
    named = [day(one) for one in status.missing[:SHOWN_DAYS]]
    more = len(status.missing) - len(named)
    listed = join([*named, f"{more} more"] if more else named)
    return f"{plural(len(status.missing), 'day')} missing: {listed}. The next sync asks again."


def _differing(status: StatusResult) -> str:
    if not status.compared_count:
        return "No day was compared with the workspace's own figures yet."
    if not status.differing:
        return f"On all {status.compared_count:,} days compared, people add up to the workspace's figures."
    worst = status.differing[-1]
    fields = sorted({difference.field for difference in worst.differences})
    return (
        f"On {len(status.differing):,} of {status.compared_count:,} days people do not add up to the "
        f"workspace's figures, last on {day(worst.day)} ({join(fields[:3])})."
    )


def _faults(status: StatusResult) -> list[str]:
    said = []
    if status.quarantined:
        days = {when for dataset in status.datasets for when, _ in dataset.quarantined}
        said.append(
            f"{plural(status.quarantined, 'row')} of {plural(len(days), 'day')} could not be read; "
            "they are kept aside and in no figure."
        )
    if status.set_aside:
        said.append(f"{plural(status.set_aside, 'unreadable file')} set aside; their days are pulled again.")
    return said


def _row(dataset: DatasetStatus) -> tuple[str | int | None, ...]:
    return (
        LABELS[dataset.dataset.value],
        dataset.held_count,
        dataset.first.isoformat() if dataset.first else None,
        dataset.last.isoformat() if dataset.last else None,
        len(dataset.missing),
        len(dataset.unsettled),
        dataset.rows,
        sum(count for _, count in dataset.quarantined),
    )


COMMAND = Command(
    name="status",
    summary="What is held, what is missing, how fresh it is",
    run=run,
    examples=("status",),
    ranged=False,
)
