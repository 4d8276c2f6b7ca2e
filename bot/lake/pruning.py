"""Retention of usage and code reviews, apart from that of the audit log."""

from __future__ import annotations

import shutil
from datetime import date

from bot.lake.schema import DAY_DATASETS
from bot.lake.store import Lake


def delete_before(lake: Lake, first_kept: date) -> int:
    """Deletes the UTC days before `first_kept` and who was last seen before; returns the day files deleted.

    Refused rows of those days go, too. Call it holding the write lock; blocking. Raises OSError.
    """
    gone = [(dataset, day) for dataset in DAY_DATASETS for day in lake.days(dataset) if day < first_kept]
    for dataset, day in gone:
        lake.write_quarantine(dataset, day, ())
        shutil.rmtree(lake.path(dataset, day).parent)
    lake.remove_people(who for who, person in lake.people().items() if person.last_seen_day < first_kept)
    return len(gone)
