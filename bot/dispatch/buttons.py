"""The actions that every answer over a window gets, in one place."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.kit.command import Command, Shows
from bot.kit.receipts import may_share
from bot.model.chat import Action, Audience, Level, PlaceKind, Reply, Request

EXPORT_LEVELS = {"users": Level.ANALYST}


def with_buttons(reply: Reply, command: Command, request: Request) -> Reply:
    """`reply` with explain, export where the command's figures can be had as a file, and share if private."""
    own = {action.id for action in reply.actions}
    more = tuple(a for a in _actions(reply, command, request) if a.id not in own)
    return replace(reply, actions=(*reply.actions, *more))


def _actions(reply: Reply, command: Command, request: Request) -> Iterator[Action]:
    receipt, asked = reply.footer.receipt, request.query.asked
    needed = EXPORT_LEVELS.get(command.exports, Level.MEMBER)
    if command.exports and asked and request.asker.has(needed):
        yield Action("export", "Export CSV", f"export {command.exports} csv {asked.words}")
    if receipt is None or command.shows is Shows.AUDIT:
        return  # a look-up is asked again in full, with its case and purpose
    yield Action("explain", "Explain", f"explain {receipt}")
    here = request.place.kind is PlaceKind.CHANNEL and may_share(command, request.place)
    if reply.audience is Audience.ASKER and here:
        yield Action("share", "Share here", f"share {receipt}")
