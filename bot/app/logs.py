"""Log events as JSON lines on stderr. Events carry no personal data, typed text or secrets by rule."""

from __future__ import annotations

import logging
import sys

import structlog


def log_events(level: int = logging.INFO) -> None:
    """Every event from `level` up, one JSON object a line."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.dict_tracebacks,
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def log_warnings() -> None:
    """Only what a person at a terminal should see."""
    log_events(logging.ERROR)
