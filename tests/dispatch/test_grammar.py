from __future__ import annotations

from contextlib import suppress
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.dispatch.grammar import understand
from bot.dispatch.text import LONGEST_TEXT, clean, tokens
from bot.kit.command import Command, Option, Words
from bot.model.chat import Reply
from bot.model.errors import BadRange, BadValue, UnknownWord, WrongUse
from bot.model.ranges import Calendar

CALENDAR = Calendar(datetime(2026, 10, 21, 15, tzinfo=UTC))


async def _run(request: object, deps: object) -> Reply:
    raise NotImplementedError


def _command(name: str, **more: object) -> Command:
    return Command(name, "does it", _run, (f"{name} 7d",), **more)  # type: ignore[arg-type]


OVERVIEW = _command("overview")
USAGE = _command(
    "usage",
    options=(
        Option("by", "split", values=("surface", "client", "model")),
        Option("metric", "what", values=("credits", "tokens", "cost"), bare=True),
        Option("top", "rows", number=True, most=100),
        Option("client", "one client"),
    ),
    flags=("csv",),
    views=True,
)
TOP = _command("top", options=(Option("limit", "rows", number=True, bare=True, most=100),))
DEFINE = _command("define", words=Words.SOME, ranged=False)
COMPARE = _command("compare", words=Words.RAW)
COMMANDS = (OVERVIEW, USAGE, TOP, DEFINE, COMPARE)


def ask(text: str) -> tuple[str, object]:
    command, query = understand(text, COMMANDS, CALENDAR)
    return command.name, query


@pytest.mark.parametrize(
    "text",
    [
        "usage 7d by model",
        "by model usage 7d",
        "USAGE By MODELS 7D",
        "7d usage by model",
        "  usage\n7d   by model ",
    ],
)
def test_order_and_case_do_not_matter(text: str) -> None:
    command, query = understand(text, COMMANDS, CALENDAR)
    assert (command.name, query.option("by")) == ("usage", "model")
    assert query.asked is not None
    assert (query.asked.window.start, query.asked.window.end) == (date(2026, 10, 14), date(2026, 10, 21))


def test_no_word_is_the_overview() -> None:
    command, query = understand("", COMMANDS, CALENDAR)
    assert command.name == "overview"
    assert query.asked is not None
    assert query.asked.words == "30d"


def test_a_bare_value_stands_for_its_option() -> None:
    assert understand("usage tokens", COMMANDS, CALENDAR)[1].option("metric") == "tokens"
    assert understand("top 20", COMMANDS, CALENDAR)[1].option("limit") == "20"


def test_flags_and_views_are_plain_words() -> None:
    query = understand("usage weekly csv private", COMMANDS, CALENDAR)[1]
    assert query.view == "weekly"
    assert query.flags == {"csv", "private"}


def test_free_words_keep_their_case_and_order() -> None:
    assert understand("define Active Users", COMMANDS, CALENDAR)[1].words == ("Active", "Users")


def test_a_raw_command_gets_its_words_untouched() -> None:
    query = understand('compare oct vs "sep x"', COMMANDS, CALENDAR)[1]
    assert (query.words, query.flags) == (("oct", "vs", "sep x"), frozenset())


def test_private_is_heard_in_a_raw_command_too() -> None:
    query = understand("compare oct vs sep Private", COMMANDS, CALENDAR)[1]
    assert (query.words, query.has("private")) == (("oct", "vs", "sep", "Private"), True)


def test_an_unknown_word_is_named_with_the_nearest_and_an_example() -> None:
    with pytest.raises(UnknownWord) as caught:
        ask("usage by model weeekly modell creditz")
    assert caught.value.word == "weeekly"
    with pytest.raises(UnknownWord) as caught:
        ask("usge 30d")
    assert (caught.value.word, caught.value.nearest) == ("usge", "usage")


def test_a_second_command_is_not_offered_for_itself() -> None:
    with pytest.raises(UnknownWord) as caught:
        ask("usage 30d Define")
    assert (caught.value.word, caught.value.nearest) == ("Define", None)


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("usag 30d by model", "usage 30d by model"),
        ("usag 30d by modle", "usage 7d"),
        ("usag 30d or `", "usage 7d"),
        ("usage 30d weeekly", "usage 7d"),
    ],
)
def test_a_misspelt_command_is_shown_in_the_whole_line_that_was_meant(text: str, example: str) -> None:
    with pytest.raises(UnknownWord) as caught:
        ask(text)
    assert caught.value.example == example


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("usage by colour", "`by colour` is not known"),
        ("usage by modle", "Did you mean `model`?"),
        ("usage by", "`by` needs a value: surface, client or model"),
        ("top 0", "from 1 to 100"),
        ("top 1000000", "from 1 to 100"),
        ("usage top ten", "whole number"),
        ("usage by model by client", "given twice"),
    ],
)
def test_a_bad_value_says_what_is_allowed(text: str, says: str) -> None:
    with pytest.raises(BadValue) as caught:
        ask(text)
    assert says in caught.value.message
    assert caught.value.hint


def test_two_ranges_are_one_too_many() -> None:
    with pytest.raises(BadRange) as caught:
        ask("usage 7d 30d")
    assert "Two ranges" in caught.value.message


def test_two_views_are_one_too_many() -> None:
    with pytest.raises(BadValue) as caught:
        ask("usage weekly 30d monthly")
    assert caught.value.message == "Two views, `weekly` and `monthly`: keep one."
    assert understand("usage weekly weekly", COMMANDS, CALENDAR)[1].view == "weekly"


def test_quotes_bind_words_and_a_lone_quote_does_not_break_the_line() -> None:
    assert tokens('case INC-12 "why so"') == ("case", "INC-12", "why so")
    assert tokens("“why so”") == ("why so",)
    assert tokens('say "what') == ("say", "what")
    assert tokens("it's") == ("it's",)


def test_invisible_characters_are_gone() -> None:
    assert clean("us\u202eage\u200b\x00 7d\ud800") == "usage 7d"


def test_a_page_of_text_is_refused() -> None:
    with pytest.raises(WrongUse) as caught:
        tokens("x" * (LONGEST_TEXT + 1))
    assert "most I read" in caught.value.message


@given(st.text(max_size=60))
def test_any_text_is_understood_or_refused_in_words(text: str) -> None:
    with suppress(WrongUse):
        command, query = understand(text, COMMANDS, CALENDAR)
        assert query.command == command.name
