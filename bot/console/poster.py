"""Scheduled posts on a terminal, for a workspace without a chat platform: the demo."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TextIO

from bot.console import as_text
from bot.console.outdir import Saved, save_files
from bot.model.chat import File, Reply
from bot.model.message import Destination, MessageRef
from bot.model.posting import Refused


@dataclass(frozen=True, slots=True)
class ConsolePoster:
    """The `Poster` that writes to `out` and puts pictures and files into `folder`."""

    out: TextIO
    folder: Path
    clock: Callable[[], datetime]

    async def post(self, place: Destination, reply: Reply) -> MessageRef:
        """Print the text under the place's name."""
        shown = replace(reply, pictures=(), files=())
        self._say(f"[{place.place_id}]\n{as_text.render(shown, Saved(), self.clock())}")
        return MessageRef(place.place_id, "printed")

    async def add_picture(self, place: Destination, message: MessageRef, reply: Reply) -> None:
        """Save the pictures and print where they are."""
        del message
        saved = await self._saved(replace(reply, files=()))
        for path in saved.pictures:
            self._say(f"[{place.place_id}] chart: {path}")

    async def add_file(self, place: Destination, message: MessageRef, file: File) -> None:
        """Copy the file and print where it is."""
        del message
        saved = await self._saved(Reply("file", "", files=(file,)))
        for path in saved.files:
            self._say(f"[{place.place_id}] file: {path}")

    async def tell_owner(self, owner_id: str, text: str) -> None:
        """Print what the owner is told."""
        self._say(f"[to {owner_id}] {text}")

    async def _saved(self, reply: Reply) -> Saved:
        try:
            return await asyncio.to_thread(save_files, reply, self.folder, reply.command)
        except OSError as error:
            raise Refused from error

    def _say(self, text: str) -> None:
        self.out.write(text + "\n")
        self.out.flush()
