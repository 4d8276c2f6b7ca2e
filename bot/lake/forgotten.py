"""People who were forgotten: salted hashes of their user ids, so that a later pull brings nobody back."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final

import msgspec
import pyarrow as pa
import pyarrow.compute as pc

from bot.lake.files import replacing

PREFIX: Final = "forgotten-"
_SALT_BYTES: Final = 16
_NAME_LENGTH: Final = 12


class _Kept(msgspec.Struct, frozen=True):
    salt: str
    hashes: tuple[str, ...] = ()


class Forgotten:
    """The list in `forgotten.json`. Raises msgspec.DecodeError when it is damaged."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def pseudonym(self, user_id: str) -> str:
        """`forgotten-` and 12 characters, the same for one user id as long as this lake exists."""
        return PREFIX + _hash(self._kept().salt, user_id)[:_NAME_LENGTH]

    def add(self, user_ids: Iterable[str]) -> None:
        """Remembers that these ids must never be written again."""
        kept = self._kept()
        hashes = {*kept.hashes, *(_hash(kept.salt, user_id) for user_id in user_ids)}
        self._write(_Kept(kept.salt, tuple(sorted(hashes))))

    def named(self, user_ids: Iterable[str]) -> dict[str, str]:
        """The pseudonyms of those ids among `user_ids` that were forgotten."""
        if not self._path.is_file():
            return {}
        kept = self._kept()
        hashes, of = frozenset(kept.hashes), partial(_hash, kept.salt)
        return {name: PREFIX + of(name)[:_NAME_LENGTH] for name in set(user_ids) if of(name) in hashes}

    def renamed(self, tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
        """The tables with pseudonyms in `user_id`, each still sorted by it within its part kind."""
        for table in tables:
            names = self.named(str(user_id) for user_id in pc.unique(table["user_id"]).to_pylist())
            yield renamed(table, names) if names else table

    def scrubbed(self, value: Any) -> Any:
        """JSON-like `value` with pseudonyms in place of forgotten ids."""
        match value:
            case dict():
                return {key: self.scrubbed(item) for key, item in value.items()}
            case list() | tuple():
                return [self.scrubbed(item) for item in value]
            case str():
                return self.named((value,)).get(value, value)
            case _:
                return value

    def _kept(self) -> _Kept:
        if not self._path.is_file():
            self._write(_Kept(secrets.token_hex(_SALT_BYTES)))
        return msgspec.json.decode(self._path.read_bytes(), type=_Kept)

    def _write(self, kept: _Kept) -> None:
        with replacing(self._path) as out:
            out.write(msgspec.json.encode(kept))


def renamed(table: pa.Table, names: dict[str, str]) -> pa.Table:
    """`table` with the user ids of `names` replaced, sorted by part kind and user id as before."""
    place = table.schema.get_field_index("user_id")
    ids = [names.get(str(user_id), user_id) for user_id in table["user_id"].to_pylist()]
    changed = table.set_column(place, table.schema.field(place), pa.array(ids, pa.string()))
    order: Any = [("part_kind", "ascending"), ("user_id", "ascending")]
    return changed.take(pc.sort_indices(changed, sort_keys=order))


def _hash(salt: str, user_id: str) -> str:
    return hashlib.sha256(f"{salt}:{user_id}".encode()).hexdigest()
