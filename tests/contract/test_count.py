"""Each generation, conflict and quirk has its named test."""

from __future__ import annotations

import re
from pathlib import Path

HERE = Path(__file__).parent
NAMED = re.compile(
    r"^async def test_((?:gen|conflict|quirk)_\w+)\(|^def test_((?:gen|conflict|quirk)_\w+)\(", re.MULTILINE
)

GENERATIONS = {"gen_2026_04", "gen_2026_06", "gen_2026_07", "gen_2026_09"}
CONFLICTS = {f"conflict_{number}" for number in range(1, 6)}
QUIRKS = {f"quirk_{number:02}" for number in range(1, 14)}


def test_every_point_of_the_contract_that_a_client_meets_has_a_test() -> None:
    names = [
        one or other for path in HERE.glob("test_*.py") for one, other in NAMED.findall(path.read_text())
    ]
    assert sorted(names) == sorted(GENERATIONS | CONFLICTS | QUIRKS)
