"""Slack's limits in code points, and the one way to stay under them.

Source: Slack's Block Kit reference; select option values are 150, everything else as listed there.
"""

from __future__ import annotations

BLOCKS_PER_MESSAGE = 50
BLOCKS_PER_VIEW = 100
# Slack shows at most this much of the top-level text and recommends to stay below it.
MESSAGE_TEXT_SHOWN = 4_000
SECTION_TEXT = 3_000
SECTION_FIELDS = 10
HEADER_TEXT = 150
CONTEXT_TEXT = 2_000
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2_000
ACTION_ID = 255
IMAGE_ALT = 2_000
SELECT_OPTIONS = 100
OPTION_TEXT = 75
OPTION_VALUE = 150
PLACEHOLDER_TEXT = 150
VIEW_TITLE = 24
CALLBACK_ID = 255
PREFORMATTED_TEXT = 3_000

TABLE_ROWS_SHOWN = 12
DATA_TABLE_ROWS = 100
DATA_TABLE_COLUMNS = 20
DATA_TABLE_TEXT = 10_000
# Slack shows 5 rows of its own table at a time when nothing is said; 1 to 100 can be asked for.
DATA_TABLE_PAGE = 10
CHARTS_PER_MESSAGE = 2
CHART_SERIES = 6
CHART_CATEGORIES = 20
CHART_TITLE = 50
CHART_LABEL = 20
CHART_AXIS_LABEL = 50

RESPONSE_URL_USES = 5
RESPONSE_URL_SECONDS = 30 * 60
FILE_READY_TRIES = 8
FILE_READY_PAUSE_SECONDS = 1.0
SIGNATURE_AGE_SECONDS = 5 * 60

ELLIPSIS = "…"


def cut(text: str, limit: int) -> str:
    """`text`, or its beginning with an ellipsis, at most `limit` code points long."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + ELLIPSIS
