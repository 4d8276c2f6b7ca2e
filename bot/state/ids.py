"""Names that people type: short, random and hard to misread."""

from __future__ import annotations

import secrets

# Crockford's base32: no I, L, O or U, which look like digits or each other.
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8


def new_id(prefix: str) -> str:
    """`R-7K3M9QXD` for prefix `R`: 40 random bits."""
    return f"{prefix}-" + "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
