"""Another view of a text, in which disguises are undone: escapes, look-alike and invisible characters.

Secrets are looked for in it too; what is found is withheld where it stands in the text itself.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

ESCAPED: Final = re.compile(r"(?<!\\)\\++(?:u([0-9a-fA-F]{4})|([nrt\"'/]))|%(40|2[Bb])")
"""A run of backslashes is read once, from its first: a text of nothing else must not take minutes."""
NAMED: Final = {"n": "\n", "r": "\n", "t": "\t"}
SURROGATES: Final = range(0xD800, 0xE000)
INVISIBLE: Final = "Cf"
BREAKS: Final = "\r\n"
MOST_SPACES: Final = 20
LONG_SPACE: Final = re.compile(rf"[^\S\r\n]{{{MOST_SPACES + 1},}}")
Span = tuple[int, int, str]


@dataclass(frozen=True, slots=True)
class Folded:
    """A view of a text; `starts` and `ends` are where each of its characters stands in the text itself."""

    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]

    def unbroken(self) -> Folded:
        """The same without line breaks, as of what a terminal has wrapped."""
        return self._only([at for at, char in enumerate(self.text) if char not in BREAKS])

    def squeezed(self) -> Folded:
        """The same without long runs of spaces: the library's patterns take hours at some thousands."""
        runs = LONG_SPACE.finditer(self.text)
        spare = {at for run in runs for at in range(run.start() + MOST_SPACES, run.end())}
        return self._only([at for at in range(len(self.text)) if at not in spare])

    def in_text(self, spans: Iterable[Span]) -> Iterator[Span]:
        """Spans of this view as spans of the text itself; empty ones are left out."""
        return ((self.starts[start], self.ends[end - 1], kind) for start, end, kind in spans if start < end)

    def _only(self, kept: list[int]) -> Folded:
        return Folded(
            "".join(self.text[at] for at in kept),
            tuple(self.starts[at] for at in kept),
            tuple(self.ends[at] for at in kept),
        )


def as_it_is(text: str) -> Folded:
    """A text itself as a view of it."""
    return Folded(text, tuple(range(len(text))), tuple(range(1, len(text) + 1)))


def folded(text: str) -> Folded:
    """A text with escapes read, characters in their plain form, and without invisible ones."""
    pieces = tuple(piece for piece in _pieces(text) if piece[2])
    return Folded(
        "".join(char for _, _, char in pieces),
        tuple(start for start, _, _ in pieces),
        tuple(end for _, end, _ in pieces),
    )


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """Each character with its place; nothing for an invisible one."""
    at = 0
    for match in ESCAPED.finditer(text):
        yield from ((place, place + 1, _plain(text[place])) for place in range(at, match.start()))
        yield match.start(), match.end(), _plain(_read(match))
        at = match.end()
    yield from ((place, place + 1, _plain(text[place])) for place in range(at, len(text)))


def _read(match: re.Match[str]) -> str:
    code, letter, percent = match.groups()
    if letter:
        return NAMED.get(letter, letter)
    point = int(code or percent, 16)
    return "\ufffd" if point in SURROGATES else chr(point)


def _plain(char: str) -> str:
    if char.isascii():
        return char
    if unicodedata.category(char) == INVISIBLE:
        return ""
    plain = unicodedata.normalize("NFKC", char)
    return plain if len(plain) == 1 else char
