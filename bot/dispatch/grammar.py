"""The grammar of design section 5: `[command] [range] [options]` in any order, nothing guessed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from types import MappingProxyType

from bot.dispatch.text import tokens
from bot.kit.command import Command, Option, Words
from bot.model.errors import BadRange, BadValue, UnknownWord, WrongUse
from bot.model.query import Query
from bot.model.ranges import Asked, Calendar, View, default_range, match_range

DEFAULT_COMMAND = "overview"
EVERYWHERE = ("private",)
LONGEST_EXAMPLE = 80


def understand(text: str, commands: Sequence[Command], calendar: Calendar) -> tuple[Command, Query]:
    """The command and its query. Raises WrongUse naming the first word that is not understood."""
    command, rest = named(text, commands)
    return command, read(command, rest, commands, calendar)


def read(command: Command, rest: tuple[str, ...], commands: Sequence[Command], calendar: Calendar) -> Query:
    """What the words beside the command's name mean. Raises WrongUse as `understand` does."""
    if command.words is Words.RAW:
        flags = frozenset(word.casefold() for word in rest) & frozenset(EVERYWHERE)
        return Query(command.name, words=rest, flags=flags)
    reading = _Reading(command, rest, calendar, _known(command, commands))
    try:
        return reading.whole()
    except UnknownWord as error:
        if command.name != DEFAULT_COMMAND:
            raise
        raise _misnamed(error, rest, commands, calendar) from None


def _misnamed(
    error: UnknownWord, words: tuple[str, ...], commands: Sequence[Command], calendar: Calendar
) -> UnknownWord:
    """The same with the line that was probably meant as its example, when a command's name is wrong in it."""
    nearest = next((c for c in commands if error.nearest in (c.name, *c.aliases)), None)
    if nearest is None:
        return error
    line = " ".join(nearest.name if word == error.word else word for word in words)
    return replace(error, example=line if _runs(line, commands, calendar) else nearest.examples[0])


def _runs(line: str, commands: Sequence[Command], calendar: Calendar) -> bool:
    """Whether a line is understood, and short and plain enough to be shown as an example."""
    if len(line) > LONGEST_EXAMPLE or "`" in line or " or " in line:
        return False
    try:
        understand(line, commands, calendar)
    except WrongUse:
        return False
    return True


def named(text: str, commands: Sequence[Command]) -> tuple[Command, tuple[str, ...]]:
    """The command that a line names, or the default one, and the other words."""
    words = tokens(text)
    by_name = {name: c for c in commands for name in (c.name, *c.aliases)}
    for place, word in enumerate(words):
        if found := by_name.get(word.casefold()):
            return found, words[:place] + words[place + 1 :]
    return by_name.get(DEFAULT_COMMAND) or by_name["help"], words


def _known(command: Command, commands: Sequence[Command]) -> tuple[str, ...]:
    own = [w for o in command.options for w in (o.name, *(o.values if o.bare else ()))]
    return (*(c.name for c in commands), *own, *command.flags, *EVERYWHERE, *command.keywords)


