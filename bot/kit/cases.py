"""The case and the purpose without which nothing is looked up."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from bot.kit.command import Option
from bot.model.errors import BadValue
from bot.model.query import Query

CASE: Final = Option("case", 'the case this is for, and the purpose in quotes: `case INC-12 "why"`')
CASE_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/#-]{1,39}")
PURPOSE_LEAST: Final = 3


@dataclass(frozen=True, slots=True)
class Case:
    """Why somebody looks."""

    id: str
    purpose: str

    @property
    def typed(self) -> str:
        """The words that say the same again."""
        return f'case {self.id} "{self.purpose}"'


def case_of(query: Query, example: str) -> Case:
    """The case and purpose of a line. Raises BadValue when one is missing or no case id."""
    case, purpose = query.option("case"), " ".join(query.words).replace('"', "'").strip()
    if not case or not purpose:
        missing = "a case and a purpose" if not case else "a purpose in quotes"
        raise BadValue(f"A look-up needs {missing}.", example)
    if len(purpose) < PURPOSE_LEAST:
        raise BadValue(f"`{purpose}` is no purpose: say in a few words what the look-up is for.", example)
    if not CASE_ID.fullmatch(case):
        raise BadValue("A case id is 2 to 40 letters, digits and . _ / # -, e.g. INC-12.", example)
    return Case(case, purpose)
