"""Clients and models of the demo workspace and when each of them is in use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np

from bot.reference.chance import Floats, Ints

_RARE, _UNKNOWN = "CODEX_FLORA", "CODEX_HOLOGRAM"
# Names as in contract.md section c.
# Second column: share of people whose first choice it is, in thousandths. Third: in use since.
_CLIENTS: tuple[tuple[str, int, date | None], ...] = (
    ("CODEX_CLI", 430, None),
    ("CODEX_DESKTOP_APP", 80, date(2026, 2, 2)),
    ("CODEX_GITHUB", 12, date(2026, 3, 2)),
    ("CODEX_GITHUB_ACTION", 15, None),
    (_RARE, 10, date(2026, 8, 3)),
    ("CODEX_IDE_JETBRAINS_GOLAND", 20, None),
    ("CODEX_IDE_JETBRAINS_INTELLIJ_IDEA", 50, None),
    ("CODEX_IDE_JETBRAINS_PYCHARM", 40, None),
    ("CODEX_IDE_JETBRAINS_WEBSTORM", 18, None),
    ("CODEX_IDE_VSCODE", 175, None),
    ("CODEX_IDE_XCODE", 10, None),
    ("CODEX_SDK_TS", 20, None),
    ("CODEX_SERVICE_EXEC", 25, None),
    ("CODEX_SLACK", 15, date(2025, 11, 3)),
    ("CODEX_UNKNOWN_DEFAULT", 10, None),
    ("CODEX_WEB", 70, None),
)
CLIENTS = tuple(name for name, _, _ in _CLIENTS)
CLIENT_SHARE: Floats = np.cumsum([share for _, share, _ in _CLIENTS]) / sum(share for _, share, _ in _CLIENTS)


@dataclass(frozen=True, slots=True)
class Model:
    """A model bucket and speed: in use from ``first`` (weight rising for 60 days) until ``last``."""

    name: str
    speed: str | None
    weight: float
    credits_per_turn: float
    first: date
    last: date


_ALWAYS = (date(2025, 1, 1), date(2100, 1, 1))
MODELS: tuple[Model, ...] = (
    Model("gpt-5-codex", "standard", 1.0, 0.40, date(2025, 6, 1), date(2025, 12, 20)),
    Model("gpt-5.1-codex", "standard", 1.0, 0.42, date(2025, 10, 13), date(2026, 4, 20)),
    Model("gpt-5.1-codex-mini", "standard", 0.3, 0.12, date(2025, 11, 3), date(2026, 7, 20)),
    Model("gpt-5.2-codex", "standard", 0.9, 0.45, date(2026, 1, 12), date(2026, 7, 1)),
    Model("gpt-5.4", "fast", 0.15, 1.10, date(2026, 3, 16), date(2026, 9, 14)),
    Model("gpt-5.4", "standard", 1.0, 0.50, date(2026, 3, 9), date(2026, 10, 30)),
    Model("gpt-5.4-mini", "standard", 0.3, 0.14, date(2026, 4, 20), date(2100, 1, 1)),
    Model("gpt-5.5", "fast", 0.3, 1.30, date(2026, 6, 15), date(2100, 1, 1)),
    Model("gpt-5.5", "standard", 1.6, 0.58, date(2026, 6, 8), date(2100, 1, 1)),
    Model("other", None, 0.08, 0.30, *_ALWAYS),
)
MODEL_PRICE: Floats = np.array([model.credits_per_turn for model in MODELS])
FAST_MODEL = next(i for i, model in enumerate(MODELS) if (model.name, model.speed) == ("gpt-5.5", "fast"))
CLI = CLIENTS.index("CODEX_CLI")
RARE = CLIENTS.index(_RARE)
SDK = CLIENTS.index("CODEX_SDK_TS")
CLOUD = frozenset(CLIENTS.index(name) for name in ("CODEX_WEB", "CODEX_SLACK", "CODEX_GITHUB"))
_RAMP_DAYS = 60.0


def client_names(*, unknown: bool) -> tuple[str, ...]:
    """What is written for each of ``CLIENTS``; ``unknown`` = an id that no enum knows for the rare one."""
    return tuple(_UNKNOWN if unknown and name == _RARE else name for name in CLIENTS)


def clients_on(day: date, wanted: Ints) -> Ints:
    """Replace clients that do not exist yet on the day by the CLI."""
    known = np.array(
        [i if since is None or since <= day else CLI for i, (_, _, since) in enumerate(_CLIENTS)]
    )
    return known[wanted]


def model_shares(day: date) -> Floats:
    """Cumulated shares of the models on a day, in the order of ``MODELS``; the last is 1."""
    weights = np.array([_weight(model, day) for model in MODELS])
    shares: Floats = np.cumsum(weights) / weights.sum()
    return shares


def _weight(model: Model, day: date) -> float:
    rising = min(1.0, (day - model.first).days / _RAMP_DAYS)
    falling = min(1.0, (model.last - day).days / _RAMP_DAYS)
    return model.weight * max(0.0, min(rising, falling))