@dataclass(slots=True)
class _Reading:
    """One pass over the words; each step consumes at least one of them or raises."""

    command: Command
    words: tuple[str, ...]
    calendar: Calendar
    known: tuple[str, ...]
    at: int = 0
    asked: Asked | None = None
    view: View | None = None
    options: dict[str, str] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    free: list[str] = field(default_factory=list)

    def whole(self) -> Query:
        """The query of all words."""
        while self.at < len(self.words):
            self.step()
        query = self.query()
        if self.free and self.command.asked(query).words is Words.NONE:
            raise self.unknown(self.free[0])
        return query

    def step(self) -> None:
        for attempt in (self._option, self._flag, self._view, self._range, self._bare, self._free):
            if attempt(self.words[self.at]):
                return
        raise self.unknown(self.words[self.at])

    def query(self) -> Query:
        asked = self.asked
        if asked is None and self.command.ranged:
            asked = default_range(self.calendar, self.command.default_range)
        options = MappingProxyType(self.options)
        return Query(self.command.name, asked, self.view, options, frozenset(self.flags), tuple(self.free))

    def _option(self, word: str) -> bool:
        option = next((o for o in self.command.options if o.name == word.casefold()), None)
        if option is None:
            return False
        if self.at + 1 >= len(self.words):
            raise BadValue(f"`{option.name}` needs a value{_choice(option)}.", self._example())
        self._put(option, self.words[self.at + 1])
        self.at += 2
        return True

    def _flag(self, word: str) -> bool:
        if (folded := word.casefold()) not in (*self.command.flags, *EVERYWHERE):
            return False
        self.flags.add(folded)
        self.at += 1
        return True

    def _view(self, word: str) -> bool:
        if not self.command.views or word.casefold() not in tuple(View):
            return False
        view = View(word.casefold())
        if self.view not in (None, view):
            raise BadValue(f"Two views, `{self.view}` and `{view}`: keep one.", self._example())
        self.view = view
        self.at += 1
        return True

    def _range(self, _word: str) -> bool:
        if not self.command.ranged or not (found := match_range(self.words[self.at :], self.calendar)):
            return False
        asked, count = found
        if self.asked is not None:
            raise BadRange(
                f"Two ranges, `{self.asked.words}` and `{asked.words}`: keep one.", self._example()
            )
        self.asked = asked
        self.at += count
        return True

    def _bare(self, word: str) -> bool:
        for option in self.command.options:
            if option.bare and (word.casefold() in option.values or (option.number and _is_number(word))):
                self._put(option, word)
                self.at += 1
                return True
        return False

    def _free(self, word: str) -> bool:
        if self.command.words is not Words.SOME:
            return False
        self.free.append(word)
        self.at += 1
        return True

    def _put(self, option: Option, word: str) -> None:
        value = word.casefold() if option.values or option.number else word
        value = (
            value.removesuffix("s") if value not in option.values and value[:-1] in option.values else value
        )
        if option.values and value not in option.values:
            raise self._unknown_value(option, word, value)
        if option.number:
            self._check_number(option, word, value)
        if option.name in self.options and self.options[option.name] != value:
            raise BadValue(
                f"`{option.name}` is given twice: {self.options[option.name]} and {word}.", self._example()
            )
        self.options[option.name] = value

    def _unknown_value(self, option: Option, word: str, value: str) -> BadValue:
        nearest = get_close_matches(value, option.values, 1)
        meant = f" Did you mean `{nearest[0]}`?" if nearest else ""
        return BadValue(
            f"`{option.name} {word}` is not known.{meant} It can be{_choice(option)[1:]}.",
            self._example(),
            word=word,
            nearest=nearest[0] if nearest else None,
        )

    def _check_number(self, option: Option, word: str, value: str) -> None:
        if not value.isascii():
            raise BadValue(f"`{option.name}` needs a whole number.", self._example())
        if not (_is_number(value) and option.least <= int(value) <= option.most):
            raise BadValue(
                f"`{option.name} {word}`: a whole number from {option.least} to {option.most:,} is needed.",
                self._example(),
            )

    def _example(self) -> str:
        return self.command.examples[0]

    def unknown(self, word: str) -> UnknownWord:
        nearest = get_close_matches(word.casefold(), self.known, 1, 0.6)
        nearest = [] if word.casefold() in nearest else nearest  # a second command is no misspelling
        example = self._example()
        return UnknownWord(word=word, nearest=nearest[0] if nearest else None, example=example)


def _is_number(word: str) -> bool:
    return word.isascii() and word.lstrip("-").isdigit()


def _choice(option: Option) -> str:
    if option.values:
        return f": {', '.join(option.values[:-1])} or {option.values[-1]}" if len(option.values) > 1 else ""
    return f", e.g. `{option.name} {option.least or 10}`" if option.number else ""
