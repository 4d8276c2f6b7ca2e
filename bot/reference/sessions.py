"""`CODEX_LOG` records of the ordinary work of a day, made from the same cells as the usage rows.

Per person, client and model there is one `PROMPT_SENT` per turn, one session per thread, and the
token counts add up to those of the usage row.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.reference import words
from bot.reference.catalogue import CLI, CLOUD, FAST_MODEL, MODELS, SDK
from bot.reference.chance import digest
from bot.reference.days import BURST_DAY_OF_MONTH, BURST_TURNS, Column
from bot.reference.environments import environment_on
from bot.reference.records import DAY, EPOCH_ORDINAL, SECOND, Record, Scribe
from bot.reference.tokens import Token, token_in_use

SECRET_DAY_OF_MONTH = 15
_WORK = (6 * 3600, 17 * 3600)
_LAST_SECOND = 86_100
_TOOLS = (
    ("shell", "function"),
    ("apply_patch", "function"),
    ("web_search", "builtin"),
    ("release-notes", "skill"),
)
_OUTCOMES = ("TOOL_CALL_COMPLETED",) * 8 + ("TOOL_CALL_FAILED",) * 2
_DECISIONS = (
    "approved",
    "approved_for_session",
    "denied",
    "denied_with_network_policy_deny",
    "timed_out",
    "abort",
)
_EFFORTS = ("low", "medium", "medium", "high")
# How often something happens in a turn.
_ERROR, _LONG, _TOOL, _CONNECTOR, _DECISION = 0.015, 0.003, 0.3, 0.015, 0.012
# The name behind the bucket `other`.
_OTHER_MODEL = "codex-lab-preview"
_UNPRICED_USAGE = {
    "input_tokens": 4_100,
    "output_tokens": 380,
    "cached_input_tokens": 2_900,
    "reasoning_output_tokens": 120,
}


@dataclass(frozen=True, slots=True)
class _Turn:
    at: int
    actor: Record
    client_id: str
    common: Record
    tokens: Record
    fast: bool


def write_sessions(scribe: Scribe, cells: list[list[int]], tokens: tuple[Token, ...]) -> None:
    """Add the records of all cells of a day."""
    day = date.fromordinal(scribe.ordinal)
    secret = _secret_cell(scribe, cells) if day.day == SECRET_DAY_OF_MONTH else None
    for place, cell in enumerate(cells):
        draw = random.Random(f"{scribe.people.seed}:{scribe.ordinal}:{cell[:3]}")
        moments = _moments(scribe, day, cell, draw)
        for number, at in enumerate(moments):
            turn = _turn(scribe, day, cell, number, at, tokens)
            secretive = place == secret and number == 0
            _write(scribe, turn, _prompt(scribe, draw, secretive=secretive), draw)


def _prompt(scribe: Scribe, draw: random.Random, *, secretive: bool) -> str:
    if secretive:
        return words.prompt_with_secrets(scribe.people.seed, scribe.ordinal)
    return words.prompt(draw)


def _secret_cell(scribe: Scribe, cells: list[list[int]]) -> int | None:
    """Choose where the prompt with a secret stands: the well-known member's work, else anyone's."""
    member = scribe.people.index_of_role("member")
    places = [place for place, cell in enumerate(cells) if cell[Column.PERSON] == member]
    return next(iter([*places, *range(len(cells))]), None)


def _moments(scribe: Scribe, day: date, cell: list[int], draw: random.Random) -> list[int]:
    """Microseconds of the day at which the turns of a cell are sent, in order of sessions."""
    turns, night = cell[Column.TURNS], 0
    if day.day == BURST_DAY_OF_MONTH and cell[:3] == [scribe.people.night_owl, CLI, FAST_MODEL]:
        night = min(BURST_TURNS, turns)
    burst = [(3900 + 75 * number) * SECOND + draw.randrange(SECOND) for number in range(night)]
    at = draw.randrange(*_WORK)
    gap = min(420, (_LAST_SECOND - at) // max(turns, 1))
    return burst + [(at + gap * number) * SECOND + draw.randrange(SECOND) for number in range(turns - night)]


def _turn(
    scribe: Scribe, day: date, cell: list[int], number: int, at: int, tokens: tuple[Token, ...]
) -> _Turn:
    person, client, model = cell[:3]
    turns, threads = cell[Column.TURNS], cell[Column.THREADS]
    key = (scribe.people.seed, scribe.ordinal, person, client, model)
    common: Record = {
        "session_id": f"sess-{digest('session', *key, number * threads // turns)[:16]}",
        "turn_id": f"turn-{digest('turn', *key, number)[:16]}",
        "call_id": None,
        "model": MODELS[model].name.replace("other", _OTHER_MODEL),
    }
    if client in CLOUD:
        common["environment_id"] = environment_on(scribe.people, day, int(digest(*key)[:4], 16) / 16**4)
    when = (scribe.ordinal - EPOCH_ORDINAL) * DAY + at
    token = token_in_use(tokens, person, when) if client in {SDK, CLI} else None
    speed = MODELS[model].speed == "fast"
    name, actor = scribe.clients[client], scribe.user(person, token)
    return _Turn(at, actor, name, common, _token_usage(cell, number), speed)


def _token_usage(cell: list[int], number: int) -> Record:
    """Tokens of a turn; all turns add up to the cell. A fixed guess where usage shows none."""
    turns = cell[Column.TURNS]
    if not cell[Column.PRICED]:
        return dict(_UNPRICED_USAGE)
    cached = _part(cell[Column.CACHED], turns, number)
    output = _part(cell[Column.OUTPUT], turns, number)
    return {
        "input_tokens": _part(cell[Column.UNCACHED], turns, number) + cached,
        "output_tokens": output,
        "cached_input_tokens": cached,
        "reasoning_output_tokens": output // 3,
    }


def _part(total: int, parts: int, number: int) -> int:
    return total * (number + 1) // parts - total * number // parts


def _write(scribe: Scribe, turn: _Turn, prompt_text: str, draw: random.Random) -> None:
    scribe.codex(turn.at, turn.actor, "PROMPT_SENT", turn.client_id, prompt_text=prompt_text, **turn.common)
    chance = draw.random()
    if chance < _TOOL:
        _tool_calls(scribe, turn, draw)
    if chance < _CONNECTOR:
        _connector(scribe, turn, draw)
    if chance < _DECISION:
        decision = draw.choice(_DECISIONS)
        scribe.codex(
            turn.at + SECOND,
            turn.actor,
            "TOOL_DECISION",
            turn.client_id,
            decision=decision,
            tool_name="shell",
        )
    _response(scribe, turn, draw)


def _tool_calls(scribe: Scribe, turn: _Turn, draw: random.Random) -> None:
    name, kind = draw.choice(_TOOLS)
    call: dict[str, Any] = {
        **turn.common,
        "tool_name": name,
        "tool_type": kind,
        "tool_input": '{"command":["make","test"]}' if name == "shell" else '{"path":"services/app.py"}',
        "tool_call_id": f"call-{draw.randrange(16**8):08x}",
    }
    scribe.codex(turn.at + 1_500_000, turn.actor, "TOOL_CALL_SUGGESTED", turn.client_id, **call)
    outcome = draw.choice(_OUTCOMES)
    status = "completed" if outcome == "TOOL_CALL_COMPLETED" else "error"
    scribe.codex(turn.at + 2_750_000, turn.actor, outcome, turn.client_id, **call, status=status)


def _connector(scribe: Scribe, turn: _Turn, draw: random.Random) -> None:
    call = {"call_id": f"mcp-{draw.randrange(16**8):08x}", "name": "tickets.search"}
    meta = {"connector_id": "connector-tickets", "resource_id": "queue-7"}
    arguments = {"query": "invoice rounding", "limit": 5}
    later = turn.at + SECOND
    scribe.codex(
        later, turn.actor, "APP_MCP_CALL", turn.client_id, **call, arguments=arguments, tool_meta=meta
    )
    scribe.codex(later + SECOND, turn.actor, "APP_MCP_RESULT", turn.client_id, **call, status="success")


def _response(scribe: Scribe, turn: _Turn, draw: random.Random) -> None:
    chance = draw.random()
    outcome: Record = {"status": "completed"}
    if chance < _ERROR:
        outcome = {
            "status": "error",
            "error_code": "rate_limit_exceeded",
            "error_message": "Rate limit reached.",
        }
    elif chance < _ERROR + _LONG:
        outcome = {"status": "error", "error_code": "context_length_exceeded", "error_message": "Too long."}
    scribe.codex(
        turn.at + draw.randrange(4, 60) * SECOND,
        turn.actor,
        "PROMPT_RESPONSE_RECEIVED",
        turn.client_id,
        response_text=words.answer(draw) if outcome["status"] == "completed" else "",
        **outcome,
        **turn.common,
        service_tier="priority" if turn.fast else "default",
        reasoning_effort=draw.choice(_EFFORTS),
        token_usage=turn.tokens,
    )
