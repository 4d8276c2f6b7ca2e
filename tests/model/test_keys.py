from __future__ import annotations

import hmac

import pytest
from pydantic import SecretStr

from bot.model.errors import BadSetting
from bot.model.keys import derive_key

SECRET = SecretStr("a secret of the tests, long enough")


def by_hand(secret: bytes, info: bytes) -> bytes:
    """RFC 5869 with an empty salt and one block."""
    extracted = hmac.digest(bytes(32), secret, "sha256")
    return hmac.digest(extracted, info + b"\x01", "sha256")


def test_a_key_is_what_the_rfc_says() -> None:
    expected = by_hand(SECRET.get_secret_value().encode(), b"codex-pulse/events/text")
    assert derive_key(SECRET, "events/text") == expected


def test_each_purpose_has_its_own_key() -> None:
    assert derive_key(SECRET, "a") != derive_key(SECRET, "b")


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_missing_or_short_secret_is_a_setting_to_correct(secret: str) -> None:
    with pytest.raises(BadSetting):
        derive_key(SecretStr(secret), "a")
