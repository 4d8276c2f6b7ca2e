from __future__ import annotations

import pytest

from bot.kit.replies import before
from bot.model.asked import Calendar
from bot.model.ranges import match_range
from tests.handlers.answering import NOW


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("30d", "the 30 days before"),
        ("12w", "the 12 weeks before"),
        ("1w", "the 7 days before"),
        ("84d", "the 84 days before"),
        ("1d", "the day before"),
    ],
)
def test_what_went_before_is_counted_in_the_words_of_the_question(words: str, said: str) -> None:
    found = match_range([words], Calendar(NOW))
    assert found
    assert before(found[0]) == said
