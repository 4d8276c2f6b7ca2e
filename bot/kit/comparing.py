"""Reading `RANGE vs RANGE [by X] [metric] [view]`: what is compared with what."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TypeVar

from bot.kit.words import span
from bot.metrics.figures import Metric
from bot.metrics.periods import period_holding
from bot.metrics.usage import Dimension
from bot.model.errors import BadRange, BadValue, UnknownWord
from bot.model.ranges import Asked, Calendar, View, default_range, match_range
from bot.model.timerange import TimeRange

EXAMPLE = "compare oct vs sep by model"
METRICS = {
    "credits": Metric.CREDITS,
    "tokens": Metric.TOKENS,
    "cost": Metric.ESTIMATED_COST_USD,
    "turns": Metric.TURNS,
    "threads": Metric.THREADS,
    "people": Metric.ACTIVE_USERS,
}
HEADLINES = {
    Metric.CREDITS: "Codex used {} credits",
    Metric.TOKENS: "Codex processed {} tokens",
    Metric.ESTIMATED_COST_USD: "Codex usage is estimated at {}",
    Metric.TURNS: "People ran {} turns",
    Metric.THREADS: "People ran {} threads",
    Metric.ACTIVE_USERS: "{} people used Codex",
}
BETWEEN = frozenset({"vs", "vs.", "v", "versus", "against", "with", "and"})
SKIPPED = frozenset({"private"})
_NEVER_BY_MODEL = (Metric.TURNS, Metric.THREADS)
_TWO = 2
V = TypeVar("V", Dimension, Metric, View)
LONGEST_DAILY = 200


@dataclass(frozen=True, slots=True)
class Question:
    """`now` is compared with `before`; both are whole UTC days of any length."""

    now: Asked
    before: Asked
    by: Dimension | None
    metric: Metric
    view: View | None

    @property
    def typed(self) -> str:
        """The options as they are typed."""
        words = [f"by {self.by}"] if self.by else []
        words += [name for name, metric in METRICS.items() if metric is self.metric]
        return " ".join([*words, *([self.view.value] if self.view else [])])


def name_of(window: TimeRange) -> str:
    """`Sep 2026` for a whole calendar month, else the days."""
    if window == period_holding(window.start, View.MONTHLY):
        return f"{window.start:%b} {window.start.year}"
    return span(window)


def series_view(question: Question) -> View:
    """The view asked for, else days, or weeks for windows too long to draw days of."""
    longest = max(question.now.window.day_count, question.before.window.day_count)
    return question.view or (View.WEEKLY if longest > LONGEST_DAILY else View.DAILY)


def read(words: Sequence[str], calendar: Calendar) -> Question:
    """What the words ask; one range alone is compared with the one before it.

    Raises WrongUse naming the first word or range that cannot be used.
    """
    reading = _Reading(tuple(words), calendar)
    while reading.at < len(reading.words):
        reading.step()
    if reading.between and len(reading.ranges) < _TWO:
        raise BadRange(f"`{reading.between}` needs a range on each side.", EXAMPLE)
    ranges = reading.ranges or [default_range(calendar)]
    now = ranges[0]
    before = ranges[1] if len(ranges) == _TWO else _earlier(now)
    metric = reading.metric or Metric.CREDITS
    if reading.by in (Dimension.MODEL, Dimension.SPEED) and metric in _NEVER_BY_MODEL:
        raise BadValue(
            f"The API does not tell {metric.value} by {reading.by}.", "compare oct vs sep by surface turns"
        )
    return Question(now, before, reading.by, metric, reading.view)


def windows(words: Sequence[str], calendar: Calendar) -> tuple[Asked, ...]:
    """Both ranges of the question. Raises as `read` does."""
    question = read(words, calendar)
    return question.now, question.before


@dataclass(slots=True)
class _Reading:
    """One pass over the words; each step consumes at least one of them or raises."""

    words: tuple[str, ...]
    calendar: Calendar
    at: int = 0
    ranges: list[Asked] = field(default_factory=list)
    by: Dimension | None = None
    metric: Metric | None = None
    view: View | None = None
    between: str = ""

    def step(self) -> None:
        word = self.words[self.at].casefold()
        if word in BETWEEN:
            self.between = word
            self.at += 1
        elif word in SKIPPED:
            self.at += 1
        elif word == "by":
            self._by()
        elif word in METRICS:
            self.metric = _only(self.metric, METRICS[word], word)
            self.at += 1
        elif word in tuple(View):
            self.view = _only(self.view, View(word), word)
            self.at += 1
        else:
            self._range()

    def _by(self) -> None:
        value = self.words[self.at + 1].casefold().removesuffix("s") if self.at + 1 < len(self.words) else ""
        if value not in tuple(Dimension):
            raise BadValue("`by` needs surface, client, model or speed.", EXAMPLE)
        self.by = _only(self.by, Dimension(value), f"by {value}")
        self.at += 2

    def _range(self) -> None:
        found = match_range(self.words[self.at :], self.calendar)
        if found is None:
            raise _unknown(self.words[self.at])
        if len(self.ranges) == _TWO:
            raise BadRange(f"Two ranges are compared; `{found[0].words}` is a third.", EXAMPLE)
        self.ranges.append(found[0])
        self.at += found[1]


def _only(given: V | None, new: V, typed: str) -> V:
    """The new value, unless another one was given before."""
    if given not in (None, new):
        raise BadValue(f"`{typed}` is one too many: keep one.", EXAMPLE)
    return new


def _unknown(word: str) -> UnknownWord:
    known = (*METRICS, *View, "vs", "by")
    nearest = get_close_matches(word.casefold(), known, 1, 0.6)
    return UnknownWord(word=word, nearest=nearest[0] if nearest else None, example=EXAMPLE)


def _earlier(now: Asked) -> Asked:
    window = now.before
    return Asked(window, window.before(), f"{window.start}..{window.last}", span(window))
