"""What may be told of a text: its length and a hash that only this installation can make."""

from __future__ import annotations

import base64
import hmac
from dataclasses import dataclass, field
from typing import Self

from cryptography.fernet import Fernet
from pydantic import SecretStr

from bot.model.keys import derive_key

IP_HASH_CHARS = 32


@dataclass(frozen=True, slots=True)
class EventKeys:
    """Keys of the audit log, one per purpose. Without the secret no hash can be compared with a guess."""

    text_key: bytes = field(repr=False)
    ip_key: bytes = field(repr=False)
    seal_key: bytes = field(repr=False)

    @classmethod
    def from_secret(cls, secret: SecretStr) -> Self:
        """The keys of an installation. Raises BadSetting for an empty or short secret."""
        return cls(*(derive_key(secret, f"events/{name}") for name in ("text", "client_ip", "quarantine")))

    def text_hash(self, text: str) -> str:
        """HMAC-SHA256 in hex; equal texts have equal hashes, whatever field they stood in."""
        return hmac.digest(self.text_key, text.encode(errors="surrogatepass"), "sha256").hex()

    def ip_hash(self, address: str) -> str:
        """128 bits in hex, enough to see that two events came from one address."""
        return hmac.digest(self.ip_key, address.encode(errors="surrogatepass"), "sha256").hex()[
            :IP_HASH_CHARS
        ]

    def seal(self, raw: bytes) -> str:
        """Encrypts a line that could not be read: it may hold a prompt."""
        return self._fernet().encrypt(raw).decode()

    def unseal(self, sealed: str) -> bytes:
        """The line of `seal`. Raises cryptography.fernet.InvalidToken with another secret."""
        return self._fernet().decrypt(sealed)

    def _fernet(self) -> Fernet:
        return Fernet(base64.urlsafe_b64encode(self.seal_key))
