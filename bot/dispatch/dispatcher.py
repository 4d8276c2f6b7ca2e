"""The one way from a request to an answer. It never raises."""

from __future__ import annotations

import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

import structlog

from bot.dispatch import words
from bot.dispatch.buttons import with_buttons
from bot.dispatch.grammar import named, read
from bot.dispatch.lanes import Lanes, lane_of
from bot.dispatch.meter import Meter, Unmetered
from bot.dispatch.policy import authorise, check_level
from bot.kit.command import Command, Shows
from bot.kit.deps import Deps
from bot.model.chat import Answer, Audience, Drawing, Picture, Refusal, Reply, Request
from bot.model.errors import NotAllowed, PulseError, WrongUse
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


class Outcome(StrEnum):
    """How a look-up in the audit log ended. To the asker `refused` and `nothing` look the same."""

    ANSWERED = "answered"
    NOTHING = "nothing"
    REFUSED = "refused"
    WRONG_USE = "wrong_use"
    FAILED = "failed"


class LookUps(Protocol):
    """Where every look-up leaves its line, answered or not."""

    async def note(self, command: Command, request: Request, outcome: Outcome) -> None:
        """Raises when the line cannot be kept: then there is no answer."""
        ...


@dataclass(frozen=True, slots=True)
class Untrailed:
    """Without a trail no look-up is answered."""

    async def note(self, command: Command, request: Request, outcome: Outcome) -> None:
        """Always raises."""
        del request, outcome
        message = f"{command.name}: no trail is wired"
        raise RuntimeError(message)


@dataclass(frozen=True, slots=True)
class Dispatcher:
    """Understands, waits for its turn, authorises, runs, draws.

    `draw` turns a drawing into a PNG off the event loop.
    """

    commands: Sequence[Command]
    deps: Deps
    draw: Draw
    book: Book
    look_ups: LookUps = Untrailed()
    lanes: Lanes = field(default_factory=Lanes)
    meter: Meter = field(default_factory=Unmetered)

    async def answer(self, request: Request) -> Answer:
        """The reply, or a refusal in a person's words."""
        started = time.perf_counter()
        answer = await self._guarded(self._reply(request), request)
        seconds = time.perf_counter() - started
        name, outcome = self._name(request), answer.code.value if isinstance(answer, Refusal) else "reply"
        self.meter.answered(name, outcome, seconds)
        log.info("answered", command=name, outcome=outcome, ms=round(seconds * 1000), request=request.id)
        return answer

    def command_of(self, request: Request) -> Command:
        """The command that the request's text stands for; raises WrongUse."""
        return self._understood(request)[0]

    async def run(self, request: Request) -> Reply:
        """The reply without drawings made, receipt or buttons; raises what goes wrong."""
        return await self._run(*self._understood(request))

    async def _reply(self, request: Request) -> Reply:
        command, rest = named(request.text, self.commands)
        if command.shows is Shows.AUDIT:
            return await self._looked_up(command, rest, request)
        base = command
        command, asked = self._asked(base, rest, request)
        if command.shows is Shows.AUDIT:
            return await self._looked_up(base, rest, request)
        async with self._turn(command, asked):
            return await self._told(await self._run(command, asked), command, asked)

    def _turn(self, command: Command, asked: Request) -> AbstractAsyncContextManager[None]:
        return self.lanes.turn(lane_of(command, asked.query), asked.asker.id)

    def _name(self, request: Request) -> str:
        """A registered name and nothing else: what was typed is not for logs."""
        try:
            return named(request.text, self.commands)[0].name
        except WrongUse:
            return UNKNOWN

    def _understood(self, request: Request) -> tuple[Command, Request]:
        return self._asked(*named(request.text, self.commands), request)

    def _asked(self, command: Command, rest: tuple[str, ...], request: Request) -> tuple[Command, Request]:
        company = self.deps.company
        calendar = Calendar(request.now, company.lag_hours, company.week_start, company.longest_days)
        query = read(command, rest, self.commands, calendar)
        return command.asked(query), replace(request, query=query)

    async def _run(self, command: Command, asked: Request) -> Reply:
        if command.shows is Shows.AUDIT:  # look-ups leave a line in the trail, so they are asked for directly
            raise NotAllowed
        audience = authorise(command, asked, per_person=self.deps.company.per_person)
        return await self._ran(command, asked, audience)

    async def _told(self, reply: Reply, command: Command, asked: Request) -> Reply:
        receipt = reply.footer.receipt or await self.book.remember(reply, command, asked)
        known = replace(reply, footer=replace(reply.footer, receipt=receipt))
        return await self._drawn(with_buttons(known, command, asked), asked)

    async def _ran(self, command: Command, asked: Request, audience: Audience) -> Reply:
        reply = await command.run(asked, replace(self.deps, again=self))
        # a command may only narrow what the policy allows
        return replace(reply, audience=audience) if reply.audience is Audience.HERE else reply

    async def _looked_up(self, command: Command, rest: tuple[str, ...], request: Request) -> Reply:
        """The answer of an audit command, by direct message and for a while; its line is kept first."""
        outcome, asked = Outcome.REFUSED, request
        try:
            check_level(command, request.asker)
            outcome = Outcome.WRONG_USE
            command, asked = self._asked(command, rest, request)
            outcome = Outcome.REFUSED
            audience = authorise(command, asked, per_person=self.deps.company.per_person)
            outcome = Outcome.FAILED
            async with self._turn(command, asked):
                reply = await self._told(await self._ran(command, asked, audience), command, asked)
            outcome = Outcome.ANSWERED
        except NotAllowed:
            outcome = Outcome.REFUSED if outcome is Outcome.REFUSED else Outcome.NOTHING
            raise
        except WrongUse:
            outcome = Outcome.WRONG_USE
            raise
        finally:
            await self.look_ups.note(command, asked, outcome)
        lasts = timedelta(minutes=self.deps.company.answer_expires_minutes)
        return replace(reply, audience=Audience.ASKER, dm_only=True, expires_at=request.now + lasts)

    async def _drawn(self, reply: Reply, request: Request) -> Reply:
        """PNG, else the table behind it, else the text alone: a picture never costs the answer."""
        for drawing in reply.drawings:
            picture = await self._guarded(self.draw(drawing), request)
            self.meter.pictured(drawn=not isinstance(picture, Refusal))
            if isinstance(picture, Refusal):
                reply = replace(reply, table=reply.table or drawing.fallback)
            else:
                shown = replace(picture, fallback=drawing.fallback, plot=drawing.plot)
                reply = replace(reply, pictures=(*reply.pictures, shown))
        return replace(reply, drawings=())

    async def _guarded(self, work: Awaitable[T], request: Request) -> T | Refusal:
        try:
            return await work
        except PulseError as error:
            refusal = replace(words.refusal(error), actions=words.meant(error, request.text))
            log.info("refused", code=refusal.code.value, kind=type(error).__name__)
            return refusal
        except Exception:
            ref = f"E-{secrets.token_hex(4).upper()}"
            log.exception("bug", ref=ref, request=request.id)
            return words.bug(ref)
