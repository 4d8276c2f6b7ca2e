"""`define [X]`: what a figure means exactly, where its definition comes from and how it misleads."""

from __future__ import annotations

from difflib import get_close_matches

from bot.kit.command import Command, Words
from bot.kit.deps import Deps
from bot.metrics import DEFINITIONS_VERSION
from bot.metrics.definitions import Definition, definitions, find_definition
from bot.model.chat import Action, Column, Footer, Reply, Request, Table
from bot.model.errors import UnknownWord

FIRST = ("active_users", "adoption_rate", "streak")


async def run(request: Request, _deps: Deps) -> Reply:
    """One entry, or all of them."""
    words = " ".join(request.query.words)
    return _one(_found(words)) if words else _all()


def _found(words: str) -> Definition:
    entry = find_definition(words)
    if entry is None:
        names = {name.casefold(): e.key for e in definitions().values() for name in (e.key, e.title)}
        nearest = get_close_matches(words.casefold(), names, 1, 0.5)
        raise UnknownWord(word=words, nearest=names[nearest[0]] if nearest else None, example="define")
    return entry


def _one(entry: Definition) -> Reply:
    lines = [f"{entry.title}: {entry.definition}."]
    if entry.trap:
        lines.append(f"Mind: {entry.trap}.")
    if entry.source:
        lines.append(f"After: {entry.source}.")
    return Reply("define", "\n".join(lines), footer=Footer(definitions_version=DEFINITIONS_VERSION))


def _all() -> Reply:
    rows = tuple((entry.key, entry.title, entry.definition) for entry in definitions().values())
    columns = (Column("name", "Name"), Column("title", "Figure"), Column("definition", "Definition"))
    return Reply(
        "define",
        f"{len(rows)} figures are defined (version {DEFINITIONS_VERSION}); `define NAME` tells one whole.",
        table=Table(columns, rows, title="Definitions"),
        actions=tuple(Action(f"define-{key}", f"define {key}", f"define {key}") for key in FIRST),
        footer=Footer(definitions_version=DEFINITIONS_VERSION),
    )


COMMAND = Command(
    name="define",
    summary="What a figure means exactly",
    run=run,
    usage="[FIGURE]",
    examples=("define", "define active users", "define streak"),
    ranged=False,
    words=Words.SOME,
    keywords=tuple(definitions()),
)
