"""Keys derived from the installation's secret, one per purpose (HKDF-SHA256)."""

from __future__ import annotations

import secrets

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from pydantic import SecretStr

KEY_BYTES = 32


def derived(secret: SecretStr, purpose: str) -> bytes:
    """32 bytes for one purpose. Without a secret a random key that ends with the process."""
    text = secret.get_secret_value()
    material = text.encode() if text else secrets.token_bytes(KEY_BYTES)
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"codex-pulse {purpose}".encode()).derive(material)
