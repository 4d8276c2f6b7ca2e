"""How people are named in answers, and what is said of those nobody knows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Protocol

from bot.model.errors import BadValue

LONGEST_SHOWN = 80


class Seen(Protocol):
    """Somebody of the usage rows."""

    @property
    def email(self) -> str | None:
        """The newest address told, if any."""
        ...


def person_name(user_id: str, people: Mapping[str, Seen]) -> str:
    """The e-mail address; the user id where none was told."""
    person = people.get(user_id)
    return person.email if person and person.email else user_id


def short_names(names: Sequence[str]) -> tuple[str, ...]:
    """The names for a picture: what stands before the @, as long as everybody can be told apart."""
    short = tuple(name.partition("@")[0] or name for name in names)
    return short if len(set(short)) == len(short) else tuple(names)


def nobody(words: str, people: Mapping[str, Seen]) -> BadValue:
    """The refusal for a person without usage, with the nearest address there is."""
    known = {p.email.casefold(): p.email for p in people.values() if p.email}
    nearest = get_close_matches(words.casefold(), known, 1, 0.8)
    meant = f" Did you mean `{known[nearest[0]]}`?" if nearest else ""
    shown = words if len(words) <= LONGEST_SHOWN else words[: LONGEST_SHOWN - 1] + "…"
    hint = "Name somebody by e-mail address, user id or mention, e.g. `user ana@example.com 30d`."
    return BadValue(f"No Codex usage is held for `{shown.replace('`', chr(39))}`.{meant}", hint)
