from __future__ import annotations

import pytest

from bot.http.base_url import normalise_base_url
from bot.model.errors import BadSetting


@pytest.mark.parametrize(
    ("written", "base"),
    [
        ("https://api.chatgpt.com/v1", "https://api.chatgpt.com/v1"),
        ("https://api.chatgpt.com/v1/", "https://api.chatgpt.com/v1"),
        ("https://api.chatgpt.com/v1//", "https://api.chatgpt.com/v1"),
        ("https://api.chatgpt.com/v1/analytics/codex", "https://api.chatgpt.com/v1"),
        ("https://api.chatgpt.com/v1/analytics/codex/", "https://api.chatgpt.com/v1"),
        ("  https://api.chatgpt.com/v1\n", "https://api.chatgpt.com/v1"),
        ("https://api.chatgpt.com", "https://api.chatgpt.com"),
        ("https://gateway.example:8443/openai/v1", "https://gateway.example:8443/openai/v1"),
        ("http://localhost:8760/v1", "http://localhost:8760/v1"),
        ("http://127.0.0.1:8760/v1/analytics/codex", "http://127.0.0.1:8760/v1"),
        ("http://127.8.9.10/v1", "http://127.8.9.10/v1"),
        ("http://[::1]:8760/v1", "http://[::1]:8760/v1"),
        ("HTTPS://API.chatgpt.com/v1", "https://api.chatgpt.com/v1"),
    ],
)
def test_the_base_url_is_read_as_people_write_it(written: str, base: str) -> None:
    assert normalise_base_url(written) == base
    assert normalise_base_url(base) == base


@pytest.mark.parametrize(
    "written",
    [
        "",
        "api.chatgpt.com/v1",
        "http://api.chatgpt.com/v1",
        "http://localhost.evil.example/v1",
        "http://127.0.0.1.evil.example/v1",
        "http://0.0.0.0/v1",
        "ftp://localhost/v1",
        "https:///v1",
        "https://api.chatgpt.com:port/v1",
        "https://user:hunter2@api.chatgpt.com/v1",
        "https://api.chatgpt.com/v1?key=1",
        "https://api.chatgpt.com/v1#part",
        "https://[::1/v1",
    ],
)
def test_a_base_url_that_could_leak_the_key_or_means_nothing_is_refused(written: str) -> None:
    with pytest.raises(BadSetting) as refused:
        normalise_base_url(written)
    assert refused.value.message
    assert "hunter2" not in refused.value.message + refused.value.hint
