"""The reply as JSON: the shape that scripts rely on (design section 4)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal

import msgspec

from bot.model.chat import SCHEMA


class FactJson(msgspec.Struct):
    """`number` is unrounded, null means no data; `change_pct` 14.2 means +14.2 %."""

    key: str
    label: str
    value: str
    number: float | None
    unit: str
    change_pct: float | None


class ColumnJson(msgspec.Struct):
    """A column of the table."""

    key: str
    label: str
    unit: str


class TableJson(msgspec.Struct):
    """Cells are strings, unrounded numbers or null for no data."""

    columns: list[ColumnJson]
    rows: list[list[str | float | int | None]]


class PictureJson(msgspec.Struct):
    """A PNG on disk."""

    path: str
    alt: str
    width_px: int
    height_px: int


class FileJson(msgspec.Struct):
    """A file on disk."""

    path: str
    media_type: str
    sha256: str


class ActionJson(msgspec.Struct):
    """A button and the typed command that does the same."""

    id: str
    label: str
    command: str


class WindowJson(msgspec.Struct):
    """Whole UTC days; `end` is exclusive."""

    start: date
    end: date


class FooterJson(msgspec.Struct):
    """Where the figures come from."""

    window: WindowJson | None
    complete_through: date | None
    missing_days: list[date]
    partial_days: list[date]
    synced_at: datetime | None
    receipt: str | None
    definitions_version: str


class ReplyJson(msgspec.Struct):
    """One answer."""

    schema: Literal[1]
    command: str
    text: str
    facts: list[FactJson]
    table: TableJson | None
    pictures: list[PictureJson]
    files: list[FileJson]
    actions: list[ActionJson]
    audience: Literal["here", "asker"]
    footer: FooterJson


class ErrorJson(msgspec.Struct):
    """One refusal. `ref` names a bug in the log."""

    code: Literal["wrong_use", "not_allowed", "unavailable", "bug"]
    message: str
    hint: str
    ref: str | None


class RefusalJson(msgspec.Struct):
    """What a refusal prints."""

    error: ErrorJson


def schema() -> bytes:
    """The JSON Schema of everything `--format json` prints."""
    (refs, components) = msgspec.json.schema_components(
        [ReplyJson, RefusalJson], ref_template="#/$defs/{name}"
    )
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Codex Pulse answer, schema {SCHEMA}",
        "anyOf": list(refs),
        "$defs": components,
    }
    return msgspec.json.format(msgspec.json.encode(document), indent=2) + b"\n"
