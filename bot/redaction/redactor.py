"""Redaction by detect-secrets' plugins, phonenumbers, python-stdnum, and a pattern for e-mail addresses.

A finding is withheld everywhere in the text it was found in, not only where a plugin saw it. Patterns are
looked for in the text as it stands, and in views of it without disguises and line breaks (`folding`).
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import phonenumbers
from detect_secrets.core.plugins.util import get_mapping_from_secret_type_to_class
from stdnum import iban

from bot.model.redaction import Redacted, Withheld
from bot.redaction.folding import Folded, Span, as_it_is, folded

PRIVATE_KEY: Final = "Private Key"
PRIVATE_KEY_BLOCK: Final = re.compile(
    r"-----BEGIN [A-Z0-9 ]+-----.*?(?:-----END [A-Z0-9 ]+-----|\Z)", re.DOTALL
)
EMAIL: Final = re.compile(r"[\w.%+'-]{1,64}@[\r\n]{0,2}[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
IBAN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?:[\s-]{0,2}[A-Za-z0-9]){11,30}(?![A-Za-z0-9])")
API_KEY: Final = re.compile(r"(?<![A-Za-z0-9])sk-(?=[A-Za-z_-]{0,100}\d)[\w-]{20,}", re.ASCII)
"""Keys of every kind OpenAI has (`sk-proj-`, `sk-admin-`, ...) and their like: the library knows one."""
DIALLED: Final = re.compile(r"(?<![\d+])00(?=[1-9]\d)")
"""How a number of another country begins where `+` cannot be dialled."""
ONE_LINE: Final = frozenset({"Basic Auth Credentials", "Public IP (ipv4)"})
"""Whose patterns find something wherever two lines happen to meet."""
LINE_BREAK: Final = re.compile(r"[\r\n]")
BETWEEN: Final = re.compile(r"[\s-]+")
SHORTEST_IBAN: Final = 15
CODE_LENGTH: Final = 4
SHORTEST_SECRET: Final = 4
KEYWORD: Final = "Secret Keyword"
CONFIGURATION: Final = "x.ini"
"""A file name by which `password=...` is found without quotes, too."""
ONE_WORD: Final = re.compile(r"[^\s()\[\]{}<>]+")
"""What such a value is, unlike code and sentences."""


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
        spans = self._spans(text)
        counted = Counter(kind for _, _, kind in spans)
        return Redacted(_cut(text, spans), tuple(Withheld(kind, n) for kind, n in sorted(counted.items())))

    def _spans(self, text: str) -> list[Span]:
        plain, view = as_it_is(text).squeezed(), folded(text).squeezed()
        disguised = self._found(view.text) if view.text != plain.text else ()
        seen = _disjoint([*plain.in_text(self._found(plain.text)), *view.in_text(disguised)])
        return _disjoint([*seen, *(span for span in self._across(view) if not _touches(span, seen))])

    def _across(self, view: Folded) -> Iterator[Span]:
        """Where lines meet: only what has a form of its own."""
        whole = view.unbroken().squeezed()
        yield from whole.in_text((*self._denied(whole.text, ONE_LINE), *_api_keys(whole.text)))
        yield from view.in_text(self._phones(LINE_BREAK.sub(" ", view.text)))

    def _found(self, text: str) -> Iterator[Span]:
        """Whatever stands in the text as it is."""
        yield from (*_blocks(text), *self._secrets(text), *_patterns(text), *self._phones(text))

    def _denied(self, text: str, but: frozenset[str] = frozenset()) -> Iterator[Span]:
        for kind, plugin in self._plugins.items():
            for pattern in getattr(plugin, "denylist", ()) if kind not in but else ():
                # the whole match: a plugin whose pattern has groups reports only a piece of it
                yield from ((m.start(), m.end(), kind) for m in pattern.finditer(text))

    def _secrets(self, text: str) -> Iterator[Span]:
        yield from self._denied(text)
        for value, kind in sorted(self._judged(text)):
            yield from ((m.start(), m.end(), kind) for m in re.finditer(re.escape(value), text))

    def _judged(self, text: str) -> set[tuple[str, str]]:
        """What the plugins find that look at more than a pattern: keywords, entropy."""
        lines = text.splitlines()
        found = {
            (value, kind)
            for kind, plugin in self._plugins.items()
            if kind != PRIVATE_KEY
            for value in _values(plugin, lines)
        }
        unquoted = _values(self._plugins[KEYWORD], lines, CONFIGURATION)
        return found | {(value, KEYWORD) for value in unquoted if ONE_WORD.fullmatch(value)}

    def _phones(self, text: str) -> Iterator[Span]:
        matches = phonenumbers.PhoneNumberMatcher(DIALLED.sub(" +", text), self._region)
        return ((match.start, match.end, "Phone number") for match in matches)


def _values(plugin: Any, lines: Iterable[str], name: str = "") -> Iterator[str]:
    for line in lines:
        for secret in plugin.analyze_line(filename=name, line=line, line_number=1):
            if secret.secret_value and len(secret.secret_value) >= SHORTEST_SECRET:
                yield secret.secret_value


def _touches(span: Span, disjoint: list[Span]) -> bool:
    before = bisect_left(disjoint, span[1], key=lambda other: other[0]) - 1
    return before >= 0 and disjoint[before][1] > span[0]


def _blocks(text: str) -> Iterator[Span]:
    return ((m.start(), m.end(), PRIVATE_KEY) for m in PRIVATE_KEY_BLOCK.finditer(text))


def _patterns(text: str) -> Iterator[Span]:
    yield from ((m.start(), m.end(), "E-mail address") for m in EMAIL.finditer(text))
    yield from _api_keys(text)
    yield from _ibans(text)


def _api_keys(text: str) -> Iterator[Span]:
    return ((m.start(), m.end(), "API key") for m in API_KEY.finditer(text))


def _ibans(text: str) -> Iterator[Span]:
    at = 0
    while match := IBAN.search(text, at):
        length = _iban_length(match.group())
        if length:
            yield match.start(), match.start() + length, "IBAN"
        at = match.start() + (length or CODE_LENGTH)


def _iban_length(candidate: str) -> int:
    """Length of the valid IBAN at the start of `candidate`, 0 when there is none: words may follow it."""
    for end in range(len(candidate), SHORTEST_IBAN - 1, -1):
        ends_word = candidate[end - 1].isalnum() and not candidate[end : end + 1].isalnum()
        if ends_word and iban.is_valid(BETWEEN.sub("", candidate[:end])):
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
