"""Teams' limits and ours below them.

Source: "Format cards" and "Rate limiting" of the Teams platform documentation. A whole message may take
100 KB counted as UTF-16 without base64 pictures; we stop at 80 KB.
"""

from __future__ import annotations

MESSAGE_BYTES = 80 * 1024
SUMMARY_TEXT = 400
TITLE_TEXT = 1_000
LINE_TEXT = 3_000
LINES = 60
FACTS = 30
FACT_TEXT = 300
TABLE_ROWS = 25
TABLE_COLUMNS = 6
CELL_TEXT = 100
PICTURES = 3
PICTURE_BYTES = 1_000_000
PICTURE_PX = 1_024
ALT_TEXT = 1_000
BUTTON_TEXT = 60
BUTTON_COMMAND = 1_000
BUTTONS_PER_ROW = 6
BUTTON_ROWS = 4

BODY_BYTES = 256 * 1024
SENDS_PER_SECOND = 7
SEND_TRIES = 5
LONGEST_WAIT_SECONDS = 60.0

ELLIPSIS = "…"


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning with an ellipsis, at most `limit` code points long."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS
