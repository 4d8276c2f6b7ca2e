"""Typed text made safe and cut into words."""

from __future__ import annotations

import shlex
import unicodedata

from bot.model.errors import WrongUse

LONGEST_TEXT = 1_000
QUOTES = str.maketrans({"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'"})
UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn"}


def clean(text: str) -> str:
    """Without control, format (bidi, zero-width) and unassigned characters; white space folded."""
    seen = "".join(
        " " if c.isspace() else c for c in text if c.isspace() or unicodedata.category(c) not in UNSEEN
    )
    return " ".join(seen.split())


def tokens(text: str) -> tuple[str, ...]:
    """The words of a line; `"two words"` stay one. Raises WrongUse when the line is too long."""
    line = clean(text.translate(QUOTES))
    if len(line) > LONGEST_TEXT:
        message = f"That is {len(line):,} characters long; {LONGEST_TEXT:,} is the most I read."
        raise WrongUse(message, "help")
    lexer = shlex.shlex(line, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
    try:
        return tuple(lexer)
    except ValueError:
        return tuple(line.replace('"', "").split())
