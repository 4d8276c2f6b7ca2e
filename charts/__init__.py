"""Pictures: plain data in, a matplotlib `Figure` out, PNG bytes one call later. Imports nothing of ours.

Names are found when first used: matplotlib costs a third of a second, which only pictures should pay.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from charts.anomaly_chart import AnomalyChart, anomaly
    from charts.bar_chart import BarChart, Item, bars
    from charts.calendar_chart import CalendarHeatmap, heatmap
    from charts.cohort_chart import Cohort, CohortChart, cohorts
    from charts.column_chart import ColumnChart, columns
    from charts.compare_chart import CompareChart, Pair, dumbbell
    from charts.dates import Period
    from charts.digest_chart import DigestChart, Mix, Tile, Trend, digest
    from charts.encode import png
    from charts.forecast_chart import ForecastChart, forecast
    from charts.histogram_chart import Histogram, histogram
    from charts.interval_chart import IntervalChart, Rate, interval
    from charts.lifecycle_chart import Lifecycle, LifecycleChart, lifecycle
    from charts.line_chart import LineChart, line
    from charts.lorenz_chart import LorenzChart, lorenz
    from charts.series import Series
    from charts.stacked_chart import StackedChart, stacked
    from charts.timeline_chart import Event, Lane, TimelineChart, timeline

_HOME: Final = {
    "AnomalyChart": "charts.anomaly_chart",
    "BarChart": "charts.bar_chart",
    "CalendarHeatmap": "charts.calendar_chart",
    "Cohort": "charts.cohort_chart",
    "CohortChart": "charts.cohort_chart",
    "ColumnChart": "charts.column_chart",
    "CompareChart": "charts.compare_chart",
    "DigestChart": "charts.digest_chart",
    "Event": "charts.timeline_chart",
    "ForecastChart": "charts.forecast_chart",
    "Histogram": "charts.histogram_chart",
    "IntervalChart": "charts.interval_chart",
    "Item": "charts.bar_chart",
    "Lane": "charts.timeline_chart",
    "Lifecycle": "charts.lifecycle_chart",
    "LifecycleChart": "charts.lifecycle_chart",
    "LineChart": "charts.line_chart",
    "LorenzChart": "charts.lorenz_chart",
    "Mix": "charts.digest_chart",
    "Pair": "charts.compare_chart",
    "Period": "charts.dates",
    "Rate": "charts.interval_chart",
    "Series": "charts.series",
    "StackedChart": "charts.stacked_chart",
    "Tile": "charts.digest_chart",
    "TimelineChart": "charts.timeline_chart",
    "Trend": "charts.digest_chart",
    "anomaly": "charts.anomaly_chart",
    "bars": "charts.bar_chart",
    "cohorts": "charts.cohort_chart",
    "columns": "charts.column_chart",
    "digest": "charts.digest_chart",
    "dumbbell": "charts.compare_chart",
    "forecast": "charts.forecast_chart",
    "heatmap": "charts.calendar_chart",
    "histogram": "charts.histogram_chart",
    "interval": "charts.interval_chart",
    "lifecycle": "charts.lifecycle_chart",
    "line": "charts.line_chart",
    "lorenz": "charts.lorenz_chart",
    "png": "charts.encode",
    "stacked": "charts.stacked_chart",
    "timeline": "charts.timeline_chart",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        message = f"module 'charts' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOME[name]), name)


__all__ = [
    "AnomalyChart",
    "BarChart",
    "CalendarHeatmap",
    "Cohort",
    "CohortChart",
    "ColumnChart",
    "CompareChart",
    "DigestChart",
    "Event",
    "ForecastChart",
    "Histogram",
    "IntervalChart",
    "Item",
    "Lane",
    "Lifecycle",
    "LifecycleChart",
    "LineChart",
    "LorenzChart",
    "Mix",
    "Pair",
    "Period",
    "Rate",
    "Series",
    "StackedChart",
    "Tile",
    "TimelineChart",
    "Trend",
    "anomaly",
    "bars",
    "cohorts",
    "columns",
    "digest",
    "dumbbell",
    "forecast",
    "heatmap",
    "histogram",
    "interval",
    "lifecycle",
    "line",
    "lorenz",
    "png",
    "stacked",
    "timeline",
]
