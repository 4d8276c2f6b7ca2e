"""Documents that repeat code are written from it: `python -m bot.app.docs`.

With `answers` (`make docs`) the pages of commands get the demo's answers and pictures anew too.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from bot.app import parity
from bot.app.commandpages import pages, spliced
from bot.app.demoanswers import write_answers
from bot.app.logs import log_warnings
from bot.console import wire
from bot.settings import PREFIX, Policy, Settings
from handlers import COMMANDS


def documents() -> Iterator[tuple[Path, str]]:
    """Every generated document with the text it should have, relative to the repository."""
    readme = Path("README.md")
    text = readme.read_text(encoding="utf-8")
    for name, make in TABLES.items():
        text = spliced(text, name, make())
    yield readme, text
    yield Path("docs/reply.schema.json"), wire.schema().decode()
    yield Path("docs/platforms.md"), parity.page(COMMANDS)
    yield from pages(Path("docs/commands"), COMMANDS)


def commands_table() -> str:
    """The commands, as a Markdown table."""
    rows = [
        f"| `/codex {_cell(c.line)}` | {_cell(c.summary)} | {' or '.join(sorted(c.levels))} "
        f"| `{_cell(c.examples[-1])}` |"
        for c in COMMANDS
    ]
    return "\n".join(["| Command | Answers | Level | Example |", "|---|---|---|---|", *rows])


def settings_table() -> str:
    """The settings and their defaults, as a Markdown table."""
    rows = [
        f"| `{PREFIX}{name.upper()}` | {_default(f)} | {_cell(f.description or '')} |"
        for name, f in Settings.model_fields.items()
        if name != "policy"
    ]
    policy = [
        f"| `[policy]` `{name}` | {_default(f)} | {_cell(f.description or '')} |"
        for name, f in Policy.model_fields.items()
    ]
    return "\n".join(["| Setting | Default | Meaning |", "|---|---|---|", *rows, *policy])


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr) or value in (None, "", (), {}):
        return ""
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


TABLES: dict[str, Callable[[], str]] = {"commands": commands_table, "settings": settings_table}


def main() -> None:
    """Writes what differs and names it."""
    _write(documents())
    if sys.argv[1:] == ["answers"]:
        log_warnings()
        asyncio.run(write_answers(Path("docs/commands"), COMMANDS))


def _write(written: Iterator[tuple[Path, str]]) -> None:
    for path, text in written:
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
