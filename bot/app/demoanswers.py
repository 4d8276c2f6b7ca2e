"""The demo's answers to the examples of every command, written into its page with a picture.

A fixed instant and a state of its own make them the same each time, but for ids, which are replaced.
"""

from __future__ import annotations

import re
import shutil
import sys
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

from bot.app.build import Product
from bot.app.commandpages import spliced
from bot.app.demo import demo_folder, demo_identity, demo_workspace
from bot.console import as_text
from bot.console.outdir import Saved
from bot.kit.command import Command
from bot.kit.exportfiles import discard
from bot.model.chat import Answer, Level, Place, PlaceKind, PlaceLevel, Reply, Request
from bot.settings import Settings

NOW = datetime(2026, 10, 21, 15, tzinfo=UTC)
PICTURED = (
    "overview",
    "usage",
    "adoption",
    "activity",
    "models",
    "reviews",
    "retention",
    "compare",
    "top",
    "me",
)
PICTURE_BYTES = 60_000
LINES = 40
ID = re.compile(r"\b(R|S)-[0-9A-Z]{8}\b")
CHANGES = frozenset({"forget"})  # what the examples after it would no longer find
BEFORE = {"explain": "usage 30d by model", "share": "usage 7d private"}
ROLES = (Level.MEMBER, Level.ANALYST, Level.INVESTIGATOR, Level.APPROVER, Level.ADMIN)
IN_PRIVATE = frozenset({Level.INVESTIGATOR, Level.APPROVER})
DM = Place("D0PULSE001", PlaceKind.DM, PlaceLevel.PEOPLE)
CHANNEL = Place("C0PULSE001", PlaceKind.CHANNEL)


async def write_answers(folder: Path, commands: Sequence[Command]) -> None:
    """Ask every example and write the pages; the filled lake stays in the demo's folder."""
    settings = Settings.load(now=NOW)
    async with demo_workspace(settings):
        sys.stdout.write("the demo workspace is filled\n")
    with ExitStack() as closing:
        copy = Path(closing.enter_context(tempfile.TemporaryDirectory()))
        shutil.copytree(demo_folder(settings) / "lake", demo_folder(_moved(settings, copy)) / "lake")
        async with demo_workspace(_moved(settings, copy)) as built:
            for command in commands:
                await _write_page(folder, command, built)


def _moved(settings: Settings, folder: Path) -> Settings:
    return settings.model_copy(update={"demo_dir": folder})


async def _write_page(folder: Path, command: Command, built: Product) -> None:
    path = folder / f"{command.name}.md"
    if command.name in CHANGES:
        return
    if command.name in BEFORE:
        await built.dispatcher.answer(await _request(command, BEFORE[command.name], built))
    parts = []
    for number, example in enumerate(command.examples):
        request = await _request(command, example, built)
        answer = await built.dispatcher.answer(request)
        picture = _picture(folder, command, answer) if number == 0 else ""
        discard(answer)
        if isinstance(answer, Reply):
            parts.append(f"## `{example}`\n\n```text\n{_text(answer, request)}\n```{picture}")
    text = path.read_text(encoding="utf-8")
    path.write_text(spliced(text, "answers", "\n\n".join(parts)), encoding="utf-8")
    sys.stdout.write(f"wrote {path}\n")


async def _request(command: Command, example: str, built: Product) -> Request:
    """As somebody who may; look-ups are asked in a direct message."""
    role = next(level for level in ROLES if level in command.levels)
    role = Level.ANALYST if role is Level.MEMBER else role
    asker = await built.access.asker(demo_identity(role))
    return Request(example, asker, DM if role in IN_PRIVATE else CHANNEL, NOW, id="docs")


def _text(reply: Reply, request: Request) -> str:
    saved = Saved(files=tuple(Path(file.name) for file in reply.files))
    lines = ID.sub(r"\1-7K3M9QXD", as_text.render(reply, saved, request.now)).splitlines()
    return "\n".join(lines if len(lines) <= LINES else [*lines[: LINES - 1], "..."])


def _picture(folder: Path, command: Command, answer: Answer) -> str:
    """The Markdown of the picture of a main command; raises ValueError when it is too large."""
    if command.name not in PICTURED or not isinstance(answer, Reply) or not answer.pictures:
        return ""
    picture = answer.pictures[0]
    if len(picture.png) > PICTURE_BYTES:
        message = f"the picture of {command.name} has {len(picture.png)} bytes"
        raise ValueError(message)
    (folder / f"{command.name}.png").write_bytes(picture.png)
    return f"\n\n![{picture.alt}]({command.name}.png)"
