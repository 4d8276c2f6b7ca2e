"""The one way from a request to an answer. It never raises."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol, TypeVar

import structlog

from bot.dispatch import words
from bot.dispatch.grammar import understand
from bot.dispatch.lanes import Lanes, lane_of
from bot.dispatch.meter import Meter, Unmetered
from bot.dispatch.policy import authorise
from bot.kit.command import Command
from bot.kit.deps import Deps
from bot.model.chat import Answer, Audience, Drawing, Picture, Refusal, Reply, Request
from bot.model.errors import PulseError
from bot.model.ranges import Calendar

log = structlog.get_logger()
T = TypeVar("T")
UNKNOWN = "unknown"
Draw = Callable[[Drawing], Awaitable[Picture]]


class Book(Protocol):
    """Where answers leave their receipts."""

    async def remember(self, reply: Reply, command: Command, request: Request) -> str | None:
        """The receipt's id, None for an answer without figures."""
        ...


@dataclass(frozen=True, slots=True)
class Understood:
    """What was asked, by somebody who may: the command, the request with its query, who sees the answer."""

    command: Command
    request: Request
    audience: Audience


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Understands, authorises, waits for its turn, runs, draws.

    `draw` turns a drawing into a PNG off the event loop.
    """

    commands: Sequence[Command]
    deps: Deps
    draw: Draw
    book: Book
    lanes: Lanes = field(default_factory=Lanes)
    meter: Meter = field(default_factory=Unmetered)

    async def answer(self, request: Request) -> Answer:
        """The reply, or a refusal in a person's words."""
        started = time.perf_counter()
        understood = await self._guarded(self._understood(request), request)
        name = UNKNOWN if isinstance(understood, Refusal) else understood.command.name
        answer: Answer
        if isinstance(understood, Refusal):
            answer = understood
        else:
            answer = await self._guarded(self._in_turn(understood), request)
        outcome = answer.code.value if isinstance(answer, Refusal) else "reply"
        seconds = time.perf_counter() - started
        self.meter.answered(name, outcome, seconds)
        log.info("answered", command=name, outcome=outcome, ms=round(seconds * 1000), request=request.id)
        return answer

    async def _understood(self, request: Request) -> Understood:
        company = self.deps.company
        calendar = Calendar(request.now, company.lag_hours, company.week_start, company.longest_days)
        command, query = understand(request.text, self.commands, calendar)
        asked = replace(request, query=query)
        return Understood(command, asked, authorise(command, asked, per_person=company.per_person))

    async def _in_turn(self, understood: Understood) -> Reply:
        lane = lane_of(understood.command, understood.request.query)
        async with self.lanes.turn(lane, understood.request.asker.id):
            return await self._reply(understood)

    async def _reply(self, understood: Understood) -> Reply:
        command, asked = understood.command, understood.request
        reply = await command.run(asked, self.deps)
        if reply.audience is Audience.HERE:  # a command may only narrow what the policy allows
            reply = replace(reply, audience=understood.audience)
        receipt = await self.book.remember(reply, command, asked)
        return await self._drawn(replace(reply, footer=replace(reply.footer, receipt=receipt)), asked)

    async def _drawn(self, reply: Reply, request: Request) -> Reply:
        """PNG, else the table behind it, else the text alone: a picture never costs the answer."""
        for drawing in reply.drawings:
            picture = await self._guarded(self.draw(drawing), request)
            self.meter.pictured(drawn=not isinstance(picture, Refusal))
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
