"""The entries that `define NAME` prints."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from bot.model.chat import Unit


@dataclass(frozen=True, slots=True)
class Definition:
    """One metric: what it is exactly, where the definition comes from, and how it misleads."""

    key: str
    title: str
    definition: str
    unit: Unit
    source: str
    trap: str


@cache
def definitions() -> dict[str, Definition]:
    """All entries by key, in the order of the document."""
    document = tomllib.loads(files(__package__).joinpath("definitions.toml").read_text(encoding="utf-8"))
    return {key: Definition(key, unit=Unit(entry.pop("unit")), **entry) for key, entry in document.items()}


def find_definition(words: str) -> Definition | None:
    """The entry of a key or title, however it is written (`MAU28`, `active users`); None when unknown."""
    wanted = _plain(words)
    for entry in definitions().values():
        if wanted in (_plain(entry.key), _plain(entry.title)):
            return entry
    return None


def _plain(words: str) -> str:
    return "".join(letter for letter in words.casefold() if letter.isalnum()).removesuffix("s")
