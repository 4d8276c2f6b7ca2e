"""The gallery: every chart with data of every sort, as pictures on one page."""

from __future__ import annotations

from charts.gallery.page import render
from charts.gallery.samples import Sample, samples

__all__ = ["Sample", "render", "samples"]
