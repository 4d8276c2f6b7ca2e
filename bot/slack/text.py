"""Text on its way to Slack: what somebody typed or is called stays text, whatever is in it."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from bot.kit.cells import clean
from bot.slack.limits import ELLIPSIS

_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_MOMENT = re.compile(r"\b\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) \d{4} \d\d:\d\d UTC\b")
_CHAT_USER = re.compile(r"[UW][A-Z0-9]{2,}")


def escape(text: str, limit: int) -> str:
    """Text for a mrkdwn field: `& < >` escaped, at most `limit` code points, no entity cut in two."""
    pieces = [_ENTITIES.get(c, c) for c in clean(text)]
    if sum(map(len, pieces)) <= limit:
        return "".join(pieces)
    kept: list[str] = []
    room = limit - len(ELLIPSIS)
    for piece in pieces:
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + ELLIPSIS


def code(text: str, limit: int) -> str:
    """`text` as inline code: one line, backticks replaced so that the code cannot end early."""
    one_line = " ".join(clean(text).replace("`", "\N{MODIFIER LETTER APOSTROPHE}").split())
    return f"`{escape(one_line, limit - 2)}`"


def mention(user_id: str) -> str:
    """A mention for a Slack user id; any other id stays text."""
    return f"<@{user_id}>" if _CHAT_USER.fullmatch(user_id) else escape(user_id, 80)


def day(value: date, now: datetime) -> str:
    """`18 Nov`, with the year when it is not the current one."""
    year = "" if value.year == now.year else f" {value.year}"
    return f"{value.day} {value:%b}{year}"


def instant(value: datetime) -> str:
    """A time that Slack shows in the reader's zone, with a UTC fallback."""
    utc = value.astimezone(UTC)
    return _localised(utc, f"{utc:%Y-%m-%d %H:%M} UTC")


def with_local_times(escaped: str) -> str:
    """Each `20 Oct 2026 12:05 UTC` as a time of the reader's zone. Days are left alone: they are UTC days."""
    return _MOMENT.sub(_local_time, escaped)


def _local_time(found: re.Match[str]) -> str:
    try:
        utc = datetime.strptime(found[0], "%d %b %Y %H:%M UTC").replace(tzinfo=UTC)
    except ValueError:  # 31 Feb, or an hour that there is not
        return found[0]
    return _localised(utc, found[0])


def _localised(utc: datetime, fallback: str) -> str:
    return f"<!date^{int(utc.timestamp())}^{{date_short_pretty}} {{time}}|{fallback}>"
