"""Usage rows as plain dictionaries, in each generation of the schema (contract.md b.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from bot.reference.catalogue import MODELS
from bot.reference.chance import Ints
from bot.reference.days import CREDIT_UNITS, Column
from bot.reference.people import People

Row = dict[str, Any]
Sums = list[int]
DAY_SECONDS = 86_400
EPOCH_ORDINAL = 719_163
_TOKENS = (
    ("uncached_text_input_tokens", Column.UNCACHED),
    ("cached_text_input_tokens", Column.CACHED),
    ("text_output_tokens", Column.OUTPUT),
)
_TOKEN_NAMES = (*(name for name, _ in _TOKENS), "text_total_tokens")


@dataclass(frozen=True, slots=True)
class Period:
    """Whole UTC days as ordinals, half-open: a day or a week."""

    first: int
    end: int

    def seconds(self) -> Row:
        """Row edges in Unix seconds."""
        first, end = ((ordinal - EPOCH_ORDINAL) * DAY_SECONDS for ordinal in (self.first, self.end))
        return {"start_time": first, "end_time": end}


@dataclass(frozen=True, slots=True)
class RowWriter:
    """Writes rows of one schema generation."""

    people: People
    generation: str
    clients: tuple[str, ...]

    def persons(self, cells: Ints, period: Period) -> Iterator[Row]:
        """Yield a row per person, in user-id order; the cells are sorted by person."""
        for index, group in groupby(cells.tolist(), key=_person):
            yield self._person_row(index, list(group), period)

    def workspace(self, cells: Ints, period: Period) -> Row:
        """Make one row for all; its models are the sums of what the persons' rows show."""
        parts = cells.tolist()
        shown = [part for part in parts if self._shows_models(part[Column.PERSON])]
        style = _Style(self.generation, priced=any(part[Column.PRICED] for part in parts))
        return {
            **_head(period),
            "user_id": None,
            "actor": None,
            "totals": style.amounts(_total(parts), threads=True),
            "clients": _clients(parts, style, self.clients),
            "models": _models(shown, style),
            "code_attribution": None,
        }

    def _person_row(self, index: int, parts: list[Sums], period: Period) -> Row:
        total = _total(parts)
        priced = total[Column.PRICED] > 0
        style = _Style(self.generation, priced=priced, billed=bool(self.people.usd_billed[index]))
        return {
            **_head(period),
            **self._who(index),
            "totals": style.totals(total),
            "clients": _clients(parts, style, self.clients),
            "models": _models(parts, style) if self._shows_models(index) else None,
            "code_attribution": _code(index, total, period, self.generation) if priced else None,
        }

    def _who(self, index: int) -> Row:
        user_id, email = self.people.user_ids[index], self.people.shown_email(index)
        if self.generation == "2026-04":
            return {"user_id": user_id, "email": email}
        return {"user_id": user_id, "actor": {"type": "ACCOUNT_USER", "user_id": user_id, "email": email}}

    def _shows_models(self, index: int) -> bool:
        return not bool(self.people.models_hidden[index])


@dataclass(frozen=True, slots=True)
class _Style:
    """Which amounts a row shows: ``priced`` = tokens are known, ``billed`` = charged in USD."""

    generation: str
    priced: bool
    billed: bool = False

    def totals(self, sums: Sums) -> Row:
        """Amounts of the whole row; what is not known is null here."""
        amounts = self.amounts(sums, threads=True)
        if not self.priced and self.generation >= "2026-06":
            amounts |= {"estimated_cost_usd": None} if self.generation >= "2026-07" else {}
            amounts |= dict.fromkeys(_TOKEN_NAMES)
        return amounts

    def amounts(self, sums: Sums, *, threads: bool) -> Row:
        """Amounts of a part; what is not known is left out here."""
        amounts: Row = {"threads": sums[Column.THREADS], "turns": sums[Column.TURNS]} if threads else {}
        amounts["credits"] = sums[Column.CREDITS] / CREDIT_UNITS
        if self.priced and self.generation >= "2026-06":
            amounts |= self._money(sums) | _tokens(sums)
        return amounts

    def _money(self, sums: Sums) -> Row:
        estimate = None if self.billed else sums[Column.ESTIMATE] / 100
        billed = sums[Column.BILLED] / 100 if sums[Column.BILLED] else None
        match self.generation:
            case "2026-06":
                return {}
            case "2026-07":
                return {"estimated_cost_usd": estimate}
            case _:
                return {"cost_usd": billed, "estimated_cost_usd": estimate}


def _head(period: Period) -> Row:
    return {"object": "workspace.codex.usage.result", **period.seconds()}


def _person(part: Sums) -> int:
    return part[Column.PERSON]


def _total(parts: Iterable[Sums]) -> Sums:
    return [sum(column) for column in zip(*parts, strict=True)]


def _tokens(sums: Sums) -> Row:
    tokens = {name: sums[column] for name, column in _TOKENS}
    return {**tokens, "text_total_tokens": sum(tokens.values())}


def _clients(parts: list[Sums], style: _Style, names: tuple[str, ...]) -> list[Row]:
    sums = _added(parts, Column.CLIENT)
    return [{"client_id": names[key], **style.amounts(sums[key], threads=True)} for key in sorted(sums)]


def _models(parts: list[Sums], style: _Style) -> list[Row]:
    sums = _added(parts, Column.MODEL)
    return [
        {"model": MODELS[key].name, "speed": MODELS[key].speed, **style.amounts(sums[key], threads=False)}
        for key in sorted(sums)
    ]


def _added(parts: list[Sums], column: Column) -> dict[int, Sums]:
    groups: dict[int, list[Sums]] = {}
    for part in parts:
        groups.setdefault(part[column], []).append(part)
    return {key: _total(group) if len(group) > 1 else group[0] for key, group in groups.items()}


def _code(index: int, total: Sums, period: Period, generation: str) -> Row | None:
    """Lines and commits; unknown for a third of the rows."""
    if (index + period.first) % 3 == 0:
        return None
    added, removed = total[Column.OUTPUT] // 45, total[Column.OUTPUT] // 210
    if generation == "2026-04":
        return {"lines_added": added, "lines_removed": removed}
    committed, commits = added * (50 + index % 40) // 100, total[Column.THREADS] // 2
    every_line, every_commit = committed * 2 + 40 + index % 7, commits + 1 + index % 3
    lines = {"added": added, "removed": removed, "committed": committed}
    counts: Row = {"with_codex_contribution": commits}
    if generation >= "2026-07":
        lines["total_committed_lines"], counts["total_commits"] = every_line, every_commit
    return {
        "lines_of_code": {**lines, "committed_percentage": _percentage(committed, every_line)},
        "commits": {**counts, "with_codex_contribution_percentage": _percentage(commits, every_commit)},
    }


def _percentage(part: int, whole: int) -> float:
    """0-100 with one decimal; a whole number is written as an integer, as seen in the wild."""
    value = round(100 * part / whole, 1)
    return int(value) if value == int(value) else value
