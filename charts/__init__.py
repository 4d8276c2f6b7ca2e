"""Pictures: plain data in, a matplotlib `Figure` out, PNG bytes one call later. Imports nothing of ours."""

from __future__ import annotations

from charts.dates import Period
from charts.encode import png
from charts.line_chart import LineChart, line
from charts.series import Series

__all__ = ["LineChart", "Period", "Series", "line", "png"]
