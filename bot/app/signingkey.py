"""The key that receipts are signed with.

With `PULSE_SECRET_KEY` it is derived from it (HKDF), so that every replica signs alike. Without, a random
one is made once and kept beside the SQLite state, readable by the owner only.
"""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.model.errors import BadSetting
from bot.model.keys import KEY_BYTES, derive_key
from bot.model.signing import Signer
from bot.settings import Settings
from bot.state.engine import state_url

PURPOSE = "receipt signatures"
FILE_NAME = "signing.key"


def signer(settings: Settings) -> Signer:
    """The installation's signer. Raises BadSetting when there is no place for a key."""
    if settings.secret_key.get_secret_value():
        return Signer(derive_key(settings.secret_key, PURPOSE))
    path = _path(settings)
    try:
        return Signer(_kept(path))
    except (OSError, ValueError) as error:
        message = f"{path} cannot be used as the signing key: {type(error).__name__}"
        raise BadSetting(message, "Set PULSE_SECRET_KEY, or make the folder writable.") from None


def _path(settings: Settings) -> Path:
    url = state_url(settings.state_url)
    if url.get_backend_name() != "sqlite":
        message = "PULSE_SECRET_KEY is not set, and replicas need one to sign alike"
        raise BadSetting(message, "Set it to 32 random bytes as text, and keep it.")
    return Path(str(url.database)).with_name(FILE_NAME)


def _kept(path: Path) -> bytes:
    """The key of the file; made first, whole or not at all, by whichever process comes first."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{FILE_NAME}.{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
                out.write(secrets.token_hex(KEY_BYTES))
                out.flush()
                os.fsync(out.fileno())
            _linked(draft, path)
        finally:
            draft.unlink(missing_ok=True)
    return bytes.fromhex(path.read_text(encoding="ascii"))


def _linked(draft: Path, path: Path) -> None:
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        return  # another process was first: its key counts
