from __future__ import annotations

import re

from bot.state.ids import new_id


def test_an_id_has_eight_characters_that_nobody_misreads() -> None:
    ids = {new_id("R") for _ in range(500)}
    assert len(ids) == 500
    assert all(re.fullmatch(r"R-[0-9A-HJKMNP-TV-Z]{8}", name) for name in ids)
