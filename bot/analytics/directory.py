"""The company's directory: who belongs to which team, and which chat account is whose.

A CSV with the header `email,team[,manager,chat_id]`, comma separated, UTF-8, one line per person.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import Final, TextIO

from bot.model.errors import BadSetting

COLUMNS: Final = ("email", "team", "manager", "chat_id")
NEEDED: Final = COLUMNS[:2]
UNASSIGNED: Final = "Unassigned"
HINT: Final = "Correct the file that PULSE_DIRECTORY_FILE names; its header is email,team[,manager,chat_id]."
_FORMULA: Final = tuple("=+-@")
_GUARD: Final = "'"


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the directory. E-mail addresses are compared without regard to case."""

    email: str
    team: str
    manager: str = ""
    chat_id: str = ""


@dataclass(frozen=True)
class Directory:
    """Everybody of the company who may use Codex."""

    members: tuple[Member, ...]

    @cached_property
    def sizes(self) -> Mapping[str, int]:
        """Number of people of each team, active or not."""
        return Counter(member.team for member in self.members)

    def team_of(self, email: str | None) -> str | None:
        """The team of an e-mail address, None for somebody who is not listed."""
        member = self._by_email.get((email or "").casefold())
        return member.team if member else None

    def email_of_chat(self, chat_id: str) -> str | None:
        """The e-mail address behind a chat account, None when the directory links none."""
        return self._by_chat.get(chat_id.casefold()) if chat_id else None

    def chat_of_email(self, email: str) -> str | None:
        """The chat account of an e-mail address, None when the directory links none."""
        member = self._by_email.get(email.casefold())
        return member.chat_id or None if member else None

    @cached_property
    def _by_email(self) -> Mapping[str, Member]:
        return {member.email.casefold(): member for member in self.members}

    @cached_property
    def _by_chat(self) -> Mapping[str, str]:
        return {member.chat_id.casefold(): member.email for member in self.members if member.chat_id}


def read_directory(path: Path) -> Directory:
    """The directory of a file. Raises BadSetting naming the file and, where there is one, the line."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return Directory(tuple(_members(file, path.name)))
    except OSError as error:
        raise BadSetting(f"The directory file {path} cannot be read: {error.strerror}.", HINT) from None
    except UnicodeDecodeError:
        raise BadSetting(f"The directory file {path.name} is not UTF-8 text.", HINT) from None


def write_starter(emails: Iterable[str], out: TextIO) -> int:
    """A directory file with everybody in one team, to be filled in; returns the number of people."""
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    rows = [(_guarded(email), UNASSIGNED, "", "") for email in sorted(set(emails), key=str.casefold)]
    writer.writerows(rows)
    return len(rows)


def _members(file: TextIO, name: str) -> Iterator[Member]:
    reader = csv.reader(file, strict=True)
    seen: dict[str, int] = {}
    header: tuple[str, ...] = ()
    try:
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if not header:
                header = _header(cells, name)
                continue
            member = _member(header, cells, f"Directory file {name}, line {reader.line_num}")
            for key in filter(None, (member.email.casefold(), member.chat_id.casefold())):
                _refuse_second(seen, key, reader.line_num, name)
            yield member
    except csv.Error as error:
        raise BadSetting(f"Directory file {name}, line {reader.line_num}: {error}.", HINT) from None
    if not header:
        raise BadSetting(f"The directory file {name} is empty.", HINT)


def _header(cells: list[str], name: str) -> tuple[str, ...]:
    header = tuple(cell.strip().casefold() for cell in cells)
    for column in header:
        if column not in COLUMNS:
            nearest = get_close_matches(column, COLUMNS, 1)
            meant = f" Did you mean `{nearest[0]}`?" if nearest else ""
            raise BadSetting(
                f"Directory file {name}, line 1: there is no column `{column[:40]}`.{meant}", HINT
            )
    for column in NEEDED:
        if column not in header:
            raise BadSetting(f"Directory file {name}, line 1: the column `{column}` is missing.", HINT)
    if len(set(header)) != len(header):
        raise BadSetting(f"Directory file {name}, line 1: a column is named twice.", HINT)
    return header


def _member(header: tuple[str, ...], cells: list[str], where: str) -> Member:
    if len(cells) != len(header):
        raise BadSetting(f"{where}: {_cells(len(cells))} under {len(header)} columns.", HINT)
    values = {column: _plain(cell) for column, cell in zip(header, cells, strict=True)}
    if "@" not in values["email"]:
        raise BadSetting(f"{where}: the first thing needed is an e-mail address.", HINT)
    if not values["team"]:
        raise BadSetting(f"{where}: the team is missing.", HINT)
    return Member(**values)


def _refuse_second(seen: dict[str, int], key: str, line: int, name: str) -> None:
    first = seen.setdefault(key, line)
    if first != line:
        what = "person" if "@" in key else "chat account"
        raise BadSetting(
            f"Directory file {name}, line {line}: the same {what} stands in line {first} already.", HINT
        )


def _guarded(text: str) -> str:
    """As a spreadsheet shows it without running it; `_plain` takes the guard away again."""
    return _GUARD + text if text.startswith(_FORMULA) else text


def _plain(cell: str) -> str:
    text = " ".join(cell.split())
    return text[1:] if text.startswith(_GUARD) and text[1:].startswith(_FORMULA) else text


def _cells(count: int) -> str:
    return "1 cell" if count == 1 else f"{count} cells"
