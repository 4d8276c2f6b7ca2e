"""Signed links to pictures and files: whoever has one may fetch, until it expires."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex

LINKS_PATH = "/teams/files/"
_ID_BYTES = 16
_MAC_BYTES = 16


@dataclass(frozen=True, slots=True)
class Kept:
    """Bytes to be fetched later, and what they are."""

    data: bytes
    name: str
    media_type: str


class Shelf:
    """A folder of things to be fetched. Replicas share it. What is older than `keep` is removed."""

    def __init__(self, folder: Path, clock: Callable[[], datetime], keep: timedelta) -> None:
        self._folder = folder
        self._clock = clock
        self._keep = keep

    def put(self, kept: Kept) -> str:
        """Keep it and return its id; raises OSError. Blocks: call it in a thread."""
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        item_id = token_hex(_ID_BYTES)
        about = {"name": kept.name, "media_type": kept.media_type, "until": self._until().isoformat()}
        # First what the sweep looks for: whatever happens then, the bytes do not stay for ever.
        (self._folder / f"{item_id}.json").write_text(json.dumps(about), encoding="utf-8")
        (self._folder / f"{item_id}.bin").write_bytes(kept.data)
        return item_id

    def get(self, item_id: str) -> Kept | None:
        """Return it, or None when it is not there any more."""
        if not _is_id(item_id):
            return None
        try:
            about = json.loads((self._folder / f"{item_id}.json").read_text(encoding="utf-8"))
            data = (self._folder / f"{item_id}.bin").read_bytes()
        except FileNotFoundError:
            return None
        return Kept(data, about["name"], about["media_type"])

    def drop(self, item_id: str) -> None:
        """Remove it, if it is there."""
        if _is_id(item_id):
            for suffix in ("json", "bin"):
                (self._folder / f"{item_id}.{suffix}").unlink(missing_ok=True)

    def _until(self) -> datetime:
        return self._clock() + self._keep

    def _sweep(self) -> None:
        for path in self._folder.glob("*.json"):
            try:
                until = datetime.fromisoformat(json.loads(path.read_text(encoding="utf-8"))["until"])
            except FileNotFoundError:
                continue  # another replica swept it
            if until < self._clock():
                self.drop(path.stem)


@dataclass(frozen=True, slots=True)
class Ticket:
    """The right to one thing on the shelf until `until` (Unix seconds); `holder` empty: whoever has it."""

    item_id: str
    until: int
    holder: str = ""


class Signer:
    """Turns tickets into text that cannot be forged (HMAC-SHA256, cut to 128 bits) and back."""

    def __init__(self, key: bytes, clock: Callable[[], datetime], lifetime: timedelta) -> None:
        self._key = key
        self._clock = clock
        self._lifetime = lifetime

    def ticket(self, item_id: str, holder: str = "") -> str:
        """A ticket that starts now, as url-safe text."""
        until = int((self._clock() + self._lifetime).timestamp())
        told = json.dumps(asdict(Ticket(item_id, until, holder)), separators=(",", ":")).encode()
        return _encoded(self._mac(told) + told)

    def read(self, text: str) -> Ticket | None:
        """Return the ticket, or None when it is not ours or has expired."""
        raw = _decoded(text)
        mac, told = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
        if not hmac.compare_digest(mac, self._mac(told)):
            return None
        ticket = Ticket(**json.loads(told))
        return ticket if ticket.until >= self._clock().timestamp() else None

    def _mac(self, told: bytes) -> bytes:
        return hmac.new(self._key, told, hashlib.sha256).digest()[:_MAC_BYTES]


@dataclass(frozen=True, slots=True)
class Links:
    """Puts things on the shelf and makes links to them."""

    shelf: Shelf
    signer: Signer
    public_url: str

    def link(self, kept: Kept) -> str:
        """Keep it and return its address; raises OSError. Blocks: call it in a thread."""
        return f"{self.public_url.rstrip('/')}{LINKS_PATH}{self.signer.ticket(self.shelf.put(kept))}"

    def fetch(self, text: str) -> Kept | None:
        """What a link leads to; None for forged and expired links. Blocks: call it in a thread."""
        ticket = self.signer.read(text)
        return self.shelf.get(ticket.item_id) if ticket and not ticket.holder else None


def _is_id(item_id: str) -> bool:
    return len(item_id) == _ID_BYTES * 2 and set(item_id) <= set("0123456789abcdef")


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return b""
