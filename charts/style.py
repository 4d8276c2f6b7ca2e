"""Every size, colour, font and distance of the pictures. Lengths are pixels of a picture 1000 px wide."""

from __future__ import annotations

from pathlib import Path

import matplotlib as mpl

WIDTH_PX = 1000
HEIGHT_PX = 562
DPI = 100

# 9 px once the picture is scaled to a phone's 360 px: 9 / 0.36.
BODY_PX = 25
TITLE_PX = 34
LONG_TITLE_PX = 30
FIGURE_PX = 44
HERO_PX = 132
# A line of text takes this many times its size, so that two never touch.
LINE_HEIGHT = 1.24
# Half the height of a capital letter, in sizes: text is placed by the middle of its capitals.
CAP_MIDDLE = 0.365

MARGIN_PX = 36
HEADER_TOP_PX = 30
GAP_PX = 14
AXIS_HEIGHT_PX = 46
END_LABELS_MOST_PX = 330
NAMES_MOST_PX = 330
TEXT_MOST_CHARS = 300

LINE_PX = 4.5
THIN_LINE_PX = 2.5
GRID_PX = 1.5
DOT_PX = 15.0
ROUNDING_PX = 14.0
HATCH = "///"
HATCH_LINE_PX = 2.0
# Below this many pixels a column is drawn as part of one area.
THINNEST_COLUMN_PX = 4.0
WIDEST_COLUMN_PX = 90.0

PAPER = "#FFFFFF"
INK = "#14202E"
QUIET = "#556170"
GRID = "#E4E8ED"
AXIS = "#9AA5B1"
SOFT = "#EEF2F6"
CONTEXT = "#CBD2DA"
MISSING = "#EEF1F4"
GOOD_TEXT = "#0A6F5D"
BAD = "#B83E27"

# Okabe and Ito's set, moved apart in lightness; the second tuple is dark enough for text on paper.
SERIES = ("#1262B8", "#E8890C", "#0FA086", "#B0428A", "#62B8EA", "#7A4B1E")
SERIES_TEXT = ("#1258A6", "#95560A", "#0A6F5D", "#983676", "#1D6F9F", "#6E431B")
OTHER = "#A3ADB8"
OTHER_TEXT = "#556170"
REST = (OTHER, OTHER_TEXT)

# One hue, light to dark, for calendars and cohorts.
RAMP = ("#E6EFF9", "#C3DAF1", "#8FBBE5", "#5193D3", "#1F6CBB", "#0B4788", "#072F5F")

MOST_SERIES = 6
MOST_BARS = 8

_FONTS = Path(mpl.get_data_path()) / "fonts" / "ttf"
REGULAR = _FONTS / "DejaVuSans.ttf"
BOLD = _FONTS / "DejaVuSans-Bold.ttf"


def points(px: float) -> float:
    """Pixels as the points matplotlib measures fonts and lines in."""
    return px * 72 / DPI


def series_colours(index: int) -> tuple[str, str]:
    """Colour of the marks and of the text of the series at `index`; grey past the palette."""
    if index < len(SERIES):
        return SERIES[index], SERIES_TEXT[index]
    return REST
