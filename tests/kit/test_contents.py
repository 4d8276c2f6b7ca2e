from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.compliance.originals import Original
from bot.kit.contents import LONGEST_READ, shown
from bot.metrics.events.lines import SourceLine
from bot.redaction import LibraryRedactor

LINE = SourceLine(
    "e1", "CODEX_LOG", "APP_MCP_CALL", datetime(2026, 10, 20, 8, tzinfo=UTC), "u1", None, "f1", 1, "ab" * 32
)


def text_of(details: dict[str, Any], before: bytes = b"") -> str:
    raw = before + json.dumps({"event_details": details}).encode()
    (one,) = shown((Original(LINE, raw),), LibraryRedactor())
    return one.text


def test_what_was_sent_to_an_app_is_shown_and_redacted() -> None:
    told = text_of({"name": "tickets.search", "arguments": {"to": "dana@corp.example", "query": "all open"}})
    assert told.startswith('arguments: {"to":"[withheld: E-mail address]"')
    assert "all open" in told


@pytest.mark.parametrize("field", ["prompt_text", "response_text", "url", "error_message"])
def test_texts_are_shown_by_the_name_of_their_field(field: str) -> None:
    assert text_of({field: "some words"}, b"\xef\xbb\xbf") == f"{field}: some words"


def test_a_line_without_texts_says_so() -> None:
    assert text_of({"prompt_text": None}) == "(no text)"


def test_half_an_emoji_hides_no_text() -> None:
    assert text_of({"prompt_text": "look \ud83d"}) == "prompt_text: look ?"


@pytest.mark.parametrize("raw", [b'{"event_details":{"prompt_text":"caf\xe9"}}', b'{"event_details":'])
def test_a_line_that_is_no_json_says_so(raw: bytes) -> None:
    (one,) = shown((Original(LINE, raw),), LibraryRedactor())
    assert one.text == "(the line cannot be read as JSON)"


def test_of_a_very_long_text_the_beginning_is_looked_through_and_shown() -> None:
    values = "\n".join(f"x = '{at:04d}c3ab8ff13720e8ad9047dd39466b3c8974e5'" for at in range(4_000))
    told = text_of({"prompt_text": f"begin {'dana@corp.example ' * 40}{values}"})
    assert told.startswith("prompt_text: begin [withheld: E-mail address]")
    assert told.endswith("characters more")
    assert "dana@" not in told
    assert len(told) < 2 * 1_500


def test_what_is_cut_off_in_the_middle_of_a_secret_is_not_shown() -> None:
    block = "-----BEGIN RSA PRIVATE KEY-----" + "M" * (LONGEST_READ - 100) + "-----END RSA PRIVATE KEY-----"
    told = text_of({"prompt_text": f"{block} ghp_" + "a1B2" * 9})
    assert "ghp_" not in told
