"""Pictures and files of an answer, written beside it."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from bot.model.chat import Reply, Request
from bot.model.errors import WrongUse

Write = Callable[[IO[bytes]], object]
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Saved:
    """Where the pictures and files of one answer stand, in its order."""

    pictures: tuple[Path, ...] = ()
    files: tuple[Path, ...] = ()


def save(reply: Reply, request: Request, folder: Path) -> Saved:
    """Writes each picture and file whole or not at all; raises WrongUse when the folder cannot be used."""
    if not reply.pictures and not reply.files:
        return Saved()
    try:
        return save_files(reply, folder, slug(request.text) or reply.command)
    except OSError as error:
        raise WrongUse(
            f"Cannot write to {folder}: {error.strerror}.", "Choose another folder with --out."
        ) from None


def save_files(reply: Reply, folder: Path, stem: str) -> Saved:
    """The same under a given stem; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    pictures = tuple(
        _put(folder / f"{stem}{'' if n == 0 else f'-{n + 1}'}.png", _writer(p.png))
        for n, p in enumerate(reply.pictures)
    )
    return Saved(pictures, tuple(_put(folder / slug_name(f.name), _copier(f.path)) for f in reply.files))


def slug(text: str) -> str:
    """A file name's stem: letters, digits and dashes only."""
    return re.sub(r"[^a-z0-9]+", "-", text.casefold()).strip("-")[:LONGEST_NAME]


def slug_name(name: str) -> str:
    """A file name without folders or surprises, extension kept."""
    return re.sub(r"[^A-Za-z0-9._-]+", "-", Path(name).name).lstrip(".-") or "file"


def _writer(png: bytes) -> Write:
    return lambda out: out.write(png)


def _copier(source: Path) -> Write:
    def copy(out: IO[bytes]) -> None:
        with source.open("rb") as given:
            shutil.copyfileobj(given, out)

    return copy


def _put(path: Path, write: Write) -> Path:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as out:
        write(out)
    os.chmod(out.name, 0o644)  # noqa: PTH101  # the handle knows its name as text only
    return Path(out.name).replace(path)
