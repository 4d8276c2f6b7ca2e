"""Each metric once: Ibis expressions over the lake's rows and small frozen results (metrics.md).

No await, no clock, no logger here. Money-like numbers stay integers of micro-units until `number`.
"""

from __future__ import annotations

from typing import Final

DEFINITIONS_VERSION: Final = "2026-11"
"""Changes with any formula; every answer and export carries it."""
