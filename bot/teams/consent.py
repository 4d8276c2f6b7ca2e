"""Files in personal chats: offered by a card, put into the person's OneDrive when they accept."""

from __future__ import annotations

import asyncio
from urllib.parse import urlsplit

import structlog

from bot.model.chat import File, Refusal, RefusalCode
from bot.teams.incoming import Consent
from bot.teams.links import Kept, Shelf, Signer
from bot.teams.look import Look
from bot.teams.outbox import GONE, Outbox
from bot.teams.render import Activity, render
from bot.teams.text import one_line

log = structlog.get_logger(__name__)

CONSENT_CARD = "application/vnd.microsoft.teams.card.file.consent"
INFO_CARD = "application/vnd.microsoft.teams.card.file.info"
_EXPIRED = Refusal(RefusalCode.UNAVAILABLE, "That file is not here any more.", "Please ask for it again.")
_FAILED = Refusal(
    RefusalCode.UNAVAILABLE, "The file could not be put into your OneDrive.", "Please ask again."
)


class Offers:
    """Offers files and keeps them until they are accepted, declined or too old."""

    def __init__(self, shelf: Shelf, signer: Signer, *, any_host: bool = False) -> None:
        self._shelf = shelf
        self._signer = signer
        self._any_host = any_host

    async def offer(self, file: File, user_id: str) -> Activity:
        """The card that asks `user_id`, who alone can accept; raises OSError."""
        data = await asyncio.to_thread(file.path.read_bytes)
        item_id = await asyncio.to_thread(self._shelf.put, Kept(data, file.name, file.media_type))
        context = {"file": self._signer.ticket(item_id, user_id)}
        content = {
            "description": one_line(f"{file.name}, {len(data):,} bytes", 200),
            "sizeInBytes": len(data),
            "acceptContext": context,
            "declineContext": context,
        }
        attachment = {"contentType": CONSENT_CARD, "name": file.name, "content": content}
        return {
            "type": "message",
            "summary": one_line(f"File: {file.name}", 200),
            "attachments": [attachment],
        }

    async def settle(self, consent: Consent, outbox: Outbox, look: Look) -> None:
        """Upload or forget; the person is told how it ended. A failure of Teams is logged, never raised."""
        ticket = self._signer.read(consent.context)
        if ticket is None or ticket.holder != consent.user_id:
            log.warning("teams_consent_refused")
            await _say(outbox, consent, render(_EXPIRED, look))
            return
        kept = await asyncio.to_thread(self._shelf.get, ticket.item_id)
        if consent.accepted:
            await _say(outbox, consent, await self._uploaded(consent, kept, outbox, look))
        await asyncio.to_thread(self._shelf.drop, ticket.item_id)
        if consent.message_id:
            await _remove(outbox, consent)

    async def _uploaded(self, consent: Consent, kept: Kept | None, outbox: Outbox, look: Look) -> Activity:
        if kept is None:
            return render(_EXPIRED, look)
        if not self._any_host and urlsplit(consent.upload_url).scheme != "https":
            log.warning("teams_upload_address_refused")
            return render(_FAILED, look)
        try:
            await outbox.upload(consent.upload_url, kept.data)
        except GONE as failed:
            log.warning("teams_upload_failed", error=str(failed))
            return render(_FAILED, look)
        return _info(consent, kept)


def _info(consent: Consent, kept: Kept) -> Activity:
    attachment = {
        "contentType": INFO_CARD,
        "contentUrl": consent.content_url,
        "name": kept.name,
        "content": {"uniqueId": consent.unique_id, "fileType": consent.file_type},
    }
    return _message(attachment)


def _message(attachment: Activity) -> Activity:
    return {
        "type": "message",
        "summary": one_line(f"File: {attachment['name']}", 200),
        "attachments": [attachment],
    }


async def _say(outbox: Outbox, consent: Consent, activity: Activity) -> None:
    try:
        await outbox.send(consent.address, activity)
    except GONE as failed:
        log.warning("teams_answer_undelivered", error=str(failed))


async def _remove(outbox: Outbox, consent: Consent) -> None:
    """The card has done its work; it stays when Teams does not let it go."""
    try:
        await outbox.delete(consent.address, consent.message_id)
    except GONE as failed:
        log.info("teams_card_not_removed", error=str(failed))
