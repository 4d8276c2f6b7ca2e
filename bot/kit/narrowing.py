"""The option `client WORD`: a surface or a client, as people write it."""

from __future__ import annotations

from difflib import get_close_matches

from bot.kit.command import Option
from bot.metrics.clients import Surface, client_named, client_words
from bot.model.errors import BadValue
from bot.model.query import Query

CLIENT = Option("client", "narrows to one surface or client, e.g. `client cli` or `client vscode`")
_LONGEST_QUOTE = 40


def through_of(query: Query, example: str) -> str | None:
    """The surface or client id of `client WORD`, None without it; raises BadValue for a word unknown."""
    word = query.option("client")
    if not word:
        return None
    if found := client_named(word):
        return found
    nearest = get_close_matches(word.casefold(), client_words(), 1)
    meant = f"Did you mean `{nearest[0]}`? " if nearest else ""
    surfaces = ", ".join(surface.value for surface in Surface)
    cut = word.replace("`", "'")[:_LONGEST_QUOTE]
    raise BadValue(f"`client {cut}` is not known. {meant}Surfaces are {surfaces}.", example)
