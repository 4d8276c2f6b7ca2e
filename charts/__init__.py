"""Pictures: plain data in, a matplotlib `Figure` out, PNG bytes one call later. Imports nothing of ours."""

from __future__ import annotations

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
