"""A page for each command: what the registry says of it, and the demo's answers to its examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.kit.command import Command, Shows
from bot.model.ranges import View

INDEX = "README.md"
SEEN_BY = {
    Shows.AGGREGATES: "everyone in the conversation; with `private` only you",
    Shows.OWN: "only you",
    Shows.PEOPLE: "only you, because it names people",
    Shows.AUDIT: "only you, by direct message and for a while; each look-up leaves a line in the trail",
    Shows.PRIVATE: "only you",
}


def pages(folder: Path, commands: Sequence[Command]) -> Iterator[tuple[Path, str]]:
    """Every page with the text it should have; answers that stand in a page already stay."""
    yield folder / INDEX, _index(commands)
    for command in commands:
        path = folder / f"{command.name}.md"
        text = path.read_text(encoding="utf-8") if path.exists() else _empty(command)
        yield path, spliced(text, "registry", _registry(command))


def spliced(text: str, name: str, body: str) -> str:
    """`text` with what stands between the markers of `name` replaced; raises ValueError without markers."""
    begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
    if begin not in text or end not in text:
        message = f"no markers for {name}"
        raise ValueError(message)
    return re.sub(
        f"{re.escape(begin)}.*?{re.escape(end)}", lambda _: f"{begin}\n{body}\n{end}", text, flags=re.DOTALL
    )


def _index(commands: Sequence[Command]) -> str:
    rows = [f"| [{c.name}]({c.name}.md) | {c.summary} |" for c in commands]
    return "\n".join(["# Commands", "", "| Command | Answers |", "|---|---|", *rows, ""])


def _empty(command: Command) -> str:
    parts = [f"<!-- {name}:begin -->\n<!-- {name}:end -->" for name in ("registry", "answers")]
    return "\n\n".join([f"# {command.name}", *parts]) + "\n"


def _registry(command: Command) -> str:
    paragraphs = [f"{command.summary}.", f"```\n/codex {command.line}\n```", *_takes(command)]
    paragraphs.append(f"Who may ask: {_levels(command)}. Who sees the answer: {SEEN_BY[command.shows]}.")
    if command.aliases:
        paragraphs.append("Also called: " + ", ".join(f"`{name}`" for name in command.aliases) + ".")
    paragraphs.append(
        "\n".join(["Examples:", "", *(f"- `/codex {example}`" for example in command.examples)])
    )
    return "\n\n".join(paragraphs)


def _takes(command: Command) -> Iterator[str]:
    rows = [f"| `{option.name}` | {option.help.replace('|', chr(92) + '|')} |" for option in command.options]
    if command.views:
        rows.append(f"| {', '.join(f'`{view}`' for view in View)} | how the window is grouped |")
    if rows:
        yield "\n".join(["| Option | Meaning |", "|---|---|", *rows])
    if command.flags:
        yield "Plain words that it understands: " + ", ".join(f"`{flag}`" for flag in command.flags) + "."
    if command.ranged:
        yield f"Without a range the answer is over `{command.default_range}`."


def _levels(command: Command) -> str:
    named = sorted(level.value for level in command.levels)
    return f"level {' or '.join(named)}" + (", each on its own" if len(named) > 1 else "")
