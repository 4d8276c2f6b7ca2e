"""Pages of usage as the API sends them, rendered before anything is timed."""

from __future__ import annotations

import json
import random
from typing import Any

DAY_SECONDS = 86_400
CLIENTS = ("CODEX_CLI", "CODEX_IDE_VSCODE", "CODEX_WEB", "CODEX_DESKTOP_APP")
MODELS = ("gpt-5.5", "gpt-5.4", "other")


def page(start: int, first: int, count: int, next_page: str | None = None) -> bytes:
    """One page of `count` people from number `first` on, all on the day that starts at `start`."""
    dice = random.Random(first)  # noqa: S311  repeatable rows, no secret
    rows = [_row(dice, start, number) for number in range(first, first + count)]
    body = {"object": "page", "data": rows, "has_more": next_page is not None, "next_page": next_page}
    return json.dumps(body, separators=(",", ":")).encode()


def _row(dice: random.Random, start: int, number: int) -> dict[str, Any]:
    user = f"user-{number:012}"
    clients = [{"client_id": name, **_use(dice)} for name in dice.sample(CLIENTS, 2)]
    models = [{"model": name, "speed": "standard", **_spend(dice)} for name in dice.sample(MODELS, 2)]
    return {
        "object": "workspace.codex.usage.result",
        "start_time": start,
        "end_time": start + DAY_SECONDS,
        "user_id": user,
        "actor": {"type": "ACCOUNT_USER", "user_id": user, "email": f"person{number}@northwind.example"},
        "totals": _use(dice),
        "clients": clients,
        "models": models,
        "code_attribution": None,
    }


def _use(dice: random.Random) -> dict[str, Any]:
    return {"threads": dice.randrange(1, 9), "turns": dice.randrange(1, 99), **_spend(dice)}


def _spend(dice: random.Random) -> dict[str, Any]:
    uncached, cached, output = dice.randrange(10**5), dice.randrange(10**6), dice.randrange(10**4)
    return {
        "credits": round(dice.random() * 50, 4),
        "cost_usd": None,
        "estimated_cost_usd": round(dice.random() * 2, 2),
        "uncached_text_input_tokens": uncached,
        "cached_text_input_tokens": cached,
        "text_output_tokens": output,
        "text_total_tokens": uncached + cached + output,
    }
