"""The demo workspace's directory of teams, as the CSV a company would keep."""

from __future__ import annotations

import csv
from io import StringIO

from bot.reference import names
from bot.reference.people import people_of

TEAMS = (
    ("Platform", 22),
    ("Payments", 40),
    ("Web", 55),
    ("Mobile", 67),
    ("Data", 78),
    ("Growth", 87),
    ("Search", 94),
)
"""Names with the percentile of people up to which they reach; everybody else is `REST`."""
REST = "Reliability"
SMALL_TEAM = "Security"
"""Three people, so that what is said of small teams can be seen."""
_SMALL_COUNT = 3
_NOT_LISTED_EVERY = 30


def demo_directory(seed: int = 7, users: int = 240) -> str:
    """CSV `email,team,manager,chat_id`: nearly everybody, the well-known people with their chat accounts."""
    people = people_of(seed, users)
    out = StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(("email", "team", "manager", "chat_id"))
    for index in range(users):
        role = people.roles.get(index)
        if role or index % _NOT_LISTED_EVERY != _NOT_LISTED_EVERY - 1:
            chat_id = f"U0{role.upper()}" if role else ""
            manager = names.email_of_name(names.WELL_KNOWN["admin"])
            writer.writerow((_shown(people.email(index)), _team(index), manager, chat_id))
    return out.getvalue()


def _team(index: int) -> str:
    if index < _SMALL_COUNT:
        return SMALL_TEAM
    place = index * 37 % 100
    return next((team for team, until in TEAMS if place < until), REST)


def _shown(email: str) -> str:
    """What a spreadsheet would run as a formula gets an apostrophe."""
    return f"'{email}" if email.startswith(("=", "+", "-", "@")) else email
