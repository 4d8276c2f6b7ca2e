"""The one way from a request to an answer. It never raises."""

from __future__ import annotations

import secrets
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

import structlog

from bot.dispatch import words
from bot.dispatch.grammar import understand
from bot.dispatch.policy import authorise
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.model.chat import Answer, Audience, Drawing, Picture, Refusal, Reply, Request
from bot.model.errors import PulseError
from bot.model.ranges import Calendar

log = structlog.get_logger()
T = TypeVar("T")
Draw = Callable[[Drawing], Awaitable[Picture]]


class Book(Protocol):
    """Where answers leave their receipts."""

    async def remember(self, reply: Reply, command: Command, request: Request) -> str | None:
        """The receipt's id, None for an answer without figures."""
        ...


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Understands, authorises, runs, draws. `draw` turns a drawing into a PNG off the event loop."""

    commands: Sequence[Command]
    deps: Deps
    draw: Draw
    book: Book

    async def answer(self, request: Request) -> Answer:
        """The reply, or a refusal in a person's words."""
        return await self._guarded(self._reply(request), request)

    async def _reply(self, request: Request) -> Reply:
        company = self.deps.company
        calendar = Calendar(request.now, company.lag_hours, company.week_start, company.longest_days)
        command, query = understand(request.text, self.commands, calendar)
        asked = replace(request, query=query)
        audience = authorise(command, asked, per_person=company.per_person)
        log.info("command", command=command.name, audience=audience.value)
        reply = await command.run(asked, self.deps)
        if reply.audience is Audience.HERE:  # a command may only narrow what the policy allows
            reply = replace(reply, audience=audience)
        receipt = await self.book.remember(reply, command, asked)
        return await self._drawn(replace(reply, footer=replace(reply.footer, receipt=receipt)), asked)

    async def _drawn(self, reply: Reply, request: Request) -> Reply:
        """PNG, else the table behind it, else the text alone: a picture never costs the answer."""
        for drawing in reply.drawings:
            picture = await self._guarded(self.draw(drawing), request)
            if isinstance(picture, Refusal):
                reply = replace(reply, table=reply.table or drawing.fallback)
            else:
                reply = replace(reply, pictures=(*reply.pictures, picture))
        return replace(reply, drawings=())

    async def _guarded(self, work: Awaitable[T], request: Request) -> T | Refusal:
        try:
            return await work
        except PulseError as error:
            refusal = words.refusal(error)
            log.info("refused", code=refusal.code.value, kind=type(error).__name__)
            return refusal
        except Exception:
            ref = f"E-{secrets.token_hex(4).upper()}"
            log.exception("bug", ref=ref, request=request.id)
            return words.bug(ref)
