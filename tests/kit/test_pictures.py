from __future__ import annotations

import pytest

from bot.kit.pictures import alt_text
from bot.model.chat import Fact, Unit


def fact(value: str, number: float | None, change_pct: float | None) -> Fact:
    return Fact("credits", "Credits", value, number, Unit.CREDITS, change_pct)


@pytest.mark.parametrize(
    ("finding", "first", "alt"),
    [
        ("721 credits, up 14% on May.", fact("721", 721, 14.2), "721 credits, up 14% on May."),
        ("721 credits, unchanged from May.", fact("721", 721, 0.0), "721 credits, unchanged from May."),
        ("721 credits.", fact("721", 721, None), "721 credits."),
        ("18,721 credits.", fact("721", 721, None), "18,721 credits. Credits: 721."),
        ("CLI leads.", fact("721", 721, 14.2), "CLI leads. Credits: 721, up 14%."),
        ("CLI leads", fact("721", 721, -3.0), "CLI leads. Credits: 721, down 3%."),
        ("721 credits.", fact("721", 721, 0.0), "721 credits. Credits: 721, unchanged."),
        ("No credits.", fact("no data", None, None), "No credits."),
    ],
)
def test_an_alt_text_holds_the_first_figure_and_where_it_went(finding: str, first: Fact, alt: str) -> None:
    assert alt_text(finding, (first,)) == alt


def test_an_alt_text_without_figures_is_the_finding() -> None:
    assert alt_text("Nothing happened.", ()) == "Nothing happened."
