"""What would be sent for an answer, recorded by the delivery itself: `--format teams`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.model.chat import Answer, PlaceKind, Request
from bot.teams.consent import Offers
from bot.teams.deliver import Delivery, Manners
from bot.teams.incoming import Origin
from bot.teams.links import Links, Shelf, Signer
from bot.teams.outbox import Body
from bot.teams.ports import Address

SERVICE_URL = "https://smba.trafficmanager.net/teams/"
TENANT_ID = "00000000-0000-0000-0000-000000000001"
PUBLIC_URL = "https://pulse.example.com"
BOT_ID = "28:00000000-0000-0000-0000-000000000000"
_KEPT = timedelta(hours=24)


class RecordingOutbox:
    """An `Outbox` that sends nothing and answers with placeholders where Teams would choose an id."""

    def __init__(self) -> None:
        self.activities: list[Body] = []

    async def send(self, address: Address, activity: Body, *, is_targeted: bool = False) -> str:
        """Record an activity with its conversation."""
        del is_targeted  # the recipient says it
        conversation = {"id": address.conversation_id, "conversationType": _kind(address)}
        self.activities.append({**activity, "from": {"id": BOT_ID}, "conversation": conversation})
        return f"{1_000_000_000_000 + len(self.activities)}"

    async def update(
        self, address: Address, activity_id: str, activity: Body, *, is_targeted: bool = False
    ) -> None:
        """Record the new form of a message."""
        await self.send(address, {**activity, "id": activity_id}, is_targeted=is_targeted)

    async def delete(self, address: Address, activity_id: str) -> None:
        """Record nothing: no activity is sent."""

    async def member(self, address: Address, user_id: str) -> Mapping[str, Any]:
        """Know only the id."""
        del address
        return {"id": user_id}

    async def personal(self, address: Address, user_id: str) -> Address:
        """Name a chat that does not exist."""
        return Address(f"a:{user_id}", address.service_url, PlaceKind.DM, address.tenant_id)

    async def upload(self, url: str, data: bytes) -> None:
        """Record nothing: no activity is sent."""


async def payloads(answer: Answer, request: Request, command: str = "/codex") -> list[dict[str, Any]]:
    """The activities in the order in which they would be sent."""
    outbox = RecordingOutbox()
    with TemporaryDirectory(prefix="codex-pulse-") as folder:
        shelf = Shelf(Path(folder), lambda: request.now, _KEPT)
        signer = Signer(b"not a secret: these links lead nowhere", lambda: request.now, _KEPT)
        manners = Manners(lambda: request.now, command, links=Links(shelf, signer, PUBLIC_URL))
        await Delivery(outbox, manners, Offers(shelf, signer)).deliver(answer, _origin(request))
    return outbox.activities


def _origin(request: Request) -> Origin:
    kind = request.place.kind
    address = Address(request.place.id, SERVICE_URL, kind, TENANT_ID)
    return Origin(address, request.asker.id, request.text, request.asker.id)


def _kind(address: Address) -> str:
    return "personal" if address.kind is PlaceKind.DM else "channel"
