"""What an owner is told when a subscription did not do what it should."""

from __future__ import annotations

from bot.state.deliveries import Delivery, DeliveryError

# Kept apart from the platform's own markup: plain text with typed commands.
PAUSES = frozenset(
    {
        DeliveryError.CHANNEL_GONE,
        DeliveryError.NOT_IN_CHANNEL,
        DeliveryError.NOT_ALLOWED,
        DeliveryError.WRONG_USE,
        DeliveryError.PRIVATE,
    }
)
_WHY = {
    DeliveryError.TOO_LATE: "was not posted: it was due too long ago, and I never catch up",
    DeliveryError.MAYBE_SENT: "may or may not be posted: the connection or the bot broke while sending. "
    "I do not post it again by myself; please look",
    DeliveryError.NOT_ALLOWED: "was not posted: you may no longer see it",
    DeliveryError.WRONG_USE: "was not posted: its command cannot be answered any more",
    DeliveryError.PRIVATE: "was not posted: its answer is for you only and the place is not",
    DeliveryError.BUG: "was not posted: something broke on our side, and it is logged",
    DeliveryError.SOURCE: "was not posted: there were no figures in time",
    DeliveryError.PLATFORM: "was not posted: the chat platform could not be reached in time",
    DeliveryError.CHANNEL_GONE: "was not posted: the channel is gone or archived",
    DeliveryError.NOT_IN_CHANNEL: "was not posted: I am not in the channel any more",
    DeliveryError.REFUSED: "was not posted: the platform refused the message",
    DeliveryError.PICTURE: "is posted without its picture: the platform refused it",
    DeliveryError.FILE: "is posted, but a file of its thread may be missing",
    DeliveryError.INCOMPLETE: "is posted, but its picture or files could not be added in time",
    DeliveryError.STOPPED: "was stopped half-way: the subscription was paused or removed meanwhile",
}


def for_owner(delivery: Delivery) -> str:
    """One sentence with the subscription, its period and what happened, and what to type if it is paused."""
    said = f"{delivery.subscription_id} ({delivery.command}) for {delivery.period} {_WHY[delivery.error]}."
    if delivery.error not in PAUSES:
        return said
    return f"{said} It is paused; `resume {delivery.subscription_id}` starts it again."
