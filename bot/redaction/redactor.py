"""Redaction by detect-secrets' plugins, phonenumbers, python-stdnum, and a pattern for e-mail addresses.

A finding is withheld everywhere in the text it was found in, not only where a plugin saw it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import phonenumbers
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from stdnum import iban

from bot.model.redaction import Redacted, Withheld

PRIVATE_KEY: Final = "Private Key"
PRIVATE_KEY_BLOCK: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL
)
EMAIL: Final = re.compile(r"[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
IBAN: Final = re.compile(r"\b[A-Za-z]{2}\d{2}(?:[ ]?[A-Za-z0-9]){11,30}\b")
SHORTEST_IBAN: Final = 15
SHORTEST_SECRET: Final = 4
Span = tuple[int, int, str]


class LibraryRedactor:
    """All plugins of detect-secrets with their default limits, plus e-mail, phone numbers and IBANs.

    `region` is the country that phone numbers without a country code are read for.
    """

    def __init__(self, region: str | None = None) -> None:
        self._region = region
        classes: Mapping[str, Any] = get_mapping_from_secret_type_to_class()
        self._plugins: Mapping[str, Any] = {kind: plugin() for kind, plugin in classes.items()}

    def redact(self, text: str) -> Redacted:
        """The text without its findings; overlapping findings become one."""
        spans = _disjoint([*_blocks(text), *self._secrets(text), *_patterns(text), *self._phones(text)])
        counted = Counter(kind for _, _, kind in spans)
        return Redacted(_cut(text, spans), tuple(Withheld(kind, n) for kind, n in sorted(counted.items())))

    def _secrets(self, text: str) -> Iterator[Span]:
        for kind, plugin in self._plugins.items():
            for pattern in getattr(plugin, "denylist", ()):
                # the whole match: a plugin whose pattern has groups reports only a piece of it
                yield from ((m.start(), m.end(), kind) for m in pattern.finditer(text))
        for value, kind in sorted(self._judged(text)):
            yield from ((m.start(), m.end(), kind) for m in re.finditer(re.escape(value), text))

    def _judged(self, text: str) -> set[tuple[str, str]]:
        """What the plugins find that look at more than a pattern: keywords, entropy."""
        return {
            (secret.secret_value, kind)
            for line in text.splitlines()
            for kind, plugin in self._plugins.items()
            if kind != PRIVATE_KEY
            for secret in plugin.analyze_line(filename="", line=line, line_number=1)
            if secret.secret_value and len(secret.secret_value) >= SHORTEST_SECRET
        }

    def _phones(self, text: str) -> Iterator[Span]:
        matches = phonenumbers.PhoneNumberMatcher(text, self._region)
        return ((match.start, match.end, "Phone number") for match in matches)


def _blocks(text: str) -> Iterator[Span]:
    return ((m.start(), m.end(), PRIVATE_KEY) for m in PRIVATE_KEY_BLOCK.finditer(text))


def _patterns(text: str) -> Iterator[Span]:
    yield from ((m.start(), m.end(), "E-mail address") for m in EMAIL.finditer(text))
    for match in IBAN.finditer(text):
        if end := _iban_end(match.group()):
            yield match.start(), match.start() + end, "IBAN"


def _iban_end(candidate: str) -> int:
    """Length of the valid IBAN at the start of `candidate`, 0 when there is none: words may follow it."""
    for end in range(len(candidate), SHORTEST_IBAN - 1, -1):
        if candidate[end - 1] != " " and iban.is_valid(candidate[:end]):
            return end
    return 0


def _disjoint(spans: Iterable[Span]) -> list[Span]:
    joined: list[Span] = []
    for start, end, kind in sorted(spans, key=lambda span: (span[0], -span[1], span[2])):
        if joined and start < joined[-1][1]:
            first, last, known = joined[-1]
            joined[-1] = (first, max(last, end), known)
        else:
            joined.append((start, end, kind))
    return joined


def _cut(text: str, spans: Iterable[Span]) -> str:
    parts, at = [], 0
    for start, end, kind in spans:
        parts += [text[at:start], f"[withheld: {kind}]"]
        at = end
    return "".join([*parts, text[at:]])
