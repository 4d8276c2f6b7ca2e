"""Keys for single purposes, derived from the one secret of the installation."""

from __future__ import annotations

from typing import Final

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

from bot.model.errors import BadSetting

KEY_BYTES: Final = 32
SECRET_MIN_CHARS: Final = 16


def derive_key(secret: SecretStr, purpose: str) -> bytes:
    """32 bytes for `purpose` alone (HKDF-SHA256, RFC 5869). Raises BadSetting when it is short."""
    text = secret.get_secret_value()
    if len(text) < SECRET_MIN_CHARS:
        message = f"PULSE_SECRET_KEY is missing or shorter than {SECRET_MIN_CHARS} characters"
        raise BadSetting(message=message, hint="set it to 32 random bytes as text, and keep it")
    info = f"codex-pulse/{purpose}".encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=info).derive(text.encode())
