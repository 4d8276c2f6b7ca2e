"""Ed25519 signatures (RFC 8032) over JSON documents in one canonical form.

Canonical means sorted keys, no white space and UTF-8. Documents hold text, whole numbers, booleans, null,
lists and objects with ASCII keys only; for those it is the form of RFC 8785.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from collections.abc import Mapping
from typing import Any, Final

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

PREFIX: Final = "ed25519:"
Document = Mapping[str, Any]


class Signer:
    """Signs with the key of a 32-byte seed; the same seed and document give the same signature."""

    def __init__(self, seed: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(seed)

    @property
    def public_key(self) -> str:
        """`ed25519:` and the 32 bytes of the public key in base64."""
        return PREFIX + b64encode(self._key.public_key().public_bytes_raw()).decode()

    def sign(self, document: Document) -> str:
        """The signature of the canonical form, in base64."""
        return b64encode(self._key.sign(canonical(document))).decode()


def is_signed(document: Document, signature: str, public_key: str) -> bool:
    """True when `signature` is that of `document` by `public_key`; False for anything malformed."""
    try:
        raw = b64decode(public_key.removeprefix(PREFIX), validate=True)
        key = Ed25519PublicKey.from_public_bytes(raw)
        key.verify(b64decode(signature, validate=True), canonical(document))
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def canonical(document: Document) -> bytes:
    """The bytes that are signed."""
    return msgspec.json.encode(document, order="sorted")


def is_public_key(text: str) -> bool:
    """True for text that a `Signer` could have told as its public key."""
    try:
        Ed25519PublicKey.from_public_bytes(b64decode(text.removeprefix(PREFIX), validate=True))
    except (NotBase64, ValueError):
        return False
    return text.startswith(PREFIX)
