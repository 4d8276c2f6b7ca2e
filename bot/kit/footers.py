"""The footer in one short line, the same words on every platform."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.kit.words import day, instant, plural, span
from bot.model.chat import Footer

STALE = timedelta(hours=24)
NAMED_DAYS = 3


def footer_line(footer: Footer, now: datetime) -> str:
    """`30 days to 18 Nov UTC · R-7K3M9QXD`; missing days and a sync older than 24 h when true."""
    return " · ".join(
        part for part in (_window(footer), *_warnings(footer, now), footer.receipt or "") if part
    )


def _window(footer: Footer) -> str:
    window = footer.window
    if window is None:
        return ""
    if window.day_count <= 1:
        return f"{span(window)} UTC"
    return f"{window.day_count} days to {day(window.last)} UTC"


def _warnings(footer: Footer, now: datetime) -> list[str]:
    warnings = []
    if footer.missing_days:
        days = footer.missing_days
        named = ", ".join(day(d) for d in days[:NAMED_DAYS]) + (" …" if len(days) > NAMED_DAYS else "")
        warnings.append(f"no data for {plural(len(days), 'day')}: {named}")
    if footer.partial_days:
        warnings.append(f"still filling: {', '.join(day(d) for d in footer.partial_days[:NAMED_DAYS])}")
    if footer.synced_at and now - footer.synced_at > STALE:
        warnings.append(f"last synced {instant(footer.synced_at)}")
    return warnings
