from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import RendererAgg

from charts.words import clean, fit, font, width, wrap


def by_length(text: str) -> float:
    return 10.0 * len(text)


def test_controls_and_bidi_overrides_are_gone() -> None:
    assert clean("a\x00b\u202ec\u2066d\x1b[31m") == "abcd[31m"


def test_what_the_font_cannot_draw_is_seen_to_be_missing() -> None:
    assert clean("rocket 🚀 字") == "rocket □ □"


def test_line_breaks_and_runs_of_space_become_one_space() -> None:
    assert clean("one\r\n two\t three ") == "one two three"


def test_a_long_text_is_cut_with_an_ellipsis() -> None:
    assert fit("abcdefgh", 50, by_length) == "abcd…"


def test_no_room_at_all_leaves_nothing() -> None:
    assert fit("abcdefgh", 5, by_length) == ""


def test_a_title_breaks_at_spaces_into_two_lines() -> None:
    assert wrap("one two three four", 80, 2, by_length) == ("one two", "three f…")


def test_a_title_breaks_after_a_comma_and_keeps_a_date_together() -> None:
    assert wrap("Up 92% to 20 Oct, and more", 200, 2, by_length) == ("Up 92% to 20 Oct,", "and more")
    assert wrap("Nine failed in the 7 days to 20 Oct", 320, 2, by_length) == (
        "Nine failed",
        "in the 7 days to 20 Oct",
    )


@given(st.text("ab, 1", max_size=80), st.integers(20, 400))
def test_no_line_of_a_title_is_wider_than_its_room(text: str, room: int) -> None:
    lines = wrap(text, room, 2, by_length)
    assert len(lines) <= 2
    assert all(by_length(line) <= room for line in lines)


LATIN = st.text(st.characters(min_codepoint=32, max_codepoint=0x24F), max_size=60)


@given(LATIN, st.booleans())
def test_no_text_is_drawn_wider_than_measured_but_for_hinting(text: str, bold: bool) -> None:  # noqa: FBT001
    shown = clean(text)
    if shown:
        drawn, _, _ = RendererAgg(9, 9, 100).get_text_width_height_descent(
            shown, font(25, bold=bold), ismath=False
        )
        # Hinting puts each character on whole pixels: at most 0.6 more than its advance.
        assert width(shown, 25, bold=bold) + 0.6 * len(shown) >= drawn - 1


@given(st.text(max_size=500))
def test_cleaned_text_has_no_character_of_a_dropped_kind(text: str) -> None:
    assert not {unicodedata.category(c) for c in clean(text)} & {"Cc", "Cf", "Cs", "Mn", "Me"}


@given(st.text(max_size=500))
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(st.text(max_size=100), st.floats(0, 500))
def test_a_fitted_text_fits(text: str, room: float) -> None:
    assert by_length(fit(text, room, by_length)) <= room
