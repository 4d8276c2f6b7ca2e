"""The columns of the exports: names of the API and of the dashboard's own files where there are any."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from bot.lake.schema import RESPONSE_COLUMNS, REVIEW_COLUMNS, Dataset
from bot.metrics.clients import Surface

DATE: Final = "date"
USER: Final = "user_id"
EMAIL: Final = "email"
USED: Final = ("threads", "turns", "credits")
TOKENS: Final = {
    "uncached_text_input_tokens": "uncached_input_tokens",
    "cached_text_input_tokens": "cached_input_tokens",
    "text_output_tokens": "output_tokens",
    "text_total_tokens": "total_tokens",
}
"""The API's name of each token count, and the lake's column."""

_NESTED_IN: Final = {
    "comment_details": ("p0", "p1", "p2"),
    "reaction_details": ("upvotes", "downvotes", "other"),
    "comment_response_details": ("engaged", "reacted", "replied", "upvoted", "downvoted", "reacted_other"),
}


class ExportKind(StrEnum):
    """What can be exported."""

    WORKSPACE = "workspace"
    USERS = "users"
    REVIEWS = "reviews"

    @property
    def datasets(self) -> tuple[Dataset, ...]:
        """The datasets of the lake that it is made of."""
        if self is ExportKind.REVIEWS:
            return (Dataset.CODE_REVIEWS, Dataset.CODE_REVIEW_RESPONSES)
        return (Dataset.USAGE,)


class Holds(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    COUNT = "count"
    MICRO = "micro"


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of an export; MICRO ones are integers of millionths."""

    name: str
    holds: Holds = Holds.COUNT


@dataclass(frozen=True, slots=True)
class ReviewField:
    """A field of a review endpoint: its flattened name in the API and the lake's column."""

    dataset: Dataset
    name: str
    column: str


def _review_field(dataset: Dataset, column: str) -> ReviewField:
    parent = next((f"{name}." for name, columns in _NESTED_IN.items() if column in columns), "")
    return ReviewField(dataset, f"{dataset}.{parent}{column}", column)


REVIEW_FIELDS: Final = (
    *(_review_field(Dataset.CODE_REVIEWS, column) for column in REVIEW_COLUMNS),
    *(_review_field(Dataset.CODE_REVIEW_RESPONSES, column) for column in RESPONSE_COLUMNS),
)


def columns_of(kind: ExportKind, *, emails: bool = False) -> tuple[ExportColumn, ...]:
    """The columns of an export, in order; `emails` adds addresses to the one by person."""
    date = ExportColumn(DATE, Holds.TEXT)
    match kind:
        case ExportKind.WORKSPACE:
            return (date, *_per_surface(("active_users", *USED), whole=True))
        case ExportKind.USERS:
            who = [ExportColumn(name, Holds.TEXT) for name in (USER, *([EMAIL] if emails else []))]
            tokens = [ExportColumn(name) for name in TOKENS]
            return (date, *who, *(_used(name) for name in USED), *tokens, *_per_surface(USED))
        case ExportKind.REVIEWS:
            return (date, *(ExportColumn(field.name) for field in REVIEW_FIELDS))


def _per_surface(measures: tuple[str, ...], *, whole: bool = False) -> tuple[ExportColumn, ...]:
    suffixes = [""] if whole else []
    suffixes += [f"_{surface}" for surface in Surface]
    return tuple(_used(name, suffix) for suffix in suffixes for name in measures)


def _used(name: str, suffix: str = "") -> ExportColumn:
    return ExportColumn(name + suffix, Holds.MICRO if name == "credits" else Holds.COUNT)
