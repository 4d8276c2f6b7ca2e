"""Whether a command may be answered again and again in a place, and who then sees it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from difflib import get_close_matches

from bot.dispatch.grammar import understand
from bot.dispatch.policy import authorise
from bot.dispatch.text import tokens
from bot.kit.command import Command, Shows
from bot.kit.options import Company
from bot.kit.schedule_words import ANY_EXAMPLE
from bot.model.chat import Audience, Place, PlaceKind, PlaceLevel, Request
from bot.model.errors import BadRange, BadValue, NotAllowed, UnknownWord
from bot.model.query import Query
from bot.model.ranges import Asked, Calendar, default_range

_OVER_A_YEAR = timedelta(days=370)
_FOR_ONE = frozenset({"private", "preview"})


@dataclass(frozen=True, slots=True)
class CommandJudge:
    """The `Judge` over the commands there are."""

    commands: Sequence[Command]
    company: Company

    def __call__(self, text: str, request: Request) -> Command:
        """The command of `text`; raises WrongUse or NotAllowed."""
        company = self.company
        calendar = Calendar(request.now, company.lag_hours, company.week_start, company.longest_days)
        self._is_named(text)
        command, query = understand(text, self.commands, calendar)
        command = command.asked(query)
        changing = {word.casefold() for word in query.words} & set(command.changes_with)
        if changing or not command.repeatable:
            raise BadValue(f"`{command.name}` is nothing to be repeated.", ANY_EXAMPLE)
        asked = _windows(command, query, calendar)
        if asked and all(_is_over(one, calendar) for one in asked):
            words = " vs ".join(one.words for one in asked)
            raise BadValue(f"`{words}` is over: the same would be posted again and again.", ANY_EXAMPLE)
        audience = authorise(command, replace(request, query=query), per_person=company.per_person)
        if query.flags & _FOR_ONE or not shown(command, audience, request.place):
            raise NotAllowed("a direct message, or a channel where figures of people may be shown")
        return command

    def _is_named(self, text: str) -> None:
        """Without a command's name a line means the default; nobody means that to be repeated."""
        names = {name for command in self.commands for name in (command.name, *command.aliases)}
        words = tokens(text)
        if not any(word.casefold() in names for word in words):
            word = words[0] if words else ""
            nearest = get_close_matches(word.casefold(), sorted(names), 1, 0.6)
            raise UnknownWord(word=word, nearest=nearest[0] if nearest else None, example=ANY_EXAMPLE)


def _windows(command: Command, query: Query, calendar: Calendar) -> tuple[Asked, ...]:
    """Every range of a question."""
    if command.windows:
        return command.windows(query.words, calendar)
    return (query.asked,) if query.asked else ()


def _is_over(asked: Asked, calendar: Calendar) -> bool:
    """True when no day of the range is to come and it means the same days for ever.

    A month by its name is that month: who names one does not wait for next year's.
    """
    if asked.window.end > calendar.today:
        return False
    later = replace(calendar, now=calendar.now + _OVER_A_YEAR)
    try:
        return default_range(later, asked.words).window == asked.window
    except BadRange:  # it has grown too long by then, so it does move
        return False


def shown(command: Command, audience: Audience, place: Place) -> bool:
    """True when a repeated answer may stand in the place: for all there, or in one's own direct messages."""
    if audience is Audience.HERE or place.kind is PlaceKind.DM:
        return True
    people = command.shows is Shows.PEOPLE and place.kind is PlaceKind.CHANNEL
    return people and place.level is PlaceLevel.PEOPLE
