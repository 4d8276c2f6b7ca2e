"""Text on its way into a card: what somebody typed or is called stays text, whatever is in it."""

from __future__ import annotations

import re

from bot.kit.cells import clean
from bot.teams.limits import cut

# What the card's Markdown subset reads as emphasis, link, code, entity, or as {{DATE(...)}} of the host.
# Nothing else is touched: a client that knows no escapes would show the backslash.
_MEANT = re.compile(
    r"[*`\[\]]|(?<![^\W_])_|_(?![^\W_])|~(?=~)|(?<=~)~|\{(?=\{)|(?<=\{)\{|&(?=#?\w+;)|\\(?=[!-/:-@\[-`{-~]|$)"
)
# Anything that could be read as a tag, an <at> mention among them.
_TAG = re.compile(r"<(?=[A-Za-z/!?]|[^\s<]*[@:>])")
_LIST = re.compile(r"^([-+#>=]|\d{1,9}(?=[.)](?:\s|$)))")


def one_line(text: str, limit: int) -> str:
    """`text` for a place without Markdown: one line, no control or direction-changing characters."""
    return cut(" ".join(clean(text).split()), limit)


def escape(text: str, limit: int) -> str:
    """One line for a card's TextBlock in which nothing is emphasis, link, list, mention or function."""
    shown = _TAG.sub("‹", one_line(text, limit))
    shown = _MEANT.sub(r"\\\g<0>", shown)
    return _unlisted(shown)


def lines(text: str) -> list[str]:
    """The lines of `text`; empty ones are kept as empty strings, but not at the ends."""
    return clean(text).strip().split("\n")


def _unlisted(line: str) -> str:
    """A line that does not open a list, quote or heading."""
    found = _LIST.match(line)
    if found is None:
        return line
    marker, rest = found.group(1), line[found.end() :]
    return f"{marker}\\{rest}" if marker[0].isdigit() else f"\\{line}"
