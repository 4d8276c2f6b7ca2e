"""Switches that make the reference server misbehave, so that faults can be tried by hand and in tests."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, fields

GENERATIONS = ("2026-04", "2026-06", "2026-07", "2026-09")
ALWAYS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Faults:
    """What goes wrong. Whole numbers say how many of the next requests are hit; 0 = never."""

    generation: str = GENERATIONS[-1]
    no_weeks: bool = False
    burst_429: int = 0
    retry_after_seconds: int = 1
    server_errors: int = 0
    truncated: int = 0
    html: int = 0
    slow_seconds: float = 0.0
    cursor_loop: bool = False
    bad_rows: bool = False
    tampered_log: int = 0
    forbidden_types: tuple[str, ...] = ()
    stuck_logs: bool = False
    invalid_utf8: bool = False
    huge_prompt: bool = False
    deep_json: bool = False
    hostile_file_names: bool = False

    def __post_init__(self) -> None:
        if self.generation not in GENERATIONS:
            message = f"generation must be one of {', '.join(GENERATIONS)}, not {self.generation!r}"
            raise ValueError(message)


_COUNTS = {
    "burst_429": "answer N requests with 429 and Retry-After",
    "server_errors": "answer N requests with 503",
    "truncated": "cut the body of N answers in half",
    "html": "answer N requests with an HTML page",
    "tampered_log": "change a byte of N downloaded log files",
}
_SWITCHES = {
    "no_weeks": "ignore group_by, as a server of the published specification does",
    "cursor_loop": "hand out the same cursor again and again",
    "bad_rows": "spoil the first row of every usage page",
    "stuck_logs": "log paging that does not advance",
    "invalid_utf8": "log files with a line that is not UTF-8",
    "huge_prompt": "log files with a prompt of 1 MB",
    "deep_json": "log files with a deeply nested record",
    "hostile_file_names": "log files named with path tricks",
}


def add_fault_arguments(parser: argparse.ArgumentParser) -> None:
    """Add one option per switch; the option is the field's name with dashes."""
    group = parser.add_argument_group("misbehave")
    group.add_argument("--generation", choices=GENERATIONS, default=GENERATIONS[-1], help="schema generation")
    for name, text in _COUNTS.items():
        group.add_argument(
            _flag(name), type=_count, nargs="?", const=ALWAYS, default=0, metavar="N", help=text
        )
    for name, text in _SWITCHES.items():
        group.add_argument(_flag(name), action="store_true", help=text)
    group.add_argument("--retry-after-seconds", type=_count, default=1, metavar="S")
    group.add_argument(
        "--slow-seconds", type=float, default=0.0, metavar="S", help="wait before every answer"
    )
    group.add_argument(
        "--forbidden-types", type=_names, default=(), metavar="A,B", help="log types that answer 403"
    )


def faults_from(args: argparse.Namespace) -> Faults:
    """Read the switches back from parsed arguments."""
    return Faults(**{field.name: getattr(args, field.name) for field in fields(Faults)})


def _flag(name: str) -> str:
    return "--" + name.replace("_", "-")


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        message = f"{text} is negative"
        raise argparse.ArgumentTypeError(message)
    return value


def _names(text: str) -> tuple[str, ...]:
    return tuple(part.strip().upper() for part in text.split(",") if part.strip())
